import { expect } from '@playwright/test';
import { HandMovedTime, settled } from '../../testing/hand-moved-time.ts';
import { test } from '../../testing/plain-test.ts';
import type { ProcessReading } from './process-reading.ts';
import { startProcessSampler, type ProcessSamplerOptions } from './process-sampler.ts';

const mb = 2 ** 20;

/** A process that began at moment 0 and uses `cores` of CPU from `busyFromMs` to `busyToMs`. */
function fakeProcess(time: HandMovedTime, { cores = 0.5, busyFromMs = 0, busyToMs = Infinity, rssMb = 60 } = {}) {
  return async (): Promise<ProcessReading> => {
    const busyMs = Math.max(0, Math.min(time.now(), busyToMs) - busyFromMs);
    return { kind: 'alive', rssBytes: rssMb * mb, cpuMs: cores * busyMs, ageMs: time.now() };
  };
}

function sampling(time: HandMovedTime, options: Partial<ProcessSamplerOptions>) {
  return startProcessSampler({ name: 'server', pid: 42, cores: 2, now: time.now, timers: time, ...options });
}

test('the first reading has memory and no CPU; later ones have the CPU of the second before them', async () => {
  const time = new HandMovedTime(5_000);
  const sampler = sampling(time, { read: fakeProcess(time) });
  await time.move(2_000);
  expect(await sampler.stop()).toEqual({
    name: 'server',
    pid: 42,
    cores: 2,
    samples: [
      { atMs: 0, rssMb: 60, phase: 'load' },
      { atMs: 1_000, rssMb: 60, cpuPercent: 50, phase: 'load' },
      { atMs: 2_000, rssMb: 60, cpuPercent: 50, phase: 'load' },
      { atMs: 2_000, rssMb: 60, phase: 'load' }, // stopped in the same millisecond: too short for a CPU figure
    ],
  });
});

test('open handles are in each reading that has them, and in no other', async () => {
  const time = new HandMovedTime();
  const told = [12, undefined, 14];
  const sampler = sampling(time, {
    read: async () => {
      const handles = told.shift();
      return { kind: 'alive', rssBytes: mb, cpuMs: 0, ageMs: time.now(), ...(handles !== undefined && { handles }) };
    },
  });
  await time.move(1_000);
  const { samples } = await sampler.stop();
  expect(samples).toEqual([
    { atMs: 0, rssMb: 1, handles: 12, phase: 'load' },
    { atMs: 1_000, rssMb: 1, cpuPercent: 0, phase: 'load' },
    { atMs: 1_000, rssMb: 1, handles: 14, phase: 'load' },
  ]);
});

test('what the process does between two phases is in neither', async () => {
  const time = new HandMovedTime();
  const read = fakeProcess(time, { cores: 2, busyFromMs: 1_000, busyToMs: 4_500 });
  const sampler = sampling(time, { read });
  await time.move(1_000);
  await sampler.rest();
  await time.move(3_500);
  await sampler.begin('after');
  await time.move(1_000);
  await sampler.rest();
  await time.move(5_000);
  const { samples } = await sampler.stop();
  expect(samples.map(({ atMs, phase, cpuPercent }) => [atMs, phase, cpuPercent ?? 0])).toEqual([
    [0, 'load', 0],
    [1_000, 'load', 0],
    [1_000, 'load', 0],
    [5_500, 'after', 0],
    [5_500, 'after', 0],
  ]);
});

test('no CPU window lies in two phases, and 0 is where the load begins', async () => {
  const time = new HandMovedTime();
  const read = fakeProcess(time, { cores: 1.5, busyFromMs: 2_400, busyToMs: 4_000 });
  const sampler = sampling(time, { read, phase: 'baseline' });
  await time.move(2_400);
  await sampler.begin('load');
  await time.move(1_600);
  await sampler.begin('after');
  await time.move(1_000);
  const { samples } = await sampler.stop();
  expect(samples.map(({ atMs, cpuPercent, phase }) => [phase, atMs, cpuPercent])).toEqual([
    ['baseline', -2_400, undefined],
    ['baseline', -1_400, 0],
    ['baseline', -400, 0],
    ['baseline', 0, 0],
    ['load', 1_000, 150],
    ['load', 1_600, 150],
    ['after', 2_600, 0],
    ['after', 2_600, undefined],
  ]);
});

test('a last window shorter than a fifth of a second has no CPU figure', async () => {
  const time = new HandMovedTime();
  const sampler = sampling(time, { read: fakeProcess(time) });
  await time.move(1_150);
  const { samples } = await sampler.stop();
  expect(samples.map(({ atMs, cpuPercent }) => [atMs, cpuPercent])).toEqual([
    [0, undefined],
    [1_000, 50],
    [1_150, undefined],
  ]);
});

