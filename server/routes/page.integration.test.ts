/** The page at `/` and its forms: what stands on it for whom, that foreign text is text, and that a decision counts once. */
import { expect } from '@playwright/test';
import { analyse } from '../domain/analysis/analyse.ts';
import { makeApiKey } from '../domain/api-keys.ts';
import { plan } from '../domain/optimization/plan.ts';
import { WorkflowIds } from '../domain/workflows/workflow-id.ts';
import type { Workflow } from '../domain/workflows/workflow.ts';
import { playedSnapshots } from '../fake-engine/played-snapshots.ts';
import { WorkflowStore } from '../store/workflows.ts';
import { startTestAgent, type TestAgent } from '../testing/agent.ts';
import { test } from '../testing/plain-test.ts';
import { workflow as plainWorkflow } from '../testing/workflows.ts';

const reader = makeApiKey('looks', ['read']);
const boss = makeApiKey('boss', ['read', 'approve']);
const operator = makeApiKey('works', ['read', 'operate']);
const basic = ({ text }: typeof boss) => ({ authorization: `Bearer ${text}` });

const ids = new WorkflowIds();
let agent: TestAgent;

test.beforeEach(async () => {
  agent = await startTestAgent({ API_KEYS: [reader, boss, operator].map(({ entry }) => entry).join(',') });
  const { status } = await agent.ask(
    'PUT',
    '/api/v1/instances/vllm-1',
    { engine: 'vllm', metrics_url: 'http://127.0.0.1:9/metrics', labels: { team: '<i>x</i>' } },
    basic(operator),
  );
  expect(status).toBe(201);
});
test.afterEach(() => agent.stop());

/** A workflow whose plan is made of a real analysis, waiting for somebody. */
async function waits(given: Partial<Workflow['progress']> = {}): Promise<Workflow> {
  const played = { engine: 'vllm', scenario: 'kv_exhaustion', count: 12, everyMs: 10_000, nowMs: Date.now() } as const;
  const snapshots = [...playedSnapshots(played)];
  const analysis = analyse({ engine: 'vllm', snapshots, nowMs: Date.now() });
  const planned = plan({ engine: 'vllm', analysis, snapshots, config: { '--gpu-memory-utilization': 0.9 } });
  const progress = { created_by: 'works', analysis, plan: planned, changes: planned.changes, ...given };
  const nowMs = Date.now();
  const made = { id: ids.next(nowMs), createdAtMs: nowMs, updatedAtMs: nowMs };
  const workflow = plainWorkflow('awaiting_approval', progress, made);
  await new WorkflowStore(agent.db).insertAll([workflow]);
  return workflow;
}

async function read(key: typeof boss, path = '/'): Promise<{ status: number; text: string; headers: Headers }> {
  const response = await agent.app.request(path, { headers: basic(key) }, {});
  return { status: response.status, text: await response.text(), headers: response.headers };
}

async function press(key: typeof boss, path: string, form: Record<string, string> | string, type?: string) {
  const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  const headers = { ...basic(key), 'content-type': type ?? 'application/x-www-form-urlencoded' };
  const response = await agent.app.request(path, { method: 'POST', headers, body }, {});
  return { status: response.status, text: await response.text(), location: response.headers.get('location') };
}

const stateOf = async (id: string) =>
  (await agent.ask('GET', `/api/v1/workflows/${id}`, undefined, basic(reader))).body;

test('it shows instances with findings and evidence, and what waits with its change', async () => {
  const snapshots = playedSnapshots({
    engine: 'vllm',
    scenario: 'kv_exhaustion',
    count: 12,
    everyMs: 10_000,
    nowMs: Date.now(),
  });
  for (const snapshot of snapshots) await agent.parts.snapshots.insert('vllm-1', snapshot);
  const { id } = await waits();
  const { status, text, headers } = await read(boss);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(text).toContain('<title>performance-agent-001: 1 to decide</title>');
  for (const part of [
    'vllm-1',
    'kv_exhaustion',
    'kv_usage max',
    '--gpu-memory-utilization',
    '0.95',
    id,
    'you are boss',
  ])
    expect(text, part).toContain(part);
  expect(text).not.toContain('undefined');
  expect(text).not.toContain('NaN');
});

