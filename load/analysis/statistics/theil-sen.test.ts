import { expect, test } from '@playwright/test';
import { seededRandom, standardNormal } from '../../random.ts';
import { theilSen } from './theil-sen.ts';

const line = (ys: readonly number[]) => ys.map((y, x) => ({ x, y }));

test('the cloud-seeding data of Hollander & Wolfe fall by 0.05625 a year', () => {
  expect(theilSen(line([1.26, 1.27, 1.12, 1.16, 1.03]))?.slope).toBeCloseTo(-0.05625, 12);
});

test('a straight line is found exactly, with an interval of no width', () => {
  expect(theilSen(line([2, 5, 8, 11, 14, 17, 20]))).toEqual({ slope: 3, intercept: 2, low: 3, high: 3 });
});

test('the interval of ten points ends at ranks 11 and 35 of their 45 slopes: Gilbert (1987), 11.5 and 34.5, taken outwards', () => {
  // y = x² has the slopes i + j.
  expect(theilSen(line(Array.from({ length: 10 }, (_, x) => x * x)))).toMatchObject({ slope: 9, low: 6, high: 12 });
});

test('a quarter of the points may be anywhere', () => {
  const points = line(Array.from({ length: 20 }, (_, x) => (x % 5 === 2 ? 1_000 * x : 4 * x + 1)));
  expect(theilSen(points)?.slope).toBeCloseTo(4, 9);
});

test('the 95 % interval holds the true slope in 95 % of noisy series, give or take the luck of 400', () => {
  const random = seededRandom(11);
  let held = 0;
  for (let run = 0; run < 400; run += 1) {
    const trend = theilSen(line(Array.from({ length: 20 }, (_, x) => 0.3 * x + standardNormal(random))));
    if (trend && trend.low <= 0.3 && 0.3 <= trend.high) held += 1;
  }
  expect(held / 400).toBeGreaterThan(0.92);
  expect(held / 400).toBeLessThan(0.985);
});

test('points that share one x have no slope', () => {
  expect([
    theilSen([]),
    theilSen([{ x: 1, y: 2 }]),
    theilSen([
      { x: 1, y: 2 },
      { x: 1, y: 5 },
    ]),
  ]).toEqual([undefined, undefined, undefined]);
});
