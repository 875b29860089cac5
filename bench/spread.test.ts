import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { inTurn, ratios, spreadOf } from './spread.ts';

const spreads: readonly { values: [number, ...number[]]; spread: object }[] = [
  { values: [5], spread: { median: 5, min: 5, max: 5 } },
  { values: [3, 1, 2], spread: { median: 2, min: 1, max: 3 } },
  { values: [4, 1, 3, 2], spread: { median: 2.5, min: 1, max: 4 } }, // the mean of the middle two
];
for (const { values, spread } of spreads) {
  test(`the spread of ${values.join(', ')} is ${JSON.stringify(spread)}`, () => {
    expect(spreadOf(values)).toEqual(spread);
  });
}

test('ratios are taken pair by pair, not of medians', () => {
  expect(ratios([10, 30], [5, 60])).toEqual([2, 0.5]);
});

test('series of different lengths are no pairs', () => {
  expect(() => ratios([1, 2], [1])).toThrow(new RangeError('2 figures cannot be paired with 1'));
});

test('rounds go forwards and backwards in turn', () => {
  expect([0, 1, 2].map((round) => inTurn(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'cba', 'abc']);
});
