/** Real processes: one that burns CPU and memory, one that is idle, one that dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { summarizeResource } from '../measure/resource-series.ts';
import { startGeneratorSampler } from './generator-sampler.ts';
import { startProcessSampler } from './process-sampler.ts';

/** On a line of input it takes 64 MiB and burns CPU for as many milliseconds as the line says. */
const burner = `
process.stdin.on('data', (line) => {
  globalThis.kept = Buffer.alloc(64 * 2 ** 20, 1);
  const endMs = Date.now() + Number(line);
  while (Date.now() < endMs);
  console.log('burnt', process.cpuUsage().user + process.cpuUsage().system);
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
    await sleep(800);
    await sampler.begin('load');
    const burnt = child.stdout ? once(child.stdout, 'data') : Promise.reject(new Error('no output'));
    child.stdin?.write('900\n');
    await burnt;
    await sampler.begin('after');
    await sleep(800);
    const series = await sampler.stop();
    const { rssMb, cpuPercent } = summarizeResource(series);
    expect(series.ended).toBeUndefined();
    expect(cpuPercent.baseline).toBeLessThan(25);
    // The machine may be shared: the child gets what is left of a core, never more than one.
    expect(cpuPercent.mean).toBeGreaterThan(30);
    expect(cpuPercent.mean).toBeLessThan(130);
    expect(cpuPercent.final).toBeLessThan(25);
    expect((rssMb.peak ?? 0) - (rssMb.baseline ?? 0)).toBeGreaterThan(60);
    expect(series.samples.filter(({ phase }) => phase === 'baseline').every(({ atMs }) => atMs <= 0)).toBe(true);
  } finally {
    await end(child);
  }
});

test('a child that is killed ends its series as exited', async () => {
  const child = await start(burner);
  try {
    const sampler = startProcessSampler({ name: 'doomed', pid: child.pid, now: () => performance.now(), everyMs: 200 });
    await sleep(500);
    await end(child);
    await sleep(500);
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

test('the generator sees its own busy second and its own idle second', async () => {
  const now = (): number => performance.now();
  const sampler = startGeneratorSampler({ now });
  await sleep(1_010);
  const endMs = now() + 900;
  while (now() < endMs); // keeps the event loop busy on purpose
  await sleep(200);
  const [idle, busy] = sampler.stop();
  expect(idle?.elu).toBeLessThan(0.3);
  expect(busy?.elu).toBeGreaterThan(0.7);
  expect(busy?.cpuPercent).toBeGreaterThan(25);
  expect(busy?.rssMb).toBeGreaterThan(10);
});
