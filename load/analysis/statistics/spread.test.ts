import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { mad, mean, stdev, tukeyFences } from './spread.ts';

/** The eight values of Wikipedia's "Standard deviation"; sample deviation √(32/7). */
const eight = [2, 4, 4, 4, 5, 5, 7, 9];

const figures = [
  { title: 'mean', of: mean, values: eight, figure: 5 },
  { title: 'sample standard deviation', of: stdev, values: eight, figure: Math.sqrt(32 / 7) },
  { title: 'median absolute deviation', of: mad, values: [1, 1, 2, 2, 4, 6, 9], figure: 1 },
  { title: 'median absolute deviation with half the values alike', of: mad, values: [3, 3, 3, 100], figure: 0 },
];
for (const { title, of, values, figure } of figures) {
  test(`${title} of ${values.join(', ')} is ${figure}`, () => {
    expect(of(values)).toBeCloseTo(figure, 12);
  });
}

test('nothing is claimed of no values, and no deviation of one', () => {
  expect([mean([]), stdev([]), stdev([3]), mad([])]).toEqual([undefined, undefined, undefined, undefined]);
});

test('a deviation survives values far from zero', () => {
  expect(stdev([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBeCloseTo(Math.sqrt(30), 9);
});

test('fences stand 1.5 and 3 interquartile ranges beyond the quartiles', () => {
  expect(tukeyFences(10, 20)).toEqual({ inner: [-5, 35], outer: [-20, 50] });
});
