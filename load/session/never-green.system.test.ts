/**
 * Servers that are dead, hang, fail or are never loaded, behind specs that ask for something else: none may be green.
 * Real sockets, and a Playwright of its own.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { type InnerRun, runSpec } from '../../testing/inner-playwright.ts';
import { judgeRun } from '../verdict/judge.ts';
import { isBad } from '../verdict/verdict-order.ts';

test.describe.configure({ mode: 'default' });

let server: Server;
let inner: InnerRun;

/** By path; `n` counts the requests of a path from 1. */
function answer(path: string, n: number): number | 'reset' | 'hang' {
  switch (path) {
    case '/500':
      return 500;
    case '/limited':
      return n <= 10 ? 200 : 429;
    case '/resets':
      return n % 2 === 0 ? 'reset' : 200;
    case '/half':
      return n % 2 === 0 ? 'hang' : 200;
    case '/stops':
      return n > 100 ? 'hang' : 200;
    default:
      return 200;
  }
}

test.beforeAll(async () => {
  const counts = new Map<string, number>();
  server = createServer((request, response) => {
    const path = request.url ?? '/';
    const n = (counts.get(path) ?? 0) + 1;
    counts.set(path, n);
    const become = answer(path, n);
    if (become === 'hang') return;
    if (become === 'reset') request.socket.destroy();
    else if (path === '/slow') setTimeout(() => response.end('{}'), 200);
    else response.writeHead(become).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  inner = await runSpec(suite, { baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const suite = `
test('nobody listens', async ({ load }) => {
  const run = await load(iterations(300, { users: 10 }), ({ request }) => request.get('http://127.0.0.1:1/'));
  expect(run).toMeet({ p95: '< 200ms' });
});
test('the name is dead', async ({ load }) => {
  const run = await load(iterations(5, { users: 5 }), ({ request }) => request.get('http://no-such-host.invalid/'));
  expect(run).toMeet({ max: '< 1m' });
});
test('every answer is a 500', async ({ load }) => {
  const run = await load(iterations(50, { users: 5 }), ({ request }) => request.get('/500'));
  expect(run).toMeet({ p95: '< 1m' });
});
test('most answers are a 429', async ({ load }) => {
  const run = await load(iterations(300, { users: 10 }), ({ request }) => request.get('/limited'));
  expect(run).toMeet({ p95: '< 1m', requests: '300' });
});
test('every second request is reset', async ({ load }) => {
  const run = await load(iterations(40, { users: 1 }), async ({ request, check }) => {
    const response = await request.get('/resets');
    check('fine', response.ok());
  }, { connections: 'per-request' });
  expect(run).toMeet({ checks: '100%' });
});
test('an await is forgotten, and half is never answered', async ({ load }) => {
  const run = await load(arrivals('50/s').for('1s'), ({ request }) => { void request.get('/half'); }, { gracefulStop: '4s' });
  expect(run).toMeet({ successRate: '100%' });
});
test('the server hangs and nothing is waited for', async ({ load }) => {
  const run = await load(arrivals('200/s').for('2s'), ({ request }) => request.get('/stops'), { gracefulStop: '0s' });
  expect(run).toMeet({ throughput: '> 10/s' });
});
test('most arrivals are dropped', async ({ load }) => {
  const run = await load(arrivals('100/s').for('2s'), ({ request }) => request.get('/slow'), { maxInFlight: 2 });
  expect(run).toMeet({ p95: '< 1m' });
});
test('two limits are missed', async ({ load }) => {
  const run = await load(iterations(20, { users: 2 }), ({ request }) => request.get('/ok'));
  expect(run).toMeet({ p95: '< 1us' });
  expect(run).toMeet({ throughput: '> 1000000/s' });
  expect(run).toMeet({ requests: '20' });
});
test('a call that was never sent is swallowed', async ({ load }) => {
  const run = await load(iterations(20, { users: 2 }), async ({ request, newContext }) => {
    await request.get('/ok');
    try { await request.get('http://[bad'); } catch {}
    const closed = await newContext();
    await closed.dispose();
    await closed.get('/ok').catch(() => {});
  });
  expect(run).toMeet({ p95: '< 1m' });
});
test('is only measured', async ({ load }) => {
  await load(iterations(20, { users: 2 }), ({ request }) => request.get('http://127.0.0.1:1/'), { unjudged: true });
});
test('is fine', async ({ load }) => {
  const run = await load(iterations(20, { users: 2 }), ({ request }) => request.get('/ok'));
  expect(run).toMeet({ p95: '< 1m' });
});
`;

const implied = (metric: string, received: string) =>
  new RegExp(`✗ {2}run +${metric} +expected 0 \\(implied\\) +received ${received}`);

const rows: readonly { readonly title: string; readonly says: readonly RegExp[] }[] = [
  { title: 'nobody listens', says: [/p95 +expected < 200ms +received no data/, implied('failed', '300')] },
  { title: 'the name is dead', says: [/max +expected < 1m +received no data/, implied('failed', '5')] },
  { title: 'every answer is a 500', says: [/p95 +expected < 1m +received no data/, implied('failed', '50')] },
  { title: 'most answers are a 429', says: [implied('failed', '290 \\(290 × HTTP 429 on GET /limited')] },
  { title: 'every second request is reset', says: [implied('failed', '20 \\(20 × ECONNRESET on GET /resets')] },
  {
    title: 'an await is forgotten, and half is never answered',
    says: [/is an `await` missing\?/, /called at .*inner\.spec\.ts:\d+:\d+/, implied('unfinished', '25')],
  },
  { title: 'the server hangs and nothing is waited for', says: [implied('unfinished', '300')] },
  { title: 'most arrivals are dropped', says: [implied('dropped', '1\\d\\d')] },
  {
    title: 'a call that was never sent is swallowed',
    says: [/exceptions +expected 0 \(implied\) +received 20 \(20 × TypeError: apiRequestContext\.get: Invalid URL/],
  },
  { title: 'two limits are missed', says: [/p95 +expected < 1us/, /throughput +expected > 1000000\/s/] },
];
for (const { title, says } of rows) {
  test(`not green: ${title}`, () => {
    const result = inner.results.find((each) => each.title === title);
    expect(result?.status).toBe('failed');
    for (const words of says) expect(result?.errors).toMatch(words);
    expect(result?.runs.map((run) => isBad(judgeRun(run).verdict))).toEqual([true]);
    expect(result?.runs.flatMap(({ accounting }) => accounting)).toEqual([]);
  });
}

test('a run is judged by all its limits, though the first was missed', () => {
  const result = inner.results.find(({ title }) => title === 'two limits are missed');
  expect(result?.runs[0]?.thresholds.map(({ metric }) => metric)).toEqual(['p95', 'throughput', 'requests']);
});

test('what is only measured ends no build, and is not passed', () => {
  const result = inner.results.find(({ title }) => title === 'is only measured');
  expect(result?.status).toBe('passed');
  expect(result?.runs.map((run) => judgeRun(run))).toMatchObject([
    { verdict: 'measured', reason: 'measured, not judged; 20 of 20 requests did not succeed (20 × ECONNREFUSED)' },
  ]);
});

test('a healthy server is green under the same limits', () => {
  const result = inner.results.find(({ title }) => title === 'is fine');
  expect([result?.status, result?.errors]).toEqual(['passed', '']);
});
