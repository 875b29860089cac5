/** Real processes: one that burns CPU and memory, one that is idle, one that dies. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { summarizeResource } from '../measure/resource-series.ts';
import { startGeneratorSampler } from './generator-sampler.ts';
import { startProcessSampler } from './process-sampler.ts';

/** On a line of input it takes 64 MiB, burns CPU for as many milliseconds as the line says, and says its part of a core. */
const burner = `
process.stdin.on('data', (line) => {
  globalThis.kept = Buffer.alloc(64 * 2 ** 20, 1);
  const [fromMs, before] = [Date.now(), process.cpuUsage()];
  while (Date.now() < fromMs + Number(line));
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 10 / (Date.now() - fromMs)));
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
    const percent = Number(await burnt); // on a shared machine less than a whole core
    await sampler.begin('after');
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
  const [endMs, before] = [now() + 900, process.cpuUsage()];
  while (now() < endMs); // keeps the event loop busy on purpose
  const { user, system } = process.cpuUsage(before); // on a shared machine less than the 900 ms
  await sleep(200);
  const [idle, busy] = sampler.stop();
  expect(idle?.elu).toBeLessThan(0.3);
  expect(busy?.elu).toBeGreaterThan(0.7);
  expect(busy?.cpuPercent).toBeGreaterThan((0.8 * (user + system)) / 10_000);
  expect(busy?.rssMb).toBeGreaterThan(10);
});
