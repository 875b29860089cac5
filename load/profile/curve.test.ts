import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { areaOf, type Curve, intervalsAbove, longestHold, momentsOfAreas, startsOf } from './curve.ts';

const curve = (...points: [atMs: number, value: number][]): Curve => points.map(([atMs, value]) => ({ atMs, value }));

const ramp = curve([0, 0], [10_000, 10]);
const tent = curve([0, 0], [10_000, 10], [20_000, 0]);
const stairs = curve([0, 2], [5_000, 2], [5_000, 4], [10_000, 4], [10_000, 1], [15_000, 1]);
const dip = curve([0, 10], [5_000, 10], [5_000, 5], [10_000, 10]);

const intervals = [
  { name: 'flat', shape: curve([0, 3], [10_000, 3]), k: 3, times: [[0, 10_000]] },
  { name: 'flat', shape: curve([0, 3], [10_000, 3]), k: 4, times: [] },
  { name: 'ramp', shape: ramp, k: 1, times: [[1_000, 10_000]] },
  { name: 'ramp', shape: ramp, k: 5, times: [[5_000, 10_000]] },
  { name: 'ramp', shape: ramp, k: 10, times: [] }, // the last user would start as the ramp ends
  { name: 'tent', shape: tent, k: 4, times: [[4_000, 16_000]] },
  { name: 'stairs', shape: stairs, k: 1, times: [[0, 15_000]] },
  { name: 'stairs', shape: stairs, k: 2, times: [[0, 10_000]] },
  { name: 'stairs', shape: stairs, k: 3, times: [[5_000, 10_000]] },
  {
    name: 'jump down, ramp up',
    shape: dip,
    k: 7,
    times: [
      [0, 5_000],
      [7_000, 10_000],
    ],
  },
  {
    name: 'two tents',
    shape: curve([0, 0], [1_000, 2], [2_000, 0], [3_000, 2], [4_000, 0]),
    k: 1,
    times: [
      [500, 1_500],
      [2_500, 3_500],
    ],
  },
];
for (const { name, shape, k, times } of intervals) {
  test(`user ${k} of the ${name} works in ${JSON.stringify(times)}`, () => {
    expect(intervalsAbove(shape, k).map(({ fromMs, toMs }) => [fromMs, toMs])).toEqual(times);
  });
}

test('the moments of areas are the inverse of the area', () => {
  const areas = [0, 0.5, 12.5, 50, 87.5, 100];
  expect([...momentsOfAreas(tent, areas)].map((ms) => Math.round(ms))).toEqual([
    0, 1_000, 5_000, 10_000, 15_000, 20_000,
  ]);
  expect([...momentsOfAreas(tent, [100.5])]).toEqual([]); // more than there is
});

const totals = [
  {
    name: '0.1 ten times',
    shape: curve(...Array.from({ length: 11 }, (_, at): [number, number] => [at * 100, 1])),
    first: 0,
    count: 1,
  },
  { name: 'a ramp to two and a half', shape: curve([0, 0], [5_000, 1]), first: 1, count: 2 },
  { name: 'two and a half at once', shape: curve([0, 0.5], [5_000, 0.5]), first: 0, count: 3 },
  { name: 'a million a second for an hour', shape: curve([0, 1e6], [3_600_000, 1e6]), first: 0, count: 3.6e9 },
] as const;
for (const { name, shape, first, count } of totals) {
  test(`${name}: ${count} starts from area ${first} on`, () => expect(startsOf(shape)).toEqual({ first, count }));
}

test('areas and holds', () => {
  expect(areaOf(tent)).toBe(100);
  expect(areaOf(stairs)).toBe(35);
  expect(longestHold(stairs)).toEqual({ fromMs: 0, toMs: 5_000 }); // the first of several
  expect(longestHold(tent)).toBeUndefined();
  expect(longestHold(curve([0, 0], [9_000, 0], [9_000, 1], [10_000, 1]))).toEqual({ fromMs: 9_000, toMs: 10_000 }); // idling is no level
});
