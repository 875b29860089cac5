/** What the routes promise together: lists, problems, idempotency, overload, limits, histories, the agent's own metrics. */
import { createHash } from 'node:crypto';
import { expect } from '@playwright/test';
import { sql } from 'kysely';
import { test } from './testing/plain-test.ts';
import { startTestAgent, type TestAgent } from './testing/agent.ts';

let agent: TestAgent;

test.beforeEach(async () => {
  agent = await startTestAgent();
});
test.afterEach(() => agent.stop());

const create = (body: object = {}, headers: Record<string, string> = {}) =>
  agent.ask('POST', '/api/v1/workflows', { instance_id: 'vllm-1', ...body }, headers);

test('a workflow is accepted, found where it says, and waits for its instance', async () => {
  const created = await create();
  expect(created.status).toBe(202);
  const location = created.headers.get('location') ?? '';
  expect(location).toMatch(/^\/api\/v1\/workflows\/[0-9a-f-]{36}$/);
  const read = await agent.ask('GET', location);
  expect(read.body).toEqual(created.body);
  expect(read.body).toMatchObject({ status: 'queued', stages: [10, 50, 100], require_approval: true, mode: 'dry_run' });
});

test('the list is newest first, 50 at a time, and its links lead through all of it', async () => {
  for (let n = 0; n < 120; n++) await create({ instance_id: `i-${n}` });
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let next: string | undefined = '/api/v1/workflows'; next !== undefined;) {
    const { body, headers } = await agent.ask('GET', next);
    const page = body as { instance_id: string }[];
    sizes.push(page.length);
    seen.push(...page.map(({ instance_id: id }) => id));
    next = /<(.*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
  }
  expect(sizes).toEqual([50, 50, 20]);
  expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => `i-${119 - n}`));
});

test('a link keeps the filter', async () => {
  await create({ instance_id: 'a' });
  await create({ instance_id: 'b' });
  await create({ instance_id: 'a' });
  const { headers } = await agent.ask('GET', '/api/v1/workflows?instance_id=a&limit=1&status=queued');
  const next = /<(.*)>/.exec(headers.get('link') ?? '')?.[1] ?? '';
  expect((await agent.ask('GET', next)).body).toMatchObject([{ instance_id: 'a' }]);
});

const refused: { what: string; method: string; path: string; body?: unknown; status: number; code: string }[] = [
  { what: 'an unknown path', method: 'GET', path: '/api/v1/nothing', status: 404, code: 'not-found' },
  { what: 'a path that is nearly one', method: 'GET', path: '/openapi-json', status: 404, code: 'not-found' },
  { what: 'an unknown workflow', method: 'GET', path: '/api/v1/workflows/01900000-0000-7000-8000-000000000000', status: 404, code: 'not-found' }, // prettier-ignore
  {
    what: 'an id that is none',
    method: 'GET',
    path: '/api/v1/workflows/..%2f..%2fetc',
    status: 404,
    code: 'not-found',
  },
  {
    what: 'a method that is not there',
    method: 'PUT',
    path: '/api/v1/workflows',
    status: 405,
    code: 'method-not-allowed',
  },
  { what: 'a page of 0', method: 'GET', path: '/api/v1/workflows?limit=0', status: 422, code: 'invalid-request' },
  { what: 'a page of 201', method: 'GET', path: '/api/v1/workflows?limit=201', status: 422, code: 'invalid-request' },
  {
    what: 'an unknown state',
    method: 'GET',
    path: '/api/v1/workflows?status=done',
    status: 422,
    code: 'invalid-request',
  },
  { what: 'an unknown query', method: 'GET', path: '/api/v1/workflows?page=2', status: 422, code: 'invalid-request' },
  {
    what: 'a foreign cursor',
    method: 'GET',
    path: '/api/v1/workflows?cursor=abc',
    status: 422,
    code: 'invalid-request',
  },
  { what: 'an unknown field', method: 'POST', path: '/api/v1/workflows', body: { instance_id: 'a', urgent: true }, status: 422, code: 'invalid-request' }, // prettier-ignore
  { what: 'descending stages', method: 'POST', path: '/api/v1/workflows', body: { instance_id: 'a', stages: [50, 10, 100] }, status: 422, code: 'invalid-request' }, // prettier-ignore
  { what: 'stages that do not end at 100', method: 'POST', path: '/api/v1/workflows', body: { instance_id: 'a', stages: [10] }, status: 422, code: 'invalid-request' }, // prettier-ignore
  { what: 'a host that may not be asked', method: 'PUT', path: '/api/v1/instances/a', body: { engine: 'vllm', metrics_url: 'http://169.254.169.254/metrics' }, status: 422, code: 'forbidden-host' }, // prettier-ignore
  { what: 'a URL that is no page', method: 'PUT', path: '/api/v1/instances/a', body: { engine: 'vllm', metrics_url: 'file:///etc/passwd' }, status: 422, code: 'invalid-request' }, // prettier-ignore
  { what: 'an unknown engine', method: 'POST', path: '/api/v1/collect/llamacpp', body: { instance_id: 'a' }, status: 422, code: 'invalid-request' }, // prettier-ignore
  {
    what: 'an unknown instance',
    method: 'POST',
    path: '/api/v1/analyze',
    body: { instance_id: 'a' },
    status: 404,
    code: 'not-found',
  },
];
for (const { what, method, path, body, status, code } of refused) {
  test(`${what} is answered ${status}, as a problem with all its fields`, async () => {
    const answer = await agent.ask(method, path, body, { 'x-request-id': 'my-request' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ type: `urn:playload:problem:${code}`, status, request_id: 'my-request' });
    expect((answer.body as { instance: string }).instance).toBe(decodeURI(path.split('?')[0] ?? ''));
  });
}

