import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { calibrated, verdictOf } from './tables.ts';
import type { Row } from './rows.ts';
import { truthOf } from './truth.ts';
import { countProblems, figuresOf, type Measurement } from './verdict.ts';

const row: Row = {
  behaviour: '2 % status 500',
  load: { kind: 'open', perSec: 100, seconds: 1 },
  percentiles: [50, 99],
};
const exact: Measurement = {
  counts: { scheduled: 100, started: 100, ok: 98, failed: 2, timedOut: 0, dropped: 0, unfinished: 0 },
  errors: { 'HTTP 500': 2 },
  percentilesMs: [0.2, 1],
  lagMs: { p50: 0.05, p99: 1 },
  held: Array<number>(100).fill(0.02),
  generator: { verdict: 'healthy', reason: 'its event loop was 10 % busy' },
};

test('errors are counted from what the server did', () => {
  const [median] = figuresOf(row, { ...exact, percentilesMs: [0.7, 3], held: Array<number>(100).fill(0.5) });
  expect(median).toMatchObject({ trueMs: 0, heldMs: 0.5, measuredMs: 0.7, within: true });
  expect(median?.errorMs).toBeCloseTo(0.2, 9);
});

const limits = [
  { load: row.load, limitsMs: [0.25, 1.5] },
  { load: { kind: 'closed', users: 1, requests: 100 }, limitsMs: [1.5, 10] },
] as const;
for (const { load, limitsMs } of limits) {
  test(`${load.kind === 'open' ? 'an open' : 'a closed'} median may err by ${limitsMs[0]} ms, a tail by ${limitsMs[1]} ms`, () => {
    expect(figuresOf({ ...row, load }, exact).map(({ limitMs }) => limitMs)).toEqual(limitsMs);
  });
}

test('a frozen server may be misread by a twentieth of its freeze', () => {
  const frozen: Row = {
    ...{ behaviour: 'at once', load: { kind: 'open', perSec: 100, seconds: 2 }, percentiles: [90] },
    freeze: { atMs: 0, forMs: 1_000 },
  };
  expect(figuresOf(frozen, { ...exact, percentilesMs: [800] }).map(({ limitMs }) => limitMs)).toEqual([40]);
});

test('a median may err less than a tail', () => {
  expect(figuresOf(row, { ...exact, percentilesMs: [0.3, 1] }).map(({ within }) => within)).toEqual([false, true]);
  expect(figuresOf(row, { ...exact, percentilesMs: [0.2, 1.6] }).map(({ within }) => within)).toEqual([true, false]);
});

const wrong: readonly { change: Partial<Measurement>; problems: string[] }[] = [
  { change: {}, problems: [] },
  {
    change: { counts: { ...exact.counts, ok: 97 } },
    problems: [
      'books: 100 started, but 97 ok + 2 failed + 0 timed out + 0 unfinished',
      'ended: 100 by construction, 99 measured',
      'ok: 98 by construction, 97 measured',
    ],
  },
  {
    change: { errors: { 'HTTP 500': 1, ECONNRESET: 1 } },
    problems: ['HTTP 500: 2 by construction, 1 measured', 'ECONNRESET: 0 by construction, 1 measured'],
  },
  {
    change: { held: Array<number>(101).fill(0.02) },
    problems: ['seen by the server: 101 by construction, 100 measured'],
  },
  { change: { lagMs: { p50: 1, p99: 12 } }, problems: ['lag p99: 12.0 ms, limit 1.5 ms'] },
];
for (const { change, problems } of wrong) {
  test(`${JSON.stringify(change).slice(0, 60)} has ${problems.length} problems`, () => {
    expect(countProblems(truthOf(row), { ...exact, ...change })).toEqual(problems);
  });
}

test('an exact calibration says that the instrument is right', () => {
  expect(verdictOf([calibrated(row, exact)]).right).toBe(true);
});

test('an error is named, with what disturbed the generator', () => {
  const noisy = { verdict: 'noisy', reason: 'it waited for a CPU' } as const;
  const { right, words } = verdictOf([calibrated(row, { ...exact, percentilesMs: [9, 30], generator: noisy })]);
  expect(right).toBe(false);
  expect(words).toBe(
    'the instrument ERRS on this machine now: 2 figures err beyond the limit; the generator was disturbed in 1 of 1 rows (it waited for a CPU): repeat it on an idle machine',
  );
});
