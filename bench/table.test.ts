import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { formatFigure } from './figure.ts';
import { judge } from './judge.ts';
import { atLeast, below, measured, notMeasured, type Unit } from './reading.ts';
import { alignedTable, noteLines, tableLines } from './table.ts';

const figures: readonly { value: number; unit: Unit; text: string }[] = [
  { value: 90_312.7, unit: '/s', text: '90,313/s' },
  { value: 0.6312, unit: '×', text: '0.631×' },
  { value: 0, unit: 'requests', text: '0 requests' },
  { value: 12.345, unit: 'MB', text: '12.3 MB' },
  { value: 99.98, unit: '%', text: '100 %' }, // three digits; the outcome beside it is judged before rounding
];
for (const { value, unit, text } of figures) {
  test(`${value} is printed as ${text}`, () => {
    expect(formatFigure(value, unit)).toBe(text);
  });
}

const rows = [
  measured('a ratio', '×', [0.5, 0.7, 0.6], { bar: atLeast(0.55), note: 'who was busy' }),
  measured('memory', 'MB', [60], { bar: below(50) }),
  measured('a rate', '/s', [1_234]),
  notMeasured('a page', 'KB', 'there is none'),
].map(judge);

test('a table names bar, figure, repeats, ratio and outcome of every row', () => {
  expect(tableLines(rows)).toEqual([
    '| what    |     bar | measured |   min – max | of bar |              |',
    '| ------- | ------: | -------: | ----------: | -----: | ------------ |',
    '| a ratio | ≥ 0.55× |     0.6× | 0.5× – 0.7× |  1.09× | ✓ met        |',
    '| memory  | < 50 MB |    60 MB |             |  1.20× | ✗ missed     |',
    '| a rate  |         |  1,234/s |             |        |              |',
    '| a page  |         |          |             |        | not measured |',
  ]);
});

test('reasons and notes stand under the table', () => {
  expect(noteLines(rows)).toEqual(['  a page: there is none', '  a ratio: who was busy'].toReversed());
});

test('a row that is too short is filled up', () => {
  expect(alignedTable(['one', 'two', 'end'], [['x']], 1)[2]).toBe('| x   |     |     |');
});
