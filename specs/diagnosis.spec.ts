/**
 * Diagnosis: collection, analysis and optimization keep the plan's times with users at work side by side and a slow
 * engine behind them.
 */
import { expect, test, users } from 'playload';
import { forgetInstance, playScenario, registerInstance, waitForFindings } from './engine.ts';
import { diagnosisTimes } from './plan.ts';

test.describe.configure({ mode: 'serial' });

const id = 'slow-engine';

test.beforeAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ timeout: 10_000, ...(baseURL !== undefined && { baseURL }) });
  try {
    await playScenario(request, 'kv_exhaustion', { kind: 'slow', delay_ms: 400 });
    await registerInstance(request, id);
    await waitForFindings(request, id);
  } finally {
    await request.dispose();
  }
});

test.afterAll(async ({ playwright, baseURL }) => {
  const request = await playwright.request.newContext({ timeout: 10_000, ...(baseURL !== undefined && { baseURL }) });
  try {
    await forgetInstance(request, id);
  } finally {
    await request.dispose();
  }
});

const rows = [
  {
    what: 'collection',
    path: '/api/v1/collect/vllm',
    time: diagnosisTimes.collection,
    holds: (body: object) => 'snapshot' in body,
  },
  {
    what: 'analysis',
    path: '/api/v1/analyze',
    time: diagnosisTimes.analysis,
    holds: (body: object) => 'findings' in body,
  },
  {
    what: 'optimization',
    path: '/api/v1/optimize',
    time: diagnosisTimes.optimization,
    holds: (body: object) => 'plan' in body,
  },
] as const;

for (const { what, path, time, holds } of rows) {
  test(`${what} keeps its time for 10 users`, { tag: '@performance' }, async ({ load }) => {
    const run = await load(
      users(10).for('8s').thinking('100ms'),
      async ({ request, check }) => {
        const response = await request.post(path, { data: { instance_id: id } });
        check(`the answer holds the ${what}`, response.ok() && holds((await response.json()) as object));
      },
      { warmUp: '2s' },
    );
    expect(run).toMeet({ successRate: '100%', p95: time, requests: '>= 50' });
  });
}
