import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { normalQuantile, normalUpperTail } from './normal.ts';

/** Abramowitz & Stegun, tables 26.1 and 26.2. */
const tails = [
  { z: 0, tail: 0.5 },
  { z: 1, tail: 0.158655253931457 },
  { z: -1, tail: 0.841344746068543 },
  { z: 1.96, tail: 0.0249978951482204 },
  { z: 2.5, tail: 0.00620966532577613 },
  { z: 3, tail: 0.00134989803163009 },
  { z: 6, tail: 9.86587645037698e-10 },
];
for (const { z, tail } of tails) {
  test(`P(Z > ${z}) is ${tail}`, () => {
    expect(normalUpperTail(z) / tail).toBeCloseTo(1, 9);
  });
}

test('the two ways of computing the tail meet where one takes over', () => {
  expect(normalUpperTail(3 - 1e-12) / normalUpperTail(3)).toBeCloseTo(1, 10);
});

const quantiles = [
  { p: 0.5, z: 0 },
  { p: 0.9, z: 1.2815515655446 },
  { p: 0.975, z: 1.95996398454005 },
  { p: 0.01, z: -2.32634787404084 },
];
for (const { p, z } of quantiles) {
  test(`the ${p} quantile is ${z}`, () => {
    expect(normalQuantile(p)).toBeCloseTo(z, 10);
  });
}

for (const p of [0, 1, NaN]) {
  test(`${p} has no quantile`, () => {
    expect(() => normalQuantile(p)).toThrow(RangeError);
  });
}
