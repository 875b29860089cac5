import { expect, test } from '@playwright/test';
import { accountingProblems, emptyTally, finished, successRateOf } from './counts.ts';

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
