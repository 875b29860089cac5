/** Thousands of requests that need a connection in one moment, on real sockets. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect } from '@playwright/test';
import { serverKeys } from '../../testing/certificate.ts';
import { closingServers } from '../../testing/closing-server.ts';
import { listening } from '../../testing/listening.ts';
import { test } from '../../testing/plain-test.ts';
import { Standstill } from '../../testing/standstill.ts';
import { gateLimits } from './connections/connect-gate.ts';
import { RequestContext } from './context.ts';
import { createPool, type PoolOptions } from './pool.ts';
import type { RequestSample } from './sample.ts';

const serve = closingServers();
const { listen } = listening();
const { places } = gateLimits;
/** What is beyond it is dropped: Node's `backlog`. */
const queue = 511;
/** Here no place falls free because a handshake has lasted for too long, on whatever machine. */
const timeless: PoolOptions = { now: () => 0 };

/** So many calls in one turn of the event loop, and what they came to. */
async function atOnce(
  count: number,
  baseURL: string,
  { pool: options = {}, timeout = () => 20_000, abort = -1 }: Asked = {},
) {
  const samples: RequestSample[] = [];
  const pool = createPool(options);
  await using context = new RequestContext({
    ...{ baseURL, pool, ignoreHTTPSErrors: true },
    onRequest: (sample) => samples.push(sample),
  });
  const stop = new AbortController();
  const calls = Array.from({ length: count }, async (_, n) =>
    context.get(`/${n}`, { timeout: timeout(n), ...(n === abort && { signal: stop.signal }) }),
  );
  stop.abort();
  await Promise.allSettled(calls);
  await pool.close();
  return samples;
}

interface Asked {
  readonly pool?: PoolOptions;
  /** Of the n-th call, from 0. */
  readonly timeout?: (n: number) => number;
  /** The number of the call that is aborted at once. */
  readonly abort?: number;
}

/** `200 × 5, Timeout … × 2`, the most frequent first. */
function outcomes(samples: readonly RequestSample[]): string[] {
  const counts = new Map<string, number>();
  for (const { status, failure } of samples) {
    const what = String(status ?? failure?.message);
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([what, count]) => `${what} × ${count}`);
}

/** Watches the connections of this process, whose servers are in it too: how many had begun and were not accepted, at most. */
class Unaccepted implements Disposable {
  most = 0;
  #now = 0;
  readonly #begin = () => void (this.most = Math.max(this.most, ++this.#now));
  readonly #accept = () => {
    this.#now -= 1;
  };

  constructor() {
    subscribe('net.client.socket', this.#begin);
    subscribe('net.server.socket', this.#accept);
  }

  [Symbol.dispose](): void {
    unsubscribe('net.client.socket', this.#begin);
    unsubscribe('net.server.socket', this.#accept);
  }
}

const crowds = [
  { say: 'that keeps them', pool: {} },
  { say: 'that closes each', pool: { idleTimeoutMs: 0 } },
] as const;
for (const { say, pool } of crowds) {
  test(`two thousand at once are more than the queue of a server holds ${say}, and none is lost`, async () => {
    const server = await serve();
    using unaccepted = new Unaccepted();
    using still = new Standstill();
    const samples = await atOnce(2_000, server.baseURL, { pool });
    expect(unaccepted.most).toBeLessThanOrEqual(queue);
    // A SYN that was dropped is sent again after a second.
    const droppedMs = 900 + still.ms;
    expect(samples.filter(({ connectMs = 0 }) => connectMs >= droppedMs)).toHaveLength(0);
    expect(outcomes(samples)).toEqual(['200 × 2000']);
    expect([server.connections(), server.log.length]).toEqual([2_000, 2_000]);
  });
}

test('they begin in the order in which they were called, and the time in line is in none of the phases', async () => {
  const server = await serve();
  const samples = await atOnce(3 * places, server.baseURL);
  const inLine = samples
    .toSorted((a, b) => Number(new URL(a.url).pathname.slice(1)) - Number(new URL(b.url).pathname.slice(1)))
    .map(({ sentAtMs = NaN, calledAtMs, connectMs = NaN }) => sentAtMs - calledAtMs - connectMs);
  const [first = NaN, second = NaN, third = NaN] = [0, places, 2 * places].map((at) => inLine[at]);
  expect(first).toBeLessThan(second);
  expect(second).toBeLessThan(third);
});

test('handshakes of TLS are spread out as well', async () => {
  let handshakes = 0;
  let most = 0;
  const server = createTlsServer(serverKeys(), (_, response) => response.end());
  let secured = 0;
  server.on('connection', () => (most = Math.max(most, ++handshakes - secured)));
  server.on('secureConnection', () => secured++);
  const samples = await atOnce(3 * places, `https://127.0.0.1:${await listen(server)}`, { pool: timeless });
  expect(outcomes(samples)).toEqual([`200 × ${3 * places}`]);
  expect(most).toBeLessThanOrEqual(places);
});

test('one that is given up in line frees its place for those behind it', async () => {
  const server = await serve();
  const samples = await atOnce(places + 2, server.baseURL, { abort: places });
  expect(outcomes(samples)).toEqual([`200 × ${places + 1}`, 'This operation was aborted × 1']);
  expect(server.connections()).toBe(places + 1);
  expect(server.log).not.toContain(`GET /${places}`);
});

test('connections that are refused give their places back at once', async () => {
  const server = createServer();
  const port = await listen(server);
  server.close();
  using still = new Standstill();
  const samples = await atOnce(10 * places, `http://127.0.0.1:${port}`);
  expect(outcomes(samples)).toEqual([`connect ECONNREFUSED 127.0.0.1:${port} × ${10 * places}`]);
  expect(Math.max(...samples.map(({ endedAtMs, calledAtMs }) => endedAtMs - calledAtMs))).toBeLessThan(
    5_000 + still.ms,
  );
});

/** A server whose queue is full and that accepts nothing: what comes is dropped in silence. */
async function blackHole() {
  const code = `
    const { parentPort } = require('node:worker_threads');
    const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`;
  const worker = new Worker(code, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  const filling = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await sleep(100);
  return {
    baseURL: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of filling) socket.destroy();
      await worker.terminate();
    },
  };
}

/** Takes connections, and never says a word. */
async function silence() {
  const server = createServer();
  const port = await listen(server);
  return { baseURL: `https://127.0.0.1:${port}`, close: async () => void server.close() };
}

const holes = [
  { say: 'drops every SYN', open: blackHole },
  { say: 'never shakes hands', open: silence },
];
for (const { say, open } of holes) {
  test(`behind a server that ${say} each request has its own timeout, and says what it waited for`, async () => {
    const { baseURL, close } = await open();
    using still = new Standstill();
    const timeout = (n: number) => (n < places ? 1_200 : 200);
    const samples = await atOnce(3 * places, baseURL, { pool: timeless, timeout });
    await close();
    expect(outcomes(samples)).toEqual([
      `Timeout 200ms exceeded. It was waiting for one of ${places} handshakes that may be under way. × ${2 * places}`,
      `Timeout 1200ms exceeded. × ${places}`,
    ]);
    expect(new Set(samples.map(({ sentAtMs }) => sentAtMs))).toEqual(new Set([undefined]));
    expect(Math.max(...samples.map(({ endedAtMs, calledAtMs }) => endedAtMs - calledAtMs))).toBeLessThan(
      2_000 + still.ms,
    );
  });
}
