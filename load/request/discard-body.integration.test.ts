/** Bodies that are read and thrown away. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';
import type { RequestSample } from './sample.ts';

const big = Buffer.alloc(2_000_000, 'x');
const packed = gzipSync(big);
let server: Server;
let baseURL: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: '/big' }).end('moved');
    else if (request.url === '/packed') response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
    else if (request.url === '/broken') response.writeHead(500, { 'content-type': 'text/plain' }).end('sorry');
    else if (request.url === '/cut')
      response.writeHead(200, { 'content-length': '9' }).write('x', () => response.destroy());
    else response.end(big);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});

for (const { path, bytes } of [
  { path: '/big', bytes: big.length },
  { path: '/moved', bytes: big.length },
  { path: '/packed', bytes: packed.length },
]) {
  test(`${path}: all bytes are counted, and the body says why it is not there`, async () => {
    const samples: RequestSample[] = [];
    await using context = new RequestContext({ baseURL, onRequest: (sample) => samples.push(sample) });
    const response = await context.get(path, { discardBody: true });
    expect([response.status(), response.ok(), response.url().endsWith('/moved')]).toEqual([200, true, false]);
    expect(samples.map(({ bytesReceived }) => bytesReceived)).toEqual([bytes]);
    expect(samples[0]?.details().responseBody).toBeUndefined();
    for (const method of ['body', 'text', 'json'] as const)
      await expect(response[method]()).rejects.toThrow(
        `apiResponse.${method}: the body was thrown away as it came, as \`discardBody\` asks`,
      );
    await expect(response).toBeOK();
  });
}

test('a context throws them all away, save for a call that wants its body', async () => {
  await using context = new RequestContext({ baseURL, discardBody: true });
  await expect((await context.get('/big')).body()).rejects.toThrow('discardBody');
  expect((await (await context.get('/big', { discardBody: false })).body()).length).toBe(big.length);
});

test('a body cut off is a failure all the same, and a failed status says so without its text', async () => {
  await using context = new RequestContext({ baseURL, discardBody: true });
  await expect(context.get('/cut')).rejects.toThrow('aborted');
  await expect(context.get('/broken', { failOnStatusCode: true })).rejects.toThrow('500 Internal Server Error');
});

test('toBeOK says what failed', async () => {
  await using context = new RequestContext({ baseURL, discardBody: true });
  const response = await context.get('/broken');
  await expect(expect(response).toBeOK()).rejects.toThrow(
    /← 500 Internal Server Error[^]*\(thrown away, as `discardBody` asks\)/,
  );
});

test('a hundred downloads at once hold no memory', async () => {
  await using context = new RequestContext({ baseURL });
  const heldMb = async (discardBody: boolean): Promise<number> => {
    const before = process.memoryUsage().arrayBuffers;
    const responses = await Promise.all(Array.from({ length: 100 }, async () => context.get('/big', { discardBody })));
    const held = process.memoryUsage().arrayBuffers - before;
    await Promise.all(responses.map(async (response) => response.dispose()));
    return held / 1e6;
  };
  expect(await heldMb(true)).toBeLessThan(100);
  expect(await heldMb(false)).toBeGreaterThan(150); // so there was something to hold
});

test('refuses a `discardBody` that is neither', async () => {
  const wrong = { discardBody: 'yes' } as unknown as { discardBody: boolean };
  const words = '`discardBody` must be `true` or `false`, got "yes"';
  expect(() => new RequestContext(wrong)).toThrow(words);
  await using context = new RequestContext();
  await expect(context.get('http://127.0.0.1:1/', wrong)).rejects.toThrow(words);
});
