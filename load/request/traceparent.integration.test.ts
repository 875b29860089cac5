/** What goes over the wire: one `traceparent` for each call, over either protocol, on whatever way the call takes. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { serverKeys } from '../../testing/certificate.ts';
import { test } from '../../testing/plain-test.ts';
import { traceContextOf } from '../measure/trace-context.ts';
import { leastRestMs } from './connections/connection.ts';
import { RequestContext } from './context.ts';
import type { RequestContextOptions } from './request-options.ts';
import type { RequestSample } from './sample.ts';
import { Traceparents } from './traceparents.ts';

const own = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

interface Seen {
  readonly url: string;
  readonly sent: string | string[] | undefined;
}

let seen: Seen[] = [];
let baseURL: string;
let baseURL2: string;
const ends: (() => void)[] = [];

function see({ url = '', headers, rawHeaders }: Pick<IncomingMessage, 'url' | 'headers' | 'rawHeaders'>): void {
  const named = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'traceparent');
  seen.push({ url, sent: named.length > 1 ? named : headers['traceparent'] });
}

test.beforeAll(async () => {
  let cut = 0;
  const kept = new WeakSet();
  const plain = createServer((request, response) => {
    see(request);
    if (request.url === '/moved') response.writeHead(302, { location: '/here', 'set-cookie': 'a=1' }).end();
    else if (request.url === '/closed' && cut++ === 0) request.socket.destroy();
    else if (request.url === '/stale' && kept.has(request.socket)) request.socket.destroy();
    else response.end('ok');
    kept.add(request.socket);
  });
  const secure = createSecureServer(serverKeys(), (request, response) => {
    see(request);
    if (request.url === '/moved') response.writeHead(302, { location: '/here' }).end();
    else response.end('ok');
  });
  for (const server of [plain, secure]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => server.close());
  }
  baseURL = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  baseURL2 = `https://localhost:${(secure.address() as AddressInfo).port}`;
});

test.beforeEach(() => {
  seen = [];
});

test.afterAll(() => {
  for (const end of ends) end();
});

async function samplesOf(
  ask: (context: RequestContext) => Promise<unknown>,
  options: RequestContextOptions = {},
): Promise<{ readonly samples: readonly RequestSample[]; readonly invalid: readonly string[] }> {
  const samples: RequestSample[] = [];
  const invalid: string[] = [];
  const traceparents = new Traceparents({ share: 1, onInvalid: (traceparent) => invalid.push(traceparent) });
  const onRequest = (sample: RequestSample) => samples.push(sample);
  await using context = new RequestContext({ baseURL, traceparents, onRequest, ...options });
  await ask(context);
  return { samples, invalid };
}

const ways: readonly {
  readonly say: string;
  readonly ask: (context: RequestContext) => Promise<unknown>;
  readonly urls: readonly string[];
  readonly options?: () => RequestContextOptions;
}[] = [
  { say: 'a get', ask: async (context) => context.get('/a'), urls: ['/a'] },
  { say: 'a post with a body', ask: async (context) => context.post('/a', { data: { a: 1 } }), urls: ['/a'] },
  {
    say: 'one with headers of its own',
    ask: async (context) => context.get('/a', { headers: { x: 'y' } }),
    urls: ['/a'],
  },
  {
    say: 'a redirect, over which a cookie comes',
    ask: async (context) => context.get('/moved'),
    urls: ['/moved', '/here'],
  },
  {
    say: 'a retry',
    ask: async (context) => context.get('/closed', { maxRetries: 1 }),
    urls: ['/closed', '/closed'],
  },
  {
    say: 'a redirect over HTTP/2',
    ask: async (context) => context.get('/moved'),
    urls: ['/moved', '/here'],
    options: () => ({ baseURL: baseURL2, http2: true, ignoreHTTPSErrors: true }),
  },
];
for (const { say, ask, urls, options = () => ({}) } of ways)
  test(`${say} carries one \`traceparent\`, the call's, each time that it is sent`, async () => {
    const { samples } = await samplesOf(ask, options());
    const [details] = samples.map((sample) => sample.details());
    const traceparent = details?.traceparent;
    expect(traceContextOf(traceparent ?? '')).toMatchObject({ sampled: true });
    expect(details?.requestHeaders['traceparent']).toBe(traceparent);
    expect(seen).toEqual(urls.map((url) => ({ url, sent: traceparent })));
  });

test('what is sent once more, as its connection had been closed, carries the same again', async () => {
  const { samples } = await samplesOf(async (context) => {
    await context.get('/a');
    await sleep(2 * leastRestMs);
    await context.get('/stale');
  });
  expect(samples[1]?.again?.staleConnections).toBe(1);
  const sent = samples[1]?.details().traceparent;
  expect(seen.slice(1)).toEqual([
    { url: '/stale', sent },
    { url: '/stale', sent },
  ]);
});

test('calls one after another, on one connection and with the same headers, have each their own', async () => {
  await samplesOf(async (context) => {
    for (let n = 0; n < 600; n++) await context.get('/a');
  });
  expect(new Set(seen.map(({ sent }) => sent)).size).toBe(600);
});

for (const { say, ask, options } of [
  { say: 'the call', ask: { headers: { Traceparent: own } }, options: {} },
  { say: 'the context', ask: {}, options: { extraHTTPHeaders: { traceparent: own } } },
] as const)
  test(`a \`traceparent\` of ${say} is sent in its place, and read`, async () => {
    const { samples, invalid } = await samplesOf(async (context) => context.get('/a', ask), options);
    expect(seen).toEqual([{ url: '/a', sent: own }]);
    expect(samples.map((sample) => sample.details().traceparent)).toEqual([own]);
    expect(invalid).toEqual([]);
  });

test('one that is none is sent as it is, and told', async () => {
  const { samples, invalid } = await samplesOf(async (context) =>
    context.get('/a', { headers: { traceparent: 'nonsense' } }),
  );
  expect(seen).toEqual([{ url: '/a', sent: 'nonsense' }]);
  expect(samples.map((sample) => sample.details().traceparent)).toEqual(['nonsense']);
  expect(invalid).toEqual(['nonsense']);
});

test('without the option nothing is added', async () => {
  const { samples } = await samplesOf(async (context) => context.get('/a'), { traceparents: undefined });
  expect(seen).toEqual([{ url: '/a', sent: undefined }]);
  expect(samples.map((sample) => sample.details().traceparent)).toEqual([undefined]);
});

test('a request tells when it was sent, in UTC', async () => {
  const beforeMs = Date.now();
  const { samples } = await samplesOf(async (context) => context.get('/a'));
  const startedAtMs = samples[0]?.details().startedAtEpochMs ?? 0;
  expect(startedAtMs).toBeGreaterThan(beforeMs - 2);
  expect(startedAtMs).toBeLessThan(Date.now() + 2);
});
