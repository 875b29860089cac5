import { expect } from '@playwright/test';
import type { ThresholdSummary } from '../../../load/measure/summary.ts';
import { sampleRun } from '../../../testing/page-run.ts';
import { test } from '../../../testing/plain-test.ts';
import { limitsSoFar } from './limits-so-far.ts';

const run = sampleRun({ seconds: 5 });
const limit = (metric: string, expected: string, more: Partial<ThresholdSummary> = {}): ThresholdSummary => ({
  metric,
  scope: 'run',
  expected,
  verdict: 'passed',
  ...more,
});
const [p95] = limitsSoFar(run, [limit('p95', '< 1ms')]);
const p95Ms = p95?.actual ?? 0;
const [endpoint = ''] = run.endpoints.keys();

test('the latencies of a run that goes on are those of its seconds', () => expect(p95Ms).toBeGreaterThan(1));

const cases: readonly { readonly limit: ThresholdSummary; readonly stands: string | undefined }[] = [
  { limit: limit('p95', `< ${p95Ms * 2}ms`), stands: 'holds' },
  { limit: limit('p95', `< ${p95Ms * 2}ms (acceptable < ${p95Ms * 4}ms)`), stands: 'holds' },
  { limit: limit('p95', `< ${p95Ms * 1.05}ms`), stands: 'close' },
  { limit: limit('p95', `< ${p95Ms / 2}ms`), stands: 'missed' },
  { limit: limit('p95', `< ${p95Ms / 2}ms`, { scope: endpoint }), stands: 'missed' },
  { limit: limit('responseTime.p95', `< ${p95Ms / 2}ms`), stands: 'missed' },
  { limit: limit('requests', '> 1000000'), stands: 'not yet' }, // there may still come so many
  { limit: limit('requests', '> 1'), stands: 'holds' },
  { limit: limit('dropped', '< 1000000'), stands: 'holds' },
  { limit: limit('p95', '< 1ms', { implied: true }), stands: undefined },
  { limit: limit('p95', '< 1ms', { scope: 'another' }), stands: undefined },
  { limit: limit('p95', 'quick'), stands: undefined },
  { limit: limit('__proto__', '< 1ms'), stands: undefined },
  { limit: limit('p95', '< 1ms', { scope: 'run, every 1s' }), stands: undefined }, // judged at the end
];
for (const { limit: each, stands } of cases) {
  test(`${each.metric} of ${each.scope} ${each.expected}${each.implied === true ? ', implied,' : ''} ${stands ?? 'is left out'}`, () => {
    expect(limitsSoFar(run, [each]).map((soFar) => soFar.stands)).toEqual(stands === undefined ? [] : [stands]);
  });
}
