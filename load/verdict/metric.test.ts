import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { formatValue, type Unit } from '../measure/units.ts';
import { responseStatistic, latencyStatistics, metricUnitOf, unitOf } from './metric.ts';

const latencies = [
  'serviceTime',
  'responseTime',
  'lag',
  'phases.dns',
  'phases.connect',
  'phases.tls',
  'phases.waiting',
  'phases.receiving',
];
const units: readonly (readonly [Unit | undefined, readonly string[]])[] = [
  ['share', ['successRate', 'errorRate', 'checks']],
  ['perSec', ['throughput']],
  [
    'count',
    [
      'requests',
      'failed',
      'timedOut',
      'dropped',
      'unfinished',
      'iterations',
      'iterationsFailed',
      'idleIterations',
      'exceptions',
    ],
  ],
  ['number', ['apdex']],
  ['ms', [...latencyStatistics, ...latencies.map((group) => `${group}.p95`), 'lag.stdev']],
  [undefined, ['p5', 'median', 'toString', 'lag', 'lag.median', 'phases.p95', 'latency.p95', 'lag.p95.p95', '.p95']],
];
for (const [unit, metrics] of units)
  for (const metric of metrics)
    test(`\`${metric}\` is ${unit === undefined ? 'no metric' : `in ${unit}`}`, () => {
      expect(unitOf(metric)).toBe(unit);
    });

const statistics: readonly (readonly [string, Unit | undefined])[] = [
  ['count', 'count'],
  ['rate', 'share'],
  ['last', 'number'],
  ...['min', 'mean', 'max', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'p9999'].map(
    (word) => [word, 'number'] as const,
  ),
  ['stdev', undefined],
  ['first', undefined],
];
for (const [statistic, unit] of statistics)
  test(`the ${statistic} of a metric of the user's is ${unit === undefined ? 'no statistic' : `in ${unit}`}`, () => {
    expect(metricUnitOf(statistic)).toBe(unit);
  });

test('the statistics of a latency are those of HdrHistogram and the moments', () => {
  expect(latencyStatistics.join(' ')).toBe('min mean p50 p75 p90 p95 p99 p999 p9999 max stdev');
});

const responses = [
  { metric: 'p95', word: 'p95' },
  { metric: 'responseTime.max', word: 'max' },
  { metric: 'mean', word: 'mean' },
  { metric: 'min', word: undefined }, // a least or a deviation lies within no sample
  { metric: 'stdev', word: undefined },
  { metric: 'serviceTime.p95', word: undefined },
  { metric: 'dropped', word: undefined },
];
for (const { metric, word } of responses)
  test(`\`${metric}\` ${word === undefined ? 'bounds no response time' : `bounds response times by its ${word}`}`, () => {
    expect(responseStatistic(metric)).toBe(word);
  });

const values: readonly (readonly [number, Unit, string])[] = [
  [12, 'ms', '12.0 ms'],
  [0.5, 'share', '50.0 %'],
  [500, 'perSec', '500/s'],
  [1_234, 'count', '1,234'],
  [0.123456, 'number', '0.1235'],
  [12, 'number', '12'],
];
for (const [value, unit, text] of values)
  test(`${value} in ${unit} is printed ${text}`, () => {
    expect(formatValue(value, unit)).toBe(text);
  });
