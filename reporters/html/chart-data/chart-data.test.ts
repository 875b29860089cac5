import { expect } from '@playwright/test';
import {
  emptyEndpointWindow,
  emptyRunData,
  emptyRunWindow,
  emptyEndpoint,
  type RunData,
} from '../../../load/measure/run-data.ts';
import { sampleRun } from '../../../testing/page-run.ts';
import { test } from '../../../testing/plain-test.ts';
import { chartDataOf, endpointPoints, heatPoints } from './chart-data.ts';
import { distributionOf } from './distribution.ts';
import { heatCells, rowEdgeMs } from './heat-cells.ts';
import { percentilesOf } from './latency-columns.ts';
import { maxPoints, timeAxisOf } from './run-axis.ts';
import { overall } from '../../../load/measure/run-data.ts';

/** A run whose every second has these latencies. */
function runOf(
  seconds: number,
  latenciesMs: (second: number) => readonly number[],
  durationMs = seconds * 1_000,
): RunData {
  const run = emptyRunData({ index: 0, profile: 'test', model: 'closed', warmUpMs: 0, whenSaturated: 'invalid' });
  const endpoint = emptyEndpoint();
  run.endpoints.set('GET /', endpoint);
  for (let second = 0; second < seconds; second++) {
    const window = emptyEndpointWindow();
    const latencies = latenciesMs(second);
    for (const ms of latencies) window.latency.record(ms);
    if (latencies.length > 0) endpoint.windows.set(second, window);
    run.windows.set(second, {
      ...emptyRunWindow(),
      scheduled: latencies.length,
      completed: latencies.length,
      inFlight: second,
    });
  }
  run.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs, generator: [], pid: 1 });
  return run;
}

/** The windows' buckets are within 0.4 %. */
const near = (value: number): unknown => expect.closeTo(value, 1 - Math.floor(Math.log10(value)));

const axes = [
  { seconds: 1, stepSec: 1, points: 1 },
  { seconds: 599, stepSec: 1, points: 599 },
  { seconds: 600, stepSec: 2, points: 300 }, // one point of room is kept for a start between two steps
  { seconds: 3_600, stepSec: 10, points: 360 },
  { seconds: 86_400, stepSec: 300, points: 288 },
];
for (const { seconds, stepSec, points } of axes) {
  test(`a run of ${seconds} s has ${points} points of ${stepSec} s`, () => {
    expect(timeAxisOf(runOf(seconds, () => [1]))).toEqual({ fromSec: 0, stepSec, points, endSec: seconds });
    expect(points).toBeLessThanOrEqual(maxPoints);
  });
}

test('seconds that share a point are merged before a percentile is taken of them', () => {
  // 99 quick seconds in every 100, one slow: the mean of the p50s would be 10.9 ms, that of all requests is 1 ms.
  const run = runOf(1_200, (second) => (second % 100 === 0 ? [1_000] : [1, 1, 1]));
  const { axis, latency } = chartDataOf(run);
  expect(axis.stepSec).toBe(5);
  expect(latency.p50[0]).toEqual(near(1));
  expect(latency.p99[0]).toEqual(near(1_000));
  expect(latency.p99[1]).toEqual(near(1));
});

test('a second without a request is a gap in the latency and a zero in the rate', () => {
  const { latency, rate } = chartDataOf(runOf(3, (second) => (second === 1 ? [] : [5])));
  expect(latency.p95[1]).toBeNull();
  expect(rate.completed).toEqual([1, 0, 1]);
});

test('a run that ended within a second has the rate of the part that it lasted', () => {
  const { rate, axis } = chartDataOf(runOf(1, () => Array.from({ length: 40 }, () => 2), 500));
  expect(axis.endSec).toBe(0.5);
  expect(rate.completed).toEqual([80]);
});

test('a tail too short for a rate is a gap', () => {
  expect(chartDataOf(runOf(3, () => [1, 1], 2_050)).rate.completed).toEqual([2, 2, null]);
});

test('the most in flight of a point is kept, not the mean', () => {
  const { load } = chartDataOf(runOf(1_200, () => [1]));
  expect(load.inFlight.slice(0, 2)).toEqual([4, 9]);
  expect(load.users).toBeUndefined();
});

