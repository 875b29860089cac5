import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import {
  accountedFor,
  accountingProblems,
  addCounts,
  apdexScore,
  emptyTally,
  finished,
  lostOf,
  successRateOf,
} from './counts.ts';

const counts = (given: Partial<ReturnType<typeof emptyTally>>) => ({ ...emptyTally(), ...given });

const books = [
  { name: 'nothing at all', tally: counts({}), problems: [] },
  {
    name: 'every outcome once',
    tally: counts({ scheduled: 5, started: 4, ok: 1, failed: 1, timedOut: 1, unfinished: 1, dropped: 1 }),
    problems: [],
  },
  {
    name: 'a lost start',
    tally: counts({ scheduled: 2, started: 1, ok: 1 }),
    problems: ['run: 2 scheduled, but 1 started + 0 dropped'],
  },
  {
    name: 'a lost answer',
    tally: counts({ scheduled: 2, started: 2, ok: 1 }),
    problems: ['run: 2 started, but 1 ok + 0 failed + 0 timed out + 0 unfinished'],
  },
];
for (const { name, tally, problems } of books) {
  test(`the books of ${name}: ${problems.length} problems`, () =>
    expect(accountingProblems(tally, 'run')).toEqual(problems));
}

test('a success rate is of what finished or was cut off, and absent when nothing was sent', () => {
  const tally = counts({ scheduled: 9, started: 8, ok: 3, failed: 1, timedOut: 2, unfinished: 2, dropped: 1 });
  expect([finished(tally), successRateOf(tally)]).toEqual([6, 3 / 8]);
  expect(successRateOf(counts({ scheduled: 2, started: 2, unfinished: 2 }))).toBe(0);
  expect(successRateOf(counts({ scheduled: 2, dropped: 2 }))).toBeUndefined();
});

test('what is added is added to each count of its own', () => {
  const tally = counts({
    scheduled: 100,
    started: 200,
    ok: 300,
    failed: 400,
    timedOut: 500,
    dropped: 600,
    unfinished: 700,
  });
  addCounts(tally, counts({ scheduled: 1, started: 2, ok: 3, failed: 4, timedOut: 5, dropped: 6, unfinished: 7 }));
  expect(tally).toEqual(
    counts({ scheduled: 101, started: 202, ok: 303, failed: 404, timedOut: 505, dropped: 606, unfinished: 707 }),
  );
});

test('lost is what failed or timed out; accounted for is what ended, and what never did', () => {
  const tally = counts({ ok: 1, failed: 20, timedOut: 300, dropped: 4_000, unfinished: 50_000 });
  expect([lostOf(tally), accountedFor(tally)]).toEqual([320, 50_321]);
});

const apdexes = [
  { satisfied: 3, tolerating: 2, frustrated: 5, score: 0.4 },
  { satisfied: 4, tolerating: 0, frustrated: 0, score: 1 },
  { satisfied: 0, tolerating: 4, frustrated: 0, score: 0.5 },
  { satisfied: 0, tolerating: 0, frustrated: 2, score: 0 },
  { satisfied: 0, tolerating: 0, frustrated: 0, score: undefined }, // nothing was asked
];
for (const { score, ...given } of apdexes)
  test(`the Apdex of ${JSON.stringify(given)} is ${score ?? 'none'}`, () => expect(apdexScore(given)).toBe(score));
