/**
 * Whatever stands in an option, a call is one request or none: no value ends its line and begins another header, or
 * another request, over either protocol.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createSecureServer, type ServerHttp2Session } from 'node:http2';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { anyCharacter } from '../../testing/any-character.ts';
import { serverKeys } from '../../testing/certificate.ts';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';
import type { FetchOptions, RequestContextOptions } from './request-options.ts';

interface Seen {
  readonly url: string;
  readonly smuggled: boolean;
}

const seen: Seen[] = [];
const open = new Set<{ destroy(): void }>();
const ends: (() => void)[] = [];

function see({ url = '', headers }: Pick<IncomingMessage, 'url' | 'headers'>): void {
  seen.push({ url, smuggled: 'x-smuggled' in headers || url === '/smuggled' });
}

async function listening(server: ReturnType<typeof createTcpServer>): Promise<number> {
  server.on('connection', (socket: Socket) => void open.add(socket.on('error', () => undefined)));
  ends.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  see(request);
  response.end('ok');
}

async function overHttp1(): Promise<string> {
  return `http://127.0.0.1:${await listening(createServer(answer))}`;
}

async function overHttp2(): Promise<string> {
  const server = createSecureServer(serverKeys());
  server.on('request', (request, response) => {
    see(request);
    response.end('ok');
  });
  server.on('session', (session: ServerHttp2Session) => void open.add(session.on('error', () => undefined)));
  return `https://localhost:${await listening(server)}`;
}

test.afterAll(() => {
  for (const one of open) one.destroy();
  for (const end of ends) end();
});

/** Text that would be another header, another request or the end of this one, if it were written as it is. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('\r\n', '\n', '\r', '\0', '\r\nx-smuggled: 1', '\nx-smuggled: 1', '✓', 'ü', ': ', '"', ' ', ';'),
      fc.constant('\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n'),
      fc.string({ unit: anyCharacter, maxLength: 5 }),
      fc.string({ unit: 'grapheme-ascii', maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((pieces) => pieces.join(''));

interface Attempt {
  readonly where: string;
  readonly context?: RequestContextOptions;
  readonly cookie?: { readonly name: string; readonly value: string; readonly path: string };
  readonly url?: string;
  readonly options?: FetchOptions;
}

const of = (where: string, make: (text: string) => Omit<Attempt, 'where'>): fc.Arbitrary<Attempt> =>
  hostile.map((text) => ({ where, ...make(text) }));

const attempts = fc.oneof(
  of("a cookie's value", (value) => ({ cookie: { name: 'a', value, path: '/' } })),
  of("a cookie's name", (name) => ({ cookie: { name, value: 'a', path: '/' } })),
  of("a cookie's path", (path) => ({ cookie: { name: 'a', value: 'b', path: `/${path}` } })),
  of('a stored cookie', (value) => ({ context: { storageState: stored(value) } })),
  of('userAgent', (userAgent) => ({ context: { userAgent } })),
  of("a context's header", (value) => ({ context: { extraHTTPHeaders: { 'x-a': value } } })),
  of("the name of a context's header", (name) => ({ context: { extraHTTPHeaders: { [name]: 'a' } } })),
  of('credentials', (username) => ({
    context: { httpCredentials: { username, password: username, send: 'always' as const } },
  })),
  of('a header', (value) => ({ options: { headers: { 'x-a': value } } })),
  of('the name of a header', (name) => ({ options: { headers: { [name]: 'a' } } })),
  of('host', (host) => ({ options: { headers: { host } } })),
  of('cookie', (cookie) => ({ options: { headers: { cookie } } })),
  of('content-length', (value) => ({ options: { headers: { 'content-length': value } } })),
  of('transfer-encoding', (value) => ({ options: { headers: { 'transfer-encoding': value }, data: 'a' } })),
  of('content-type', (value) => ({ options: { headers: { 'content-type': value }, form: { a: 1 } } })),
  of('the method', (method) => ({ options: { method } })),
  of('the URL', (text) => ({ url: `/${text}` })),
  of('a query', (text) => ({ url: `/?${text}` })),
  of('params', (text) => ({ options: { params: { [text]: text } } })),
  of('params as text', (params) => ({ options: { params } })),
  of('data', (data) => ({ options: { data, method: 'POST' } })),
  of('a form', (text) => ({ options: { form: { [text]: text }, method: 'POST' } })),
  of('multipart', (text) => ({
    options: { multipart: { [text]: text, f: { name: text, mimeType: text, buffer: Buffer.from(text) } } },
  })),
);

function stored(value: string): NonNullable<RequestContextOptions['storageState']> {
  const cookie = { name: 'a', value, domain: '127.0.0.1', path: '/', expires: -1 };
  return { cookies: [{ ...cookie, httpOnly: false, secure: false, sameSite: 'Lax' }], origins: [] };
}

/** What is refused is refused: one request or none is the question here. */
async function make({ context: options, cookie, url = '/', options: asked }: Attempt, base: RequestContextOptions) {
  await using context = new RequestContext({ timeout: 2_000, ...base, ...options });
  if (cookie !== undefined) {
    await context.addCookies([{ ...cookie, domain: new URL(base.baseURL ?? '').hostname }]);
  }
  await context.fetch(url, asked);
}

for (const { protocol, start, http2, numRuns } of [
  { protocol: 'HTTP/1.1', start: overHttp1, http2: false, numRuns: 600 },
  { protocol: 'HTTP/2', start: overHttp2, http2: true, numRuns: 300 },
]) {
  test(`over ${protocol} a call is one request or none, whatever its options say`, async () => {
    const base = { baseURL: await start(), http2, ignoreHTTPSErrors: true };
    await fc.assert(
      fc.asyncProperty(attempts, async (attempt) => {
        seen.length = 0;
        await make(attempt, base).catch(() => undefined);
        expect(seen.length, attempt.where).toBeLessThanOrEqual(1);
        expect(seen.filter(({ smuggled }) => smuggled)).toEqual([]);
      }),
      { numRuns, seed: 1 },
    );
  });
}

test('a proxy is asked for one tunnel or none, whatever its credentials and the host say', async () => {
  const port = Number(new URL(await overHttp1()).port);
  const asked: string[] = [];
  const proxy = await listening(
    createTcpServer((socket) => {
      socket.once('data', (head: Buffer) => {
        asked.push(head.toString('latin1'));
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        const onward = connect(port, '127.0.0.1');
        onward.on('error', () => undefined);
        socket.pipe(onward).pipe(socket);
      });
    }),
  );
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (username, password) => {
      seen.length = 0;
      asked.length = 0;
      const base = {
        baseURL: `http://127.0.0.1:${port}`,
        timeout: 20_000,
        proxy: { server: `http://127.0.0.1:${proxy}`, username, password },
      };
      await make({ where: 'proxy' }, base).catch(() => undefined);
      expect(asked.map((head) => head.split('\r\n').length)).toEqual([6]);
      expect(seen).toEqual([{ url: '/', smuggled: false }]);
    }),
    { numRuns: 100, seed: 1 },
  );
});
