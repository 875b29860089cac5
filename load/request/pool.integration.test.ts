/** Which connections requests take, how many there are, and which addresses they go to. */
import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { answer, closingServers, type ClosingServerParts } from '../../testing/closing-server.ts';
import { test } from '../../testing/plain-test.ts';
import { emptyNetwork, type NetworkData } from '../measure/network.ts';
import { NetworkBook } from '../measure/network-book.ts';
import { Addresses, lookupTimes } from './connections/addresses.ts';
import { leastRestMs } from './connections/connection.ts';
import { RequestContext } from './context.ts';
import { createPool, type PoolOptions } from './pool.ts';
import type { RequestSample } from './sample.ts';

const serve = closingServers();

const pause = async (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const slowly: ClosingServerParts = { onRequest: (socket) => void setTimeout(() => answer(socket), 60) };

test('with no time to be idle each connection carries one request, which says so', async () => {
  const server = await serve();
  const pool = createPool({ idleTimeoutMs: 0 });
  await using context = new RequestContext({ baseURL: server.baseURL, pool });
  for (let n = 0; n < 3; n++) await context.get('/');
  await pool.close();
  expect([server.log.length, server.connections()]).toEqual([3, 3]);
  expect(server.heads.map((head) => /connection: .*/i.exec(head)?.[0])).toEqual(Array(3).fill('Connection: close'));
});

test('a retired pool opens new connections, and lets requests under way end on the old ones', async () => {
  const server = await serve(slowly);
  const pool = createPool();
  await using context = new RequestContext({ baseURL: server.baseURL, pool });
  await context.get('/idle later');
  const underWay = context.get('/under way');
  await pause(10);
  pool.retire();
  expect((await underWay).status()).toBe(200);
  await context.get('/next');
  pool.retire();
  await context.get('/last');
  await pool.close();
  expect([server.log.length, server.connections()]).toEqual([4, 3]);
});

test('a connection is closed once it is old, after the request that it carries', async () => {
  const maxAgeMs = 100;
  const server = await serve(slowly);
  const pool = createPool({ maxAgeMs });
  const startedMs = performance.now();
  await using context = new RequestContext({ baseURL: server.baseURL, pool });
  for (let n = 0; n < 9; n++) expect((await context.get('/')).status()).toBe(200);
  await pool.close();
  // Each request takes at least 60 ms: none can be the third of its connection.
  expect(server.connections()).toBeGreaterThanOrEqual(5);
  expect(server.connections()).toBeLessThanOrEqual(1 + (performance.now() - startedMs) / maxAgeMs);
});

test('beyond the limit requests wait for a connection, which is in their time before they are sent', async () => {
  const clock = { ms: 0 };
  const held: Socket[] = [];
  /** Answers two at a time, when 60 ms of this clock have passed. */
  const inPairs: ClosingServerParts = {
    onRequest: (socket) => {
      held.push(socket);
      if (held.length < 2) return;
      clock.ms += 60;
      for (const each of held.splice(0)) answer(each);
    },
  };
  const server = await serve(inPairs);
  const samples: RequestSample[] = [];
  const pool = createPool({ connections: 2 });
  await using context = new RequestContext({
    baseURL: server.baseURL,
    pool,
    now: () => clock.ms,
    onRequest: (sample) => samples.push(sample),
  });
  await Promise.all(Array.from({ length: 6 }, async () => context.get('/')));
  await pool.close();
  expect(server.connections()).toBe(2);
  expect(samples.map(({ sentAtMs = NaN, calledAtMs }) => sentAtMs - calledAtMs)).toEqual([0, 0, 60, 60, 120, 120]);
});

test('what waits for a connection until its timeout says so', async () => {
  const server = await serve({
    onRequest: (socket, { line }) => {
      if (line === 'GET /first') answer(socket);
    },
  });
  const samples: RequestSample[] = [];
  const pool = createPool({ connections: 1 });
  await using context = new RequestContext({
    baseURL: server.baseURL,
    pool,
    onRequest: (sample) => samples.push(sample),
  });
  await context.get('/first'); // so that the next is sent as it is called, however slow the machine is
  samples.length = 0;
  const calls = [context.get('/', { timeout: 150 }), context.get('/', { timeout: 80 })];
  await Promise.allSettled(calls);
  await pool.close();
  expect(samples.map(({ failure, sentAtMs }) => [failure?.message, sentAtMs !== undefined])).toEqual([
    ['Timeout 80ms exceeded. It was waiting for one of 1 connections.', false],
    ['Timeout 150ms exceeded.', true],
  ]);
});

test('at the limit an idle connection makes room for the request that met a stale one', async () => {
  const server = await serve();
  const samples: RequestSample[] = [];
  const pool = createPool({ connections: 2 });
  await using context = new RequestContext({
    baseURL: server.baseURL,
    pool,
    onRequest: (sample) => samples.push(sample),
  });
  const three = async () => Promise.all(Array.from({ length: 3 }, async () => context.get('/')));
  await three();
  await sleep(2 * leastRestMs);
  server.closeIdle('fin');
  const answers = await three();
  await pool.close();
  expect(answers.map((response) => response.status())).toEqual([200, 200, 200]);
  expect(server.log).toHaveLength(6);
  expect(samples.filter(({ again }) => again !== undefined)).toHaveLength(2);
});

/** Servers at 127.0.0.1, 127.0.0.2 … on one port, behind one name whose addresses the test says. */
async function twins(count: number, options: PoolOptions = {}) {
  const first = await serve();
  const port = Number(new URL(first.baseURL).port);
  const all = [first];
  for (let n = 2; n <= count; n++) all.push(await serve({ host: `127.0.0.${n}`, port }));
  const data: NetworkData = emptyNetwork();
  const network = new NetworkBook(data, () => true);
  const dns: { addresses: readonly string[] | 'down' } = { addresses: [] };
  const clock = { ms: 0 };
  const resolve: ConstructorParameters<typeof Addresses>[0]['resolve'] = (hostname, _options, callback) =>
    void setImmediate(() => {
      if (dns.addresses === 'down') {
        callback(Object.assign(new Error(`getaddrinfo EAI_AGAIN ${hostname}`), { code: 'EAI_AGAIN' }), []);
        return;
      }
      callback(
        null,
        dns.addresses.map((address): LookupAddress => ({ address, family: 4 })),
      );
    });
  const addresses = new Addresses({ now: () => clock.ms, network, resolve });
  const pool = createPool({ network, addresses, ...options });
  const context = new RequestContext({
    baseURL: `http://twins.test:${port}`,
    pool,
    onRequest: (sample) => sample.fileAtPeers?.(),
  });
  return {
    dns,
    clock,
    context,
    pool,
    /** As the book has them: `127.0.0.1 5 connections, 10 requests, 0 failed`. */
    peers: () =>
      [...data.peers.values()].map(
        ({ address, connections, requests, failedConnects }) =>
          `${address} ${connections} connections, ${requests} requests, ${failedConnects} failed`,
      ),
    lookupFailures: () => [...data.lookupFailures],
    logs: () => all.map(({ log }) => log.length),
    rounds: async (rounds: number, atOnce: number) => {
      for (let n = 0; n < rounds; n++) await Promise.all(Array.from({ length: atOnce }, async () => context.get('/')));
    },
    close: async () => {
      await context.dispose();
      await pool.close();
    },
  };
}

test('connections take the addresses of a name in turn, and each is told with what it had', async () => {
  const { dns, rounds, peers, logs, close } = await twins(2);
  dns.addresses = ['127.0.0.1', '127.0.0.2'];
  await rounds(3, 10);
  await close();
  const [atFirst = 0, atSecond = 0] = logs();
  expect(peers()).toEqual([
    `127.0.0.1 5 connections, ${atFirst} requests, 0 failed`,
    `127.0.0.2 5 connections, ${atSecond} requests, 0 failed`,
  ]);
  expect([atFirst + atSecond, Math.min(atFirst, atSecond)]).toEqual([30, 15]);
});

test('an address that refuses is counted while its twin answers for it', async () => {
  const { dns, rounds, peers, close } = await twins(2);
  dns.addresses = ['127.0.0.3', '127.0.0.2'];
  await rounds(2, 10);
  await close();
  expect(peers()).toEqual([
    '127.0.0.3 0 connections, 0 requests, 5 failed',
    '127.0.0.2 10 connections, 20 requests, 0 failed',
  ]);
});

test('an address that nothing was sent to is told too', async () => {
  const { dns, rounds, peers, close } = await twins(1);
  dns.addresses = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];
  await rounds(3, 1);
  await close();
  expect(peers()).toEqual([
    '127.0.0.1 1 connections, 3 requests, 0 failed',
    '127.0.0.2 0 connections, 0 requests, 0 failed',
    '127.0.0.3 0 connections, 0 requests, 0 failed',
  ]);
});