test('the axis can begin where a warm-up ends', async () => {
  const time = new HandMovedTime();
  const sampler = sampling(time, { read: fakeProcess(time) });
  await time.move(1_000);
  sampler.setOrigin(700);
  const { samples } = await sampler.stop();
  expect(samples.map(({ atMs }) => atMs)).toEqual([-700, 300, 300]);
});

test('a process that exits ends its series, and its sampler asks no more', async () => {
  const time = new HandMovedTime();
  let asked = 0;
  const alive = fakeProcess(time);
  const read = async (): Promise<ProcessReading> => (++asked > 2 ? { kind: 'gone' } : alive());
  const sampler = sampling(time, { read });
  await time.move(6_000);
  const series = await sampler.stop();
  expect({ ended: series.ended, atMs: series.samples.map(({ atMs }) => atMs), asked }).toEqual({
    ended: 'exited',
    atMs: [0, 1_000],
    asked: 3,
  });
});

const restarts = [
  { title: 'age goes back', ageMs: 900, cpuMs: 9_000 },
  { title: 'CPU time goes back', ageMs: 62_000, cpuMs: 10 },
  { title: 'it aged less than the time that passed', ageMs: 60_100, cpuMs: 9_000 },
];
for (const { title, ageMs, cpuMs } of restarts) {
  test(`another process has the pid when ${title}`, async () => {
    const time = new HandMovedTime();
    let reading: ProcessReading = { kind: 'alive', rssBytes: mb, cpuMs: 5_000, ageMs: 60_000 };
    const sampler = sampling(time, { read: async () => reading, everyMs: 2_000 });
    await settled();
    reading = { kind: 'alive', rssBytes: mb, cpuMs, ageMs };
    await time.move(2_000);
    const series = await sampler.stop();
    expect({ ended: series.ended, readings: series.samples.length }).toEqual({ ended: 'restarted', readings: 1 });
  });
}

test('an age in whole seconds, as `ps` gives it, is no restart', async () => {
  const time = new HandMovedTime(700);
  const read = async (): Promise<ProcessReading> => ({
    kind: 'alive',
    rssBytes: mb,
    cpuMs: 0,
    ageMs: Math.floor(time.now() / 1_000) * 1_000,
  });
  const sampler = sampling(time, { read });
  await time.move(9_600);
  expect((await sampler.stop()).ended).toBeUndefined();
});

test('a reading that fails is missed and counted, and the next window covers both seconds', async () => {
  const time = new HandMovedTime();
  const alive = fakeProcess(time);
  const read = async (): Promise<ProcessReading> =>
    time.now() === 1_000 ? { kind: 'unreadable', reason: 'EMFILE' } : alive();
  const sampler = sampling(time, { read });
  await time.move(2_000);
  const series = await sampler.stop();
  expect(series.missed).toEqual({ count: 1, reason: 'EMFILE' });
  expect(series.samples.slice(0, 2)).toEqual([
    { atMs: 0, rssMb: 60, phase: 'load' },
    { atMs: 2_000, rssMb: 60, cpuPercent: 50, phase: 'load' },
  ]);
});

test('while a reading is slow, ticks are left out instead of queued', async () => {
  const time = new HandMovedTime();
  let asked = 0;
  const answers: (() => void)[] = [];
  const read = (): Promise<ProcessReading> => {
    asked += 1;
    return new Promise((resolve) =>
      answers.push(() => resolve({ kind: 'alive', rssBytes: mb, cpuMs: 0, ageMs: time.now() })),
    );
  };
  const sampler = sampling(time, { read });
  await time.move(5_000);
  expect(asked).toBe(1);
  answers.shift()?.();
  await time.move(1_000);
  expect(asked).toBe(2);
  answers.shift()?.();
  const stopped = sampler.stop();
  await settled();
  answers.shift()?.();
  expect((await stopped).samples.map(({ atMs }) => atMs)).toEqual([5_000, 6_000, 6_000]);
});

test('stopping twice gives the same series and leaves no timer', async () => {
  const time = new HandMovedTime();
  const sampler = sampling(time, { read: fakeProcess(time) });
  const [first, second] = await Promise.all([sampler.stop(), sampler.stop()]);
  await sampler.begin('after');
  expect({ same: first === second, armed: time.armed }).toEqual({ same: true, armed: 0 });
});

const wrong = [
  { options: { pid: 0 }, message: '`pid` must be a whole number above 0, got 0' },
  { options: { pid: NaN }, message: '`pid` must be a whole number above 0, got NaN' },
  { options: { everyMs: 50 }, message: '`everyMs` must be at least 200, got 50' },
];
for (const { options, message } of wrong) {
  test(`says: ${message}`, () => {
    expect(() => sampling(new HandMovedTime(), options)).toThrow(message);
  });
}
