import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../../testing/plain-test.ts';
import { ascending, countedPercentile, countedQuantile, median, quantile, type Counted } from './quantile.ts';

/** R: quantile(c(1, 2, 4, 8, 16), q), type 7. */
const published = [
  { q: 0, value: 1 },
  { q: 0.1, value: 1.4 },
  { q: 0.25, value: 2 },
  { q: 0.5, value: 4 },
  { q: 0.95, value: 14.4 },
  { q: 1, value: 16 },
];
for (const { q, value } of published) {
  test(`quantile ${q} of 1, 2, 4, 8, 16 is ${value}`, () => {
    expect(quantile([1, 2, 4, 8, 16], q)).toBeCloseTo(value, 12);
  });
}

const medians = [
  { values: [], middle: undefined },
  { values: [7], middle: 7 },
  { values: [3, 1], middle: 2 },
  { values: [9, 1, 5], middle: 5 },
];
for (const { values, middle } of medians) {
  test(`median of ${JSON.stringify(values)} is ${middle}`, () => {
    expect(median(values)).toBe(middle);
  });
}

const counted = fc.array(fc.record({ value: fc.integer({ min: 0, max: 50 }), count: fc.integer({ min: 0, max: 6 }) }));
const unpacked = (pairs: readonly Counted[]) =>
  pairs.flatMap(({ value, count }) => new Array<number>(count).fill(value)).toSorted((a, b) => a - b);

test('a quantile of counted values is the quantile of the unpacked ones', () => {
  fc.assert(
    fc.property(counted, fc.double({ min: 0, max: 1, noNaN: true }), (pairs, q) => {
      expect(countedQuantile(ascending(pairs), q)).toEqual(quantile(unpacked(pairs), q));
    }),
  );
});

test('a percentile of counted values is the element at the rounded rank of the sorted array', () => {
  fc.assert(
    fc.property(counted, fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1), (pairs, q) => {
      const sorted = unpacked(pairs);
      const rank = Math.max(1, Math.floor(q * sorted.length + 0.5));
      expect(countedPercentile(ascending(pairs), q)).toEqual(sorted[rank - 1]);
    }),
  );
});
