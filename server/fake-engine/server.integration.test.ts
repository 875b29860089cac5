import { createHmac } from 'node:crypto';
import { expect } from '@playwright/test';
import { test } from '../testing/plain-test.ts';
import { PrometheusFormatError } from '../domain/engines/prometheus-format-error.ts';
import { engineOf, readScrape } from '../domain/engines/scrape.ts';
import type { Fault } from './faults.ts';
import { FakeEngineOptionsError, type FakeEngineOptions } from './options.ts';
import { startFakeEngine, type RunningFakeEngine } from './server.ts';
import { signatureLifetimeMs, signatureProblem } from './signature.ts';

let running: RunningFakeEngine | undefined;
test.afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(options: FakeEngineOptions = {}): Promise<RunningFakeEngine> {
  running = await startFakeEngine({ secret: 'shared', ...options });
  return running;
}

for (const engine of ['vllm', 'sglang', 'tgi'] as const) {
  test(`${engine} serves its own page`, async () => {
    const response = await fetch((await start({ engine })).metricsUrl);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(engineOf(readScrape(await response.text(), 0))).toBe(engine);
  });
}

const pages: { fault: Fault; problem: string }[] = [
  { fault: { kind: 'cut_off' }, problem: 'cut_off' },
  { fault: { kind: 'html' }, problem: 'html' },
  { fault: { kind: 'empty' }, problem: 'empty' },
  { fault: { kind: 'huge', bytes: 9_000_001 }, problem: 'too_large' },
];
for (const { fault, problem } of pages) {
  test(`fault ${fault.kind} gives a page that is refused as ${problem}`, async () => {
    const { metricsUrl } = await start({ fault });
    const text = await (await fetch(metricsUrl)).text();
    if (fault.kind === 'huge') expect(text).toHaveLength(fault.bytes);
    expect(problemOf(() => readScrape(text, 0))).toBe(problem);
  });
}

function problemOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof PrometheusFormatError) return error.problem;
    throw error;
  }
  return 'none';
}

for (const kind of ['hang', 'stall', 'endless'] as const) {
  test(`fault ${kind} never comes to an end`, async () => {
    const { metricsUrl } = await start({ fault: { kind } });
    const page = fetch(metricsUrl, { signal: AbortSignal.timeout(150) }).then(drain);
    await expect(page).rejects.toThrow(/timeout|aborted/i);
  });
}

/** Reads to the end; only whether it comes matters. */
async function drain(response: Response): Promise<void> {
  await response.arrayBuffer();
}

test('faults of the connection and the status are what they say', async () => {
  const { metricsUrl, setFault } = await start();
  setFault({ kind: 'status', status: 503 });
  expect((await fetch(metricsUrl)).status).toBe(503);
  setFault({ kind: 'redirect', location: 'http://169.254.169.254/' });
  const moved = await fetch(metricsUrl, { redirect: 'manual' });
  expect([moved.status, moved.headers.get('location')]).toEqual([302, 'http://169.254.169.254/']);
  setFault({ kind: 'reset' });
  await expect(fetch(metricsUrl)).rejects.toThrow('fetch failed');
  setFault({ kind: 'engine', engine: 'sglang' });
  expect(engineOf(readScrape(await (await fetch(metricsUrl)).text(), 0))).toBe('sglang');
});

test('a fault for two pages is over at the third', async () => {
  const { metricsUrl, setFault, scrapes } = await start();
  setFault({ kind: 'status', status: 500 }, 2);
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await fetch(metricsUrl)).status);
  expect(statuses).toEqual([500, 500, 200]);
  expect(scrapes()).toBe(3);
});

test('a slow page comes late and whole', async () => {
  const { metricsUrl } = await start({ fault: { kind: 'slow', delay_ms: 200 } });
  const startedMs = performance.now();
  const text = await (await fetch(metricsUrl)).text();
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(195);
  expect(problemOf(() => readScrape(text, 0))).toBe('none');
});

const rollout = {
  action: 'apply',
  workflow_id: 'w1',
  instance_id: 'vllm-1',
  engine: 'vllm',
  stage: 100,
  changes: [{ flag: '--kv-cache-dtype', from: 'auto', to: 'fp8' }],
  idempotency_key: 'w1:100',
};

function post(url: string, message: unknown, { secret = 'shared', atMs = Date.now() } = {}): Promise<Response> {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  const t = Math.floor(atMs / 1_000);
  const v1 = createHmac('sha256', secret).update(`${t}.${body}`).digest('hex');
  return fetch(url, { method: 'POST', body, headers: { 'x-playload-signature': `t=${t},v1=${v1}` } });
}

test('a signed rollout changes the flags once, however often it is sent, and can be taken back', async () => {
  const { rolloutUrl, engine } = await start();
  expect((await post(rolloutUrl, rollout)).status).toBe(200);
  expect(engine.flags['--kv-cache-dtype']).toBe('fp8');
  const { kvTokens } = engine.levels();
  const again = await post(rolloutUrl, { ...rollout, changes: [{ flag: '--max-num-seqs', from: 256, to: 1 }] });
  expect([again.status, engine.flags['--max-num-seqs']]).toEqual([200, 256]);
  const changes = [{ flag: '--kv-cache-dtype', from: 'fp8', to: 'auto' }];
  await post(rolloutUrl, { ...rollout, action: 'rollback', stage: 0, changes, idempotency_key: 'w1:back' });
  expect([engine.flags['--kv-cache-dtype'], engine.levels().kvTokens]).toEqual(['auto', kvTokens / 2]);
});

