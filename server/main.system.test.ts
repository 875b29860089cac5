/** The agent as its operator meets it: a process with an environment, a port, signals, and an end that may be sudden. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './testing/plain-test.ts';
import { makeApiKey } from './domain/api-keys.ts';
import { startFakeEngine, type RunningFakeEngine } from './fake-engine/server.ts';

interface AgentProcess {
  readonly process: ChildProcess;
  readonly url: string;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

const started: ChildProcess[] = [];
const engines: RunningFakeEngine[] = [];
let folder: string;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-main-'));
});

test.afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
  for (const engine of engines.splice(0)) await engine.stop();
  await rm(folder, { recursive: true });
});

/** With a machine that stands still for half a second the agent would refuse what comes in the second after it. */
function launch(settings: Record<string, string>) {
  const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: folder, PORT: '0', SHED_DELAY_MS: '0', ...settings };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'run.mjs'), 'main'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return { child, stdout: () => out, stderr: () => err };
}

async function start(settings: Record<string, string> = {}): Promise<AgentProcess> {
  const { child, stdout, stderr } = launch(settings);
  await expect.poll(() => stdout() + (child.exitCode === null ? '' : stderr()), { timeout: 60_000 }).toMatch(/ready/);
  const [, pid, port] = /^ready pid=(\d+) port=(\d+)\n$/.exec(stdout()) ?? [];
  expect(Number(pid)).toBe(child.pid);
  return { process: child, url: `http://127.0.0.1:${port}`, stdout, stderr };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit') as Promise<[number | null]>;
  child.kill(signal);
  const [code] = await exited;
  return code;
}

