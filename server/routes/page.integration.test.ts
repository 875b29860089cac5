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
import { figures, workflow as plainWorkflow } from '../testing/workflows.ts';

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
  ['a version that is none', 'approve', { seen: '1e0' }, undefined, 422],
  ['another version', 'reject', { seen: '2' }, undefined, 409],
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

/** Writes what a step or somebody else did meanwhile. */
async function goesOn(id: string, status: Workflow['status'], progress: Partial<Workflow['progress']> = {}) {
  const store = new WorkflowStore(agent.db);
  const before = await store.find(id);
  if (before === undefined) throw new Error('it is not there');
  await store.change(before, { status, progress: { ...before.progress, ...progress }, atMs: Date.now() });
}

const formsOf = (text: string): Record<string, string>[] =>
  [...text.matchAll(/<form[^]*?<\/form>/g)].map(([form]) =>
    Object.fromEntries(
      [...form.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    ),
  );

for (const verb of ['approve', 'reject']) {
  test(`${verb}: an old page, or a second tab, decides only about what it showed`, async () => {
    const { id } = await waits();
    const [first, second] = [await read(boss), await read(boss)].map(({ text }) => formsOf(text)[0] ?? {});
    expect((await press(boss, `/workflows/${id}/approve`, first ?? {})).status).toBe(303);
    await goesOn(id, 'observing');
    await goesOn(id, 'inconclusive', { reason: 'at 10 %: too little was measured' });
    const late = await press(boss, `/workflows/${id}/${verb}`, second ?? {});
    expect(late.status).toBe(409);
    expect(late.text).toContain('`inconclusive` now: read it again');
    // The form that was pressed stays answered; pressing its other button is another decision, about what is gone.
    expect((await press(boss, `/workflows/${id}/approve`, first ?? {})).status).toBe(303);
    if (verb === 'reject') expect((await press(boss, `/workflows/${id}/reject`, first ?? {})).status).toBe(409);
    expect(await stateOf(id)).toMatchObject({ status: 'inconclusive', decisions: [{ verdict: 'approved' }] });
    const [now = {}] = formsOf((await read(boss)).text);
    expect((await press(boss, `/workflows/${id}/${verb}`, now)).status).toBe(303);
    expect(await stateOf(id)).toMatchObject({ status: verb === 'approve' ? 'applying' : 'rolling_back' });
  });
}

test('whoever decides sees the guard, and of an inconclusive stage what was measured', async () => {
  const guard = { max_ttft_p95_regress_pct: 812, max_itl_p95_regress_pct: 634, max_error_rate: 0.375, min_requests: 7 };
  const check = {
    metric: 'ttft_p95_s',
    verdict: 'unknown',
    before: 1.25,
    after: 2.5,
    limit: 'at most +812 %',
  } as const;
  const observations = [{ stage: 10, window: figures, verdict: 'inconclusive' as const, checks: [check] }];
  const waiting = plainWorkflow('awaiting_approval', {}, { id: ids.next(Date.now()), instanceId: 'a' });
  const measured = plainWorkflow('inconclusive', { observations, stage_index: 0 }, { id: ids.next(Date.now()), instanceId: 'b' }); // prettier-ignore
  const settings = { ...waiting.settings, guard };
  await new WorkflowStore(agent.db).insertAll([waiting, measured].map((one) => ({ ...one, settings })));
  const text = (await read(boss)).text.replaceAll(/\s+/g, ' ');
  for (const [word, times] of [
    ['812 % later', 2],
    ['634 % slower', 2],
    ['37.5 % of requests fail', 2],
    ['below 7 requests', 2],
    ['at most +812 %', 1],
    ['1.25', 1],
  ] as const)
    // prettier-ignore
    expect(text.split(word).length - 1, word).toBe(times);
  expect(text).toContain('Approve begins with 10 %. Reject ends it; nothing is changed.');
  expect(text).toContain('Approve goes on with 50 %. Reject takes the change back.');
});

test('what is at work is shown with its phase, and what waits hides nothing', async () => {
  const make = (status: Workflow['status'], n: number, progress: Workflow['progress'] = {}) =>
    plainWorkflow(status, progress, { id: ids.next(n), instanceId: `${status}-${n}`, createdAtMs: n });
  await new WorkflowStore(agent.db).insertAll([
    make('observing', 1, { phase: 'warming_up', stage_index: 1 }),
    make('completed', 2),
    ...Array.from({ length: 30 }, (_, n) => make('awaiting_approval', 10 + n)),
    ...Array.from({ length: 30 }, (_, n) => make('queued', 50 + n)),
  ]);
  const { text } = await read(reader);
  expect(text).toContain('observing (warming_up, 50 %)');
  expect(text).not.toContain('None yet');
  expect(text.indexOf('observing-1<')).toBeLessThan(text.indexOf('queued-79<'));
  expect(text.match(/queued-\d+</g)).toHaveLength(25);
});

test('browsers are told to name the page that a form is on', async () => {
  // `no-referrer` makes them send `Origin: null`, which the gate refuses.
  expect((await read(boss)).headers.get('referrer-policy')).toBe('same-origin');
});

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
