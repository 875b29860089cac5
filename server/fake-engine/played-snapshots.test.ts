import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { playedSnapshots } from './played-snapshots.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const trouble = { engine: 'vllm', scenario: 'kv_exhaustion', everyMs: 3_000, nowMs } as const;

test('a played history ends now, is evenly spaced, and shows the trouble', () => {
  const [first, ...snapshots] = playedSnapshots({ ...trouble, count: 20 });
  expect(first?.baseline).toBe('first');
  expect(snapshots.map(({ taken_at }) => (nowMs - Date.parse(taken_at)) / 1_000)).toEqual(
    Array.from({ length: 20 }, (_, at) => (19 - at) * 3),
  );
  expect(snapshots.every(({ interval_s, baseline }) => interval_s === 3 && baseline === null)).toBe(true);
  expect(snapshots.reduce((sum, { preemptions }) => sum + (preemptions ?? 0), 0)).toBeGreaterThan(0);
});
