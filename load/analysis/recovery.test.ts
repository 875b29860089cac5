import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { timeToRecovery, type RecoveryWindow } from './recovery.ts';

const steady = (p95Ms: number, windows = 10): RecoveryWindow[] =>
  Array.from({ length: windows }, () => ({ p95Ms, requests: 50, failed: 0, inFlight: 1 }));
const slow = (...p95s: number[]): RecoveryWindow[] =>
  p95s.map((p95Ms) => ({ p95Ms, requests: 50, failed: 0, inFlight: 1 }));

const cases: { title: string; after: RecoveryWindow[]; expected: Record<string, unknown> }[] = [
  {
    title: 'a server that felt nothing recovers at once',
    after: steady(10),
    expected: { kind: 'recovered', afterMs: 0, resolutionMs: 1_000 },
  },
  {
    title: 'three slow windows, then as before',
    after: [...slow(900, 400, 90), ...steady(10)],
    expected: { kind: 'recovered', afterMs: 3_000, peakP95Ms: 900, residualRatio: 1, baselineP95Ms: 10, limitMs: 15 },
  },
  {
    title: 'the limit itself is within',
    after: steady(15),
    expected: { kind: 'recovered', afterMs: 0, residualRatio: 1.5 },
  },
  { title: 'just above the limit is not', after: steady(15.1), expected: { kind: 'not-recovered', watchedMs: 10_000 } },
  {
    title: 'one lucky window between slow ones is no recovery',
    after: [...slow(900, 10, 900, 900), ...steady(10, 6)],
    expected: { kind: 'recovered', afterMs: 4_000 },
  },
  {
    title: 'one slow window within the stretch is forgiven',
    after: [...slow(900, 10, 10, 40), ...steady(10, 4)],
    expected: { kind: 'recovered', afterMs: 1_000 },
  },
  {
    title: 'fast errors are no recovery',
    after: [...steady(5, 3).map((window) => ({ ...window, failed: 50 })), ...steady(10, 6)],
    expected: { kind: 'recovered', afterMs: 3_000 },
  },
  {
    title: 'a backlog that still stands is no recovery',
    after: [...steady(10, 2).map((window) => ({ ...window, inFlight: 80 })), ...steady(10, 6)],
    expected: { kind: 'recovered', afterMs: 2_000, drainedAfterMs: 2_000 },
  },
  {
    title: 'windows without any answer are no recovery',
    after: [...steady(0, 2).map(() => ({ requests: 50, failed: 50, inFlight: 50 })), ...steady(10, 6)],
    expected: { kind: 'recovered', afterMs: 2_000, peakP95Ms: 10 },
  },
  {
    title: 'too few windows at the end to be sure is longer than was watched',
    after: [...slow(900, 900, 900, 900, 900, 900), ...steady(10, 4)],
    expected: { kind: 'not-recovered', watchedMs: 10_000 },
  },
];
for (const { title, after, expected } of cases) {
  test(title, () => {
    expect(timeToRecovery({ baseline: steady(10), after })).toMatchObject(expected);
  });
}

test('a baseline that failed as much as it may is one', () => {
  const baseline = [...steady(10, 9), ...steady(10, 1).map((window) => ({ ...window, failed: 5 }))];
  expect(timeToRecovery({ baseline, after: steady(10) })).toMatchObject({ kind: 'recovered', afterMs: 0 });
});

test('below a millisecond nothing counts as slower', () => {
  expect(timeToRecovery({ baseline: steady(0.3), after: steady(1.2) })).toMatchObject({
    kind: 'recovered',
    limitMs: 1.3,
  });
});

test('a noisy baseline widens the limit by three deviations', () => {
  const baseline = slow(10, 20, 10, 20, 10, 20, 10, 20, 10, 20);
  expect(timeToRecovery({ baseline, after: steady(37) })).toMatchObject({
    kind: 'recovered',
    limitMs: expect.closeTo(37.239, 9),
  });
});

const undecidable = [
  {
    title: 'a short baseline',
    baseline: steady(10, 9),
    after: steady(10),
    reason: 'the baseline has 9 windows, 10 are needed',
  },
  {
    title: 'a short tail',
    baseline: steady(10),
    after: steady(10, 4),
    reason: '4 windows were watched after the stress, 5 are needed',
  },
  {
    title: 'a slow probe',
    baseline: steady(10).map((window) => ({ ...window, requests: 12 })),
    after: steady(10),
    reason: 'a window has 12 requests, a p95 needs 20: probe faster or take longer windows',
  },
  {
    title: 'a baseline without answers',
    baseline: steady(10).map(() => ({ requests: 50, failed: 50 })),
    after: steady(10),
    reason: 'the baseline itself failed: 500 of 500 requests before the stress, 1.0 % are allowed',
  },
  {
    title: 'a baseline of quick errors',
    baseline: steady(2).map((window) => ({ ...window, failed: 50 })),
    after: steady(2),
    reason: 'the baseline itself failed: 500 of 500 requests before the stress, 1.0 % are allowed',
  },
  {
    title: 'a baseline that failed a little more than it may',
    baseline: [...steady(10, 9), ...steady(10, 1).map((window) => ({ ...window, failed: 6 }))],
    after: steady(10),
    reason: 'the baseline itself failed: 6 of 500 requests before the stress, 1.0 % are allowed',
  },
  {
    title: 'a baseline whose requests were all lost without a word',
    baseline: steady(10).map(() => ({ requests: 50, failed: 0 })),
    after: steady(10),
    reason: 'no baseline window was answered',
  },
];
for (const { title, baseline, after, reason } of undecidable) {
  test(`${title} decides nothing`, () => {
    expect(timeToRecovery({ baseline, after })).toEqual({ kind: 'not-enough-data', reason });
  });
}
