import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { carries } from './carried.ts';

const cases = [
  { percent: 50, needs: 20 },
  { percent: 90, needs: 100 },
  { percent: 95, needs: 200 },
  { percent: 99, needs: 1_000 },
  { percent: 99.9, needs: 10_000 }, // 100 − 99.9 is no exact binary fraction
  { percent: 99.99, needs: 100_000 },
];
for (const { percent, needs } of cases) {
  test(`p${percent} needs ${needs} latencies, of which ten lie beyond it`, () => {
    expect([needs - 1, needs].map((count) => carries(percent, count))).toEqual([false, true]);
  });
}
