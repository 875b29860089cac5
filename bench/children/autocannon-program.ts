/**
 * autocannon as a program of its own that tells what it took of a processor in the block alone: its command counts the
 * start of its process and the warm-up, too. The options are its one argument, as JSON.
 */
import { createRequire } from 'node:module';
import { type AutocannonOptions, mostWarmUps, type Printed, type ProgramAsk } from './autocannon.ts';

const require = createRequire(import.meta.url);
const autocannon = require('autocannon') as (options: AutocannonOptions) => PromiseLike<Omit<Printed, 'cpuMs'>>;

const { warmUpCpuSeconds, ...options } = JSON.parse(process.argv[2] ?? '{}') as ProgramAsk;
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

// By its own time, not the clock's: on a busy machine it would not be compiled after a second.
const beganAtCpuMs = cpuMs();
for (let n = 0; n < mostWarmUps && cpuMs() - beganAtCpuMs < warmUpCpuSeconds * 1_000; n++)
  await autocannon({ ...options, duration: 1 });
const before = cpuMs();
const result = await autocannon(options);
process.stdout.write(JSON.stringify({ ...result, cpuMs: cpuMs() - before } satisfies Printed));
