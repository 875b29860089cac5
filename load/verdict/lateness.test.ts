import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import { latenessOf } from './lateness.ts';

/** So many arrivals, of which the first `late` started 300 ms late, the others 1 ms. */
function lagOf(count: number, late: number): LatencyHistogram {
  const lag = new LatencyHistogram();
  for (let n = 0; n < count; n++) lag.recordMs(n < late ? 300 : 1);
  return lag;
}

const cases = [
  { count: 0, late: 0, expected: undefined },
  { count: 1, late: 1, expected: { percent: 0, lagMs: 300, words: 'each of the 1 requests' } },
  { count: 19, late: 18, expected: { percent: 0, lagMs: 1, words: 'each of the 19 requests' } },
  { count: 20, late: 11, expected: { percent: 50, lagMs: 300, words: '50.0 % of the requests' } },
  { count: 99, late: 49, expected: { percent: 50, lagMs: 1, words: '50.0 % of the requests' } },
  { count: 100, late: 11, expected: { percent: 90, lagMs: 300, words: '10.0 % of the requests' } },
  { count: 199, late: 19, expected: { percent: 90, lagMs: 1, words: '10.0 % of the requests' } },
  { count: 200, late: 11, expected: { percent: 95, lagMs: 300, words: '5.0 % of the requests' } },
  { count: 999, late: 49, expected: { percent: 95, lagMs: 1, words: '5.0 % of the requests' } },
  { count: 1_000, late: 11, expected: { percent: 99, lagMs: 300, words: '1.0 % of the requests' } },
  { count: 1_000, late: 10, expected: { percent: 99, lagMs: 1, words: '1.0 % of the requests' } },
];
for (const { count, late, expected } of cases) {
  test(`of ${count} arrivals, ${late} of them late, ${expected?.words ?? 'nothing'} can be said to be ${expected?.lagMs ?? 0} ms late`, () => {
    const lateness = latenessOf(lagOf(count, late));
    expect(lateness && { ...lateness, lagMs: Math.round(lateness.lagMs) }).toEqual(expected);
  });
}
