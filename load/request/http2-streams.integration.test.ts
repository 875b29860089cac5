/** Streams of HTTP/2: how many run side by side, and what becomes of those that the server has not processed (RFC 9113, 8.7). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Settings,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { field, flags, frame, frames, rawHttp2, uint32 } from '../../testing/raw-http2.ts';
import { Standstill } from '../../testing/standstill.ts';
import { serverKeys } from '../../testing/certificate.ts';
import { RequestContext } from './context.ts';
import { ConnectionPool } from './pool.ts';
import type { RequestContextOptions } from './request-options.ts';
import type { RequestSample } from './sample.ts';

interface StreamServer {
  readonly baseURL: string;
  /** `POST /a`, of each stream as it was opened. */
  readonly log: string[];
  readonly sessions: () => number;
}

const servers: Http2SecureServer[] = [];
test.afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** `onStream` is told of each stream, the n-th of its connection from 1; without it all are answered. */
async function serve(
  onStream: (stream: ServerHttp2Stream, asked: { readonly n: number; readonly line: string }) => void,
  settings: Settings = {},
): Promise<StreamServer> {
  const log: string[] = [];
  let sessions = 0;
  const keys = serverKeys();
  const server = createSecureServer({ ...keys, settings });
  server.on('session', (session) => {
    sessions += 1;
    let n = 0;
    session.on('error', () => undefined);
    session.on('stream', (stream, headers) => {
      const line = `${headers[':method'] ?? ''} ${headers[':path'] ?? ''}`;
      log.push(line);
      stream.on('error', () => undefined).resume();
      onStream(stream, { n: (n += 1), line });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return {
    baseURL: `https://localhost:${(server.address() as AddressInfo).port}`,
    log,
    sessions: () => sessions,
  };
}

function answer(stream: ServerHttp2Stream): void {
  if (stream.destroyed) return;
  stream.respond({ ':status': 200 });
  stream.end('ok');
}

/** A context, and of each call its status or how it failed, and how often it was sent once more. */
function watched({ baseURL }: Pick<StreamServer, 'baseURL'>, options: RequestContextOptions = {}) {
  const ends: [outcome: number | string | undefined, again: number][] = [];
  const onRequest = ({ status, failure, again }: RequestSample): void =>
    void ends.push([status ?? failure?.kind, again?.staleConnections ?? 0]);
  const context = new RequestContext({
    baseURL,
    http2: true,
    ignoreHTTPSErrors: true,
    timeout: 20_000,
    ...options,
    onRequest,
  });
  return { ends, context };
}

for (const { method, atOnce, most, overlap } of [
  { method: 'GET', atOnce: 20, most: undefined, overlap: 20 },
  { method: 'POST', atOnce: 20, most: undefined, overlap: 20 },
  { method: 'PATCH', atOnce: 20, most: undefined, overlap: 20 },
  { method: 'DELETE', atOnce: 20, most: undefined, overlap: 20 },
  { method: 'POST', atOnce: 20, most: 5, overlap: 5 },
  { method: 'POST', atOnce: 300, most: 300, overlap: 300 },
]) {
  test(`of ${atOnce} ${method} at once ${overlap} run side by side over one connection${most === undefined ? '' : ` that takes ${most}`}`, async () => {
    let mostRunning = 0;
    const running: ServerHttp2Stream[] = [];
    const server = await serve(
      (stream, { line }) => {
        if (line === 'GET /first') {
          answer(stream);
          return;
        }
        mostRunning = Math.max(mostRunning, running.push(stream));
        // Once they are all there it waits a little, for those that are too many.
        if (running.length === overlap) setTimeout(() => running.splice(0).forEach(answer), 50);
      },
      most === undefined ? {} : { maxConcurrentStreams: most },
    );
    const { context, ends } = watched(server);
    await context.get('/first');
    await Promise.all(
      Array.from({ length: atOnce }, async () =>
        context.fetch('/', { method, data: method === 'GET' ? undefined : 'x' }),
      ),
    );
    await context.dispose();
    expect([mostRunning, server.sessions()]).toEqual([overlap, 1]);
    expect(ends).toEqual(Array(atOnce + 1).fill([200, 0]));
  });
}

test('the wait for a stream is before the first byte, not in the service time', async () => {
  const server = await serve((stream) => void setTimeout(() => answer(stream), 100), { maxConcurrentStreams: 1 });
  const serviceMs: number[] = [];
  await using context = new RequestContext({
    baseURL: server.baseURL,
    http2: true,
    ignoreHTTPSErrors: true,
    onRequest: ({ sentAtMs = Number.NaN, endedAtMs }) => serviceMs.push(endedAtMs - sentAtMs),
  });
  using still = new Standstill();
  await context.get('/first');
  await Promise.all(Array.from({ length: 5 }, async () => context.get('/')));
  expect(serviceMs).toHaveLength(6);
  expect(Math.max(...serviceMs)).toBeLessThan(190 + still.ms);
});

const refusals = [
  {
    how: 'refuses by REFUSED_STREAM',
    sessions: 1,
    refuse: (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM),
  },
  {
    how: 'goes away before, with the streams that it has taken',
    sessions: 2,
    refuse: (stream: ServerHttp2Stream) => stream.session?.goaway(constants.NGHTTP2_NO_ERROR, (stream.id ?? 0) - 2),
  },
  {
    how: 'goes away before, with an error',
    sessions: 2,
    refuse: (stream: ServerHttp2Stream) =>
      stream.session?.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM, (stream.id ?? 0) - 2),
  },
] as const;
for (const { how, sessions, refuse } of refusals) {
  for (const { method, resend, again } of [
    { method: 'GET', resend: undefined, again: true },
    { method: 'POST', resend: undefined, again: true },
    { method: 'POST', resend: 'any', again: true },
    { method: 'GET', resend: 'never', again: false },
  ] as const) {
    test(`a ${method} that the server ${how} is ${again ? 'sent once more' : 'a failure'}${resend === undefined ? '' : ` if \`resend\` is ${resend}`}`, async () => {
      let refused = 0;
      const server = await serve((stream, { line }) => {
        if (!line.endsWith('/second') || refused++ > 0) answer(stream);
        else refuse(stream);
      });
      const { context, ends } = watched(server, resend === undefined ? {} : { resend });
      await context.get('/first');
      await context.fetch('/second', { method }).catch(() => undefined);
      await context.get('/third');
      await context.dispose();
      expect(ends).toEqual([[200, 0], again ? [200, 1] : ['reset', 0], [200, 0]]);
      expect(server.log).toEqual([
        'GET /first',
        ...Array<string>(again ? 2 : 1).fill(`${method} /second`),
        'GET /third',
      ]);
      expect(server.sessions()).toBe(sessions);
    });
  }
}

test('a stream that is refused twice is a failure', async () => {
  const server = await serve((stream) => stream.close(constants.NGHTTP2_REFUSED_STREAM));
  const { context, ends } = watched(server);
  await context.get('/').catch(() => undefined);
  await context.dispose();
  expect(ends).toEqual([['reset', 1]]);
  expect(server.log).toHaveLength(2);
});

test('a server that goes away answers what it has taken, and the rest goes over a new connection', async () => {
  const taken = 4;
  const server = await serve((stream, { n, line }) => {
    if (line === 'GET /new') answer(stream);
    else if (n <= taken) setTimeout(() => answer(stream), 100);
    else if (n === taken + 1) stream.session?.goaway(constants.NGHTTP2_NO_ERROR, (stream.id ?? 0) - 2);
    else if (server.sessions() > 1) answer(stream);
  });
  const { context, ends } = watched(server);
  const posts = Array.from({ length: 8 }, async (_, at) => context.post(`/${at}`));
  await Promise.all(posts);
  await context.get('/new');
  await context.dispose();
  expect(ends.map(([status]) => status)).toEqual(Array(9).fill(200));
  expect(ends.reduce((sum, [, again]) => sum + again, 0)).toBe(4);
  expect(server.sessions()).toBe(2);
});

test('a stream that the server resets for another reason was perhaps processed: a failure', async () => {
  const server = await serve((stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  const { context, ends } = watched(server, { resend: 'any' });
  await context.get('/').catch(() => undefined);
  await context.dispose();
  expect(ends).toEqual([['reset', 0]]);
  expect(server.log).toEqual(['GET /']);
});

for (const { code, end } of [
  { code: constants.NGHTTP2_CANCEL, end: 'reset' },
  { code: constants.NGHTTP2_NO_ERROR, end: 'reset' },
]) {
  test(`a stream that ends without an answer, by code ${code}, is a ${end}`, async () => {
    const server = await serve((stream) => stream.close(code));
    const { context, ends } = watched(server);
    await context.get('/').catch(() => undefined);
    await context.dispose();
    expect(ends).toEqual([[end, 0]]);
  });
}

const cuts: Readonly<Record<string, (stream: ServerHttp2Stream) => void>> = {
  'a reset': (stream) => stream.close(constants.NGHTTP2_INTERNAL_ERROR),
  'a stream given up': (stream) => stream.close(constants.NGHTTP2_CANCEL),
  'the end of the connection': (stream) => stream.session?.destroy(),
  'the end of the connection, with an error': (stream) =>
    stream.session?.destroy(new Error('no more'), constants.NGHTTP2_INTERNAL_ERROR),
};
for (const [what, cut] of Object.entries(cuts)) {
  test(`a body that is cut off by ${what} is told apart from no answer`, async () => {
    const server = await serve((stream) => {
      stream.respond({ ':status': 200, 'content-length': 9 }); // Node ends the stream before it resets it
      stream.write('half', () => void setTimeout(() => cut(stream), 20));
    });
    const { context, ends } = watched(server);
    await context.get('/').catch(() => undefined);
    await context.dispose();
    expect(ends).toEqual([['body-cut-off', 0]]);
  });
}

test('headers come as they were sent, in their order, with what is no ASCII', async () => {
  const server = await serve((stream) => {
    stream.respond({ ':status': 200, 'x-b': 'grün', 'set-cookie': ['a=1', 'b=2'], 'x-a': '1' });
    stream.end();
  });
  const { context } = watched(server);
  const response = await context.get('/');
  const pairs = response.headersArray().map(({ name, value }) => `${name}: ${value}`);
  expect(pairs.filter((pair) => !pair.startsWith('date'))).toEqual([
    'x-b: grün',
    'set-cookie: a=1',
    'set-cookie: b=2',
    'x-a: 1',
  ]);
  await context.dispose();
});

const status = (code: number): Buffer => field(':status', String(code));
const head = (stream: number, ...fields: readonly Buffer[]): Buffer =>
  frame(frames.headers, flags.endHeaders, stream, Buffer.concat([status(200), ...fields]));
const half = (stream: number): Buffer => frame(frames.data, 0, stream, 'half');
const noError = (stream: number): Buffer => frame(frames.reset, 0, stream, uint32(constants.NGHTTP2_NO_ERROR));

for (const { what, bytesOf, then } of [
  { what: 'half a body', bytesOf: (stream: number) => [head(stream), half(stream)], then: noError },
  {
    what: 'half a body in one packet with it',
    bytesOf: (stream: number) => [head(stream), half(stream), noError(stream)],
  },
  {
    what: 'four bytes of nine',
    bytesOf: (stream: number) => [head(stream, field('content-length', '9')), half(stream)],
    then: noError,
  },
  { what: 'a head alone', bytesOf: (stream: number) => [head(stream)], then: noError },
  {
    what: 'four bytes of nine, and the end',
    bytesOf: (stream: number) => [
      head(stream, field('content-length', '9')),
      frame(frames.data, flags.endStream, stream, 'half'),
    ],
  },
] as const) {
  test(`a stream that is reset without an error after ${what} is no answer`, async () => {
    const server = await rawHttp2((socket, stream) => {
      socket.write(Buffer.concat(bytesOf(stream)));
      if (then !== undefined) setTimeout(() => socket.write(then(stream)), 30);
    });
    const { context, ends } = watched(server);
    await expect(context.get('/')).rejects.toThrow();
    await context.dispose();
    server.close();
    expect(ends).toEqual([[expect.stringMatching(/^(?:body-cut-off|malformed)$/), 0]]);
  });
}

test('an answer that comes before the upload is over makes room for the next', async () => {
  const tooLarge = Buffer.concat([status(413)]);
  const server = await rawHttp2(
    (socket, stream) => void socket.write(frame(frames.headers, flags.endHeaders | flags.endStream, stream, tooLarge)),
    [[constants.NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, 1]],
  );
  const { context, ends } = watched(server);
  for (let n = 0; n < 4; n++) await context.post('/', { data: Buffer.alloc(300_000) });
  await context.dispose();
  server.close();
  expect(ends).toEqual(Array(4).fill([413, 0]));
});

test('users who begin together have none refused by a server that takes three at a time', async () => {
  let running = 0;
  const server = await serve(
    (stream) => {
      running += 1;
      if (running > 3) stream.close(constants.NGHTTP2_REFUSED_STREAM);
      stream.on('close', () => (running -= 1));
      setTimeout(() => answer(stream), 5);
    },
    { maxConcurrentStreams: 3 },
  );
  const { context, ends } = watched(server, { resend: 'never' });
  await Promise.all(Array.from({ length: 30 }, async () => context.post('/', { data: 'x' })));
  await context.dispose();
  expect(ends).toEqual(Array(30).fill([200, 0]));
});

test('what waits when the server says that it goes away is sent over another connection', async () => {
  let slow: ServerHttp2Stream | undefined;
  const server = await serve(
    (stream) => {
      if (slow !== undefined) {
        answer(stream);
        return;
      }
      slow = stream;
      stream.session?.goaway(constants.NGHTTP2_NO_ERROR, 2 ** 31 - 1);
    },
    { maxConcurrentStreams: 1 },
  );
  const ended: string[] = [];
  const { context } = watched(server);
  const slowest = context.get('/slow').then(() => ended.push('/slow'));
  await context.get('/next').then(() => ended.push('/next'));
  if (slow !== undefined) answer(slow); // which the other did not wait for
  await slowest;
  await context.dispose();
  expect([ended, server.sessions()]).toEqual([['/next', '/slow'], 2]);
});

test('an answer of 150 fields is read', async () => {
  const server = await serve((stream) => {
    stream.respond({ ':status': 200, ...Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`x-${n}`, 'v'])) });
    stream.end();
  });
  const { context } = watched(server);
  expect((await context.get('/')).headers()).toMatchObject({ 'x-0': 'v', 'x-149': 'v' });
  await context.dispose();
});

for (const { http2, limit } of [
  { http2: false, limit: 'the connections' },
  { http2: true, limit: 'the streams' },
]) {
  test(`of requests that fall due together, those that waited for one of ${limit} are never sent`, async () => {
    const server = await serve(() => undefined, { maxConcurrentStreams: 2 });
    const plain = createServer((request) => void server.log.push(request.url ?? '')).listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const baseURL = http2 ? server.baseURL : `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
    const sent: boolean[] = [];
    const zeroMs = performance.now();
    let isCalling = true;
    const now = (): number => (isCalling ? zeroMs : performance.now()); // all at one moment
    const pool = new ConnectionPool({ connections: 2, http2 });
    const onRequest = ({ sentAtMs }: RequestSample): void => void sent.push(sentAtMs !== undefined);
    const context = new RequestContext({ baseURL, ignoreHTTPSErrors: true, pool, now, timeout: 3_000, onRequest });
    const calls = Array.from({ length: 10 }, async () => context.post('/', { data: 'x' }));
    await new Promise(setImmediate);
    isCalling = false;
    await Promise.allSettled(calls);
    await context.dispose();
    pool.retire();
    plain.closeAllConnections();
    plain.close();
    expect([server.log.length, sent.filter(Boolean).length]).toEqual([2, 2]);
  });
}