test('percentiles are those of the sorted latencies (nearest rank)', () => {
  const latencies = Array.from({ length: 200 }, (_, at) => at + 1);
  const run = runOf(1, () => latencies);
  const [window] = run.endpoints.get('GET /')?.windows.values() ?? [];
  expect(percentilesOf(window?.latency)).toEqual({
    p50: near(100),
    p90: near(180),
    p95: near(190),
    p99: near(198),
  });
  expect(percentilesOf(undefined)).toEqual({});
});

test('the asked rate follows its corners, and is a gap outside of them', () => {
  const run = runOf(4, () => [1]);
  const plan = {
    ...run.plan,
    askedRate: [
      { atMs: 0, perSec: 0 },
      { atMs: 2_000, perSec: 100 },
      { atMs: 2_000, perSec: 50 },
      { atMs: 3_000, perSec: 50 },
    ],
  };
  expect(chartDataOf({ ...run, plan }).rate.asked).toEqual([25, 75, 50, null]);
});

test('kinds of errors beyond six share a column', () => {
  const run = runOf(1, () => [1]);
  for (let kind = 1; kind <= 9; kind++) run.windows.get(0)?.errors.set(`E${kind}`, kind);
  expect(chartDataOf(run).errors).toEqual([
    ...[9, 8, 7, 6, 5].map((count) => ({ kind: `E${count}`, perSec: [count] })),
    { kind: 'other errors', perSec: [10] },
  ]);
});

test('cells of the heat map hold every request once, in the row of its latency', () => {
  const run = runOf(2, (second) => (second === 0 ? [1.5, 1.5, 90] : [1.5]));
  const histograms = [...(run.endpoints.get('GET /')?.windows.values() ?? [])].map(({ latency }) => latency);
  const { cells, firstRow, rows } = heatCells({ fromSec: 0, stepSec: 1 }, histograms);
  expect(cells).toEqual([0, 0, 2, 0, rows - 1, 1, 1, 0, 1]);
  expect(rowEdgeMs(firstRow)).toBeLessThanOrEqual(1.5);
  expect(rowEdgeMs(firstRow + 1)).toBeGreaterThan(1.5);
});

test('the steps of the distribution hold every request, and tell no percentile that nobody lies beyond', () => {
  const run = sampleRun({ seconds: 5, warmUpSeconds: 0 });
  const histogram = overall(run, 'response');
  const distribution = distributionOf(histogram);
  expect(distribution?.counts.reduce((sum, count) => sum + count, 0)).toBe(histogram.count);
  expect(distribution?.percentiles.map(({ name }) => name)).toEqual(['p50', 'p75', 'p90', 'p95', 'p99', 'max']);
  expect(distribution?.edgesMs).toHaveLength((distribution?.counts.length ?? 0) + 1);
});

test('only limits of the whole run on a drawn percentile of the drawn time become lines', () => {
  const target = { comparison: '<', value: 100, text: '< 100ms' } as const;
  const run = sampleRun({
    seconds: 2,
    thresholds: [
      { scope: { kind: 'run' }, metric: 'p95', target, acceptable: { ...target, value: 200 } },
      { scope: { kind: 'run' }, metric: 'responseTime.p99', target },
      { scope: { kind: 'run' }, metric: 'serviceTime.p99', target },
      { scope: { kind: 'run' }, metric: 'mean', target },
      { scope: { kind: 'endpoint', name: 'GET /' }, metric: 'p95', target },
    ],
  });
  expect(chartDataOf(run).limits).toEqual([
    { metric: 'p95', comparison: '<', ms: 100, kind: 'target' },
    { metric: 'p95', comparison: '<', ms: 200, kind: 'acceptable' },
    { metric: 'p99', comparison: '<', ms: 100, kind: 'target' },
  ]);
});

const extremes = [
  {
    name: 'nothing at all',
    run: emptyRunData({ index: 0, profile: '', model: 'open', warmUpMs: 0, whenSaturated: 'warn' }),
  },
  { name: 'one sample', run: runOf(1, () => [3], 3) },
  { name: 'a warm-up alone', run: sampleRun({ seconds: 0, warmUpSeconds: 2 }) },
  { name: 'ten minutes', run: sampleRun({ seconds: 600, perSecond: 10 }) },
];
for (const { name, run } of extremes) {
  test(`no number of a run with ${name} is lost on the wire`, () => {
    const data = chartDataOf(run);
    expect(JSON.parse(JSON.stringify(data))).toEqual(data); // NaN, Infinity and undefined would differ
    expect(data.heat.points).toBeLessThanOrEqual(heatPoints);
    expect(data.endpointAxis.points).toBeLessThanOrEqual(endpointPoints);
  });
}
