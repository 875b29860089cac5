import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyEndpoint, emptyRunData, type RunData } from '../measure/run-data.ts';
import { describeThresholds } from './describe.ts';
import type { JudgedThreshold } from './judge.ts';

/** A run of the endpoints, each with a request of so many milliseconds. */
function runOf(endpoints: Readonly<Record<string, number>>): RunData {
  const run = emptyRunData({ index: 0, profile: 'p', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  for (const [name, ms] of Object.entries(endpoints)) {
    const endpoint = emptyEndpoint();
    endpoint.service.recordMs(ms);
    run.endpoints.set(name, endpoint);
  }
  return run;
}

const missed = (more: Partial<JudgedThreshold> = {}): JudgedThreshold => ({
  metric: 'p95',
  scope: 'run',
  expected: '< 5ms',
  actual: 40,
  unit: 'ms',
  verdict: 'failed',
  ...more,
});
const noData: JudgedThreshold = { metric: 'p95', scope: 'run', expected: '< 5ms', unit: 'ms', verdict: 'failed' };

const three = runOf({ 'GET /a': 10, 'GET /b': 40, 'GET /c': 20 });
const rows: readonly {
  readonly say: string;
  readonly run: RunData;
  readonly threshold: JudgedThreshold;
  readonly received: string;
}[] = [
  {
    say: 'a latency whose culprit is known',
    run: three,
    threshold: missed({ culprit: { name: 'GET /b', words: 'GET /b 40.0 ms' } }),
    received: '40.0 ms (GET /b 40.0 ms)',
  },
  { say: 'a lag, which no endpoint has', run: three, threshold: missed({ metric: 'lag.p95' }), received: '40.0 ms' },
  { say: 'a latency that is met', run: three, threshold: missed({ verdict: 'passed' }), received: '40.0 ms' },
  { say: 'a throughput', run: three, threshold: missed({ metric: 'throughput', unit: 'perSec' }), received: '40.0/s' },
  {
    say: 'a latency that was implied',
    run: three,
    threshold: missed({ implied: true, verdict: 'passed' }),
    received: '40.0 ms',
  },
  {
    say: 'a latency in windows',
    run: three,
    threshold: missed({
      at: { fromMs: 50_000, toMs: 60_000 },
      culprit: { name: 'GET /b', words: 'GET /b 40.0 ms' },
    }),
    received: '40.0 ms from 0:50 to 1:00 (GET /b 40.0 ms)',
  },
  {
    say: 'nothing of an endpoint that nobody called',
    run: three,
    threshold: { ...noData, scope: 'GET /z' },
    received: 'no data (called were GET /a, GET /b, GET /c)',
  },
  {
    say: 'nothing of an endpoint where six others were called',
    run: runOf({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 }),
    threshold: { ...noData, scope: 'z' },
    received: 'no data (called were a, b, c, d, e …)',
  },
  {
    say: 'nothing of an endpoint where five others were called',
    run: runOf({ a: 1, b: 1, c: 1, d: 1, e: 1 }),
    threshold: { ...noData, scope: 'z' },
    received: 'no data (called were a, b, c, d, e)',
  },
  {
    say: 'nothing where nothing was called',
    run: runOf({}),
    threshold: { ...noData, scope: 'GET /z' },
    received: 'no data (no endpoint was called)',
  },
  { say: 'nothing of the run', run: three, threshold: noData, received: 'no data' },
  {
    say: 'nothing of an endpoint that was called',
    run: three,
    threshold: { ...noData, scope: 'GET /a' },
    received: 'no data',
  },
];
for (const { say, run, threshold, received } of rows) {
  test(`${say} is received as ${received}`, () => {
    const mark = { passed: '✓', acceptable: '≈', measured: '○', failed: '✗' }[threshold.verdict];
    const expected = `expected ${threshold.expected}${threshold.implied === true ? ' (implied)' : ''}`;
    expect(describeThresholds(run, [threshold])).toBe(
      `  ${mark}  ${threshold.scope}  ${threshold.metric}  ${expected}  received ${received}`,
    );
  });
}

test('the columns of several rows line up, and end without blanks', () => {
  expect(
    describeThresholds(three, [
      missed({ scope: 'GET /a' }),
      missed({ metric: 'serviceTime.p99', expected: '<= 1s', verdict: 'passed' }),
    ]),
  ).toBe(
    [
      '  ✗  GET /a  p95              expected < 5ms  received 40.0 ms',
      '  ✓  run     serviceTime.p99  expected <= 1s  received 40.0 ms',
    ].join('\n'),
  );
});
