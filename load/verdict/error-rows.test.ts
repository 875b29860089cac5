import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { errorRows, saidInRow, timeOfRow } from './error-rows.ts';

const row = (kind: string, count: number, more: object = {}) => ({
  ...{ kind, count, endpoint: 'GET /a', sample: `${kind} it was` },
  ...more,
});
const causes = ['db locked', 'no memory', 'try later'].map((body, n) =>
  row('HTTP 503', 3, { body, fromMs: n * 1_000, toMs: n * 1_000 + 500 }),
);

test('rows of one kind and endpoint are apart where they fit, and say what their answers said', () => {
  const rows = errorRows([...causes, row('timeout', 2)], 4);
  expect(rows.map(saidInRow)).toEqual([
    'db locked (HTTP 503 it was)',
    'no memory (HTTP 503 it was)',
    'try later (HTTP 503 it was)',
    'timeout it was',
  ]);
  expect(rows.map((each) => timeOfRow(each, { durationMs: 30_000 }))).toEqual(['at 0:00', 'at 0:01', 'at 0:02', '']);
});

test('where they do not fit they are one, and others are not crowded out', () => {
  const rows = errorRows([...causes, row('timeout', 2)], 3);
  expect(rows.map((each) => [each.count, saidInRow(each)])).toEqual([
    [9, 'db locked, and 2 others (HTTP 503 it was)'],
    [2, 'timeout it was'],
  ]);
  expect(rows[0]).toMatchObject({ fromMs: 0, toMs: 2_500 });
});
