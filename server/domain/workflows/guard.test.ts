import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { figures as before } from '../../testing/workflows.ts';
import { deltas, judge } from './guard.ts';
import { defaultWorkflowSettings, type WindowFigures } from './workflow.ts';

const { guard } = defaultWorkflowSettings;

const cases: { what: string; after: Partial<WindowFigures>; verdict: string; broken: string[] }[] = [
  { what: 'nothing changed', after: {}, verdict: 'held', broken: [] },
  { what: 'exactly the allowed regression', after: { ttft_p95_s: 1.1 }, verdict: 'held', broken: [] },
  { what: 'a little more than allowed', after: { ttft_p95_s: 1.11 }, verdict: 'broken', broken: ['ttft_p95_s'] },
  { what: 'slower tokens', after: { itl_p95_s: 0.06 }, verdict: 'broken', broken: ['itl_p95_s'] },
  { what: 'errors at the limit', after: { error_rate: 0.01 }, verdict: 'held', broken: [] },
  { what: 'errors above the limit', after: { error_rate: 0.011 }, verdict: 'broken', broken: ['error_rate'] },
  { what: '49 requests, however bad', after: { requests: 49, error_rate: 1 }, verdict: 'inconclusive', broken: ['error_rate'] }, // prettier-ignore
  { what: 'requests that are not counted', after: { requests: null }, verdict: 'inconclusive', broken: [] },
  { what: 'an engine without TTFT', after: { ttft_p95_s: null }, verdict: 'held', broken: [] },
  { what: 'an engine that tells nothing', after: { ttft_p95_s: null, itl_p95_s: null, error_rate: null }, verdict: 'inconclusive', broken: [] }, // prettier-ignore
];
for (const { what, after, verdict, broken } of cases) {
  test(`${what}: ${verdict}`, () => {
    const judged = judge({ guard, before, after: { ...before, ...after } });
    expect(judged.verdict).toBe(verdict);
    expect(judged.checks.filter((check) => check.verdict === 'broken').map(({ metric }) => metric)).toEqual(broken);
  });
}

test('deltas tell what both windows have, in percent where there is something to compare with', () => {
  const after = { ...before, ttft_p95_s: 0.75, itl_p95_s: null, error_rate: 0.002 };
  expect(deltas(before, after)).toEqual([
    { metric: 'ttft_p95_s', before: 1, after: 0.75, change_pct: -25 },
    { metric: 'error_rate', before: 0, after: 0.002 },
    { metric: 'tokens_per_s', before: 2_000, after: 2_000, change_pct: 0 },
    { metric: 'kv_usage', before: 0.97, after: 0.97, change_pct: 0 },
    { metric: 'preemptions_per_s', before: 0, after: 0 },
  ]);
});
