/** What becomes of a request that is written to a kept connection which the server has closed already. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { answer, type ClosingServer, closingServers } from '../../testing/closing-server.ts';
import { test } from '../../testing/plain-test.ts';
import { Standstill } from '../../testing/standstill.ts';
import { leastRestMs } from './connections/connection.ts';
import { RequestContext } from './context.ts';
import type { RequestContextOptions } from './request-options.ts';
import type { RequestSample } from './sample.ts';

const serve = closingServers();

/** A context, and what became of each of its calls: its status, or how it failed, and how often it met a stale connection. */
function watched({ baseURL }: ClosingServer, options: RequestContextOptions = {}) {
  const ends: [outcome: number | string | undefined, stale: number][] = [];
  const samples: RequestSample[] = [];
  const onRequest = (sample: RequestSample) => {
    samples.push(sample);
    ends.push([sample.status ?? sample.failure?.kind, sample.again?.staleConnections ?? 0]);
  };
  return {
    ends,
    samples,
    context: new RequestContext({ baseURL, timeout: 20_000, now: resting(), ...options, onRequest }),
  };
}

/** A clock that is later each time by more than the shortest rest: every kept connection has rested. */
function resting(): () => number {
  let looks = 0;
  return () => performance.now() + looks++ * (leastRestMs + 1);
}

const reset = (error: unknown) => error;

test('a kept connection that did not rest was closed for another reason than that: a failure', async () => {
  const server = await serve({ onRequest: (socket, { n }) => (n === 1 ? answer(socket) : socket.resetAndDestroy()) });
  const { context, ends } = watched(server, { now: () => 1 });
  await context.get('/first');
  await context.get('/second').catch(reset);
  await context.dispose();
  expect(ends).toEqual([
    [200, 0],
    ['reset', 0],
  ]);
  expect(server.log).toEqual(['GET /first', 'GET /second']);
});

