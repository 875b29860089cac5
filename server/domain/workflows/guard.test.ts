import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { figures as before } from '../../testing/workflows.ts';
import { deltas, judge } from './guard.ts';
import { defaultWorkflowSettings, type WindowFigures } from './workflow.ts';

const { guard } = defaultWorkflowSettings;

type Figures = Partial<WindowFigures>;
const cases: { what: string; before?: Figures; after?: Figures; verdict: string; broken?: string[] }[] = [
  { what: 'nothing changed', verdict: 'held' },
  { what: 'exactly the allowed regression', after: { ttft_p95_s: 1.1 }, verdict: 'held' },
  { what: 'a little more than allowed', after: { ttft_p95_s: 1.11 }, verdict: 'broken', broken: ['ttft_p95_s'] },
  { what: 'slower tokens', after: { itl_p95_s: 0.06 }, verdict: 'broken', broken: ['itl_p95_s'] },
  { what: 'faster', after: { ttft_p95_s: 0.1, itl_p95_s: 0.01 }, verdict: 'held' },
  { what: 'errors at the limit', after: { error_rate: 0.01 }, verdict: 'held' },
  { what: 'errors above the limit', after: { error_rate: 0.011 }, verdict: 'broken', broken: ['error_rate'] },
  { what: 'errors above the limit, as before', before: { error_rate: 0.05 }, after: { error_rate: 0.05 }, verdict: 'broken', broken: ['error_rate'] },
  { what: 'errors before that nobody counted', before: { error_rate: null }, verdict: 'held' },
  { what: '1 failed of 50', after: { requests: 50, error_rate: 1 / 50 }, verdict: 'broken', broken: ['error_rate'] },
  { what: '49 requests, however bad', after: { requests: 49, error_rate: 1 }, verdict: 'inconclusive', broken: ['error_rate'] },
  { what: '50 requests on both sides', before: { requests: 50 }, after: { requests: 50 }, verdict: 'held' },
  { what: '49 requests before and a full window after', before: { requests: 49 }, verdict: 'inconclusive' },
  { what: '49 requests before and worse after', before: { requests: 49 }, after: { ttft_p95_s: 2 }, verdict: 'inconclusive', broken: ['ttft_p95_s'] },
  { what: 'no request before', before: { requests: 0, error_rate: null, ttft_p95_s: null, itl_p95_s: null }, verdict: 'inconclusive' },
  { what: 'requests that are not counted', after: { requests: null }, verdict: 'inconclusive' },
  { what: 'requests that were not counted before', before: { requests: null }, verdict: 'inconclusive' },
  { what: 'an engine without TTFT', before: { ttft_p95_s: null }, after: { ttft_p95_s: null }, verdict: 'held' },
  { what: 'TTFT only before', after: { ttft_p95_s: null }, verdict: 'held' },
  { what: 'TTFT only after', before: { ttft_p95_s: null }, after: { ttft_p95_s: 99 }, verdict: 'held' },
  { what: 'TTFT from nothing to something', before: { ttft_p95_s: 0 }, after: { ttft_p95_s: 0.001 }, verdict: 'inconclusive' },
  { what: 'TTFT of nothing on both sides', before: { ttft_p95_s: 0 }, after: { ttft_p95_s: 0 }, verdict: 'held' },
  { what: 'TTFT from nothing, and errors', before: { ttft_p95_s: 0 }, after: { error_rate: 0.5 }, verdict: 'broken', broken: ['error_rate'] },
  { what: 'an engine that tells nothing', after: { ttft_p95_s: null, itl_p95_s: null, error_rate: null }, verdict: 'inconclusive' },
]; // prettier-ignore
for (const { what, before: given, after, verdict, broken = [] } of cases) {
  test(`${what}: ${verdict}`, () => {
    const judged = judge({ guard, before: { ...before, ...given }, after: { ...before, ...after } });
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
