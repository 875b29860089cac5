import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { hodgesLehmann, shiftBetween, signedRankCut, walshAverages } from './hodges-lehmann.ts';
import { seededRandom, standardNormal } from '../../random.ts';

/** Critical values of Wilcoxon's signed-rank test, two-sided 5 %: Wilcoxon & Wilcox (1964). */
const critical = [
  { n: 5, cut: -1 },
  { n: 6, cut: 0 },
  { n: 7, cut: 2 },
  { n: 8, cut: 3 },
  { n: 10, cut: 8 },
  { n: 15, cut: 25 },
  { n: 20, cut: 52 },
];
for (const { n, cut } of critical) {
  test(`with ${n} pairs a signed-rank sum of ${cut} is significant at 5 %`, () => {
    expect(signedRankCut(n, 0.025)).toBe(cut);
  });
}

test('the cut is that of counting all signs', () => {
  for (const n of [1, 4, 8]) {
    const sums = Array.from({ length: 2 ** n }, (_, signs) =>
      Array.from({ length: n }, (_unused, at) => ((signs >> at) & 1) * (at + 1)).reduce((a, b) => a + b, 0),
    );
    for (const tail of [0.005, 0.025, 0.05, 0.25]) {
      const share = (w: number) => sums.filter((sum) => sum <= w).length / sums.length;
      const cut = signedRankCut(n, tail);
      expect(share(cut)).toBeLessThanOrEqual(tail);
      expect(share(cut + 1)).toBeGreaterThan(tail);
    }
  }
});

/** Hollander & Wolfe, table 3.1 (depression scores): estimate −0.46, and 96.1 % interval from −0.786 to −0.010. */
const depression = [-0.952, 0.147, -1.022, -0.43, -0.62, -0.59, -0.49, 0.08, -0.01];

test('the depression scores of Hollander & Wolfe shift by −0.46, between −0.786 and −0.010', () => {
  const shift = hodgesLehmann(depression, 0.95);
  expect(shift?.estimate).toBeCloseTo(-0.46, 9);
  expect(shift?.low).toBeCloseTo(-0.786, 9);
  expect(shift?.high).toBeCloseTo(-0.01, 9);
});

test('Walsh averages of 1, 3, 8', () => {
  expect(walshAverages([8, 1, 3])).toEqual([1, 2, 3, 4.5, 5.5, 8]);
});

test('six pairs give an interval of 95 %, and not of 97.5 %', () => {
  expect(hodgesLehmann([1, 2, 3, 4, 5, 6])).toEqual({ estimate: 3.5, low: 1, high: 6 });
  expect(hodgesLehmann([1, 2, 3, 4, 5, 6], 0.975)).toBeUndefined();
  expect(hodgesLehmann([])).toBeUndefined();
});

test('of 1,000 intervals of ten pairs without shift about 5 % miss it', () => {
  const random = seededRandom(21);
  let missed = 0;
  for (let run = 0; run < 1_000; run += 1) {
    const shift = hodgesLehmann(Array.from({ length: 10 }, () => standardNormal(random)));
    if (shift && (shift.low > 0 || shift.high < 0)) missed += 1;
  }
  expect(missed).toBeGreaterThan(25);
  expect(missed).toBeLessThan(72);
});

/**
 * Hollander & Wolfe, table 4.1 (permeability of membranes): the shift is −0.305, its interval of 95 % from −0.76 to
 * 0.15.
 */
const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const early = [1.15, 0.88, 0.9, 0.74, 1.21];

test('the membranes of Hollander & Wolfe shift by −0.305, between −0.76 and 0.15', () => {
  const shift = shiftBetween(term, early, 0.95);
  expect(shift?.estimate).toBeCloseTo(-0.305, 9);
  expect(shift?.low).toBeCloseTo(-0.76, 9);
  expect(shift?.high).toBeCloseTo(0.15, 9);
});

test('five beside five are enough for 99 %, and four beside four are not', () => {
  expect(shiftBetween([1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 0.99)).toEqual({ estimate: 5, low: 1, high: 9 });
  expect(shiftBetween([1, 2, 3, 4], [6, 7, 8, 9], 0.99)).toBeUndefined();
});
