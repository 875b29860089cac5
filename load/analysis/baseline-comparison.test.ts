import { expect, test } from '@playwright/test';
import {
  compareWithBaseline,
  defaultBaselineOptions,
  detectableShare,
  timeLimit,
  type MetricComparison,
} from './baseline-comparison.ts';
import { baselineSchema, type Baseline, type EndpointFigures, type Fingerprint } from './baseline.ts';
import { seededRandom, standardNormal } from '../random.ts';

const fingerprint: Fingerprint = { cpu: 'EPYC', cores: 2, memoryGb: 8, os: 'linux 6.1', node: 'v20.20.2', labels: {} };
const name = 'GET /a';
const figures = (p95: number, errorRate = 0): EndpointFigures => ({
  count: 5_000,
  mean: p95 / 2,
  p50: p95 / 2,
  p95,
  p99: p95 * 2,
  throughputPerSec: 100,
  errorRate,
});
const baselineOf = (p95s: readonly number[], errorRate = 0): Baseline => ({
  schema: baselineSchema,
  fingerprint,
  runs: p95s.map((p95, at) => ({ at: String(at), endpoints: { [name]: figures(p95, errorRate) } })),
});

function metricOf(parts: {
  past: readonly number[];
  now: number;
  again?: number;
  metric?: string;
  errorRate?: number;
}): MetricComparison | undefined {
  const comparison = compareWithBaseline({
    baseline: baselineOf(parts.past),
    fingerprint,
    endpoints: { [name]: figures(parts.now, parts.errorRate) },
    ...(parts.again !== undefined && { again: { [name]: figures(parts.again, parts.errorRate) } }),
  });
  return comparison.kind === 'compared'
    ? comparison.metrics.find(({ metric }) => metric === (parts.metric ?? 'p95'))
    : undefined;
}

/** Log values 0, ±0.1, ±0.2 around 100 ms: s = √0.025. The t for 99 % with four degrees of freedom is 3.747. */
const five = [-0.2, -0.1, 0, 0.1, 0.2].map((log) => 100 * Math.exp(log));

test('the limit of five runs lies 4.1 standard deviations above their geometric mean', () => {
  const { usual, limit, basis } = timeLimit(five, defaultBaselineOptions);
  expect(usual).toBeCloseTo(100, 9);
  expect(basis).toBe('prediction');
  expect(Math.log(limit / usual) / Math.sqrt(0.025)).toBeCloseTo(4.1046, 3);
  expect(detectableShare({ usual, limit })).toBeCloseTo(0.9136, 3);
});

const cases: {
  title: string;
  past: readonly number[];
  now: number;
  again?: number;
  expected: Record<string, unknown>;
}[] = [
  {
    title: 'steady runs still allow the tolerance',
    past: [100, 100, 100, 100, 100],
    now: 110,
    expected: { verdict: 'ok', limit: expect.closeTo(110, 9), basis: 'prediction' },
  },
  {
    title: 'beyond it a slowdown is suspected',
    past: [100, 100, 100, 100, 100],
    now: 111,
    expected: { verdict: 'suspected' },
  },
  {
    title: 'measured again and beyond it, it is a regression',
    past: [100, 100, 100, 100, 100],
    now: 111,
    again: 112,
    expected: { verdict: 'regression' },
  },
  {
    title: 'measured again and within it, it was noise',
    past: [100, 100, 100, 100, 100],
    now: 111,
    again: 109,
    expected: { verdict: 'ok' },
  },
  {
    title: 'half a millisecond is nothing',
    past: [1, 1, 1, 1, 1],
    now: 1.5,
    expected: { verdict: 'ok', limit: expect.closeTo(1.5, 9) },
  },
  { title: 'a noisy baseline is blind to 50 %', past: five, now: 150, expected: { verdict: 'ok' } },
  {
    title: 'four runs have a coarse limit',
    past: [100, 101, 99, 100],
    now: 149,
    expected: { verdict: 'ok', basis: 'coarse', runs: 4 },
  },
  {
    title: 'a single run has one too',
    past: [100],
    now: 151,
    expected: { verdict: 'suspected', basis: 'coarse', limit: expect.closeTo(150, 9) },
  },
];
for (const { title, expected, ...parts } of cases) {
  test(title, () => {
    expect(metricOf(parts)).toMatchObject(expected);
  });
}

test('errors count as a difference of rates', () => {
  const past = [100, 100, 100, 100, 100];
  expect(metricOf({ past, now: 100, metric: 'errorRate', errorRate: 0.005 })).toMatchObject({
    verdict: 'ok',
    limit: 0.005,
    gated: true,
  });
  expect(metricOf({ past, now: 100, metric: 'errorRate', errorRate: 0.006 })).toMatchObject({ verdict: 'suspected' });
});

test('only gated metrics decide', () => {
  const slowTail = { ...figures(100), p99: 900 };
  const comparison = compareWithBaseline({
    baseline: baselineOf([100, 100, 100, 100, 100]),
    fingerprint,
    endpoints: { [name]: slowTail },
  });
  expect(comparison).toMatchObject({ kind: 'compared', verdict: 'ok' });
  const gated = compareWithBaseline({
    baseline: baselineOf([100, 100, 100, 100, 100]),
    fingerprint,
    endpoints: { [name]: slowTail },
    options: { gate: ['p99'] },
  });
  expect(gated).toMatchObject({ kind: 'compared', verdict: 'suspected' });
});

test('endpoints that only one side has are listed', () => {
  const comparison = compareWithBaseline({
    baseline: baselineOf([100]),
    fingerprint,
    endpoints: { 'GET /new': figures(5) },
  });
  expect(comparison).toEqual({ kind: 'compared', verdict: 'ok', metrics: [], added: ['GET /new'], missing: [name] });
});

test('another machine is incomparable, and no failure', () => {
  const comparison = compareWithBaseline({
    baseline: baselineOf([100]),
    fingerprint: { ...fingerprint, cores: 8 },
    endpoints: { [name]: figures(900) },
  });
  expect(comparison).toEqual({ kind: 'incomparable', differences: ['cores: 2, now 8'] });
});

test('a baseline without runs decides nothing', () => {
  expect(compareWithBaseline({ baseline: baselineOf([]), fingerprint, endpoints: {} })).toEqual({
    kind: 'not-enough-data',
    reason: 'the baseline has no runs',
  });
});

test('ten noisy runs call an equal eleventh a regression in less than one per cent of cases', () => {
  const random = seededRandom(17);
  const draw = (): number => 50 * Math.exp(0.08 * standardNormal(random));
  let suspected = 0;
  let regressions = 0;
  for (let trial = 0; trial < 1_000; trial += 1) {
    const past = Array.from({ length: 10 }, draw);
    const [now, again] = [draw(), draw()];
    if (metricOf({ past, now })?.verdict === 'suspected') suspected += 1;
    if (metricOf({ past, now, again })?.verdict === 'regression') regressions += 1;
  }
  expect(suspected).toBeLessThan(25);
  expect(regressions).toBeLessThan(10);
});
