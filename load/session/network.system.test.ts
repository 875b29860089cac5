/** Loads whose connections do not always go well, in a Playwright of their own: what its runs tell of them. */
import type { Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { answer, type ClosingServer, closingServer } from '../../testing/closing-server.ts';
import { type InnerResult, runSpec } from '../../testing/inner-playwright.ts';
import { figuresOf } from '../measure/summary.ts';
import { networkWords } from '../../reporters/words/network.ts';
import { accountingProblems } from '../measure/counts.ts';
import type { LatencyHistogram } from '../measure/histogram.ts';
import type { RunData } from '../measure/run-data.ts';

test.describe.configure({ mode: 'default', timeout: 240_000 });

const servers: ClosingServer[] = [];
let results: readonly InnerResult[];
/** When each `GET /slow` was read, in order, and when the first of them were answered. */
const slow = { readAtMs: [] as number[], answeredAtMs: NaN };

const count = (server: ClosingServer | undefined, path: string) =>
  (server?.log ?? []).filter((line) => line.startsWith(`GET ${path}`)).length;

/** In the worker's own place of a resolver: names with two addresses, one of them dead, and a while without answers. */
const dns = `
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
const real = dns.lookup;
let down = false;
dns.lookup = (hostname, options, callback) => {
  if (!hostname.endsWith('.test')) return real(hostname, options, callback);
  setImmediate(() => {
    if (down) callback(Object.assign(new Error('getaddrinfo EAI_AGAIN ' + hostname), { code: 'EAI_AGAIN' }), []);
    else if (hostname === 'half-dead.test') callback(null, ['127.0.0.1', '127.0.0.3'].map((address) => ({ address, family: 4 })));
    else callback(null, ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 })));
  });
};
syncBuiltinESMExports();
`;

const suite = (port: number, idlePort: number) => `
${dns}
const at = (host, path) => 'http://' + host + ':${port}' + path;
const idle = (path) => 'http://127.0.0.1:${idlePort}' + path;
test.describe.configure({ timeout: 60_000 });
const good = (run) => expect(run).toMeet({ successRate: '100%' });
test('idle', async ({ load }) => {
  good(await load(users(30).for('5s').thinking('400ms'), ({ request }) => request.get(idle('/get'))));
});
test('twins', async ({ load }) => {
  good(await load(users(10).iterations(5), ({ request }) => request.get(at('twins.test', '/twins')), { connections: 'per-user' }));
});
test('half dead', async ({ load }) => {
  good(await load(users(10).iterations(2), ({ request }) => request.get(at('half-dead.test', '/half')), { connections: 'per-request' }));
});
test('dns down', async ({ load }) => {
  setTimeout(() => (down = true), 8_000);
  setTimeout(() => (down = false), 12_000);
  good(await load(users(2).for('14s').thinking('50ms'), ({ request }) => request.get(at('twins.test', '/dns')), { maxConnectionAge: '500ms' }));
});
for (const connections of ['shared', 'per-user', 'per-iteration', 'per-request'])
  test(connections, async ({ load }) => {
    good(await load(users(4).iterations(3), async ({ request }) => {
      await request.get(at('127.0.0.1', '/' + connections));
      await request.get(at('127.0.0.1', '/' + connections));
    }, { connections, warmUp: '100ms' }));
  });
test('limit', async ({ load }) => {
  good(await load(batch(12), ({ request }) => request.get(at('127.0.0.1', '/slow')), { maxConnections: 3 }));
});
test('retry after', async ({ load }) => {
  good(await load(iterations(3, { users: 3 }), ({ request }) => request.get(at('127.0.0.1', '/busy')), { retryAfter: '5s' }));
});
test('discard', async ({ load }) => {
  good(await load(iterations(3, { users: 3 }), async ({ request, check }) => {
    const response = await request.get(at('127.0.0.1', '/body'));
    check('rejects', await response.json().then(() => false, (error) => error.message.includes('discardBody')));
  }, { discardBody: true }));
});
`;

/** All connections of the load are taken for so long, by as many requests; the others are answered at once. */
const held = { connections: 3, ms: 3_000 } as const;
const holding: Socket[] = [];

function holdFirst(socket: Socket): void {
  slow.readAtMs.push(performance.now());
  if (slow.readAtMs.length > held.connections) answer(socket);
  else if (holding.push(socket) === held.connections)
    setTimeout(() => {
      slow.answeredAtMs = performance.now();
      for (const each of holding) answer(each);
    }, held.ms);
}

test.beforeAll(async () => {
  let busy = 3;
  const parts: Parameters<typeof closingServer>[0] = {
    onRequest: (socket, { line }) => {
      if (line === 'GET /slow') holdFirst(socket);
      else if (line === 'GET /busy' && busy-- > 0)
        answer(socket, { status: '429 Too Many Requests', headers: 'retry-after: 1\r\n' });
      else answer(socket, { body: line === 'GET /body' ? '{"a":1}' : '' });
    },
  };
  const first = await closingServer(parts);
  servers.push(first);
  const port = Number(new URL(first.baseURL).port);
  servers.push(await closingServer({ ...parts, host: '127.0.0.2', port }), await closingServer({ idleMs: 400 }));
  const idlePort = Number(new URL(servers[2]?.baseURL ?? '').port);
  ({ results } = await runSpec(suite(port, idlePort), { baseURL: first.baseURL }));
});

test.afterAll(async () => {
  for (const server of servers) await server.close();
});

/** The run of a test that passed, whose books balance. */
function runOf(title: string): RunData {
  const result = results.find((each) => each.title === title);
  expect(result?.errors).toBe('');
  const [run] = result?.runs ?? [];
  if (run === undefined) throw new Error(`\`${title}\` has no run`);
  expect(accountingProblems(run.counts, title)).toEqual([]);
  expect(run.accounting).toEqual([]);
  return run;
}

/** `127.0.0.1: 5 connections, 25 requests, 0 failed`. */
const peersOf = ({ network }: RunData) =>
  [...network.peers.values()].map(
    ({ address, connections, requests, failedConnects }) =>
      `${address}: ${connections} connections, ${requests} requests, ${failedConnects} failed`,
  );

test('a server that closes connections idle for as long as users think fails no request, and has read each once', () => {
  const run = runOf('idle');
  expect(run.counts.failed).toBe(0);
  expect(run.counts.ok).toBe(count(servers[2], '/get'));
  expect(run.network.staleConnections).toBeGreaterThan(0);
  expect([...run.network.peers.values()].map(({ requests }) => requests)).toEqual([run.counts.ok]);
});

test('what a reader is told of the connections, in the words of every surface', () => {
  const wordsOf = (title: string) => networkWords(figuresOf(runOf(title)).network);
  expect(wordsOf('idle')).toEqual([
    expect.stringMatching(/^\d+ requests? (?:was|were) sent once more: the server had closed/),
  ]);
  expect(wordsOf('twins')).toEqual([
    expect.stringMatching(
      /^twins\.test:\d+: 127\.0\.0\.1 had 25 requests over 5 connections; 127\.0\.0\.2 had 25 requests over 5 connections$/,
    ),
  ]);
  expect(wordsOf('half dead')).toEqual([
    expect.stringMatching(
      /127\.0\.0\.1 had 20 requests over 20 connections; 127\.0\.0\.3 had no request, 10 failed to connect$/,
    ),
  ]);
  expect(wordsOf('dns down')).toEqual([
    expect.stringMatching(
      /^\d+ lookups? of twins\.test failed, and its last addresses were used: getaddrinfo EAI_AGAIN twins\.test$/,
    ),
    expect.stringMatching(/^twins\.test:/),
  ]);
  expect(wordsOf('retry after')).toEqual(['3 Retry-After waited out, 3.00 s in all']);
});

test('the users of a load share out the addresses of a name', () => {
  expect(peersOf(runOf('twins'))).toEqual([
    '127.0.0.1: 5 connections, 25 requests, 0 failed',
    '127.0.0.2: 5 connections, 25 requests, 0 failed',
  ]);
  expect(servers.slice(0, 2).map((server) => count(server, '/twins'))).toEqual([25, 25]);
});

test('an address that refuses while its twin answers is named, and the run goes on', () => {
  expect(peersOf(runOf('half dead'))).toEqual([
    '127.0.0.1: 20 connections, 20 requests, 0 failed',
    '127.0.0.3: 0 connections, 0 requests, 10 failed',
  ]);
});

test('a name that cannot be looked up for a while is named, and the run goes on', () => {
  const run = runOf('dns down');
  const [[name, { count: failures, sample } = { count: 0, sample: '' }] = []] = run.network.lookupFailures;
  expect([name, sample]).toEqual(['twins.test', 'getaddrinfo EAI_AGAIN twins.test']);
  expect(failures).toBeGreaterThan(0);
  const [first = 0, second = 0] = [...run.network.peers.values()].map(({ requests }) => requests);
  expect(first + second).toBe(run.counts.ok);
  expect(Math.min(first, second) / run.counts.ok).toBeGreaterThan(0.3);
});

for (const { connections, least, most } of [
  { connections: 'shared', least: 1, most: 4 },
  { connections: 'per-user', least: 4, most: 4 },
  { connections: 'per-iteration', least: 12, most: 12 },
  { connections: 'per-request', least: 24, most: 24 },
]) {
  test(`\`connections\` ${connections}: 4 users with 3 iterations of 2 requests have ${least === most ? least : `at most ${most}`} connections`, () => {
    const run = runOf(connections);
    const [peer] = run.network.peers.values();
    expect(peer?.requests).toBe(24);
    expect(peer?.connections).toBeGreaterThanOrEqual(least);
    expect(peer?.connections).toBeLessThanOrEqual(most);
  });
}

const totalMs = (histogram: LatencyHistogram): number => {
  const { mean = 0, count: many = 0 } = histogram.stats() ?? {};
  return mean * many;
};

test('`maxConnections` limits them, and the wait for one is in the time before the first byte', () => {
  const run = runOf('limit');
  expect(peersOf(run)).toEqual(['127.0.0.1: 3 connections, 12 requests, 0 failed']);
  const [row] = run.endpoints.values();
  if (row === undefined) throw new Error('no request was measured');
  const takenMs = slow.answeredAtMs - (slow.readAtMs[held.connections - 1] ?? NaN);
  // Those that waited were answered at once: with the wait for a connection one would take as long as those that had them.
  expect(row.service.countUpToMs(takenMs / 2)).toBe(12 - held.connections);
  expect(row.blockedMs).toBeGreaterThan((12 - held.connections) * takenMs);
  expect(totalMs(row.service)).toBeCloseTo(totalMs(row.phases.waiting) + totalMs(row.phases.receiving), 1);
});

test('`retryAfter` waits are counted beside the books', () => {
  const run = runOf('retry after');
  expect([run.counts.ok, run.network.retryAfter]).toEqual([3, { waits: 3, waitedMs: 3_000 }]);
  expect(count(servers[0], '/busy')).toBe(6);
  expect([...run.network.peers.values()].map(({ requests }) => requests)).toEqual([6]);
});

test('`discardBody` counts the bytes of what it throws away', () => {
  const run = runOf('discard');
  expect([run.counts.ok, run.checks.get('rejects')]).toEqual([3, { passed: 3, failed: 0 }]);
  expect([...run.endpoints.values()].map(({ bytesReceived }) => bytesReceived)).toEqual([21]);
});
