/** Options as callers without types give them: each is understood or refused by its name, and nothing is sent for it. */
import { createReadStream } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';
import type { FetchOptions, RequestContextOptions } from './request-options.ts';

let server: Server;
let baseURL: string;
let seen: { url: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = [];

test.beforeAll(async () => {
  server = createServer((request, response) => {
    void text(request).then((body) => {
      seen.push({ url: request.url ?? '', headers: request.headers, body });
      response.end('a body of its own');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.beforeEach(() => void (seen = []));
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const untyped = (value: unknown): never => value as never;

const refused: readonly { options: unknown; says: string }[] = [
  { options: { timeout: '500' }, says: '`timeout` must be a number of milliseconds, got "500"' },
  { options: { maxRedirects: '3' }, says: '`maxRedirects` must be a whole number, got "3"' },
  { options: { maxRedirects: 1.5 }, says: '`maxRedirects` must be a whole number, got 1.5' },
  { options: { maxRetries: true }, says: '`maxRetries` must be a whole number, got true' },
  { options: { failOnStatusCode: 'yes' }, says: '`failOnStatusCode` must be `true` or `false`, got "yes"' },
  { options: { ignoreHTTPSErrors: 1 }, says: '`ignoreHTTPSErrors` must be `true` or `false`, got 1' },
  { options: { signal: {} }, says: '`signal` must be an `AbortSignal`, got {}' },
  { options: { name: 5 }, says: '`name` must be a text, got 5' },
  { options: { method: 5 }, says: '`method` must be a text, got 5' },
  { options: { headers: 'x-a: 1' }, says: '`headers` must be an object of names and values, got "x-a: 1"' },
  { options: { headers: ['x-a', '1'] }, says: '`headers` must be an object of names and values, got ["x-a","1"]' },
  {
    options: { headers: { 'x-a': null } },
    says: 'Expected value of header "x-a" to be String, but "object" is found.',
  },
  { options: { params: 5 }, says: '`params` must be an object of names and values, got 5' },
  { options: { params: { a: {} } }, says: '`params.a` must be a text, a number or a boolean, got [object Object]' },
  { options: { form: 'a=1' }, says: '`form` must be an object of names and values, got "a=1"' },
  { options: { form: { a: {} } }, says: '`form.a` must be a text, a number or a boolean, got [object Object]' },
  { options: { form: { a: new File([], 'a') } }, says: 'Expected string for options.form["a"], found File.' },
  { options: { multipart: 'a=1' }, says: '`multipart` must be an object of names and values, got "a=1"' },
  { options: { multipart: { a: null } }, says: "Unexpected value of 'multipart.a'" },
  {
    options: { multipart: { a: { name: 'a', mimeType: 'a\r\nx: 1', buffer: Buffer.alloc(0) } } },
    says: 'Invalid character in header content ["content-type of multipart.a"]',
  },
];
for (const { options, says } of refused) {
  test(`${JSON.stringify(options)} is refused: ${says}`, async () => {
    const untold: unknown[] = [];
    await using context = new RequestContext({ baseURL, onRefused: (error) => untold.push(error) });
    const error: unknown = await context.fetch('/', untyped(options)).catch((failure: unknown) => failure);
    expect(String(error)).toContain(`apiRequestContext.fetch: ${says}`);
    expect(untold).toEqual([error]);
    expect(seen).toEqual([]);
  });
}

const pairs: [string, string][] = [
  ['x-a', '1'],
  ['x-b', '2'],
];
const shapes = { Headers: new Headers(pairs), Map: new Map(pairs), 'a list of pairs': pairs };
for (const [title, shape] of Object.entries(shapes)) {
  test(`${title} are headers of a call, of a context, params and a form`, async () => {
    await using context = new RequestContext({ baseURL, extraHTTPHeaders: untyped(shape) });
    await context.post('/first', { params: untyped(shape), form: untyped(shape) });
    await using other = new RequestContext({ baseURL });
    await other.post('/second', { headers: untyped(shape), multipart: untyped(shape) });
    expect(seen).toMatchObject(
      [
        { url: '/first?x-a=1&x-b=2', headers: { 'x-a': '1', 'x-b': '2' }, body: 'x-a=1&x-b=2' },
        { url: '/second', headers: { 'x-a': '1', 'x-b': '2' }, body: /name="x-a"\r\n\r\n1\r\n.*name="x-b"\r\n\r\n2/s },
      ].map((one) => (typeof one.body === 'string' ? one : { ...one, body: expect.stringMatching(one.body) })),
    );
  });
}

const wrongContexts: readonly { options: unknown; says: string }[] = [
  {
    options: { httpCredentials: { username: 'ann' } },
    says: '`httpCredentials.password` must be a text, got undefined',
  },
  { options: { httpCredentials: { password: 'x' } }, says: '`httpCredentials.username` must be a text, got undefined' },
  {
    options: { httpCredentials: [{ username: 'ann', password: 1234 }] },
    says: '`httpCredentials.password` must be a text, got a number',
  },
  { options: { httpCredentials: 'ann:secret' }, says: '`httpCredentials` must be an object, got a string' },
  { options: { proxy: {} }, says: '`proxy.server` must be a text, got undefined' },
  {
    options: { proxy: { server: 'http://a:999999' } },
    says: '`proxy.server` must be a URL such as `http://proxy:3128`, got "http://a:999999"',
  },
  { options: { proxy: { server: 'a', username: 5 } }, says: '`proxy.username` must be a text, got a number' },
  { options: { userAgent: 5 }, says: '`userAgent` must be a text, got 5' },
  { options: { timeout: '5s' }, says: '`timeout` must be a number of milliseconds, got "5s"' },
  { options: { maxRedirects: '1' }, says: '`maxRedirects` must be a whole number, got "1"' },
  { options: { ignoreHTTPSErrors: 'no' }, says: '`ignoreHTTPSErrors` must be `true` or `false`, got "no"' },
  { options: { extraHTTPHeaders: 'x' }, says: '`extraHTTPHeaders` must be an object of names and values, got "x"' },
  { options: { extraHTTPHeaders: { 'x-a': '✓' } }, says: 'Invalid character in header content ["x-a"]' },
];
for (const { options, says } of wrongContexts) {
  test(`a context with ${JSON.stringify(options)} is refused: ${says}`, () => {
    expect(() => new RequestContext(options as RequestContextOptions)).toThrow(says);
  });
}

test('what is neither a URL nor a request is refused', async () => {
  await using context = new RequestContext({ baseURL });
  for (const url of [5, {}, new URL(baseURL)]) {
    await expect(context.get(untyped(url))).rejects.toThrow('First argument must be either URL string or Request');
  }
  expect(seen).toEqual([]);
});

const again = '`multipart.f`: its stream was read before; make one for each call, or read the file once';

test('a stream is uploaded once, and refused after that', async () => {
  await using context = new RequestContext({ baseURL });
  const options: FetchOptions = { multipart: { f: createReadStream('LICENSE') } };
  await context.post('/', options);
  await expect(context.post('/', options)).rejects.toThrow(again);
  expect(seen.map(({ body }) => body.includes('MIT'))).toEqual([true]);
});

test('a stream is not shared out between two calls at once', async () => {
  await using context = new RequestContext({ baseURL });
  const options: FetchOptions = { multipart: { f: createReadStream('LICENSE') } };
  const results = await Promise.allSettled([context.post('/', options), context.post('/', options)]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(seen.map(({ body }) => body.includes('MIT'))).toEqual([true]);
});

test('two streams of files that are not there are one error, and none that nobody hears', async () => {
  await using context = new RequestContext({ baseURL });
  const multipart = { a: createReadStream('no-such-file'), b: createReadStream('no-such-file-either') };
  await expect(context.post('/', { multipart })).rejects.toThrow(
    "ENOENT: no such file or directory, open 'no-such-file",
  );
});

test("a body's memory holds nothing but the body", async () => {
  await using context = new RequestContext({ baseURL });
  const response = await context.get('/');
  const body = await response.body();
  expect(Buffer.from(body.buffer).toString('latin1')).toBe('a body of its own');
  expect(await response.body()).toBe(body);
});
