import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { studentCdf, studentQuantile } from './student.ts';

/** NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, with more digits from R's qt. */
const table = [
  { p: 0.975, df: 1, t: 12.7062047362 },
  { p: 0.975, df: 2, t: 4.30265272975 },
  { p: 0.975, df: 9, t: 2.26215716274 },
  { p: 0.975, df: 30, t: 2.0422724563 },
  { p: 0.99, df: 4, t: 3.74694738797 },
  { p: 0.99, df: 9, t: 2.82143792502 },
  { p: 0.8, df: 9, t: 0.883403859685 },
  { p: 0.025, df: 5, t: -2.57058183661 },
  { p: 0.5, df: 3, t: 0 },
  { p: 0.95, df: 1_000, t: 1.64637881728 },
];
for (const { p, df, t } of table) {
  test(`t of ${p} with ${df} degrees of freedom is ${t}`, () => {
    expect(studentQuantile(p, df)).toBeCloseTo(t, 8);
    expect(studentCdf(t, df)).toBeCloseTo(p, 9);
  });
}

for (const [p, df] of [
  [0, 5],
  [1, 5],
  [0.5, 0],
  [0.5, Infinity],
] as const) {
  test(`p ${p} with df ${df} is refused`, () => {
    expect(() => studentQuantile(p, df)).toThrow(RangeError);
  });
}
