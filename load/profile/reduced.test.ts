import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { arrivals, dueTimes } from './arrivals.ts';
import { peakOf } from './curve.ts';
import { batch, batches, iterations, rounds } from './iterations.ts';
import type { Profile } from './profile.ts';
import { playedOnce, shrunk } from './reduced.ts';
import { users } from './users.ts';

/** As much of it as tells how big it is. */
function sizeOf({ durationMs, total, peak }: Profile): object {
  return { ...(durationMs !== undefined && { durationMs }), ...(total !== undefined && { total }), peak };
}

const profiles = [
  batch(200),
  batches(10, { of: 10, every: '100ms' }),
  iterations(1_000, { users: 50 }),
  users(50).iterations(20),
  users(50).for('5m').thinking('1s'),
  users.ramp([{ to: 50, over: '1m' }, { hold: '5m' }]),
  users(10)
    .for('1m')
    .followedBy(iterations(100, { users: 5 })),
  rounds({ atLeast: 200, time: '2s' }),
  arrivals('500/s').for('30s'),
  arrivals('500/s', { distribution: 'poisson', seed: 7 }).for('30s'),
  arrivals.ramp([{ to: '500/s', over: '1m' }, { hold: '5m' }]),
];

for (const profile of profiles) {
  test(`${profile.describe()} played once is one user, one iteration, and of its model`, () => {
    const once = playedOnce(profile, 1);
    expect({ ...sizeOf(once), model: once.model, words: once.describe(), isTimed: once.isTimed }).toEqual({
      total: 1,
      peak: 1,
      model: profile.model,
      words: `once: ${profile.describe()}`,
      isTimed: false,
    });
    expect(once.askedRate).toBeUndefined();
  });
}

const rows: {
  readonly of: Profile;
  readonly scale?: number;
  readonly durationMs?: number;
  readonly words: string;
  readonly size: object;
  readonly factors?: object;
}[] = [
  { of: batch(200), scale: 0.1, words: 'batch of 200, scaled by 0.1', size: { total: 20, peak: 20 } },
  { of: batch(5), scale: 0.1, words: 'batch of 5, scaled by 0.1, rounded up to one', size: { total: 1, peak: 1 } },
  {
    of: batch(5),
    durationMs: 10_000,
    words: 'batch of 5, not shortened, since it counts',
    size: { total: 5, peak: 5 },
    factors: { stretch: 1, countFactor: 1, rateFactor: 1 },
  },
  {
    of: iterations(1_000, { users: 50 }),
    scale: 0.1,
    words: '1000 iterations by 50 users, scaled by 0.1',
    size: { total: 100, peak: 5 },
    factors: { stretch: 1, countFactor: 0.1 },
  },
  {
    of: users(50).iterations(20),
    scale: 0.1,
    words: '50 users, 20 iterations each, scaled by 0.1',
    size: { total: 100, peak: 5 },
  },
  {
    of: users(4).for('1m'),
    scale: 0.1,
    words: '4 users for 1m, scaled by 0.1, rounded up to one',
    size: { durationMs: 60_000, peak: 1 },
    factors: { stretch: 1 },
  },
  {
    of: arrivals('500/s').for('30s'),
    scale: 0.1,
    durationMs: 10_000,
    words: '500/s for 30s, scaled by 0.1, in 10s',
    size: { durationMs: 10_000, total: 500, peak: 50 },
    factors: { stretch: 1 / 3, countFactor: 500 / 15_000, rateFactor: 0.1 },
  },
  {
    of: arrivals.ramp([{ to: '60/s', over: '1m' }, { hold: '1m' }]),
    durationMs: 12_000,
    words: '0/s to 60/s over 1m, hold 1m, in 12s',
    size: { durationMs: 12_000, total: 540, peak: 60 },
    factors: { stretch: 0.1, countFactor: 0.1, rateFactor: 1 },
  },
  {
    of: arrivals.ramp([{ to: '2/s', over: '2s' }]),
    scale: 0.01,
    words: '0/s to 2/s over 2s, scaled by 0.01, rounded up to one',
    size: { durationMs: 2_000, total: 1, peak: 1 },
  },
  { of: users(5).for('10s'), durationMs: 10_000, words: '5 users for 10s', size: { durationMs: 10_000, peak: 5 } },
  {
    of: rounds({ atLeast: 200, time: '2s' }),
    scale: 0.1,
    durationMs: 1_000,
    words: 'at least 200 rounds and 2s, scaled by 0.1, in 1s',
    size: { peak: 1 },
  },
];
for (const { of, scale = 1, durationMs, words, size, factors } of rows) {
  test(`${of.describe()} × ${scale}, in ${durationMs ?? 'its own'} ms: ${words}`, () => {
    const { profile, ...rest } = shrunk(of, { scale, durationMs });
    expect(profile.describe()).toBe(words);
    expect(sizeOf(profile)).toEqual(size);
    if (factors !== undefined) expect(rest).toEqual(factors);
  });
}

test('what would be more than one process can hold is refused', () => {
  expect(() => shrunk(users(1_000).for('1m'), { scale: 1_000, durationMs: undefined })).toThrow(
    '`LOAD_SCALE=1000` makes more of `1000 users for 1m` than one process can hold: say a smaller one',
  );
});

const someProfile = fc.constantFrom(...profiles);
const someScale = fc.double({ min: 0.000_1, max: 3, noNaN: true });
const someMs = fc.option(fc.integer({ min: 1_000, max: 600_000 }), { nil: undefined });

test('whatever is made smaller still starts something, of its own model, and takes the time that is said', () => {
  fc.assert(
    fc.property(someProfile, someScale, someMs, (profile, scale, durationMs) => {
      const { profile: smaller, stretch } = shrunk(profile, { scale, durationMs });
      expect(smaller.model).toBe(profile.model);
      expect(smaller.parts.map(({ kind }) => kind)).toEqual(profile.parts.map(({ kind }) => kind));
      if (profile.durationMs !== undefined) expect(smaller.durationMs).toBeCloseTo(durationMs ?? profile.durationMs, 6);
      else expect(smaller.durationMs).toBeUndefined();
      expect(stretch).toBeGreaterThan(0);
      for (const part of smaller.parts) {
        if (part.kind === 'batches') expect(part.size).toBeGreaterThanOrEqual(1);
        else if (part.kind === 'users') {
          expect(peakOf(part.curve)).toBeGreaterThanOrEqual(1);
          expect(part.curve.every(({ value }) => Number.isInteger(value))).toBe(true);
        } else if (part.distribution === 'uniform') expect(dueTimes(part).next().done).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});
