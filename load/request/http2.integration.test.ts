import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { leastRestMs } from './connections/connection.ts';
import { serverKeys } from '../../testing/certificate.ts';
import { RequestContext } from './context.ts';
import { createPool } from './pool.ts';
import type { RequestSample } from './sample.ts';

let server: Http2SecureServer;
const sessions = new Set<ServerHttp2Session>();
const sockets = new Set<Socket>();
let baseURL: string;

test.beforeAll(async () => {
  const keys = serverKeys();
  const settings = { maxHeaderListSize: 1_024 * 1_024 };
  server = createSecureServer({ ...keys, allowHTTP1: true, settings }, (request, response) => {
    if (request.url === '/never') return;
    if (request.url === '/moved') response.writeHead(302, { location: '/here' }).end();
    else if (request.url === '/headers') response.end(JSON.stringify(request.headers));
    else if (request.url === '/echo') request.pipe(response);
    else setTimeout(() => response.end(`HTTP/${request.httpVersion} ${request.url}`), 5);
  });
  server.on('session', (session) => void sessions.add(session));
  server.on('secureConnection', (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `https://localhost:${(server.address() as AddressInfo).port}`;
});

test.beforeEach(() => {
  sessions.clear();
  sockets.clear();
});

test.afterAll(() => {
  for (const session of sessions) session.destroy();
  server.close();
});

test('a hundred calls at once share one HTTP/2 connection', async () => {
  const samples: RequestSample[] = [];
  await using context = new RequestContext({
    baseURL,
    http2: true,
    ignoreHTTPSErrors: true,
    onRequest: (sample) => samples.push(sample),
  });
  const responses = await Promise.all(Array.from({ length: 100 }, (_, n) => context.get(`/n/${n}`)));
  expect(await Promise.all(responses.map((response) => response.text()))).toEqual(
    Array.from({ length: 100 }, (_, n) => `HTTP/2.0 /n/${n}`),
  );
  expect(sessions.size).toBe(1);
  expect(samples).toHaveLength(100);
  expect(samples.filter(({ tlsMs }) => tlsMs !== undefined)).toHaveLength(1);
});

test('a head longer than the 64 KB of Node reaches a server that takes it', async () => {
  await using context = new RequestContext({ baseURL, http2: true, ignoreHTTPSErrors: true });
  const long = '~'.repeat(15_000); // no shorter when packed
  const headers = Object.fromEntries(Array.from({ length: 6 }, (_, n) => [`x-${n}`, long]));
  const response = await context.get('/headers', { headers });
  expect(await response.json()).toMatchObject(headers);
});

test('without the option the same server speaks HTTP/1.1', async () => {
  await using context = new RequestContext({ baseURL, ignoreHTTPSErrors: true });
  expect(await (await context.get('/x')).text()).toBe('HTTP/1.1 /x');
});

test('redirects, bodies and timeouts work over HTTP/2', async () => {
  await using context = new RequestContext({ baseURL, http2: true, ignoreHTTPSErrors: true });
  expect((await context.get('/moved')).url()).toBe(`${baseURL}/here`);
  expect((await context.post('/post', { data: { a: 1 } })).status()).toBe(200);
  await expect(context.get('/never', { timeout: 60 })).rejects.toThrow('Timeout 60ms exceeded.');
  expect(await (await context.get('/after')).text()).toBe('HTTP/2.0 /after');
});

for (const { method, end } of [
  { method: 'GET', end: 200 },
  { method: 'POST', end: 'reset' },
] as const) {
  test(`a ${method} that meets a connection which was closed in that moment: ${end}`, async () => {
    const samples: RequestSample[] = [];
    await using context = new RequestContext({
      baseURL,
      http2: true,
      ignoreHTTPSErrors: true,
      onRequest: (sample) => samples.push(sample),
    });
    await context.get('/one');
    await sleep(2 * leastRestMs);
    for (const socket of sockets) socket.destroy(); // without a word, as a session would not be
    await Promise.allSettled(Array.from({ length: 20 }, async () => context.fetch('/two', { method })));
    const again = samples
      .slice(1)
      .map(({ status, failure, again: more }) => [status ?? failure?.kind, more?.staleConnections ?? 0]);
    expect(again).toEqual(Array(20).fill([end, end === 200 ? 1 : 0]));
    expect(sessions.size).toBe(end === 200 ? 2 : 1);
  });
}

test('connections over HTTP/2 grow old too, and requests under way end on them', async () => {
  const maxAgeMs = 100;
  const startedMs = performance.now();
  const pool = createPool({ http2: true, maxAgeMs });
  await using context = new RequestContext({ baseURL, pool, ignoreHTTPSErrors: true });
  for (let n = 0; n < 60; n++) {
    const responses = await Promise.all(Array.from({ length: 5 }, async () => context.get(`/n/${n}`)));
    expect(responses.map((response) => response.status())).toEqual(Array(5).fill(200));
  }
  await pool.close();
  expect(sessions.size).toBeGreaterThan(2);
  expect(sessions.size).toBeLessThanOrEqual(1 + (performance.now() - startedMs) / maxAgeMs);
});

test('a server that ends the connection is connected to again', async () => {
  await using context = new RequestContext({ baseURL, http2: true, ignoreHTTPSErrors: true });
  await context.get('/one');
  await Promise.all(
    [...sessions].map(async (session) => {
      const closed = once(session, 'close');
      session.close();
      await closed;
    }),
  );
  expect(await (await context.get('/two')).text()).toBe('HTTP/2.0 /two');
  expect(sessions.size).toBe(2);
});

for (const method of ['DELETE', 'GET', 'PATCH', 'POST', 'PUT', 'REPORT']) {
  test(`a body goes with a ${method} over HTTP/2`, async () => {
    await using context = new RequestContext({ baseURL, http2: true, ignoreHTTPSErrors: true });
    const response = await context.fetch('/echo', { method, data: 'grüße' });
    expect(await response.text()).toBe('grüße');
  });
}

test('a HEAD with a body is answered over HTTP/2, and so is the next call', async () => {
  await using context = new RequestContext({ baseURL, http2: true, ignoreHTTPSErrors: true });
  const response = await context.fetch('/echo', { method: 'HEAD', data: 'x' });
  expect([response.status(), (await response.body()).length]).toEqual([200, 0]);
  expect((await context.get('/x')).status()).toBe(200);
});

for (const [name, value] of Object.entries({
  te: 'gzip',
  connection: 'keep-alive, x',
  'transfer-encoding': 'chunked',
  upgrade: 'x',
  'keep-alive': 'timeout=5',
  'http2-settings': 'AAA',
})) {
  test(`the header ${name}: ${value} is of one connection, and no part of HTTP/2`, async () => {
    await using context = new RequestContext({ baseURL, http2: true, ignoreHTTPSErrors: true });
    const response = await context.post('/headers', { headers: { [name]: value, 'x-own': 'kept' }, data: 'x' });
    expect(JSON.parse(await response.text())).not.toHaveProperty([name]);
    expect(JSON.parse(await response.text())).toMatchObject({ 'x-own': 'kept' });
  });
}
