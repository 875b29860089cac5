import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { RunData, RunPlan, SegmentData } from '../measure/run-data.ts';
import { recordRun } from '../../testing/recorded-run.ts';
import { judgeRun } from './judge.ts';
import { parseLimits } from './parse-limits.ts';

const busy = Array.from({ length: 5 }, (_, second) => ({ second, elu: 0.97 }));
const bottleneck = /: the load generator was the bottleneck: its event loop was 97\.0 % busy: [^;]*$/;

interface Row {
  readonly say: string;
  readonly plan?: Partial<RunPlan>;
  readonly segment?: Partial<SegmentData>;
  readonly checks?: readonly (readonly [string, boolean])[];
  readonly change?: (run: RunData) => void;
  readonly verdict: string;
  readonly reason: string | RegExp;
}

const rows: readonly Row[] = [
  { say: 'in which all went well', verdict: 'measured', reason: 'measured, not judged' },
  {
    say: 'in which some requests failed',
    change: (run) => {
      Object.assign(run.counts, { ok: 90, failed: 7, timedOut: 2, unfinished: 1 });
      run.errors.set('a', { kind: 'reset', endpoint: 'GET /', count: 2, sample: 'x' });
      run.errors.set('b', { kind: 'HTTP 500', endpoint: 'GET /', count: 7, sample: 'x' });
      run.errors.set('c', { kind: 'timeout', endpoint: 'GET /', count: 1, sample: 'x' });
    },
    verdict: 'measured',
    reason: 'measured, not judged; 10 of 100 requests did not succeed (7 × HTTP 500)',
  },
  {
    say: 'that dropped arrivals',
    change: (run) => Object.assign(run.counts, { scheduled: 102, dropped: 2 }),
    verdict: 'measured',
    reason: 'measured, not judged; 2 arrivals were dropped',
  },
  {
    say: 'of which the second machine stopped early',
    change: (run) => {
      const [first] = run.segments;
      if (first !== undefined) run.segments.push({ ...first, index: 1, stopped: 'enough was seen' });
    },
    verdict: 'measured',
    reason: 'measured, not judged; stopped early: enough was seen',
  },
  {
    say: 'whose generator was saturated',
    segment: { generator: busy },
    verdict: 'invalid',
    reason: /^the load generator was the bottleneck: its event loop was 97\.0 % busy/,
  },
  {
    say: 'whose generator was saturated, where that is only to be noted',
    segment: { generator: busy },
    plan: { whenSaturated: 'warn' },
    verdict: 'measured',
    reason: new RegExp(`^measured, not judged; ${bottleneck.source.slice(2)}`),
  },
  {
    say: 'with a failed check',
    checks: [['fine', false]],
    verdict: 'failed',
    reason: 'check "fine" rate 0 % (limit 100%): 1 of 1 did not hold',
  },
  {
    say: 'with a failed check in a step of a search, which counts it',
    plan: { isStep: true },
    checks: [['fine', false]],
    change: (run) => Object.assign(run, { exceptions: 2 }),
    verdict: 'measured',
    reason: "measured, not judged; errors of the scenario's own: 2; failed checks: 1",
  },
  {
    say: 'that ran out of file handles in a step of a search, which counts that',
    plan: { isStep: true },
    change: (run) => run.errors.set('a', { kind: 'EMFILE', endpoint: 'GET /', count: 2, sample: 'x' }),
    verdict: 'measured',
    reason: 'measured, not judged',
  },
];
for (const { say, change, verdict, reason, plan, ...parts } of rows) {
  test(`a run that is only measured, ${say}, is ${verdict}`, () => {
    const run = recordRun({ plan: { unjudged: true, ...plan }, ...parts });
    change?.(run);
    const judged = judgeRun(run);
    expect(judged.verdict).toBe(verdict);
    if (typeof reason === 'string') expect(judged.reason).toBe(reason);
    else expect(judged.reason).toMatch(reason);
  });
}

test('a limit makes a run one that is judged, whatever it was to be', () => {
  const run = recordRun({ plan: { unjudged: true } });
  run.thresholds.push(...parseLimits({ p95: '< 1ms' }, { scope: { kind: 'run' }, model: 'closed', apdexGiven: false }));
  expect(judgeRun(run)).toMatchObject({
    verdict: 'failed',
    reason: /^p95 95\.0 ms \(limit < 1ms\): GET /,
  });
});
