/** Real processes: one that burns CPU and memory, one that is idle, one that dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { summarizeResource } from '../measure/resource-series.ts';
import { startGeneratorSampler } from './generator-sampler.ts';
import { readProcess, type ProcessReading, type ReadProcess } from './process-reading.ts';
import { startProcessSampler } from './process-sampler.ts';

/** On a line of input it takes 64 MiB, burns CPU for as many milliseconds as the line says, and says how many it had. */
const burner = `
process.stdin.on('data', (line) => {
  globalThis.kept = Buffer.alloc(64 * 2 ** 20, 1);
  const [fromMs, before] = [Date.now(), process.cpuUsage()];
  while (Date.now() < fromMs + Number(line));
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1_000));
});
console.log('ready');
`;

async function start(script: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  if (child.pid === undefined) throw new Error('the child has no pid');
  return Object.assign(child, { pid: child.pid });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

test('CPU and memory of a child show in the phase in which they were used', async () => {
  const child = await start(burner);
  try {
    const now = (): number => performance.now();
    const sampler = startProcessSampler({ name: 'burner', pid: child.pid, now, everyMs: 250, phase: 'baseline' });
    await sampler.begin('baseline'); // with a reading, however late the first one was
    await sleep(800);
    await sampler.begin('load');
    const fromMs = now();
    const burnt = child.stdout ? once(child.stdout, 'data') : Promise.reject(new Error('no output'));
    child.stdin?.write('900\n');
    const cpuMs = Number(await burnt); // on a shared machine less than a whole core
    await sampler.begin('after');
    const percent = (100 * cpuMs) / (now() - fromMs);
    await sleep(800);
    const series = await sampler.stop();
    const { rssMb, cpuPercent } = summarizeResource(series);
    expect(series.ended).toBeUndefined();
    expect(cpuPercent.baseline).toBeLessThan(25);
    expect(cpuPercent.mean).toBeGreaterThan(0.6 * percent);
    expect(cpuPercent.mean).toBeLessThan(1.3 * percent);
    expect(cpuPercent.final).toBeLessThan(25);
    expect((rssMb.peak ?? 0) - (rssMb.baseline ?? 0)).toBeGreaterThan(60);
    expect(series.samples.filter(({ phase }) => phase === 'baseline').every(({ atMs }) => atMs <= 0)).toBe(true);
  } finally {
    await end(child);
  }
});

test('files that a child opens are counted, where the system tells', async () => {
  test.skip(process.platform !== 'linux', 'only /proc tells them');
  const opener = `
    const { openSync } = require('node:fs');
    process.stdin.on('data', (count) => {
      for (let at = 0; at < Number(count); at += 1) openSync('/dev/null');
      process.stdout.write('open');
    });
    console.log('ready');`;
  const child = await start(opener);
  try {
    const sampler = startProcessSampler({ name: 'opener', pid: child.pid, now: () => performance.now() });
    await sampler.begin('load');
    child.stdin?.write('50');
    if (child.stdout) await once(child.stdout, 'data');
    const { samples } = await sampler.stop();
    const [before = 0, ...later] = samples.map(({ handles = 0 }) => handles);
    expect(before).toBeGreaterThan(2);
    expect(later.at(-1)).toBe(before + 50);
  } finally {
    await end(child);
  }
});

test('a child that is killed ends its series as exited', async () => {
  const child = await start(burner);
  try {
    const kinds: ProcessReading['kind'][] = [];
    const read: ReadProcess = async (pid) => {
      const reading = await readProcess(pid);
      kinds.push(reading.kind);
      return reading;
    };
    const now = (): number => performance.now();
    const sampler = startProcessSampler({ name: 'doomed', pid: child.pid, now, everyMs: 200, read });
    await expect.poll(() => kinds.length).toBeGreaterThanOrEqual(2);
    await end(child);
    await expect.poll(() => kinds.at(-1)).toBe('gone');
    const series = await sampler.stop();
    expect(series.ended).toBe('exited');
    expect(series.samples.length).toBeGreaterThanOrEqual(2);
  } finally {
    await end(child);
  }
});

test('a pid that nobody has gives an empty series that says so', async () => {
  const child = await start(burner);
  await end(child);
  const series = await startProcessSampler({ name: 'nobody', pid: child.pid, now: () => performance.now() }).stop();
  expect({ samples: series.samples, ended: series.ended }).toEqual({ samples: [], ended: 'exited' });
});

/**
 * Keeps the event loop busy for nine tenths of a second since `fromMs`, on purpose; tells which, and the CPU time that it
 * had. It is one at whose ends this process is awake, on whatever machine: what is looked at late is of two seconds.
 */
async function burnSecond(fromMs: number): Promise<{ readonly second: number; readonly cpuMs: number }> {
  const awakeAt = async (ms: number) => {
    await sleep(fromMs + ms + 10 - performance.now());
    return performance.now() < fromMs + ms + 60;
  };
  for (;;) {
    const second = Math.floor((performance.now() - fromMs) / 1_000) + 1;
    if (!(await awakeAt(1_000 * second))) continue;
    const before = process.cpuUsage();
    while (performance.now() < fromMs + 1_000 * second + 900);
    const { user, system } = process.cpuUsage(before); // on a shared machine less than the 900 ms
    if (await awakeAt(1_000 * (second + 1))) return { second, cpuMs: (user + system) / 1_000 };
  }
}

test('the generator sees its own busy second and its own idle second', async () => {
  const now = (): number => performance.now();
  const fromMs = now();
  const sampler = startGeneratorSampler({ now });
  const { second, cpuMs } = await burnSecond(fromMs);
  const series = sampler.stop();
  const [idle, busy] = [series.at(0), series.find((each) => each.second === second)];
  expect(idle?.elu).toBeLessThan(0.3);
  expect(busy?.elu).toBeGreaterThan(0.7);
  expect(busy?.cpuPercent).toBeGreaterThan((0.8 * cpuMs) / 10);
  expect(busy?.rssMb).toBeGreaterThan(10);
});
