import { createReadStream } from 'node:fs';
import type { APIRequestContext, Request } from '@playwright/test';
import { differ } from '../../../testing/differential/differ.ts';
import type { Script } from '../../../testing/differential/compare.ts';

type Options = NonNullable<Parameters<APIRequestContext['fetch']>[1]>;

/** One request with these options; the server's view of it is what is compared. */
function sent(title: string, path: string, options: Options, context?: Script['context']): Script {
  return {
    title,
    run: (request, look) => look(request.fetch(path, options)),
    ...(context !== undefined && { context }),
  };
}

const params: Script[] = [
  sent('params of each type', '/echo', { params: { text: 'a b&c=d', number: 1.5, yes: true, umlaut: 'ü', empty: '' } }),
  sent('params after a query', '/echo?x=1', { params: { y: 2 } }),
  sent('params before a fragment', '/echo?x=1#top', { params: { y: 2 } }),
  sent('params as URLSearchParams', '/echo?x=1', {
    params: new URLSearchParams([
      ['a', '1'],
      ['a', '2 3'],
    ]),
  }),
  sent('params as a string', '/echo?x=1', { params: 'a=1&b=%20&c=ü' }),
  sent('params as a string with a question mark', '/echo', { params: '?a=1' }),
  sent('params as an empty string', '/echo?x=1', { params: '' }),
  sent('no params', '/echo?', { params: {} }),
];

const data: Script[] = [
  sent('data: an object', '/echo', { method: 'POST', data: { a: [1, null, { b: 'ü' }], u: undefined } }),
  sent('data: an array', '/echo', { method: 'POST', data: [1, 2] }),
  sent('data: null', '/echo', { method: 'POST', data: null }),
  sent('data: a number', '/echo', { method: 'POST', data: 42 }),
  sent('data: false', '/echo', { method: 'POST', data: false }),
  sent('data: text', '/echo', { method: 'POST', data: 'grüße' }),
  sent('data: empty text', '/echo', { method: 'POST', data: '' }),
  sent('data: text as JSON that parses', '/echo', {
    method: 'POST',
    data: '{"a": 1}',
    headers: { 'content-type': 'application/json' },
  }),
  sent('data: text as JSON that does not', '/echo', {
    method: 'POST',
    data: 'hi',
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
  }),
  sent('data: bytes', '/echo', { method: 'PUT', data: Buffer.from([0, 1, 254, 255]) }),
  sent('data: no bytes', '/echo', { method: 'PUT', data: Buffer.alloc(0) }),
  sent('data: a megabyte', '/echo', { method: 'POST', data: 'x'.repeat(1_000_000) }),
  sent('data with its own type', '/echo', {
    method: 'POST',
    data: { a: 1 },
    headers: { 'content-type': 'application/vnd.api+json' },
  }),
  sent('data with a GET', '/echo', { method: 'GET', data: { a: 1 } }),
  sent('data with a DELETE', '/echo', { method: 'DELETE', data: 'x' }),
  sent('data with a HEAD', '/echo', { method: 'HEAD', data: 'x' }),
  sent('no data with a POST', '/echo', { method: 'POST' }),
  sent('no data with a PUT', '/echo', { method: 'PUT' }),
  sent('no data with a PATCH', '/echo', { method: 'PATCH' }),
  sent('no data with a DELETE', '/echo', { method: 'DELETE' }),
  sent('no data with an unknown method', '/echo', { method: 'REPORT' }),
];

const form = new FormData();
form.append('a', '1');
form.append('a', '2');

const files = new FormData();
files.append('text', 'grüße');
files.append('file', new File(['content'], 'näme "x".txt', { type: 'text/plain' }));
files.append('blob', new Blob(['bytes']), 'b.bin');

const forms: Script[] = [
  sent('form: an object', '/echo', { method: 'POST', form: { a: 'b c', n: 1, t: true, u: 'ü&=' } }),
  sent('form: FormData', '/echo', { method: 'POST', form }),
  sent('form: empty', '/echo', { method: 'POST', form: {} }),
  sent('form with a file', '/echo', { method: 'POST', form: files }),
  sent('form with its own type', '/echo', {
    method: 'POST',
    form: { a: 1 },
    headers: { 'content-type': 'text/plain' },
  }),
  sent('multipart: values', '/echo', { method: 'POST', multipart: { a: 'b', n: 1, t: false } }),
  sent('multipart: odd names', '/echo', { method: 'POST', multipart: { 'a"b\r\nc\nd': 'x', ü: 'ü' } }),
  sent('multipart: a file', '/echo', {
    method: 'POST',
    multipart: { f: { name: 'a"b.csv', mimeType: 'text/csv', buffer: Buffer.from('1,2') } },
  }),
  sent('multipart: FormData', '/echo', { method: 'POST', multipart: files }),
  {
    title: 'multipart: a stream',
    run: (request, look) => look(request.post('/echo', { multipart: { f: createReadStream('LICENSE') } })),
  },
  {
    title: 'multipart: a stream of a file that is not there',
    run: (request, look) => look(request.post('/echo', { multipart: { f: createReadStream('no-such-file') } })),
  },
];

