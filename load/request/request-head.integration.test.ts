/** What goes over the wire as the head of a request, byte by byte, and what is refused instead. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';
import type { FetchOptions } from './request-options.ts';
import type { RequestSample } from './sample.ts';

let server: Server;
let baseURL: string;
/** All bytes of each connection. */
let received: string[];
const sockets = new Set<Socket>();

test.beforeEach(async () => {
  received = [];
  server = createServer((socket) => {
    const at = received.push('') - 1;
    sockets.add(socket.on('error', () => undefined));
    socket.on('data', (bytes: Buffer) => {
      received[at] = `${received[at] ?? ''}${bytes.toString('latin1')}`;
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
});

const hostile = 'a\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n';

for (const { value, what } of [
  { value: hostile, what: 'a line break' },
  { value: 'a\nb', what: 'a line feed' },
  { value: 'a\0', what: 'a NUL' },
  { value: '✓', what: 'a character beyond Latin-1' },
]) {
  test(`a cookie with ${what} is a failed request by the name of its header, and nothing is sent`, async () => {
    const samples: RequestSample[] = [];
    await using context = new RequestContext({ baseURL, onRequest: (sample) => void samples.push(sample) });
    await context.addCookies([{ name: 'a', value, url: baseURL }]);
    const error: unknown = await context.get('/').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ name: 'TypeError', code: 'ERR_INVALID_CHAR' });
    expect(String(error)).toContain('apiRequestContext.get: Invalid character in header content ["cookie"]');
    expect(samples.map(({ failure }) => failure?.kind)).toEqual(['other']);
    await context.clearCookies();
    await context.get('/next');
    expect(received.map((text) => text.split('\r\n')[0])).toEqual(['GET /next HTTP/1.1']);
  });

  test(`a user agent with ${what} is an error of its context`, () => {
    expect(() => new RequestContext({ userAgent: value })).toThrow(
      'Invalid character in header content ["user-agent"]',
    );
  });
}

const head = (method: string, ...lines: string[]): string =>
  [`${method} / HTTP/1.1`, 'user-agent: a', 'accept: */*', 'accept-encoding: gzip,deflate,br', ...lines, '', ''].join(
    '\r\n',
  );
const host = (): string => `Host: ${baseURL.slice('http://'.length)}`;
const octets = 'content-type: application/octet-stream';
const kept = 'Connection: keep-alive';

const framings: readonly { what: string; options: FetchOptions; written: () => string }[] = [
  {
    what: 'a body in chunks',
    options: { method: 'POST', data: 'hello, world, in chunks', headers: { 'Transfer-Encoding': 'chunked' } },
    written: () =>
      `${head('POST', 'Transfer-Encoding: chunked', octets, host(), kept)}17\r\nhello, world, in chunks\r\n0\r\n\r\n`,
  },
  {
    what: 'a body in chunks, and no length beside them',
    options: { method: 'PUT', data: 'x', headers: { 'transfer-encoding': 'gzip, chunked', 'content-length': '1' } },
    written: () => `${head('PUT', 'transfer-encoding: gzip, chunked', octets, host(), kept)}1\r\nx\r\n0\r\n\r\n`,
  },
  {
    what: 'no body in chunks',
    options: { method: 'POST', headers: { 'transfer-encoding': 'chunked' } },
    written: () => `${head('POST', 'transfer-encoding: chunked', host(), kept)}0\r\n\r\n`,
  },
  {
    what: 'a body with its length',
    options: { method: 'POST', data: 'x', headers: { 'content-length': '9' } },
    written: () => `${head('POST', 'content-length: 1', octets, host(), kept)}x`,
  },
];
for (const { what, options, written } of framings) {
  test(`${what} is written as RFC 9112 says, and its connection used again`, async () => {
    await using context = new RequestContext({ baseURL, userAgent: 'a' });
    await context.fetch('/', options);
    await context.fetch('/', options);
    expect(received).toEqual([written() + written()]);
  });
}

test('a transfer coding that does not end in chunks is refused', async () => {
  await using context = new RequestContext({ baseURL });
  const call = context.post('/', { data: 'x', headers: { 'transfer-encoding': 'gzip' } });
  await expect(call).rejects.toThrow('`transfer-encoding` must end in `chunked`, got "gzip"');
  expect(received).toEqual([]);
});

for (const { what, headers } of [
  { what: 'a body that is promised and not there', headers: { 'content-length': '9' } },
  { what: 'a connection that is to be closed', headers: { connection: 'close' } },
  { what: 'a connection that is to be closed, among other words', headers: { connection: 'x, Close' } },
]) {
  test(`${what} ends the connection`, async () => {
    await using context = new RequestContext({ baseURL });
    await context.get('/first', { headers });
    await context.get('/second');
    expect(received.map((text) => text.split('\r\n')[0])).toEqual(['GET /first HTTP/1.1', 'GET /second HTTP/1.1']);
  });
}