test('there is no script, no handler and nothing to load, and the policy allows none', async () => {
  await waits();
  const { text, headers } = await read(boss);
  expect(text).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|javascript:|src=/i);
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
  );
});

test('foreign text is text', async () => {
  const hostile = `"><script>alert(1)</script><b id=x>'&amp;`;
  await waits({ reason: hostile, created_by: hostile, changes: [{ flag: hostile, from: hostile, to: hostile }] });
  const { text } = await read(boss);
  expect(text).not.toContain('<script>');
  expect(text).not.toContain('<b id=x>');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

test('who may not approve sees no form, and is refused when sending one', async () => {
  const { id } = await waits();
  for (const key of [reader, operator]) {
    expect((await read(key)).text).not.toContain('<form');
    expect((await press(key, `/workflows/${id}/approve`, {})).status).toBe(403);
  }
  expect(await stateOf(id)).toMatchObject({ status: 'awaiting_approval' });
});

test('without a key there is no page', async () => {
  const response = await agent.app.request('/', {}, {});
  expect(response.status).toBe(401);
});

for (const [verb, status] of [
  ['approve', 'applying'],
  ['reject', 'rejected'],
] as const) {
  test(`${verb}: the decision has the key's name and the reason; pressed twice it counts once`, async () => {
    const { id } = await waits();
    const form = { reason: 'the evidence is good', key: crypto.randomUUID() };
    expect(await press(boss, `/workflows/${id}/${verb}`, form)).toMatchObject({ status: 303, location: '/' });
    expect(await press(boss, `/workflows/${id}/${verb}`, form)).toMatchObject({ status: 303, location: '/' });
    expect(await stateOf(id)).toMatchObject({ status, decisions: [{ by: 'boss', reason: 'the evidence is good' }] });
    // Somebody else's late press is told what is the matter, on a page.
    const late = await press(boss, `/workflows/${id}/${verb}`, { key: crypto.randomUUID() });
    expect(late.status).toBe(409);
    expect(late.text).toContain('<h1>Conflict</h1>');
  });
}

const refused: readonly (readonly [string, string, Record<string, string> | string, string | undefined, number])[] = [
  ['another content type', 'approve', '{}', 'application/json', 422],
  ['a form with a file', 'approve', '--x--', 'multipart/form-data; boundary=x', 422],
  ['a reason that is too long', 'approve', { reason: 'x'.repeat(1_001) }, undefined, 422],
  ['a reason with NUL', 'reject', { reason: 'a\0b' }, undefined, 422],
  ['a key that is none', 'approve', { key: 'a b' }, undefined, 422],
  ['half an escape', 'approve', 'reason=%', undefined, 303],
];
for (const [what, verb, form, type, status] of refused) {
  test(`a form: ${what} → ${status}`, async () => {
    const { id } = await waits();
    expect((await press(boss, `/workflows/${id}/${verb}`, form, type)).status).toBe(status);
    const after = status === 303 ? 'applying' : 'awaiting_approval';
    expect(await stateOf(id)).toMatchObject({ status: after });
  });
}

test('a form of a workflow that is not there', async () => {
  const answer = await press(boss, '/workflows/nothing/approve', {});
  expect(answer.status).toBe(404);
  expect(answer.text).toContain('<h1>Not found</h1>');
});

test('further instances have a page of their own, and any text may ask for one', async () => {
  for (let n = 0; n < 45; n++)
    await agent.ask(
      'PUT',
      `/api/v1/instances/i-${String(n).padStart(2, '0')}`,
      { engine: 'tgi', metrics_url: 'http://127.0.0.1:9/metrics' },
      basic(operator),
    );
  const seen: number[] = [];
  for (let next: string | undefined = '/'; next !== undefined;) {
    const { text } = await read(reader, next);
    seen.push(text.match(/id="instance-/g)?.length ?? 0);
    next = /href="(\/\?after=[^"#]+)/.exec(text)?.[1];
  }
  expect(seen).toEqual([20, 20, 6]);
  expect((await read(reader, '/?after=%00%3Cscript%3E')).status).toBe(200);
});