test('405 and OPTIONS name the methods that there are', async () => {
  for (const method of ['PATCH', 'OPTIONS']) {
    const { headers } = await agent.ask(method, '/api/v1/workflows');
    expect(headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'HEAD', 'OPTIONS', 'POST']);
  }
});

const bodies = [
  { what: 'no JSON', body: '{"instance_id":', type: 'application/json', status: 400 },
  { what: 'a form', body: 'instance_id=a', type: 'application/x-www-form-urlencoded', status: 415 },
  { what: '10 MB', body: ' '.repeat(10_000_000), type: 'application/json', status: 413 },
];
for (const { what, body, type, status } of bodies) {
  test(`a body of ${what} is answered ${status}`, async () => {
    const headers = { 'content-type': type, 'content-length': String(body.length) };
    const response = await agent.app.request('/api/v1/workflows', { method: 'POST', headers, body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status });
  });
}

test('the same idempotency key makes one workflow, and another request under it is refused', async () => {
  const key = { 'idempotency-key': 'order-1' };
  const [first, second] = [await create({}, key), await create({}, key)];
  expect(second.body).toEqual(first.body);
  expect(second.status).toBe(202);
  expect((await create({ instance_id: 'other' }, key)).body).toMatchObject({ type: 'urn:playload:problem:idempotency-key-reused' }); // prettier-ignore
  expect((await agent.ask('GET', '/api/v1/workflows')).body).toHaveLength(1);
});

/** What the first release stored of a request: the digest of it with the defaults of then. */
const digestThen = () => {
  const guard = { max_ttft_p95_regress_pct: 10, max_itl_p95_regress_pct: 10, max_error_rate: 0.01, min_requests: 50 };
  const body = { instance_id: 'vllm-1', mode: 'dry_run', require_approval: true, stages: [10, 50, 100], monitor_s: 300, guard }; // prettier-ignore
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
};
for (const { what, given, status } of [
  { what: 'is sent again after the upgrade', given: {}, status: 202 },
  { what: 'is sent again with a later default in words', given: { restart_s: 900 }, status: 202 },
  { what: 'is sent again with a later setting', given: { restart_s: 60 }, status: 422 },
  { what: 'is another one', given: { monitor_s: 60 }, status: 422 },
]) {
  test(`a request of the first release that ${what} is answered ${status}`, async () => {
    const key = { 'idempotency-key': 'order-then' };
    await create({ instance_id: 'vllm-1' }, key);
    await sql`update workflows set request_hash = ${digestThen()}`.execute(agent.db);
    expect((await create({ instance_id: 'vllm-1', ...given }, key)).status).toBe(status);
  });
}