test('an engine that takes its time to restart is away until then, and begins anew', async () => {
  let nowMs = Date.now();
  running = await startFakeEngine({ secret: 'shared', restart_ms: 5_000 }, { nowMs: () => nowMs });
  const { metricsUrl, rolloutUrl, url } = running;
  const started = async () => /^process_start_time_seconds (.+)$/m.exec(await (await fetch(metricsUrl)).text())?.[1];
  const before = Number(await started());
  expect((await post(rolloutUrl, rollout, { atMs: nowMs })).status).toBe(200);
  nowMs += 4_999;
  await expect(fetch(metricsUrl)).rejects.toThrow();
  await expect(fetch(`${url}/v1/models`)).rejects.toThrow();
  expect((await fetch(`${url}/control`)).status).toBe(200);
  nowMs += 1;
  expect(Number(await started())).toBeGreaterThan(before);
});

const refusals = [
  { title: 'another secret', status: 401, send: (url: string) => post(url, rollout, { secret: 'other' }) },
  { title: 'an old signature', status: 401, send: (url: string) => post(url, rollout, { atMs: Date.now() - 600_000 }) },
  { title: 'no signature', status: 401, send: (url: string) => fetch(url, { method: 'POST', body: '{}' }) },
  { title: 'no JSON', status: 422, send: (url: string) => post(url, '{') },
  { title: 'a missing field', status: 422, send: (url: string) => post(url, { ...rollout, stage: undefined }) },
  { title: 'another engine', status: 422, send: (url: string) => post(url, { ...rollout, engine: 'tgi' }) },
  {
    title: 'an unknown flag',
    status: 422,
    send: (url: string) => post(url, { ...rollout, changes: [{ flag: '--x', from: null, to: 1 }] }),
  },
  { title: 'a body of 70 KB', status: 413, send: (url: string) => post(url, 'x'.repeat(70_000)) },
  { title: 'another method', status: 404, send: (url: string) => fetch(url) },
];
for (const { title, status, send } of refusals) {
  test(`a rollout with ${title} is refused with ${status} and changes nothing`, async () => {
    const { rolloutUrl, engine } = await start();
    const response = await send(rolloutUrl);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(/^\{"error":".+"\}$/);
    expect([engine.stage, engine.flags['--kv-cache-dtype']]).toEqual([0, 'auto']);
  });
}

test('the signature is over the bytes that came, not over what they decode to', async () => {
  const { rolloutUrl, engine } = await start();
  const text = JSON.stringify({ ...rollout, instance_id: '\uFFFD' });
  const t = Math.floor(Date.now() / 1_000);
  const v1 = createHmac('sha256', 'shared').update(`${t}.${text}`).digest('hex');
  const send = (body: Buffer) =>
    fetch(rolloutUrl, { method: 'POST', body: new Uint8Array(body), headers: { 'x-playload-signature': `t=${t},v1=${v1}` } }); // prettier-ignore
  // The byte 0xff is no UTF-8: it decodes to U+FFFD, too.
  const [head = '', tail = ''] = text.split('\uFFFD');
  expect((await send(Buffer.concat([Buffer.from(head), Buffer.from([0xff]), Buffer.from(tail)]))).status).toBe(401);
  expect(engine.flags).not.toHaveProperty('--kv-cache-dtype', 'fp8');
  expect((await send(Buffer.from(text))).status).toBe(200);
});

test('a signature holds for its lifetime to the second', () => {
  const body = Buffer.from('{}');
  const signature = `t=1000,v1=${createHmac('sha256', 's').update('1000.{}').digest('hex')}`;
  const problem = (nowMs: number) => signatureProblem({ secret: 's', body, signature, nowMs });
  expect(problem(1_000_000 + signatureLifetimeMs)).toBeUndefined();
  expect(problem(1_000_001 + signatureLifetimeMs)).toBe('the signature is too old');
  expect(problem(999_999 - signatureLifetimeMs)).toBe('the signature is too old');
});

test('whoever directs the play can change scenario and fault', async () => {
  const { url, engine } = await start();
  const control = (body: unknown) => fetch(`${url}/control`, { method: 'PUT', body: JSON.stringify(body) });
  expect(await (await control({ scenario: 'idle', fault: { kind: 'html' }, times: 1 })).json()).toMatchObject({
    scenario: 'idle',
    fault: { kind: 'html' },
    levels: { running: 0 },
  });
  expect(engine.scenario).toBe('idle');
  expect((await control({ scenario: 'busy' })).status).toBe(422);
  expect((await control({ fault: { kind: 'slow' } })).status).toBe(422);
});

test('every wrong option is named at once', async () => {
  const wrong = startFakeEngine({ engine: 'llama' as 'vllm', port: 70_000, speed: 0 });
  const error = await wrong.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(FakeEngineOptionsError);
  expect((error as FakeEngineOptionsError).problems.map((line) => line.split(':')[0])).toEqual([
    '`engine`',
    '`port`',
    '`speed`',
  ]);
});
