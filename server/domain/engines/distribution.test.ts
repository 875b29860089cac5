import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { countAbove, distributionOf, quantile, quantileCeiling } from './distribution.ts';

const bounds = [0.1, 0.5, 1];

// The expected values are those of Prometheus' histogram_quantile for the same buckets.
const quantiles = [
  { counts: [10, 0, 0, 0], q: 0.5, value: 0.05 },
  { counts: [0, 10, 0, 0], q: 0.5, value: 0.3 },
  { counts: [5, 5, 0, 0], q: 0.5, value: 0.1 }, // exactly on a bound
  { counts: [5, 0, 5, 0], q: 0.5, value: 0.1 }, // on a bound, with nothing in the bucket above
  { counts: [4, 4, 2, 0], q: 0.95, value: 0.875 },
  { counts: [0, 0, 0, 10], q: 0.5, value: 1 }, // above every bound: the highest bound
  { counts: [9, 0, 0, 1], q: 0.99, value: 1 },
  { counts: [0, 0, 0, 0], q: 0.5, value: null }, // nothing observed
];
for (const { counts, q, value } of quantiles) {
  test(`q${q} of ${JSON.stringify(counts)} is ${JSON.stringify(value)}`, () => {
    const found = quantile({ bounds, counts }, q);
    if (value === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(value, 12);
  });
}

test('a lowest bucket whose bound is not positive has no width', () => {
  expect(quantile({ bounds: [-1, 1], counts: [10, 0, 0] }, 0.5)).toBe(-1);
  expect(quantile({ bounds: [0, 1], counts: [10, 0, 0] }, 0.5)).toBe(0);
});

test('a histogram with the bucket above every bound alone has a count and no quantile', () => {
  expect(distributionOf({ bounds: [], counts: [3], sum: 6 })).toMatchObject({ count: 3, mean: 2, p50: null });
});

const ceilings = [
  { counts: [98, 1, 1, 0], q: 0.99, value: 0.5 },
  { counts: [98, 1, 1, 0], q: 0.995, value: 1 },
  { counts: [98, 0, 0, 2], q: 0.99, value: null }, // above every bound nothing can be promised
  { counts: [0, 0, 0, 0], q: 0.99, value: null },
];
for (const { counts, q, value } of ceilings) {
  test(`q${q} of ${JSON.stringify(counts)} does not exceed ${JSON.stringify(value)}`, () => {
    expect(quantileCeiling({ bounds, counts }, q)).toBe(value);
  });
}

const above = [
  { limit: 0, count: 20 },
  { limit: 0.1, count: 16 },
  { limit: 0.3, count: 14 }, // half of the second bucket
  { limit: 1, count: 10 },
  { limit: 9, count: 10 }, // what is above every bound may be above any limit
];
for (const { limit, count } of above) {
  test(`${count} of 4, 4, 2 and 10 are above ${limit}`, () => {
    expect(countAbove({ bounds, counts: [4, 4, 2, 10] }, limit)).toBeCloseTo(count, 12);
  });
}

const distribution = fc
  .array(fc.nat(1_000), { minLength: 4, maxLength: 4 })
  .map((counts) => distributionOf({ bounds, counts, sum: counts[0] ?? 0 }));

test('quantiles ascend with q and lie within the bounds', () => {
  fc.assert(
    fc.property(distribution, ({ count, p50, p95, p99 }) => {
      const found = count === 0 ? [0, 1] : [0, p50, p95, p99, 1].map(Number);
      expect(found).toEqual([...found].sort((a, b) => a - b));
      expect([p50, p95, p99].includes(null)).toBe(count === 0);
    }),
  );
});