const headers: Script[] = [
  sent('headers of a call', '/echo', { headers: { 'X-A': '1', accept: 'text/plain', 'Accept-Encoding': 'identity' } }),
  sent(
    'headers of a context',
    '/echo',
    {},
    { extraHTTPHeaders: { 'X-A': 'context', Accept: 'a/b', authorization: 'Bearer c' } },
  ),
  sent(
    'headers of a call over a context',
    '/echo',
    { headers: { 'x-a': 'call', AUTHORIZATION: 'Bearer d' } },
    { extraHTTPHeaders: { 'X-A': 'context', authorization: 'Bearer c' } },
  ),
  sent('a header of nothing', '/echo', { headers: { 'x-empty': '', accept: '' } }),
  sent('a header in Latin-1', '/echo', { headers: { 'x-a': 'grün' } }),
  sent('a header beyond Latin-1', '/echo', { headers: { 'x-a': '✓' } }),
  sent('a header with a line break', '/echo', { headers: { 'x-a': 'a\r\nx-b: c' } }),
  sent('a header with a bad name', '/echo', { headers: { 'x a': '1' } }),
  sent('a host header', '/echo', { headers: { Host: 'example.test' } }),
  sent('a connection header', '/echo', { headers: { connection: 'close' } }),
  sent('a user agent', '/echo', {}, { userAgent: 'mine/1' }),
  sent('an expect header', '/echo', { method: 'POST', data: 'x', headers: { expect: '100-continue' }, timeout: 5_000 }),
  sent('a keep-alive header', '/echo', { headers: { 'keep-alive': 'timeout=5' } }),
  sent('a content length of its own', '/echo', {
    method: 'POST',
    data: 'four',
    headers: { 'content-length': '9' },
    timeout: 5_000,
  }),
];

const credentials = { username: 'ann', password: 'secret' };
const auth: Script[] = [
  sent('credentials answer a challenge', '/basic', {}, { httpCredentials: credentials }),
  sent(
    'credentials answer a challenge to a POST',
    '/basic',
    { method: 'POST', data: { a: 1 } },
    { httpCredentials: credentials },
  ),
  sent('credentials unasked', '/basic', {}, { httpCredentials: { ...credentials, send: 'always' } }),
  sent('wrong credentials', '/basic', {}, { httpCredentials: { ...credentials, password: 'wrong' } }),
  sent(
    'credentials of another origin',
    '/basic',
    {},
    { httpCredentials: { ...credentials, origin: 'http://example.test' } },
  ),
  sent(
    'credentials and a header of its own',
    '/basic',
    { headers: { authorization: 'Bearer x' } },
    { httpCredentials: credentials },
  ),
  sent(
    'credentials and a digest challenge',
    '/basic?challenge=Digest%20realm%3Dx',
    {},
    { httpCredentials: credentials },
  ),
  sent(
    'credentials with umlauts',
    '/echo',
    {},
    { httpCredentials: { username: 'änn', password: 'ü:ü', send: 'always' } },
  ),
  sent(
    'the second of several credentials',
    '/basic',
    {},
    { httpCredentials: [{ username: 'x', password: 'y', origin: 'http://example.test' }, credentials] },
  ),
  sent('no credentials', '/basic', {}),
  {
    title: 'credentials in the URL',
    run: (request, look, baseURL) => look(request.get(baseURL.replace('//', '//ann:secret@') + '/basic')),
  },
];

const urls: Script[] = [
  '',
  '/',
  'echo',
  './echo',
  '../echo',
  '?q',
  '#f',
  '/a b',
  '/ü',
  '/%zz',
  '/a/../b',
  '//',
  'HTTP://127.0.0.1:1',
  'ftp://x',
  'mailto:a@b',
].map((url) => sent(`the URL ${JSON.stringify(url)}`, url, { timeout: 5_000 }));

/** What a page's request offers to be sent again. */
const pageRequest = {
  url: () => 'http://127.0.0.1/replaced',
  method: () => 'PUT',
  headers: () => ({ 'x-page': '1', 'content-type': 'text/plain' }),
  postDataBuffer: () => Buffer.from('from the page'),
};

/** Typed as a whole `Request`, of which both contexts use these four methods. */
function requestOf(baseURL: string): Request {
  return Object.assign(Object.create(null) as Request, { ...pageRequest, url: () => `${baseURL}/echo` });
}

const again: Script[] = [
  { title: "a page's request sent again", run: (request, look, baseURL) => look(request.fetch(requestOf(baseURL))) },
  {
    title: "a page's request sent again with changes",
    run: (request, look, baseURL) =>
      look(request.fetch(requestOf(baseURL), { method: 'post', headers: { 'x-own': '1' }, data: 'other' })),
  },
];

const bases: Script[] = [
  {
    title: 'a base with a path',
    run: (request, look) => look(request.get('echo')),
    context: { baseURL: 'http://127.0.0.1:1/api/v1/' },
  },
  {
    title: 'a base that is no URL',
    run: (request, look) => look(request.get('/echo')),
    context: { baseURL: 'nonsense' },
  },
];

/** A value as a caller without types gives it. */
const untyped = (value: unknown): never => value as never;

const untypedCalls: Script[] = [
  ...[undefined, null].map((url): Script => ({
    title: `the URL ${url}`,
    run: (request, look) => look(request.get(untyped(url))),
  })),
  { title: 'fetch of nothing', run: (request, look) => look(request.fetch(untyped(undefined))) },
  { title: 'options of null', run: (request, look) => look(request.get('/echo', untyped(null))) },
  sent('an empty method', '/echo', { method: '' }),
  ...(['params', 'headers', 'form', 'multipart', 'timeout'] as const).map((name) =>
    sent(`${name} of null`, '/echo', { method: 'POST', [name]: null }),
  ),
  sent('params of null and a list', '/echo', { params: { a: untyped(null), b: untyped([1, 2]) } }),
  sent('a form of null, a list and a date', '/echo', {
    method: 'POST',
    form: { a: untyped(null), b: untyped([1, 'x']), c: untyped(new Date(0)), d: untyped(undefined) },
  }),
  sent('an empty user agent', '/echo', {}, { userAgent: '' }),
];

differ([...untypedCalls, ...params, ...data, ...forms, ...headers, ...auth, ...urls, ...again, ...bases]);