test('an overloaded agent refuses all but health, and says when to come again', async () => {
  const busy = await startTestAgent({ SHED_DELAY_MS: '50' });
  busy.parts.loop.read = () => ({ meanMs: 40, p99Ms: 51, maxMs: 80 });
  const [list, health, live] = [await busy.ask('GET', '/api/v1/workflows'), await busy.ask('GET', '/api/v1/health'), await busy.ask('GET', '/livez')]; // prettier-ignore
  expect([list.status, list.headers.get('retry-after'), health.status, live.status]).toEqual([503, '2', 200, 200]);
  busy.parts.loop.read = () => ({ meanMs: 1, p99Ms: 49, maxMs: 80 });
  expect((await busy.ask('GET', '/api/v1/workflows')).status).toBe(200);
  await busy.stop();
});

test('a client beyond its rate is refused until it has waited', async () => {
  const limited = await startTestAgent({ RATE_LIMIT_PER_S: '2' });
  const answers = await Promise.all(Array.from({ length: 20 }, () => limited.ask('GET', '/api/v1/config')));
  const passed = answers.filter(({ status }) => status === 200);
  expect(answers.slice(0, 2)).toEqual(passed.slice(0, 2));
  expect(passed.length).toBeLessThan(6); // one more for each half second that the machine stands still between them
  const refused = answers.find(({ status }) => status !== 200);
  expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([429, '1']);
  expect((await limited.ask('GET', '/api/v1/health')).status).toBe(200);
  await limited.stop();
});

test('a full queue takes nothing new, and answers a repetition of what it took', async () => {
  const small = await startTestAgent({ WORKFLOWS_QUEUED: '2' });
  const order = (key: string, instance = 'a') =>
    small.ask('POST', '/api/v1/workflows', { instance_id: instance }, { 'idempotency-key': key });
  const answers = [await order('1'), await order('2'), await order('3'), await order('2'), await order('2', 'b')];
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 429, 202, 422]);
  expect(answers[3]?.body).toEqual(answers[1]?.body);
  expect((await small.ask('POST', '/api/v1/workflows', { instance_id: 'a' })).status).toBe(429);
  await small.stop();
});

test('health tells what is asked for, and detailed health really asks', async () => {
  const brief = (await agent.ask('GET', '/api/v1/health')).body as object;
  expect(Object.keys(brief)).toEqual(['status', 'timestamp', 'version', 'agent_id', 'agent_type', 'uptime_seconds']);
  expect((await agent.ask('GET', '/api/v1/health/detailed')).body).toMatchObject({
    status: 'healthy',
    components: { database: { status: 'healthy', latency_ms: expect.any(Number) as unknown } },
  });
  agent.parts.health.stop();
  expect((await agent.ask('GET', '/readyz')).status).toBe(503);
  expect((await agent.ask('GET', '/livez')).status).toBe(200);
});

test("the agent's own metrics count requests by route and workflows by state", async () => {
  await create();
  await agent.ask('GET', '/api/v1/workflows/01900000-0000-7000-8000-000000000000');
  const page = await (await agent.app.request('/metrics')).text();
  expect(page).toContain(
    'agent_http_request_duration_seconds_count{method="POST",route="/api/v1/workflows",status="202"} 1',
  );
  expect(page).toContain('route="/api/v1/workflows/:id",status="404"} 1');
  expect(page).toContain('agent_workflows{status="queued"} 1');
});

test('the docs page loads nothing and runs nothing', async () => {
  const response = await agent.app.request('/docs');
  const page = await response.text();
  expect(page).not.toMatch(/<script|src=|https?:\/\/(?!127\.0\.0\.1)[^"<&\s]*\.(js|css)/);
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  expect(page).toContain('/api/v1/workflows/{id}/approve');
});
