import { expect, test } from '@playwright/test';
import { arrivals } from '../profile/arrivals.ts';
import { progressLine, spark } from './progress.ts';
import { liveThrough } from '../../testing/virtual-run.ts';

test('a line of progress tells of the last whole second, and of errors in all', async () => {
  const { data } = await liveThrough(arrivals('100/s').for('3s'), undefined, {
    answer: (_, atMs) => ({ afterMs: 20, status: atMs < 300 ? 500 : 200 }),
  });
  expect(progressLine([data], { elapsedMs: 3_000, plannedMs: 60_000, rates: [50, 100] })).toMatch(
    /^0:03 of 1:00, 57s left ▅█ · 100\/s · p95 2[01]\.\d ms · 10\.0 % errors$/,
  );
  expect(progressLine([data], { elapsedMs: 65_000, plannedMs: undefined, rates: [] })).toBe(
    '1:05 · 0/s · 10.0 % errors',
  );
});

const sparks = [
  { values: [], bars: '' },
  { values: [0, 0], bars: '▁▁' },
  { values: [0, 50, 100], bars: '▁▅█' },
  { values: [7], bars: '█' },
];
for (const { values, bars } of sparks) {
  test(`${JSON.stringify(values)} is drawn as "${bars}"`, () => expect(spark(values)).toBe(bars));
}
