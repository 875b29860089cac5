import { expect } from '@playwright/test';
import { madeRun } from '../../testing/made-run.ts';
import { test } from '../../testing/plain-test.ts';
import type { RunLimits } from './limits.ts';
import { missedPromises } from './missed-promises.ts';

const slo: RunLimits = { p95: '< 100ms', errorRate: '< 1%' };

const rows = [
  { what: 'that kept them', failed: 0, latencyMs: 10, slo, missed: [] },
  { what: 'that was slow', failed: 0, latencyMs: 200, slo, missed: ['latency'] },
  { what: 'that failed in part', failed: 25, latencyMs: 10, slo, missed: ['errors'] },
  { what: 'that was slow and failed in part', failed: 25, latencyMs: 200, slo, missed: ['latency', 'errors'] },
  { what: 'that failed altogether, and so has no latency', failed: 50, latencyMs: 10, slo, missed: ['errors'] },
  {
    what: 'of which another objective was missed',
    failed: 0,
    latencyMs: 10,
    slo: { throughput: '> 1000/s' },
    missed: ['objective'],
  },
] as const;
for (const { what, failed, latencyMs, slo: limits, missed } of rows) {
  test(`a run ${what} broke ${missed.join(' and ') || 'nothing'}`, () => {
    const run = madeRun({ model: 'open', seconds: 4, failed: () => failed });
    for (const { response } of run.endpoints.values())
      for (let at = 0; at < run.counts.ok; at += 1) response.recordMs(latencyMs);
    expect(missedPromises(run, limits)).toEqual(missed);
  });
}
