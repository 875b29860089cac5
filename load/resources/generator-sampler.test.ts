import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { GeneratorCounters } from './generator-counters.ts';
import { startGeneratorSampler } from './generator-sampler.ts';
import { HandMovedTime } from '../../testing/hand-moved-time.ts';

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

const second = {
  elu: 0.4,
  cpuPercent: 60,
  rssMb: 100,
  gcMs: 10,
  ranPercent: 40,
  waitPercent: 5,
  psiPercent: 10,
  throttled: 1,
};

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

/** A loop that is busy exactly while it is blocked, save for a tenth of the rest. */
function blockable(time: HandMovedTime) {
  let blockedMs = 0;
  const active = (): number => blockedMs + (time.now() - blockedMs) * 0.1;
  const { counters } = fakeCounters(time);
  return {
    counters: {
      ...counters,
      loop: () => ({ activeMs: active(), idleMs: time.now() - active() }),
      mainThread: () => ({ ranMs: active(), waitedMs: 0 }),
    },
    block: (ms: number) => {
      blockedMs += ms;
      time.block(ms);
    },
    activeMs: active,
  };
}

/** Each: idle for so long, then blocked, and so on. */
const blocks = [
  { say: 'two seconds from the middle of one', idleAndBlocked: [400, 2_000, 600], elu: [0.64, 1, 0.46] },
  { say: 'two seconds from an edge', idleAndBlocked: [1_000, 2_000, 1_000], elu: [0.1, 1, 1, 0.1] },
  { say: 'three hundred ms within a second', idleAndBlocked: [300, 300, 1_400], elu: [0.37, 0.1] },
  { say: 'three hundred ms over an edge', idleAndBlocked: [900, 300, 800], elu: [0.19, 0.28] },
  { say: 'the whole run, to its last moment', idleAndBlocked: [0, 2_500], elu: [1, 1, 1] },
];
for (const { say, idleAndBlocked, elu } of blocks) {
  test(`a loop blocked for ${say} was ${elu.join(', ')} busy, and no busy time is lost`, async () => {
    const time = new HandMovedTime();
    const fake = blockable(time);
    const sampler = startGeneratorSampler({ now: time.now, timers: time, counters: fake.counters });
    for (const [at, ms] of idleAndBlocked.entries()) {
      if (at % 2 === 0) await time.move(ms);
      else fake.block(ms);
    }
    const rows = sampler.stop();
    expect(rows.map((row) => row.elu)).toEqual(elu.map((value) => expect.closeTo(value, 2)));
    const lengthMs = (row: number) => Math.min(1_000, time.now() - row * 1_000);
    const busyMs = rows.reduce((sum, row, at) => sum + (row.elu ?? 0) * lengthMs(at), 0);
    const ranMs = rows.reduce((sum, row, at) => sum + ((row.ranPercent ?? 0) / 100) * lengthMs(at), 0);
    expect([busyMs, ranMs].map((ms) => Math.abs(ms - fake.activeMs()) < 3)).toEqual([true, true]);
  });
}

const failing = ['loop', 'mainThread', 'cpuMs', 'rssBytes', 'gcMs', 'pressureMs', 'throttledPeriods', 'close'] as const;
for (const name of failing) {
  test(`a \`${name}\` that throws leaves its figure out and disturbs nobody`, async () => {
    const time = new HandMovedTime();
    const { counters } = fakeCounters(time);
    const broken = () => {
      throw new Error('EMFILE: too many open files');
    };
    const sampler = startGeneratorSampler({ now: time.now, timers: time, counters: { ...counters, [name]: broken } });
    await time.move(2_000);
    expect(sampler.stop().map((row) => row.second)).toEqual([0, 1]);
  });
}

/** Memory grows by 100 MiB a second; each row has what its last look saw. */
const looks = [
  { say: 'one look a second', idleAndBlocked: [3_000], rssMb: [100, 200, 300] },
  {
    say: 'a look that comes late, and one more in the second it fell into',
    idleAndBlocked: [900, 500, 600],
    rssMb: [140, 200],
  },
  { say: 'a last piece too short to be a second', idleAndBlocked: [1_150], rssMb: [115] },
];
for (const { say, idleAndBlocked, rssMb } of looks) {
  test(`with ${say}, memory is that at the end of each second: ${rssMb.join(', ')} MiB`, async () => {
    const time = new HandMovedTime();
    const { counters } = fakeCounters(time);
    const rssBytes = () => (time.now() / 10) * 2 ** 20;
    const sampler = startGeneratorSampler({ now: time.now, timers: time, counters: { ...counters, rssBytes } });
    for (const [at, ms] of idleAndBlocked.entries()) {
      if (at % 2 === 0) await time.move(ms);
      else time.block(ms);
    }
    expect(sampler.stop().map((row) => row.rssMb)).toEqual(rssMb);
  });
}

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
