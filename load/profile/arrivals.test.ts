import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { arrivals, dueTimes } from './arrivals.ts';
import { expectSame } from '../../testing/expect-same.ts';
import type { ArrivalsPart, Profile, Share } from './profile.ts';

function due(profile: Profile, share?: Share): number[] {
  return profile.parts.flatMap((part) => [...dueTimes(part as ArrivalsPart, share)]);
}

const rounded = (times: readonly number[]) => times.map((ms) => Math.round(ms));

const schedules = [
  { profile: arrivals('2/s').for('1s'), times: [0, 500] },
  { profile: arrivals('4/s').for('1.1s'), times: [0, 250, 500, 750, 1_000] }, // the last gap is cut short
  { profile: arrivals('30/m').for('4s'), times: [0, 2_000] },
  { profile: arrivals('1/s').for('999ms'), times: [0] }, // the first is due at once, however short the time
  { profile: arrivals.ramp([{ to: '2/s' }, { hold: '1s' }]), times: [0, 500] }, // a jump from nothing is a constant rate
  {
    profile: arrivals.ramp([{ hold: '1s' }, { to: '4/s', over: '1s' }], { from: '2/s' }),
    times: [0, 500, 1_000, 1_414, 1_732],
  },
  { profile: arrivals.ramp([{ to: '2/s', over: '1s' }, { hold: '1s' }]), times: [1_000, 1_500, 2_000] },
  { profile: arrivals('2/s').for('1s').followedBy(arrivals('1/s').for('2s')), times: [0, 500, 0, 1_000] }, // each part from its own beginning
];
for (const { profile, times } of schedules) {
  test(`${profile.describe()} is due at ${JSON.stringify(times)}`, () => {
    expect(rounded(due(profile))).toEqual(times);
    expect(profile.total).toBe(times.length);
  });
}

test("a ramp up, a hold and a ramp down are due as in k6's own test of its ramp", () => {
  const profile = arrivals.ramp([{ to: '1/s', over: '5s' }, { hold: '1s' }, { to: '0/s', over: '5s' }]);
  expect(rounded(due(profile))).toEqual([3_162, 4_472, 5_500, 6_528, 7_838, 11_000]);
});

test('a constant rate does not drift: start i of a million is due at i/rate', () => {
  let n = 0;
  for (const part of arrivals('1000/s').for('1000s').parts)
    for (const ms of dueTimes(part as ArrivalsPart)) {
      if (Math.abs(ms - n) > 1e-6) throw new Error(`start ${n} is due at ${ms}`);
      n += 1;
    }
  expect(n).toBe(1_000_000);
});

test('the halves of a symmetric ramp mirror each other', () => {
  const up = due(arrivals.ramp([{ to: '100/s', over: '10s' }]));
  const down = due(arrivals.ramp([{ to: '0/s', over: '10s' }], { from: '100/s' }));
  expect(up).toHaveLength(500);
  expect(down).toHaveLength(500);
  const apartMs = down.map((ms, at) => Math.abs(10_000 - (up.at(-1 - at) ?? 0) - ms));
  expect(Math.max(...apartMs)).toBeLessThan(5e-7);
});