for (const how of ['fin', 'rst'] as const) {
  for (const { method, headers, resend, again } of [
    ...['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].map((each) => ({ method: each, again: true })),
    ...['POST', 'PATCH', 'MKCOL'].map((each) => ({ method: each, again: false })),
    { method: 'GET', resend: 'never', again: false },
    { method: 'POST', resend: 'any', again: true },
    { method: 'POST', headers: { 'Idempotency-Key': 'k-1' }, again: true },
    { method: 'POST', headers: { 'X-Idempotency-Key': 'k-1' }, again: true },
  ] as readonly {
    method: string;
    headers?: Record<string, string>;
    resend?: 'never' | 'any';
    again: boolean;
  }[]) {
    const words = `${method}${headers === undefined ? '' : ` with ${Object.keys(headers).join()}`}`;
    test(`${how}: ${words} on a stale connection ${again ? 'is sent once more' : 'fails'}${resend === undefined ? '' : ` if \`resend\` is ${resend}`}`, async () => {
      const server = await serve();
      const { context, ends } = watched(server, resend === undefined ? {} : { resend });
      await context.get('/first');
      server.closeIdle(how);
      await context.fetch('/second', { method, ...(headers !== undefined && { headers }) }).catch(reset);
      await context.dispose();
      expect(ends).toEqual([[200, 0], again ? [200, 1] : ['reset', 0]]);
      expect(server.log).toEqual(['GET /first', ...(again ? [`${method} /second`] : [])]);
      expect(server.connections()).toBe(again ? 2 : 1);
    });
  }
}

for (const { method, ends: expected } of [
  { method: 'GET', ends: [200, 1] },
  { method: 'POST', ends: ['reset', 0] },
] as const) {
  test(`a kept connection that is closed once the ${method} was read: the client sees the same event`, async () => {
    const server = await serve({ onRequest: (socket, { n }) => (n === 1 ? answer(socket) : socket.destroy()) });
    const { context, ends } = watched(server);
    await context.get('/first');
    await context.fetch('/second', { method }).catch(reset);
    await context.dispose();
    expect(ends).toEqual([[200, 0], expected]);
    expect(server.log).toEqual([
      'GET /first',
      ...(method === 'GET' ? ['GET /second', 'GET /second'] : ['POST /second']),
    ]);
  });
}

test('a fresh connection that is closed is a failure, and so is the second of one request', async () => {
  const server = await serve({
    onRequest: (socket, { line }) => (line === 'GET /ok' ? answer(socket) : socket.destroy()),
  });
  const { context, ends } = watched(server);
  await context.get('/fresh').catch(reset);
  await context.get('/ok');
  await context.get('/kept').catch(reset);
  await context.dispose();
  expect(ends).toEqual([
    ['reset', 0],
    [200, 0],
    ['reset', 1],
  ]);
  expect(server.log).toEqual(['GET /fresh', 'GET /ok', 'GET /kept', 'GET /kept']);
});

for (const { title, bytes } of [
  { title: 'half a status line', bytes: 'HTTP/1.1 2' },
  { title: 'an informational answer', bytes: 'HTTP/1.1 103 Early Hints\r\n\r\n' },
  { title: 'a head', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n' },
]) {
  test(`once ${title} came, the request is not sent again`, async () => {
    const server = await serve({
      onRequest: (socket, { n }) => (n === 1 ? answer(socket) : void socket.end(bytes)),
    });
    const { context, samples } = watched(server);
    await context.get('/first');
    await context.get('/second').catch(reset);
    await context.dispose();
    expect(samples[1]?.failure).toBeDefined();
    expect(samples[1]?.again).toBeUndefined();
    expect(server.log).toHaveLength(2);
  });
}

test('the body goes with it, and the time of both is in the latency, without a pause', async () => {
  const bodies: string[] = [];
  const server = await serve({
    onRequest: (socket, { line }) => {
      bodies.push(line);
      if (line.startsWith('PUT')) setTimeout(() => answer(socket), 40);
      else answer(socket);
    },
  });
  const { context, samples } = watched(server, { now: () => performance.now() });
  await context.get('/first');
  await sleep(2 * leastRestMs);
  using still = new Standstill();
  server.closeIdle('fin');
  await context.put('/second', { data: 'x'.repeat(1_000) });
  await context.dispose();
  const [, { calledAtMs, sentAtMs = Number.NaN, endedAtMs, connectMs = Number.NaN, bytesSent } = nothing] = samples;
  expect(sentAtMs - calledAtMs).toBeLessThan(connectMs + 20 + still.ms); // of the first attempt, which had to wait for nothing
  expect(endedAtMs - sentAtMs).toBeGreaterThan(connectMs + 35);
  expect(endedAtMs - sentAtMs).toBeLessThan(230 + still.ms);
  expect(bytesSent).toBe(1_000);
  expect(bodies).toEqual(['GET /first', 'PUT /second']);
});

const nothing = { calledAtMs: NaN, sentAtMs: NaN, endedAtMs: NaN, connectMs: NaN, bytesSent: NaN };

test('each hop of a redirect is sent again by itself', async () => {
  let stale = false;
  const server = await serve({
    onRequest: (socket, { line }) => {
      if (line !== 'GET /moved') answer(socket);
      else {
        answer(socket, { status: '302 Found', headers: 'location: /here\r\n' });
        if (stale) socket.destroySoon();
      }
    },
  });
  const { context, ends } = watched(server);
  await context.get('/moved');
  stale = true;
  await context.get('/moved');
  await context.dispose();
  expect(server.log.slice(0, 4)).toEqual(['GET /moved', 'GET /here', 'GET /moved', 'GET /here']);
  expect(ends.map(([status]) => status)).toEqual([200, 200]);
});

test('a hundred at once meet stale connections, and the server reads each of them once', async () => {
  const server = await serve();
  const { context, ends } = watched(server);
  const all = async (path: string) => Promise.all(Array.from({ length: 100 }, async () => context.get(path)));
  await all('/first');
  server.closeIdle('fin');
  await all('/second');
  await context.dispose();
  expect(ends.filter(([status]) => status === 200)).toHaveLength(200);
  expect(ends.filter(([, stale]) => stale === 1)).toHaveLength(100);
  expect(server.log.filter((line) => line === 'GET /second')).toHaveLength(100);
});

test('a server that closes connections idle for 50 ms, and users who think as long: every request is answered', async () => {
  const server = await serve({ idleMs: 50 });
  const { context, ends } = watched(server);
  const user = async (): Promise<void> => {
    for (let n = 0; n < 20; n++) {
      await context.get('/');
      await new Promise((resolve) => setTimeout(resolve, 49 + (n % 3)));
    }
  };
  await Promise.all(Array.from({ length: 20 }, user));
  await context.dispose();
  expect(ends.filter(([status]) => status === 200)).toHaveLength(400);
  expect(server.log).toHaveLength(400);
});
