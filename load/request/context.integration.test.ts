import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type APIRequestContext } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';
import type { RequestSample } from './sample.ts';

let server: Server;
let baseURL: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url === '/never') return;
      response.statusCode = request.url === '/broken' ? 500 : 200;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          method: request.method,
          url: request.url,
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** Code that knows only Playwright's type. */
async function userCode(request: APIRequestContext): Promise<{ method: string; body: string }> {
  const response = await request.post('/orders', { data: { sku: 'a' }, params: { dry: true } });
  await expect(response).toBeOK();
  return (await response.json()) as { method: string; body: string };
}

test('code written for APIRequestContext runs unchanged, and toBeOK knows the response', async () => {
  await using context = new RequestContext({ baseURL });
  const seen = await userCode(context);
  expect(seen).toMatchObject({ method: 'POST', url: '/orders?dry=true', body: '{"sku":"a"}' });
});

test('toBeOK fails on a 500 with the exchange in its message', async () => {
  await using context = new RequestContext({ baseURL });
  const response = await context.get('/broken');
  const error: unknown = await expect(response)
    .toBeOK()
    .then(
      () => undefined,
      (failure: unknown) => failure,
    );
  expect(String(error)).toContain('← 500 Internal Server Error');
});

test('each call yields one sample with its name, moments and bytes', async () => {
  const samples: RequestSample[] = [];
  await using context = new RequestContext({ baseURL, onRequest: (sample) => samples.push(sample) });
  const response = await context.put('/orders/1', { data: 'abc', name: 'change order' });
  const body = await response.body();
  await context.get('/orders/1');
  const [first, second] = samples;
  expect(samples).toHaveLength(2);
  expect(first).toMatchObject({
    method: 'PUT',
    url: `${baseURL}/orders/1`,
    name: 'change order',
    status: 200,
    bytesSent: 3,
  });
  expect(first?.bytesReceived).toBe(body.length);
  expect(first?.connectMs).toBeGreaterThan(0);
  expect(second?.connectMs).toBeUndefined();
  for (const { calledAtMs, sentAtMs = NaN, endedAtMs, waitingMs = NaN, receivingMs = NaN } of samples) {
    expect(sentAtMs).toBeGreaterThanOrEqual(calledAtMs);
    expect(endedAtMs - sentAtMs).toBeCloseTo(waitingMs + receivingMs, 6);
  }
});

test('a call past its timeout rejects with a TimeoutError and a sample of its kind', async () => {
  const samples: RequestSample[] = [];
  await using context = new RequestContext({ baseURL, timeout: 50, onRequest: (sample) => samples.push(sample) });
  const error: unknown = await context.get('/never').catch((failure: unknown) => failure);
  expect(error).toMatchObject({ name: 'TimeoutError' });
  expect(String(error)).toContain('apiRequestContext.get: Timeout 50ms exceeded.');
  expect(samples.map(({ failure }) => failure?.kind)).toEqual(['timeout']);
});

test('a call aborted for a reason without words rejects all the same', async () => {
  const samples: RequestSample[] = [];
  await using context = new RequestContext({ baseURL, onRequest: (sample) => samples.push(sample) });
  const controller = new AbortController();
  const call = context.get('/never', { signal: controller.signal });
  const ended = expect(call).rejects.toThrow('apiRequestContext.get: [Object: null prototype] {}');
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(Object.create(null));
  await ended;
  expect(samples.map(({ failure }) => failure?.kind)).toEqual(['aborted']);
});

for (const { what, path, options, error } of [
  { what: 'a refused connection', path: 'http://127.0.0.1:1/', options: {}, error: { code: 'ECONNREFUSED' } },
  { what: 'a timeout', path: '/never', options: { timeout: 20 }, error: { name: 'TimeoutError' } },
  {
    what: 'a status that is to fail',
    path: '/broken',
    options: { failOnStatusCode: true },
    error: { message: expect.stringContaining('500') as unknown },
  },
  { what: 'a wrong option', path: '/', options: { maxRedirects: -1 }, error: {} },
]) {
  test(`the error of ${what} leads to the line that called`, async () => {
    await using context = new RequestContext({ baseURL });
    const call = async () => await context.get(path, options);
    const thrown: unknown = await call().catch((failure: unknown) => failure);
    expect(thrown).toMatchObject(error);
    expect((thrown as Error).stack).toMatch(/at (?:async )?call .*context\.integration\.test\.ts/);
  });
}

