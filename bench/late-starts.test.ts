import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { lateMsAt } from './late-starts.ts';

const cases = [
  { gapsMs: [], totalMs: 100, quantile: 0.99, lateMs: 0 },
  { gapsMs: [0.5], totalMs: 100, quantile: 0.99, lateMs: 0 }, // half of the hundredth
  { gapsMs: [10], totalMs: 100, quantile: 0.99, lateMs: 9 },
  { gapsMs: [8, 8], totalMs: 128, quantile: 0.9375, lateMs: 4 },
  { gapsMs: [1, 10], totalMs: 80, quantile: 0.9375, lateMs: 5 }, // the short one does not reach so far
  { gapsMs: [1, 10], totalMs: 168, quantile: 0.9375, lateMs: 0.25 }, // 9.75 + 0.75 = 10.5
];
for (const { gapsMs, totalMs, quantile, lateMs } of cases) {
  test(`gaps of ${JSON.stringify(gapsMs)} in ${totalMs} ms: at ${quantile} a start is ${lateMs} ms late`, () => {
    expect(lateMsAt(quantile, gapsMs, totalMs)).toBeCloseTo(lateMs, 9);
  });
}
