import { expect, test } from '@playwright/test';
import { emptyEndpoint, emptyRunData, type RunData } from '../measure/run-data.ts';
import { describeThresholds } from './describe.ts';
import type { JudgedThreshold } from './judge.ts';

/** A run of the endpoints, each with a request of so many milliseconds, and of these errors. */
function runOf(
  endpoints: Readonly<Record<string, number>>,
  errors: readonly (readonly [kind: string, count: number, endpoint?: string])[] = [],
): RunData {
  const run = emptyRunData({ index: 0, profile: 'p', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  for (const [name, ms] of Object.entries(endpoints)) {
    const endpoint = emptyEndpoint();
    endpoint.service.recordMs(ms);
    endpoint.phases.waiting.recordMs(ms);
    run.endpoints.set(name, endpoint);
  }
  for (const [kind, count, endpoint = 'GET /a'] of errors)
    run.errors.set(`${kind} ${endpoint}`, { kind, endpoint, count, sample: `${kind} it was` });
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
const count = (metric: string): Partial<JudgedThreshold> => ({ metric, unit: 'count', expected: '0', actual: 3 });
const noData: JudgedThreshold = { metric: 'p95', scope: 'run', expected: '< 5ms', unit: 'ms', verdict: 'failed' };

const three = runOf({ 'GET /a': 10, 'GET /b': 40, 'GET /c': 20 });
const errors = runOf({ 'GET /a': 1 }, [
  ['HTTP 500', 2],
  ['timeout', 3, 'GET /b'],
  ['exception', 9, 'scenario'],
  ['exception', 4, 'watch'],
  ['unfinished', 1, 'GET /c'],
  ['reset', 4],
]);
const rows: readonly {
  readonly say: string;
  readonly run: RunData;
  readonly threshold: JudgedThreshold;
  readonly received: string;
}[] = [
  { say: 'a latency of the run', run: three, threshold: missed(), received: '40.0 ms (GET /b 40.0 ms)' },
  {
    say: 'a latency of its service time',
    run: three,
    threshold: missed({ metric: 'serviceTime.max' }),
    received: '40.0 ms (GET /b 40.0 ms)',
  },
  {
    say: 'a latency of a phase',
    run: three,
    threshold: missed({ metric: 'phases.waiting.p95' }),
    received: '40.0 ms (GET /b 40.0 ms)',
  },
  { say: 'a lag, which no endpoint has', run: three, threshold: missed({ metric: 'lag.p95' }), received: '40.0 ms' },
  { say: 'a latency of an endpoint', run: three, threshold: missed({ scope: 'GET /a' }), received: '40.0 ms' },
  { say: 'a latency that is met', run: three, threshold: missed({ verdict: 'passed' }), received: '40.0 ms' },
  {
    say: 'a latency that is acceptable',
    run: three,
    threshold: missed({ verdict: 'acceptable' }),
    received: '40.0 ms',
  },
  { say: 'a latency of a run without endpoints', run: runOf({}), threshold: missed(), received: '40.0 ms' },
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
    threshold: missed({ at: { fromMs: 50_000, toMs: 60_000 } }),
    received: '40.0 ms from 50s to 1m (GET /b 40.0 ms)',
  },
  {
    say: 'a number of failures',
    run: errors,
    threshold: missed(count('failed')),
    received: '3 (GET /a: 4 × reset, reset it was)',
  },
  {
    say: 'an error rate',
    run: errors,
    threshold: missed({ metric: 'errorRate', unit: 'share', actual: 0.5 }),
    received: '50.0 % (GET /a: 4 × reset, reset it was)',
  },
  {
    say: 'a success rate',
    run: errors,
    threshold: missed({ metric: 'successRate', unit: 'share', actual: 0.5 }),
    received: '50.0 % (GET /a: 4 × reset, reset it was)',
  },
  {
    say: 'a number of timeouts',
    run: errors,
    threshold: missed(count('timedOut')),
    received: '3 (GET /b: 3 × timeout, timeout it was)',
  },
  {
    say: 'a number of cut offs',
    run: errors,
    threshold: missed(count('unfinished')),
    received: '3 (GET /c: 1 × unfinished, unfinished it was)',
  },
  {
    say: 'a number of exceptions',
    run: errors,
    threshold: missed(count('exceptions')),
    received: '3 (9 × exception it was)',
  },
  {
    say: 'a number of failed iterations',
    run: errors,
    threshold: missed(count('iterationsFailed')),
    received: '3 (9 × exception it was)',
  },
  { say: 'a number of failures without an error', run: three, threshold: missed(count('failed')), received: '3' },
  { say: 'a number of exceptions without one', run: three, threshold: missed(count('exceptions')), received: '3' },
  {
    say: 'a number of failures of an endpoint',
    run: errors,
    threshold: missed({ ...count('failed'), scope: 'GET /a' }),
    received: '3',
  },
  {
    say: 'a number of idle iterations',
    run: three,
    threshold: missed(count('idleIterations')),
    received: '3 (ended without a request; requests of a context belong to the user that made it)',
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
