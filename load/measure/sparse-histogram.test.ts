import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { rankOf } from './histogram.ts';
import { SparseHistogram } from './sparse-histogram.ts';

const numbers = fc.array(fc.oneof(fc.double({ min: -1e9, max: 1e9, noNaN: true }), fc.integer({ min: -5, max: 5 })), {
  minLength: 1,
  maxLength: 200,
});

function recorded(values: readonly number[], precision: 7 | 10 = 7): SparseHistogram {
  const histogram = new SparseHistogram(precision);
  for (const value of values) histogram.record(value);
  return histogram;
}

for (const { precision, error } of [
  { precision: 7, error: 0.004 },
  { precision: 10, error: 0.0005 },
] as const) {
  test(`with ${precision} bits each percentile is within ${error * 100} % of the sorted array, negative ones too`, () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(1, 50, 95, 99, 100), (values, percent) => {
        const exact = values.toSorted((a, b) => a - b)[rankOf(percent, values.length) - 1] ?? 0;
        const got = recorded(values, precision).percentile(percent) ?? Number.NaN;
        expect(Math.abs(got - exact)).toBeLessThanOrEqual(Math.abs(exact) * error + 1e-300);
      }),
    );
  });
}

test('several percentiles at once are those that each would be', () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom([50, 90, 95, 99], [0.1, 50, 100], [99]), (values, percents) => {
      const histogram = recorded(values);
      expect(histogram.percentiles(percents)).toEqual(percents.map((percent) => histogram.percentile(percent)));
    }),
  );
  expect(new SparseHistogram(7).percentiles([50, 99])).toEqual([undefined, undefined]);
});

test('merged in any order and sent over the wire, it is what one would have recorded', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const whole = recorded([...a, ...b]);
      const merged = SparseHistogram.decode(JSON.parse(JSON.stringify(recorded(b).encode())) as readonly number[], 7);
      merged.add(recorded(a));
      expect(merged.encode()).toEqual(whole.encode());
      expect(merged.count).toBe(a.length + b.length);
    }),
  );
});

test('zero is zero, of either sign', () => {
  const histogram = recorded([0, -0, 0]);
  expect(histogram.buckets()).toEqual([{ value: 0, count: 3 }]);
  expect(histogram.percentile(50)).toBe(0);
});

test('the largest numbers have a finite middle', () => {
  const middle = 2 ** 1_023 * (511 / 256);
  expect(recorded([Number.MAX_VALUE]).percentile(50)).toBe(middle);
  expect(recorded([-Number.MAX_VALUE]).percentile(50)).toBe(-middle);
});

test('a bucket stands for its samples by its middle', () => {
  expect(recorded([Math.PI, 1, Math.PI, -1]).buckets()).toEqual([
    { value: -257 / 256, count: 1 },
    { value: 257 / 256, count: 1 }, // from 1 to 129/128
    { value: 3.1484375, count: 2 }, // from 201/64 to 202/64
  ]);
  expect(recorded([1]).encode()).toEqual([130_944, 1]);
});

test('property: several percentiles at once are those of each', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 })), (values) => {
      const histogram = recorded(values);
      const percents = [0, 1, 50, 50, 95, 99.9, 100];
      expect(histogram.percentiles(percents)).toEqual(percents.map((percent) => histogram.percentile(percent)));
    }),
  );
});

test('without samples there is no percentile', () => {
  expect(new SparseHistogram(7).percentiles([50, 95])).toEqual([undefined, undefined]);
  expect(new SparseHistogram(7).percentile(95)).toBeUndefined();
  expect(new SparseHistogram(7).encode()).toEqual([]);
});

for (const value of [NaN, Infinity, -Infinity]) {
  test(`${value} is refused`, () =>
    expect(() => new SparseHistogram(7).record(value)).toThrow(
      new RangeError(`a histogram takes finite numbers, got ${value}`),
    ));
}
