import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { recordRun, reportedRun, summaryOfRuns } from '../../testing/recorded-run.ts';
import { summaryText } from './summary-text.ts';

test('property: the text reads as the value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(summaryText(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('what holds figures alone is on one line, and what was not measured is absent', () => {
  const value = { a: 1, b: [], rows: [{ x: 1, y: undefined }], deep: { title: ['a', 'b'], more: { flat: true } } };
  expect(summaryText(value)).toBe(
    [
      '{',
      '  "a": 1,',
      '  "b": [],',
      '  "rows": [',
      '    {"x":1}',
      '  ],',
      '  "deep": {',
      '    "title": ["a","b"],',
      '    "more": {"flat":true}',
      '  }',
      '}',
      '',
    ].join('\n'),
  );
});

test('the results of 64 open runs of 20 endpoints are below a megabyte', () => {
  const requests = Array.from({ length: 400 }, (_, n) => ({
    path: '/',
    name: `GET /api/v1/things/${n % 20}/:id`,
    ms: Math.exp((n * 7_919) % 7) + 1 / 3,
    atMs: n * 10,
  }));
  const run = reportedRun(recordRun({ plan: { model: 'open' }, requests }));
  const summary = summaryOfRuns(Array.from({ length: 64 }, () => run));
  expect(summaryText(summary).length).toBeGreaterThan(64 * 20 * 300);
  expect(summaryText(summary).length).toBeLessThan(1_000_000);
});
