import { expect, test } from '@playwright/test';
import type { GeneratorCounters } from './generator-counters.ts';
import { startGeneratorSampler } from './generator-sampler.ts';
import { HandMovedTime } from './hand-moved-time.ts';

/** A generator that is 40 % busy, uses 0.6 of a core, waits for CPU 5 % of the time and collects garbage for 1 %. */
function fakeCounters(time: HandMovedTime, { linux = true } = {}) {
  let closed = 0;
  const counters: GeneratorCounters = {
    loop: () => ({ activeMs: time.now() * 0.4, idleMs: time.now() * 0.6 }),
    cpuMs: () => time.now() * 0.6,
    rssBytes: () => 100 * 2 ** 20,
    gcMs: () => time.now() * 0.01,
    mainThread: () => (linux ? { ranMs: time.now() * 0.4, waitedMs: time.now() * 0.05 } : undefined),
    pressureMs: () => (linux ? time.now() * 0.1 : undefined),
    throttledPeriods: () => (linux ? Math.floor(time.now() / 1_000) : undefined),
    close: () => (closed += 1),
  };
  return { counters, timesClosed: () => closed };
}

const second = { elu: 0.4, cpuPercent: 60, rssMb: 100, gcMs: 10, waitPercent: 5, psiPercent: 10, throttled: 1 };

test('each second has what was used in it, the last piece too if it is long enough', async () => {
  const time = new HandMovedTime(4_000);
  const sampler = startGeneratorSampler({ now: time.now, timers: time, ...fakeCounters(time) });
  await time.move(2_500);
  expect(sampler.stop()).toEqual([
    { second: 0, ...second },
    { second: 1, ...second },
    { second: 2, ...second, gcMs: 5, throttled: 0 },
  ]);
});

test('a last piece of a few milliseconds is no second', async () => {
  const time = new HandMovedTime();
  const sampler = startGeneratorSampler({ now: time.now, timers: time, ...fakeCounters(time) });
  await time.move(1_150);
  expect(sampler.stop().map((row) => row.second)).toEqual([0]);
});

test('a loop that was blocked for three seconds was as busy in each of them, and its sums are counted once', async () => {
  const time = new HandMovedTime();
  const sampler = startGeneratorSampler({ now: time.now, timers: time, ...fakeCounters(time) });
  time.block(3_000);
  await time.move(1_000);
  expect(sampler.stop().map(({ second: at, elu, gcMs, throttled }) => [at, elu, gcMs, throttled])).toEqual([
    [0, 0.4, 10, 3],
    [1, 0.4, 10, 0],
    [2, 0.4, 10, 0],
    [3, 0.4, 10, 1],
  ]);
});

test('a platform without scheduler figures leaves them out', async () => {
  const time = new HandMovedTime();
  const sampler = startGeneratorSampler({ now: time.now, timers: time, ...fakeCounters(time, { linux: false }) });
  await time.move(1_000);
  expect(sampler.stop()).toEqual([{ second: 0, elu: 0.4, cpuPercent: 60, rssMb: 100, gcMs: 10 }]);
});

test('stopping twice closes the counters once and leaves no timer', async () => {
  const time = new HandMovedTime();
  const fake = fakeCounters(time);
  const sampler = startGeneratorSampler({ now: time.now, timers: time, ...fake });
  await time.move(1_000);
  const [first, again] = [sampler.stop(), sampler.stop()];
  expect({ again: again === first, closed: fake.timesClosed(), armed: time.armed }).toEqual({
    again: true,
    closed: 1,
    armed: 0,
  });
});
