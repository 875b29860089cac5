import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { type Column, tableLines } from './table.ts';

const columns: readonly Column[] = [
  { title: 'name', align: 'left' },
  { title: 'p50', align: 'right', spare: 2 },
  { title: 'p95', align: 'right' },
  { title: 'max', align: 'right', spare: 1 },
];
const rows = [
  [{ text: 'GET /api/v1/workflows/:id' }, { text: '1 ms' }, { text: '22 ms' }, { text: '333 ms' }],
  [{ text: 'POST /' }, { text: '1 ms' }, { text: '2 ms' }, { text: '3 ms' }],
];
const cases = [
  {
    width: 60,
    what: 'stands as it is',
    lines: [
      'name                        p50    p95     max',
      'GET /api/v1/workflows/:id  1 ms  22 ms  333 ms',
      'POST /                     1 ms   2 ms    3 ms',
    ],
  },
  {
    width: 42,
    what: 'cuts names before it loses a column',
    lines: [
      'name                    p50    p95     max',
      'GET /api/v1/workflow…  1 ms  22 ms  333 ms',
      'POST /                 1 ms   2 ms    3 ms',
    ],
  },
  {
    width: 38,
    what: 'loses the sparest column',
    lines: [
      'name                       p95     max',
      'GET /api/v1/workflows/…  22 ms  333 ms',
      'POST /                    2 ms    3 ms',
    ],
  },
  {
    width: 20,
    what: 'keeps what it cannot spare',
    lines: ['name             p95', 'GET /api/v1/…  22 ms', 'POST /          2 ms'],
  },
];
for (const { width, what, lines } of cases) {
  test(`a table in ${width} columns ${what}`, () => {
    expect(tableLines({ columns, rows, width, titlePaint: (text) => text })).toEqual(lines);
  });
}

test('colour wraps the text of a cell, not the space around it', () => {
  const red = (text: string) => `<${text}>`;
  const painted = tableLines({
    columns: [
      { title: '', align: 'left' },
      { title: '', align: 'right' },
    ],
    rows: [
      [{ text: 'a' }, { text: '1', paint: red }],
      [{ text: 'bcd', paint: red }, { text: '100' }],
    ],
    width: 20,
    titlePaint: (text) => text,
  });
  expect(painted).toEqual(['a      <1>', '<bcd>  100']);
});