for (const profile of [
  arrivals('97/s').for('3s'),
  arrivals.ramp([{ to: '50/s', over: '3s' }, { hold: '2s' }, { to: '5/s', over: '1s' }]),
  arrivals('40/s', { distribution: 'poisson', seed: 7 }).for('5s'),
]) {
  test(`three segments of "${profile.describe()}" are the whole, each a third of it at every moment`, () => {
    const whole = due(profile);
    const segments = [0, 1, 2].map((index) => due(profile, { index, of: 3 }));
    expect(segments.flat().sort((a, b) => a - b)).toEqual(whole);
    const counts = segments.map((times) => times.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(segments[1]?.slice(0, 3)).toEqual([whole[1], whole[4], whole[7]]);
  });
}

test('poisson arrivals are the same for a seed, others for another, and random in number', () => {
  const drawn = (seed: number) => due(arrivals('100/s', { distribution: 'poisson', seed }).for('100s'));
  expectSame(drawn(1), drawn(1));
  expect(drawn(2)).not.toEqual(drawn(1));
  // 10,000 expected, standard deviation √10,000 = 100: four of them either way.
  for (const seed of [1, 2, 3, 4, 5]) expect(Math.abs(drawn(seed).length - 10_000)).toBeLessThan(400);
  expect(arrivals('100/s', { distribution: 'poisson' }).for('100s').total).toBeUndefined();
});

test('gaps of poisson arrivals are exponential: as much spread as mean, 63 % below the mean', () => {
  const times = due(arrivals('1000/s', { distribution: 'poisson', seed: 3 }).for('50s'));
  const gaps = times.slice(1).map((ms, at) => ms - (times[at] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
  expect(mean).toBeCloseTo(1, 1);
  expect(deviation / mean).toBeCloseTo(1, 1);
  expect(gaps.filter((gap) => gap < mean).length / gaps.length).toBeCloseTo(1 - 1 / Math.E, 2);
});

const descriptions = [
  { profile: arrivals('500/s').for('30s'), words: '500/s for 30s' },
  { profile: arrivals('90/m').for('2m'), words: '90/m for 2m' },
  { profile: arrivals('0.5/s').for('90s'), words: '0.5/s for 1m30s' },
  {
    profile: arrivals('500/s', { distribution: 'poisson', seed: 42 }).for('30s'),
    words: '500/s for 30s, poisson (seed 42)',
  },
  {
    profile: arrivals.ramp([{ to: '100/s', over: '10s' }, { hold: '1m' }, { to: '300/s' }, { hold: '5s' }], {
      from: '10/s',
    }),
    words: '10/s to 100/s over 10s, hold 1m, to 300/s, hold 5s',
  },
  {
    profile: arrivals('10/s').for('1s').followedBy(arrivals('20/s').for('2s')),
    words: '10/s for 1s, then 20/s for 2s',
  },
];
for (const { profile, words } of descriptions) {
  test(`prints itself as "${words}"`, () => expect(profile.describe()).toBe(words));
}

const wrong = [
  { say: 'a rate of 0', make: () => arrivals('0/s').for('1s'), problems: ['`rate` must be above 0, got "0/s"'] },
  {
    say: 'a rate of NaN',
    make: () => arrivals('NaN/s' as '1/s').for('1s'),
    problems: ['`rate` must be a rate such as `500/s` or `30/m`, got "NaN/s"'],
  },
  {
    say: 'a rate of Infinity',
    make: () => arrivals('Infinity/s' as '1/s').for('1s'),
    problems: ['`rate` must be a rate such as `500/s` or `30/m`, got "Infinity/s"'],
  },
  {
    say: 'a negative rate',
    make: () => arrivals('-5/s').for('1s'),
    problems: ['`rate` must be a rate such as `500/s` or `30/m`, got "-5/s"'],
  },
  {
    say: 'a bare number',
    make: () => arrivals(500 as never).for('1s'),
    problems: ['`rate` must be a rate such as `500/s` or `30/m`, got 500'],
  },
  {
    say: 'more than a process can send',
    make: () => arrivals('2000000/s').for('1s'),
    problems: ['`rate` must be at most 1000000/s, got "2000000/s"'],
  },
  { say: 'no time', make: () => arrivals('1/s').for('0s'), problems: ['`for` must be longer than nothing'] },
  {
    say: 'everything at once',
    make: () => arrivals('0/s', { distribution: 'normal' as 'poisson', seed: 0.5 }).for('soon' as '1s'),
    problems: [
      '`rate` must be above 0, got "0/s"',
      '`for` must be a duration such as `300ms`, `30s` or `5m`, got "soon"',
      '`distribution` must be `uniform` or `poisson`, got "normal"',
      '`seed` must be a whole number, got 0.5',
    ],
  },
  {
    say: 'a ramp without stages',
    make: () => arrivals.ramp([]),
    problems: ['`arrivals.ramp` needs at least one stage such as `{ to: …, over: "30s" }` or `{ hold: "1m" }`'],
  },
  {
    say: 'a ramp of what are no stages',
    make: () => arrivals.ramp(['1/s' as never, { to: '1/s', over: 'x' as '1s' }]),
    problems: [
      '`arrivals.ramp[0]` must be a stage such as `{ to: …, over: "30s" }` or `{ hold: "1m" }`, got "1/s"',
      '`arrivals.ramp[1].over` must be a duration such as `300ms`, `30s` or `5m`, got "x"',
    ],
  },
  {
    say: 'a ramp that takes no time',
    make: () => arrivals.ramp([{ to: '10/s' }]),
    problems: ['`arrivals.ramp` takes no time: give a stage `over` or `hold`'],
  },
  {
    say: 'a ramp that starts nothing',
    make: () => arrivals.ramp([{ to: '0.1/s', over: '1s' }]),
    problems: ['`arrivals.ramp` starts nothing: its rates add up to less than one start'],
  },
];
for (const { say, make, problems } of wrong) {
  test(`refuses ${say}`, () => {
    expect(make).toThrow(expect.objectContaining({ name: 'OptionsError', problems }));
  });
}
