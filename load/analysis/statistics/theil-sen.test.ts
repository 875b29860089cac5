import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { seededRandom, standardNormal } from '../../random.ts';
import { inflationOf, lingeringTheilSen, theilSen } from './theil-sen.ts';

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

const lingering: readonly { readonly memory: number; readonly inflation: number; readonly within: number }[] = [
  { memory: 0, inflation: 1, within: 0.2 },
  { memory: 0.3, inflation: 1.86, within: 0.25 },
  { memory: 0.6, inflation: 4, within: 0.6 },
];
for (const { memory, inflation, within } of lingering) {
  test(`of noise of which ${memory} stays, a mean varies ${inflation} times as much as of independent one`, () => {
    const random = seededRandom(5);
    const each = Array.from({ length: 200 }, () => inflationOf(noise({ memory, length: 400 }, random)));
    expect(Math.abs(each.reduce((sum, value) => sum + value, 0) / each.length - inflation)).toBeLessThan(within);
  });

  test(`the 95 % interval for noise of which ${memory} stays holds the true slope in 90 % at least`, () => {
    const random = seededRandom(6);
    const holding = Array.from({ length: 400 }, () => {
      const trend = lingeringTheilSen(line(noise({ memory, length: 40 }, random)), 0.95);
      return trend !== undefined && trend.low <= 0 && trend.high >= 0;
    });
    expect(holding.filter(Boolean).length).toBeGreaterThanOrEqual(360);
  });
}

test('what never moves has no memory', () => {
  expect(inflationOf([1, 1, 1, 1, 1, 1, 1])).toBe(1);
  expect(lingeringTheilSen([])).toBeUndefined();
});

function noise({ memory, length }: { memory: number; length: number }, random: () => number): number[] {
  let rest = standardNormal(random);
  return Array.from({ length }, () => (rest = memory * rest + Math.sqrt(1 - memory ** 2) * standardNormal(random)));
}
