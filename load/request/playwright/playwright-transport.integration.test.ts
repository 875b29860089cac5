import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, request as playwrightRequest } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { PlaywrightTransport } from './playwright-transport.ts';
import type { RequestSample } from '../sample.ts';

let server: Server;
let baseURL: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/reset') request.socket.destroy();
    else if (request.url?.startsWith('/cut')) {
      response.writeHead(200, { 'content-length': 99, 'content-encoding': request.url.slice('/cut-'.length) });
      response.write(Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), () => request.socket.destroy()); // a head of gzip
    } else if (request.url !== '/never') setTimeout(() => response.end('{"ok":true}'), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function transport(samples: RequestSample[]): Promise<PlaywrightTransport> {
  const context = await playwrightRequest.newContext({ baseURL });
  return new PlaywrightTransport({ context, baseURL, onRequest: (sample) => samples.push(sample) });
}

test('a request of Playwright yields a sample with its service time and name', async () => {
  const samples: RequestSample[] = [];
  await using context = await transport(samples);
  await context.get('/slow', { name: 'slow one' });
  const [sample] = samples;
  expect(sample).toMatchObject({
    method: 'GET',
    url: `${baseURL}/slow`,
    name: 'slow one',
    status: 200,
    failure: undefined,
  });
  const serviceMs = (sample?.endedAtMs ?? NaN) - (sample?.sentAtMs ?? NaN);
  expect(serviceMs).toBeCloseTo((sample?.waitingMs ?? NaN) + (sample?.receivingMs ?? NaN), 6);
  expect(serviceMs).toBeGreaterThan(19);
});

for (const { path, kind, maxRetries = 0 } of [
  { path: '/never', kind: 'timeout' },
  { path: '/reset', kind: 'reset' },
  { path: '/cut-identity', kind: 'body-cut-off' },
  { path: '/cut-gzip', kind: 'body-cut-off' },
  { path: '/reset', kind: 'reset', maxRetries: 1 },
  { path: '/cut-gzip', kind: 'body-cut-off', maxRetries: 1 },
  { path: 'http://127.0.0.1:1/', kind: 'refused' },
  { path: 'http://no-such-host.invalid/', kind: 'dns' },
]) {
  test(`${path} counts as ${kind}${maxRetries === 0 ? '' : ' after a retry'}`, async () => {
    const samples: RequestSample[] = [];
    await using context = await transport(samples);
    await expect(context.get(path, { maxRetries, timeout: kind === 'timeout' ? 50 : 10_000 })).rejects.toThrow();
    expect(samples.map(({ failure }) => failure?.kind)).toEqual([kind]);
  });
}

test('a call with a wrong option is no request', async () => {
  const samples: RequestSample[] = [];
  await using context = await transport(samples);
  await expect(context.get('/', { maxRetries: -1 })).rejects.toThrow('must be greater than or equal');
  expect(samples).toEqual([]);
});

for (const options of [{ retryAfter: '5s' }, { discardBody: true }] as const) {
  const [name] = Object.keys(options);
  test(`\`${name ?? ''}\`, which Playwright would pass over, is refused and no request`, async () => {
    const samples: RequestSample[] = [];
    await using context = await transport(samples);
    await expect(context.get('/', options)).rejects.toThrow(
      `\`${name ?? ''}\` is not known to Playwright's own transport`,
    );
    expect(samples).toEqual([]);
  });
}
for (const { words, wrap } of [
  { words: 'a Proxy', wrap: (context: PlaywrightTransport) => new Proxy(context, {}) },
  {
    words: 'an object with it as its prototype',
    wrap: (context: object) => Object.create(context) as PlaywrightTransport,
  },
]) {
  test(`${words} around the transport sends, and is measured`, async () => {
    const samples: RequestSample[] = [];
    await using context = await transport(samples);
    const wrapped = wrap(context);
    await wrapped.get('/slow');
    await wrapped.fetch('/slow', { method: 'put' });
    expect(samples.map(({ method, status }) => `${method} ${status}`)).toEqual(['GET 200', 'PUT 200']);
    expect(await wrapped.cookies()).toEqual([]);
  });
}

test('a fetch put in place of the transport’s own is what get calls', async () => {
  const samples: RequestSample[] = [];
  await using context = await transport(samples);
  const fetch = context.fetch.bind(context);
  context.fetch = (url, options) => fetch(url, { ...options, name: `own ${options?.method}` });
  await context.get('/slow');
  expect(samples.map(({ name }) => name)).toEqual(['own GET']);
});

test('a request tells the `traceparent` that it was given, and when it was called', async () => {
  const samples: RequestSample[] = [];
  await using context = await transport(samples);
  const beforeMs = Date.now();
  await context.get('/slow', { headers: { Traceparent: 'whatever it is' } });
  const details = samples[0]?.details();
  expect(details?.traceparent).toBe('whatever it is');
  expect(details?.startedAtEpochMs).toBeGreaterThan(beforeMs - 5);
  expect(details?.startedAtEpochMs).toBeLessThan(Date.now());
});
