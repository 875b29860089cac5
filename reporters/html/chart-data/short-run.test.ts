import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { recordRun } from '../../../testing/recorded-run.ts';
import { chartDataOf } from './chart-data.ts';

/** So many requests, evenly over a time, each of 2 ms. */
function runOf(requests: number, lastsMs: number) {
  return recordRun({
    segment: { durationMs: lastsMs },
    requests: Array.from({ length: requests }, (_, n) => ({ path: '/', ms: 2, atMs: (n * (lastsMs - 2)) / requests })),
  });
}

const cases = [
  { requests: 100, lastsMs: 60, stepSec: 0.01, points: 6 },
  { requests: 100, lastsMs: 250, stepSec: 0.05, points: 5 },
  { requests: 5_000, lastsMs: 250, stepSec: 0.01, points: 25 },
  { requests: 10_000, lastsMs: 2_990, stepSec: 0.1, points: 30 },
  { requests: 1, lastsMs: 2, stepSec: 0.01, points: 1 },
];
for (const { requests, lastsMs, stepSec, points } of cases) {
  test(`${requests} requests in ${lastsMs} ms are ${points} points of ${stepSec} s, and each of them is in one`, () => {
    const { axis, latency, rate } = chartDataOf(runOf(requests, lastsMs));
    expect([axis.stepSec, axis.points, axis.endSec]).toEqual([stepSec, points, lastsMs / 1_000]);
    expect(latency.counts.reduce((sum, count) => sum + count, 0)).toBe(requests);
    expect(rate.completed).toHaveLength(points);
  });
}

test('a run of more than 3 s is drawn by the second', () => {
  expect(chartDataOf(runOf(100, 3_500)).axis.stepSec).toBe(1);
});

test('where a segment kept no fine windows, the seconds are drawn: less is never shown than there was', () => {
  const run = runOf(100, 500);
  run.fine.delete(2);
  expect(chartDataOf(run).axis.stepSec).toBe(1);
});
