import { expect } from '@playwright/test';
import fc from 'fast-check';
import { expectSame } from '../../testing/expect-same.ts';
import { test } from '../../testing/plain-test.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import { benchmarkOf, describeBenchmark } from './benchmark.ts';
import { mad, mean, stdev } from './statistics/spread.ts';

const each = (values: readonly number[]) => values.map((value) => ({ value, count: 1 }));

test('nine rounds and one slow one are described', () => {
  expect(describeBenchmark({ values: each([1, 2, 3, 4, 5, 6, 7, 8, 9, 55]) })).toEqual({
    kind: 'measured',
    rounds: 10,
    min: 1,
    q1: 3.25,
    median: 5.5,
    q3: 7.75,
    iqr: 4.5,
    mean: 10,
    stdev: Math.sqrt(2310 / 9),
    p95: 55,
    p99: 55,
    max: 55,
    mad: 2.5,
    outliers: { mild: 0, severe: 1 },
    ops: 100,
  });
});

test('a value between the fences is a mild outlier', () => {
  expect(describeBenchmark({ values: each([10, 11, 12, 13, 14, 18.5]) })).toMatchObject({
    outliers: { mild: 1, severe: 0 },
  });
});

test('a single round has no deviation', () => {
  const single = describeBenchmark({ values: [{ value: 4, count: 1 }] });
  expect(single).toMatchObject({ rounds: 1, min: 4, median: 4, max: 4, iqr: 0, mad: 0, ops: 250 });
  expect(single).not.toHaveProperty('stdev');
});

test('no round is not enough data', () => {
  expect(describeBenchmark({ values: [{ value: 3, count: 0 }] })).toEqual({
    kind: 'not-enough-data',
    reason: 'no round was measured',
  });
});

test('sums kept exactly beside the buckets are preferred to those of the buckets', () => {
  const described = describeBenchmark({
    values: [{ value: 10, count: 4 }],
    exact: { sum: 39.2, min: 9.7, max: 9.95, stdev: 0.1 },
  });
  expect(described).toMatchObject({ min: 9.7, mean: 9.8, max: 9.95, stdev: 0.1, median: 10, ops: 4_000 / 39.2 });
});

test('a histogram is described with its own exact sums and the percentiles of every other table', () => {
  const times = [1.5, 2.25, 2.25, 3, 4.125, 250.3];
  const histogram = new LatencyHistogram();
  for (const ms of times) histogram.recordMs(ms);
  const [stats, described] = [histogram.stats(), benchmarkOf(histogram)];
  expect(described).toMatchObject({
    rounds: 6,
    min: 1.5,
    max: 250.3,
    p95: stats?.p95,
    p99: stats?.p99,
    outliers: { severe: 1 },
  });
  expect(described).toHaveProperty('stdev', expect.closeTo(stdev(times) ?? NaN, 6));
  expect(described).toHaveProperty('mean', expect.closeTo(mean(times) ?? NaN, 9));
  expect(described).toHaveProperty('median', expect.closeTo(2.625, 2));
});

test('a histogram of one time has no deviation, one of none no description', () => {
  const histogram = new LatencyHistogram();
  expect(benchmarkOf(histogram).kind).toBe('not-enough-data');
  histogram.recordMs(4);
  expect(benchmarkOf(histogram)).toMatchObject({ rounds: 1, median: 4, ops: 250 });
  expect(benchmarkOf(histogram)).not.toHaveProperty('stdev');
});

test('counted values are described like the same values one by one', () => {
  const counts = fc.array(
    fc.record({ value: fc.integer({ min: 1, max: 40 }), count: fc.integer({ min: 1, max: 5 }) }),
    { minLength: 1 },
  );
  fc.assert(
    fc.property(counts, (values) => {
      const unpacked = values.flatMap(({ value, count }) => new Array<number>(count).fill(value));
      const described = describeBenchmark({ values });
      expectSame(described, describeBenchmark({ values: each(unpacked) }));
      expect(described).toMatchObject({ rounds: unpacked.length, mean: mean(unpacked), mad: mad(unpacked) });
      if (unpacked.length > 1) expect(described).toHaveProperty('stdev', expect.closeTo(stdev(unpacked) ?? NaN, 9));
    }),
  );
});

for (const wrong of [
  { value: NaN, count: 1 },
  { value: -1, count: 1 },
  { value: Infinity, count: 1 },
  { value: 1, count: 0.5 },
]) {
  test(`a value of ${wrong.value} counted ${wrong.count} times is refused`, () => {
    expect(() => describeBenchmark({ values: [wrong] })).toThrow(RangeError);
  });
}