test('an address that changes is followed by new connections', async () => {
  const { dns, clock, rounds, peers, close } = await twins(2, { idleTimeoutMs: 0 });
  dns.addresses = ['127.0.0.1'];
  await rounds(2, 1);
  dns.addresses = ['127.0.0.2'];
  await rounds(1, 1); // the answer is still kept
  clock.ms += lookupTimes.keptMs;
  await rounds(4, 1);
  await close();
  expect(peers()).toEqual([
    '127.0.0.1 3 connections, 3 requests, 0 failed',
    '127.0.0.2 4 connections, 4 requests, 0 failed',
  ]);
});

test('where nothing answers any more the name is looked up at once', async () => {
  const { dns, context, rounds, peers, close } = await twins(2, { idleTimeoutMs: 0 });
  dns.addresses = ['127.0.0.3'];
  await expect(context.get('/')).rejects.toThrow('ECONNREFUSED');
  dns.addresses = ['127.0.0.2'];
  await rounds(1, 1);
  await close();
  expect(peers()).toEqual([
    '127.0.0.3 0 connections, 0 requests, 1 failed',
    '127.0.0.2 1 connections, 1 requests, 0 failed',
  ]);
});

test('names that cannot be looked up for a while are reached where they were last, and named', async () => {
  const { dns, clock, rounds, peers, lookupFailures, close } = await twins(1, { idleTimeoutMs: 0 });
  dns.addresses = ['127.0.0.1'];
  await rounds(1, 1);
  dns.addresses = 'down';
  clock.ms += lookupTimes.keptMs;
  await rounds(3, 1);
  clock.ms += lookupTimes.retryMs;
  await rounds(1, 1);
  dns.addresses = ['127.0.0.1'];
  clock.ms += lookupTimes.retryMs;
  await rounds(1, 1);
  await close();
  expect(peers()).toEqual(['127.0.0.1 6 connections, 6 requests, 0 failed']);
  expect(lookupFailures()).toEqual([['twins.test', { count: 2, sample: 'getaddrinfo EAI_AGAIN twins.test' }]]);
});