test('responses that come at the same time are not mixed, however long they are kept', async () => {
  await using context = new RequestContext({ baseURL });
  const letters = Array.from({ length: 16 }, (_, at) => at.toString(16).repeat(100_000));
  const responses = await Promise.all(letters.map(async (data) => context.post('/', { data })));
  const bodies = await Promise.all(responses.map(async (response) => (await response.json()) as { body: string }));
  expect(bodies.map(({ body }) => body)).toEqual(letters);
});

test('tracing says that there is none', async () => {
  await using context = new RequestContext();
  await expect(context.tracing.start()).rejects.toThrow('load runs record no trace');
});

test('storageState is written to a file, and read from one', async ({}, testInfo) => {
  const path = testInfo.outputPath('state', 'user.json');
  await using context = new RequestContext();
  await context.addCookies([{ name: 'a', value: '1', domain: '127.0.0.1', path: '/' }]);
  const state = await context.storageState({ path });
  await using other = new RequestContext({ storageState: path });
  expect(await other.storageState()).toEqual(state);
  expect(state.cookies).toMatchObject([{ name: 'a', value: '1', domain: '127.0.0.1', path: '/', expires: -1 }]);
});

test('wrong options are one OptionsError that lists them all', () => {
  const wrong = { timeout: -1, maxRedirects: Number.NaN, clientCertificates: [{ origin: '', cert: Buffer.from('x') }] };
  expect(() => new RequestContext(wrong)).toThrow(
    [
      '4 problems:',
      '  - `timeout` must be 0 or more, got -1',
      '  - `maxRedirects` must be 0 or more, got NaN',
      '  - clientCertificates.origin is required',
      '  - cert is specified without key',
    ].join('\n'),
  );
});

test('a sample tells headers and the head of the bodies when asked', async () => {
  const samples: RequestSample[] = [];
  await using context = new RequestContext({ baseURL, onRequest: (sample) => samples.push(sample) });
  await context.post('/orders', { data: 'x'.repeat(10_000), headers: { 'x-a': '1' } });
  const details = samples[0]?.details();
  expect(details?.requestHeaders).toMatchObject({ 'x-a': '1', accept: '*/*', 'content-length': '10000' });
  expect(details?.requestBody).toHaveLength(4_096);
  expect(details?.responseHeaders).toMatchObject({ 'content-type': 'application/json' });
  expect(details?.responseBody).toHaveLength(4_096);
});

test('timing lies within the call, and a reused connection has no connect', async () => {
  await using context = new RequestContext({ baseURL });
  const first = (await context.get('/')).timing();
  const second = (await context.get('/')).timing();
  expect(Math.abs(first.startTime - Date.now())).toBeLessThan(5_000);
  expect(first.connectEnd).toBeGreaterThanOrEqual(first.connectStart);
  expect(second).toMatchObject({ domainLookupStart: -1, connectStart: -1, secureConnectionStart: -1, connectEnd: -1 });
  for (const { requestStart, responseStart, responseEnd } of [first, second]) {
    expect(requestStart).toBeGreaterThanOrEqual(0);
    expect(responseStart).toBeGreaterThanOrEqual(requestStart);
    expect(responseEnd).toBeGreaterThanOrEqual(responseStart);
  }
});

test('an option of a context that is null was not given', async () => {
  const names = [
    'extraHTTPHeaders',
    'storageState',
    'httpCredentials',
    'proxy',
    'timeout',
    'maxRedirects',
    'userAgent',
  ];
  const nulls: object = Object.fromEntries([...names, 'clientCertificates'].map((name) => [name, null]));
  await using context = new RequestContext({ ...nulls, baseURL });
  expect((await context.get('/')).status()).toBe(200);
});

test('a response says nothing of itself to whoever copies or prints it', async () => {
  await using context = new RequestContext({ baseURL });
  const response = await context.get('/');
  expect([JSON.stringify(response), Object.keys(response)]).toEqual(['{}', []]);
});
