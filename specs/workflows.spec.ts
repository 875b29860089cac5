/**
 * Workflows: a change is carried out from finding to measured effect while users are at work, and a storm of new
 * workflows is taken in whole.
 */
import type { APIRequestContext } from '@playwright/test';
import { between, expect, iterations, test, users } from 'playload';
import { playScenario, registerInstance, waitForFindings } from './engine.ts';
import { mixed } from './mixed.ts';
import { endpoints } from './plan.ts';

const id = 'engine-in-trouble';

interface Workflow {
  readonly id: string;
  readonly status: string;
  readonly observations?: readonly { readonly stage: number; readonly verdict: string }[];
}

/** Minutes of observation in life; the agent's clock is fast here. */
const monitorS = 60;

async function stateOf(request: APIRequestContext, path: string): Promise<Workflow> {
  return (await (await request.get(path)).json()) as Workflow;
}

/** Creates, waits for the plan, approves, waits for the end. */
async function carryOut(request: APIRequestContext): Promise<Workflow> {
  const created = await request.post('/api/v1/workflows', {
    data: { instance_id: id, mode: 'webhook', stages: [50, 100], monitor_s: monitorS, guard: { min_requests: 10 } },
  });
  expect(created.status(), await created.text()).toBe(202);
  const path = created.headers()['location'] ?? '';
  await expect.poll(async () => (await stateOf(request, path)).status, { timeout: 20_000 }).toBe('awaiting_approval');
  const approved = await request.post(`${path}/approve`, { data: { reason: 'the evidence is good' } });
  expect(approved.status(), await approved.text()).toBe(200);
  await expect.poll(async () => (await stateOf(request, path)).status, { timeout: 30_000 }).toBe('completed');
  return stateOf(request, path);
}

test(
  'a workflow is carried out while 50 users load the API',
  { tag: ['@performance', '@slow'] },
  async ({ load, request }) => {
    await playScenario(request, 'kv_exhaustion');
    await registerInstance(request, id);
    await waitForFindings(request, id);

    const [run, workflow] = await Promise.all([
      load(users(50).for('15s').thinking(between('50ms', '150ms')), mixed, { warmUp: '1s', uncounted: 'allowed' }),
      carryOut(request),
    ]);
    expect(workflow.observations?.map(({ stage, verdict }) => ({ stage, verdict }))).toEqual([
      { stage: 50, verdict: 'held' },
      { stage: 100, verdict: 'held' },
    ]);
    expect(run).toMeet({ successRate: '> 99%' });
    for (const { name, responseTime } of Object.values(endpoints))
      expect(run.endpoint(name)).toMeet({ p95: responseTime });
  },
);

test(
  'a storm of 2000 new workflows by 50 users is accepted whole',
  { tag: ['@performance', '@stress'] },
  async ({ load }) => {
    const run = await load(iterations(2_000, { users: 50 }), async ({ request, check, iteration }) => {
      const created = await request.post('/api/v1/workflows', { data: { instance_id: `storm-${iteration % 100}` } });
      check('accepted with a place to look', created.status() === 202 && created.headers()['location'] !== undefined);
      if (iteration % 20 !== 0) return;
      const found = await request.get(created.headers()['location'] ?? '/');
      check('found at that place', found.ok() && ((await found.json()) as Workflow).status === 'queued');
    });
    expect(run).toMeet({ successRate: '100%' });
    expect(run.endpoint('POST /api/v1/workflows')).toMeet({
      requests: '2000',
      p95: { target: '< 200ms', acceptable: '< 500ms' },
    });
  },
);
