import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { describeRow, requestsOf, type Row, rows } from './rows.ts';
import { type Truth, truthOf } from './truth.ts';

const closed = { kind: 'closed', users: 10, requests: 1_000 } as const;

const cases: readonly {
  row: Omit<Row, 'percentiles'>;
  ends: Partial<Truth>;
  percentiles: Readonly<Record<number, number>>;
}[] = [
  {
    row: { behaviour: '5 ms', load: closed },
    ends: { ok: 1_000, failed: 0, timedOut: 0 },
    percentiles: { 50: 5, 99: 5 },
  },
  {
    row: { behaviour: '90 % 5 ms, 10 % 50 ms', load: closed },
    ends: { ok: 1_000, failed: 0, timedOut: 0 },
    percentiles: { 50: 5, 90: 5, 91: 50, 99: 50 },
  },
  {
    row: { behaviour: '2 % status 500', load: closed },
    ends: { ok: 980, failed: 20, errors: { 'HTTP 500': 20 } },
    percentiles: { 50: 0 },
  },
  {
    row: { behaviour: '1 % silent', load: closed, timeoutMs: 300 },
    ends: { ok: 990, timedOut: 10, errors: { timeout: 10 } },
    percentiles: { 50: 0, 99: 0, 99.5: 300 }, // counted with its timeout, not left out
  },
  {
    row: {
      behaviour: 'at once',
      load: { kind: 'open', perSec: 500, seconds: 10 },
      freeze: { atMs: 4_500, forMs: 1_000 },
    },
    ends: { requests: 5_000, ok: 5_000 },
    percentiles: { 50: 0, 90: 0, 95: 500, 99: 900, 100: 1_000 }, // a tenth waits, evenly from 0 to 1 s
  },
];
for (const { row, ends, percentiles } of cases) {
  const whole = { percentiles: [], ...row };
  test(`${describeRow(whole)}: the truth is ${JSON.stringify(percentiles)}`, () => {
    const truth = truthOf(whole);
    expect(truth).toMatchObject(ends);
    for (const [percent, ms] of Object.entries(percentiles))
      expect(truth.percentileMs(Number(percent))).toBeCloseTo(ms, 9);
  });
}

test('what the server really held replaces what it was to hold', () => {
  const row = { behaviour: '5 ms', load: { kind: 'closed', users: 1, requests: 3 }, percentiles: [] } as const;
  expect(truthOf(row, [5.25, 9, 5.5]).percentileMs(50)).toBe(5.5);
  expect(truthOf(row, [null, null, null]).percentileMs(50)).toBe(5); // never answered: as it was to be
});

test('a percentile is asked only where at least ten requests lie beyond it', () => {
  for (const row of rows)
    for (const percent of row.percentiles)
      expect((requestsOf(row) * (100 - percent)) / 100, `${describeRow(row)} p${percent}`).toBeGreaterThanOrEqual(10);
});
