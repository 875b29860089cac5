import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { drainMsOf, isRecovered, recoveryTable } from './recoveries.ts';

test('the queue of 5 ms is worked off by what the probe leaves of it', () => {
  expect(drainMsOf(150)).toBe(0);
  expect(drainMsOf(350)).toBeCloseTo(5_333, 0); // 800 left, 150 of them a second
});

const rows = [
  { recoveredAfterMs: 5_334, right: true },
  { recoveredAfterMs: 6_333, right: true },
  { recoveredAfterMs: 6_334, right: false },
  { recoveredAfterMs: 4_333, right: false },
  { recoveredAfterMs: undefined, right: false },
];
for (const { recoveredAfterMs, right } of rows) {
  test(`recovered after ${recoveredAfterMs ?? 'no time'} ms is ${right ? 'right' : 'wrong'}`, () => {
    const answer = {
      verdict: 'passed',
      sentence: '',
      ...(recoveredAfterMs !== undefined && { recoveredAfterMs }),
    } as const;
    expect(isRecovered({ stressPerSec: 350, answer })).toBe(right);
  });
}

test('the table has the truth beside each answer', () => {
  const answer = { verdict: 'passed', sentence: '', recoveredAfterMs: 5_583 } as const;
  const none = { verdict: 'invalid', sentence: '' } as const;
  expect(
    recoveryTable([350, 450].map((stressPerSec, at) => ({ stressPerSec, answer: at === 0 ? answer : none }))),
  ).toEqual([
    '| one queue of 5 ms, stressed by | drains after | recovered | off by |           |',
    '| ------------------------------ | -----------: | --------: | -----: | --------- |',
    '| 350/s for 4 s                  |       5.33 s |    5.58 s | 0.25 s | ✓         |',
    '| 450/s for 4 s                  |       8.00 s |         – |      – | ✗ invalid |',
  ]);
});