/** JSON in, JSON out. */
async function ask(url: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> }; // prettier-ignore
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} finishes the request that has begun, and ends with 0`, async () => {
    const engine = await heldEngine();
    const agent = await start({ SCRAPE_TIMEOUT_MS: '20000', DRAIN_TIMEOUT_MS: '20000', SCRAPE_INTERVAL_MS: '3600000' });
    await ask(agent.url, 'PUT', '/api/v1/instances/slow', { engine: 'vllm', metrics_url: engine.url });
    const collected = ask(agent.url, 'POST', '/api/v1/collect/vllm', { instance_id: 'slow' });
    await engine.isAsked;
    const code = end(agent.process, signal);
    await expect.poll(() => takesConnections(agent.url), { intervals: [20], timeout: 20_000 }).toBe(false);
    engine.answer();
    expect((await collected).status).toBe(200);
    expect(await code).toBe(0);
  });
}

/** Its page comes when it is told to, to one who has asked. */
async function heldEngine() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
  const isAsked = once(server, 'request') as Promise<[unknown, ServerResponse]>;
  const answer = () =>
    void isAsked.then(([, response]) => {
      response.end('vllm:num_requests_running 1\n');
      server.close();
    });
  return { url, isAsked, answer };
}

async function takesConnections(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  return once(socket, 'connect')
    .then(
      () => true,
      () => false,
    )
    .finally(() => socket.destroy());
}

test('an open event stream does not hold a stopping agent', async () => {
  const agent = await start({ DRAIN_TIMEOUT_MS: '60000' });
  const { headers } = await ask(agent.url, 'POST', '/api/v1/workflows', { instance_id: 'nobody' });
  const stream = await fetch(`${agent.url}${headers.get('location') ?? ''}/events`);
  const beganAt = Date.now();
  expect(await end(agent.process, 'SIGTERM')).toBe(0);
  expect(Date.now() - beganAt).toBeLessThan(30_000); // held, it would have waited for a minute
  expect(await stream.text()).toContain('event: queued');
});

test('a taken port ends with one line that says what to do', async () => {
  const agent = await start();
  const { child, stdout, stderr } = launch({ PORT: new URL(agent.url).port });
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(stdout()).toBe('');
  expect(stderr()).toMatch(/^the agent does not start: port \d+ of 127\.0\.0\.1 is taken: stop what listens there, or set `PORT`.*\n$/); // prettier-ignore
});

test('wrong settings end with a line for each', async () => {
  const { child, stderr } = launch({ PORT: 'x', SCRAPE_INTERVAL_MS: '5', LOG_LEVEL: 'loud' });
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(2);
  expect(stderr().trim().split('\n')).toHaveLength(4);
  expect(stderr()).toContain('`SCRAPE_INTERVAL_MS` must be an integer from 100 to 3600000, got `5`');
});

test('a database that is not there ends the start, without its password', async () => {
  const { child, stderr } = launch({ DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:9/x' });
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(stderr()).toContain('ECONNREFUSED');
  expect(stderr()).not.toContain('hunter2');
});

test('keys: none is refused, a scope too few is refused, the approver is the key', async () => {
  const [ops, boss] = [makeApiKey('ops', ['read', 'operate']), makeApiKey('boss', ['approve'])];
  const agent = await start({ API_KEYS: `${ops.entry},${boss.entry}` });
  const as = (key: string) => ({ authorization: `Bearer ${key}` });
  expect((await ask(agent.url, 'GET', '/api/v1/health')).status).toBe(200);
  const refused = await ask(agent.url, 'GET', '/api/v1/config');
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="performance agent"']);
  expect((await ask(agent.url, 'GET', '/api/v1/config', undefined, as('pl_wrong'))).status).toBe(401);
  expect((await ask(agent.url, 'GET', '/api/v1/config', undefined, as(ops.text))).status).toBe(200);
  const { headers, body } = await ask(agent.url, 'POST', '/api/v1/workflows', { instance_id: 'x' }, as(ops.text));
  expect(body['created_by']).toBe('ops');
  const approve = `${headers.get('location') ?? ''}/approve`;
  expect((await ask(agent.url, 'POST', approve, {}, as(ops.text))).status).toBe(403);
  expect((await ask(agent.url, 'POST', approve, {}, as(boss.text))).status).toBe(409); // allowed, but it is still queued
});

const secret = 'a secret of the tests';

async function fakeEngine(scenario: 'kv_exhaustion' | 'healthy'): Promise<RunningFakeEngine> {
  const engine = await startFakeEngine({ engine: 'vllm', scenario, speed: 20, secret });
  engines.push(engine);
  return engine;
}

const inTrouble = (engine: RunningFakeEngine) => ({
  engine: 'vllm',
  metrics_url: engine.metricsUrl,
  config: { '--gpu-memory-utilization': 0.9, '--max-num-seqs': 256, '--kv-cache-dtype': 'auto' },
});

/** Two minutes of observation in two seconds. */
const fast = { CLOCK_FACTOR: '60', SCRAPE_INTERVAL_MS: '500', WORKFLOW_LEASE_MS: '1000', WORKFLOW_POLL_MS: '100' };
/** Everybody may have an engine changed. */
const unasked = { OPEN_SCOPES: 'read,operate,approve,skip_approval' };
const asked = { instance_id: 'v1', mode: 'webhook', monitor_s: 120, guard: { min_requests: 5, max_error_rate: 0.5, max_ttft_p95_regress_pct: 1_000, max_itl_p95_regress_pct: 1_000 } }; // prettier-ignore

async function untilStatus(url: string, location: string, status: string) {
  const read = async () => (await ask(url, 'GET', location)).body;
  await expect.poll(async () => (await read())['status'], { timeout: 90_000, intervals: [100] }).toBe(status);
  return read();
}

test('an exhausted cache is found, a change approved, rolled out by webhook, observed, and its effect measured', async () => {
  const engine = await fakeEngine('kv_exhaustion');
  const agent = await start({ ...fast, WEBHOOK_URL: engine.rolloutUrl, WEBHOOK_SECRET: secret });
  await ask(agent.url, 'PUT', '/api/v1/instances/v1', inTrouble(engine));
  const { headers } = await ask(agent.url, 'POST', '/api/v1/workflows', asked);
  const location = headers.get('location') ?? '';
  const events = fetch(`${agent.url}${location}/events`).then((response) => response.text());
  const waiting = await untilStatus(agent.url, location, 'awaiting_approval');
  const analysis = waiting['analysis'] as { findings: { rule: string }[] };
  expect(analysis.findings.map(({ rule }) => rule)).toContain('kv_exhaustion');
  expect(waiting['changes']).toEqual([{ flag: '--gpu-memory-utilization', from: 0.9, to: 0.95 }]);
  await ask(agent.url, 'POST', `${location}/approve`, { reason: 'go' });
  const done = await untilStatus(agent.url, location, 'completed');
  expect(done['applied']).toEqual([10, 50, 100]);
  const result = done['result'] as { simulated: boolean; deltas: { metric: string }[] };
  expect(result.simulated).toBe(false);
  expect(result.deltas.map(({ metric }) => metric)).toContain('ttft_p95_s');
  expect(engine.engine.flags['--gpu-memory-utilization']).toBe(0.95);
  const { body: instance } = await ask(agent.url, 'GET', '/api/v1/instances/v1');
  expect(instance['config']).toMatchObject({ '--gpu-memory-utilization': 0.95 });
  const names = [...(await events).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
  // Each stage: the engine is looked at, the stage carried out; the restart, the warming up, the window that counts.
  const stage = ['applying', 'applying', 'observing', 'observing', 'observing'];
  expect(names).toEqual(['queued', 'collecting', 'analyzing', 'planned', 'awaiting_approval', ...stage, ...stage, ...stage, 'completed']); // prettier-ignore
});

test('a killed agent loses nothing that it accepted, and goes on where it was', async () => {
  const engine = await fakeEngine('kv_exhaustion');
  const settings = { ...fast, ...unasked, WEBHOOK_URL: engine.rolloutUrl, WEBHOOK_SECRET: secret };
  const first = await start(settings);
  await ask(first.url, 'PUT', '/api/v1/instances/v1', inTrouble(engine));
  const { headers } = await ask(first.url, 'POST', '/api/v1/workflows', { ...asked, require_approval: false, stages: [100] }); // prettier-ignore
  const location = headers.get('location') ?? '';
  await untilStatus(first.url, location, 'observing');
  const made = await Promise.all(
    Array.from({ length: 200 }, () => ask(first.url, 'POST', '/api/v1/workflows', { instance_id: 'later' })),
  );
  expect(await end(first.process, 'SIGKILL')).toBeNull();
  const second = await start(settings);
  const kept = await Promise.all(
    made.map(({ body }) => ask(second.url, 'GET', `/api/v1/workflows/${String(body['id'])}`)),
  );
  expect(kept.map(({ status, body }) => [status, body['status']])).toEqual(made.map(() => [200, 'queued']));
  const done = await untilStatus(second.url, location, 'completed');
  expect(done['applied']).toEqual([100]);
});

test('a webhook that refuses the first stage ends the workflow, and nothing was touched', async () => {
  const engine = await fakeEngine('kv_exhaustion');
  const agent = await start({
    ...fast,
    ...unasked,
    WEBHOOK_URL: engine.rolloutUrl,
    WEBHOOK_SECRET: 'not the same secret',
  });
  await ask(agent.url, 'PUT', '/api/v1/instances/v1', inTrouble(engine));
  const { headers } = await ask(agent.url, 'POST', '/api/v1/workflows', { ...asked, require_approval: false });
  const { reason } = await untilStatus(agent.url, headers.get('location') ?? '', 'failed');
  expect(reason).toBe('applying: the webhook answered 401');
  expect(engine.engine.flags['--gpu-memory-utilization']).toBe(0.9);
});

test('a healthy engine is left alone', async () => {
  const engine = await fakeEngine('healthy');
  const agent = await start(fast);
  await ask(agent.url, 'PUT', '/api/v1/instances/v1', inTrouble(engine));
  const { headers } = await ask(agent.url, 'POST', '/api/v1/workflows', { ...asked, mode: 'dry_run' });
  const { reason } = await untilStatus(agent.url, headers.get('location') ?? '', 'no_action');
  expect(reason).toContain('nothing was found');
});
