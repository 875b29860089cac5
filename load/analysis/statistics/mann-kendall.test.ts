import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../../testing/plain-test.ts';
import { kendallVariance, mannKendall, tieGroups } from './mann-kendall.ts';
import { normalUpperTail } from './normal.ts';

/** Upper tails of Kendall's S: Gilbert (1987), table A18. */
const published = [
  { values: [1, 2, 3, 4], s: 6, p: 0.042 },
  { values: [1, 2, 4, 3], s: 4, p: 0.167 },
  { values: [1, 2, 3, 4, 5], s: 10, p: 0.0083 },
  { values: [2, 1, 3, 4, 5], s: 8, p: 0.042 },
  { values: [2, 1, 3, 4, 5, 6, 8, 7, 10, 9], s: 39, p: 0.00001 },
  { values: [5, 4, 3, 2, 1], s: -10, p: 1 },
];
for (const { values, s, p } of published) {
  test(`${values.join(', ')}: S is ${s}, p ${p}`, () => {
    const result = mannKendall(values);
    expect(result?.s).toBe(s);
    expect(result?.pRising).toBeCloseTo(p, 3);
  });
}

function permutations(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((first, at) => permutations(values.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}

test('the exact tail is the share of all orders that rise as much', () => {
  for (const n of [3, 4, 5, 6]) {
    const orders = permutations(Array.from({ length: n }, (_, at) => at)).map((order) => mannKendall(order));
    for (const result of orders.slice(0, 40)) {
      const share = orders.filter((other) => (other?.s ?? 0) >= (result?.s ?? 0)).length / orders.length;
      expect(result?.pRising).toBeCloseTo(share, 12);
    }
  }
});

test('at 30 values the exact tail is close to the normal one that takes over', () => {
  const values = Array.from({ length: 30 }, (_, at) => ((at * 7) % 30) + at * 0.41);
  const { s, pRising } = mannKendall(values) ?? { s: NaN, pRising: NaN };
  const normal = normalUpperTail((s - 1) / Math.sqrt(kendallVariance(30, [])));
  expect(pRising).toBeLessThan(0.1);
  expect(Math.abs(Math.log10(pRising / normal))).toBeLessThan(0.02);
});

test('ties take part in no pair and lower the variance', () => {
  expect(tieGroups([3, 1, 3, 2, 2, 3])).toEqual([3, 2]);
  expect(kendallVariance(6, [3, 2])).toBeCloseTo((6 * 5 * 17 - 3 * 2 * 11 - 2 * 1 * 9) / 18, 12);
  // S is 5 with variance 138/18, so z = (5 − 1) / 2.769.
  expect(mannKendall([1, 2, 2, 3])?.pRising).toBeCloseTo(0.074281, 6);
  expect(mannKendall([4, 4, 4, 4])).toEqual({ s: 0, pRising: 1 });
});

test('any rising change of scale leaves S as it was', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 3, maxLength: 20 }), (values) => {
      expect(mannKendall(values.map((value) => value ** 3 + 7))?.s).toBe(mannKendall(values)?.s);
    }),
  );
});

test('two values have no trend', () => {
  expect(mannKendall([1, 2])).toBeUndefined();
});
