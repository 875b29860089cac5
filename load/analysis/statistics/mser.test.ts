import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { settling } from './mser.ts';

const level = (count: number, value: number) => Array.from({ length: count }, () => value);
/** Without chance: every batch of five has the mean of the level. */
const ripple = (count: number, value: number) => Array.from({ length: count }, (_, at) => value + ((at % 5) - 2));

const series: readonly {
  readonly say: string;
  readonly values: readonly number[];
  readonly found: object | undefined;
}[] = [
  {
    say: 'a beginning that ends within a batch',
    values: [...level(6, 500), ...level(49, 5)],
    found: { cut: 6, isAtEdge: false, before: 500, after: 5, isClear: true },
  },
  {
    say: 'a beginning that ends within a batch, with noise',
    values: [...ripple(5, 5000), ...ripple(1, 51.4), ...ripple(4, 51.2), ...ripple(50, 51)],
    found: { cut: 5, isAtEdge: false, before: 5000, after: 51, isClear: true },
  },
  {
    say: 'a high beginning, and a stall among few batches of the rest',
    values: [...ripple(5, 500), ...ripple(10, 51), ...level(1, 400), ...level(4, 51), ...ripple(12, 51)],
    found: { cut: 5, isAtEdge: false, before: 500, after: 51, isClear: true },
  },
  {
    say: 'a high beginning that comes again',
    values: [...ripple(5, 500), ...ripple(10, 51), ...ripple(5, 500), ...ripple(12, 51)],
    found: { cut: 5, isAtEdge: false, before: 500, after: 51, isClear: false },
  },
  { say: 'too few values', values: level(19, 1), found: undefined },
  { say: 'one value all along', values: level(60, 7), found: undefined },
  { say: 'a level with an even ripple', values: ripple(60, 50), found: undefined },
  {
    say: 'a high beginning',
    values: [...ripple(10, 90), ...ripple(50, 50)],
    found: { cut: 10, isAtEdge: false, before: 90, after: 50, isClear: true },
  },
  {
    say: 'a low beginning far from zero',
    values: [...ripple(5, 1e9), ...ripple(45, 1e9 + 50)],
    found: { cut: 5, isAtEdge: false, before: 1e9, after: 1e9 + 50, isClear: true },
  },
  {
    say: 'a step halfway',
    values: [...level(30, 20), ...level(30, 10)],
    found: { cut: 30, isAtEdge: true, before: 20, after: 10, isClear: true },
  },
  {
    say: 'a rise from the first to the last',
    values: Array.from({ length: 60 }, (_, at) => at),
    found: { cut: 30, isAtEdge: true, before: 14.5, after: 44.5, isClear: false },
  },
  {
    say: 'one wild value',
    values: [...level(29, 20), 900, ...level(30, 20)],
    found: { cut: 30, isAtEdge: true, before: 20, after: 20, isClear: true },
  },
];
for (const { say, values, found } of series) {
  test(`${say}: ${found === undefined ? 'nothing is cut' : JSON.stringify(found)}`, () => {
    expect(settling(values)).toEqual(found);
  });
}
