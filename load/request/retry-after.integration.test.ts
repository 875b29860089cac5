/** Calls that wait when a server asks for it. */
import { expect } from '@playwright/test';
import { answer, type ClosingServer, closingServers } from '../../testing/closing-server.ts';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';
import type { RequestContextOptions, RequestOptions } from './request-options.ts';
import type { RequestSample } from './sample.ts';

const serve = closingServers();

interface Busy {
  /** Answers before the good one, and their headers. */
  readonly times?: number;
  readonly status?: string;
  readonly headers: () => string;
}

async function busy({ times = 1, status = '503 Service Unavailable', headers }: Busy): Promise<ClosingServer> {
  let left = times;
  return serve({
    onRequest: (socket, { line }) => {
      if (line === 'POST /moved') answer(socket, { status: '303 See Other', headers: 'location: /page\r\n' });
      else if (left-- > 0) answer(socket, { status, headers: headers() });
      else answer(socket);
    },
  });
}

async function call(
  { baseURL }: ClosingServer,
  { context: own, options, method = 'GET', path = '/' }: Call,
): Promise<RequestSample | undefined> {
  const samples: RequestSample[] = [];
  await using context = new RequestContext({ baseURL, ...own, onRequest: (sample) => samples.push(sample) });
  await context.fetch(path, { ...options, method }).catch((error: unknown) => error);
  expect(samples).toHaveLength(1);
  return samples[0];
}

interface Call {
  readonly context?: RequestContextOptions;
  readonly options?: RequestOptions;
  readonly method?: string;
  readonly path?: string;
}

const inOneSecond = (now = Date.now()) =>
  `retry-after: ${new Date(now + 1_000).toUTCString()}\r\ndate: ${new Date(now).toUTCString()}\r\n`;
const atOnce = () => 'retry-after: 0\r\n';
const asked: RequestOptions = { retryAfter: '5s' };

const cases: readonly (Busy &
  Call & {
    readonly title: string;
    readonly status?: string;
    readonly ends: number | undefined;
    readonly log: number;
    readonly waits?: number;
    readonly waitedMs?: number;
  })[] = [
  {
    title: 'seconds',
    headers: () => 'retry-after: 1\r\n',
    options: asked,
    ends: 200,
    log: 2,
    waits: 1,
    waitedMs: 1_000,
  },
  { title: 'a date', headers: inOneSecond, options: asked, ends: 200, log: 2, waits: 1, waitedMs: 1_000 },
  { title: 'a 429', status: '429 Too Many Requests', headers: atOnce, options: asked, ends: 200, log: 2, waits: 1 },
  { title: 'a POST', method: 'POST', headers: atOnce, options: asked, ends: 200, log: 2, waits: 1 },
  { title: 'the context', context: { retryAfter: '1s' }, headers: atOnce, ends: 200, log: 2, waits: 1 },
  { title: 'a server that never stops', times: 99, headers: atOnce, options: asked, ends: 503, log: 11, waits: 10 },
  { title: 'a call that does not ask', headers: atOnce, ends: 503, log: 1 },
  {
    title: 'a call that takes it back',
    context: asked,
    options: { retryAfter: false },
    headers: atOnce,
    ends: 503,
    log: 1,
  },
  {
    title: 'more than the caller has patience',
    headers: () => 'retry-after: 6\r\n',
    options: asked,
    ends: 503,
    log: 1,
  },
  {
    title: 'more than the deadline leaves',
    headers: () => 'retry-after: 20\r\n',
    options: { retryAfter: '30s', timeout: 15_000 },
    ends: 503,
    log: 1,
  },
  { title: 'no header', headers: () => '', options: asked, ends: 503, log: 1 },
  { title: 'no time', headers: () => 'retry-after: soon\r\n', options: asked, ends: 503, log: 1 },
  { title: 'another status', status: '500 Oh', headers: atOnce, options: asked, ends: 500, log: 1 },
];
for (const { title, ends, log, waits, waitedMs = 0, ...given } of cases) {
  test(`Retry-After, ${title}: ${waits === undefined ? 'the answer stands' : `waited for ${waits} times`}`, async () => {
    const server = await busy(given);
    const sample = await call(server, given);
    expect(sample?.status).toBe(ends);
    expect(server.log).toHaveLength(log);
    expect(sample?.again).toEqual(waits === undefined ? undefined : { staleConnections: 0, waits, waitedMs });
    const { sentAtMs = NaN, endedAtMs = NaN } = sample ?? {};
    expect(endedAtMs - sentAtMs).toBeGreaterThanOrEqual(waitedMs - 2);
  });
}

test('waits add up to the patience of the caller, no further', async () => {
  const server = await busy({ times: 9, headers: () => 'retry-after: 1\r\n' });
  const sample = await call(server, { options: { retryAfter: '2500ms' } });
  expect([sample?.status, sample?.again?.waits]).toEqual([503, 2]);
  expect(server.log).toHaveLength(3);
});

test('of a chain of redirects the last request alone is sent again', async () => {
  const server = await busy({ headers: atOnce });
  const sample = await call(server, { options: asked, method: 'POST', path: '/moved' });
  expect(sample?.status).toBe(200);
  expect(server.log).toEqual(['POST /moved', 'GET /page', 'GET /page']);
});

test('a call that is given up while it waits ends then', async () => {
  const server = await busy({ headers: () => 'retry-after: 60\r\n' });
  const signal = AbortSignal.timeout(120);
  const sample = await call(server, { context: { timeout: 0 }, options: { retryAfter: '2m', signal } });
  const { calledAtMs = NaN, endedAtMs = NaN } = sample ?? {};
  expect(sample?.failure?.kind).toBe('aborted');
  expect(endedAtMs - calledAtMs).toBeGreaterThanOrEqual(100);
});

test('a timeout while a retry is waited for is never shorter than its limit', async () => {
  const server = await serve({ onRequest: (socket) => socket.destroy() });
  const sample = await call(server, { options: { maxRetries: 3, timeout: 200 } });
  const { calledAtMs = NaN, endedAtMs = NaN } = sample ?? {};
  expect(sample?.failure?.kind).toBe('timeout');
  expect(endedAtMs - calledAtMs).toBeGreaterThanOrEqual(200);
});

for (const retryAfter of ['5', 5, true]) {
  test(`refuses a \`retryAfter\` of ${JSON.stringify(retryAfter)}`, async () => {
    const wrong = { retryAfter } as unknown as RequestOptions;
    const words = `\`retryAfter\` must be a duration such as \`300ms\`, \`30s\` or \`5m\`, or \`false\` for none, got ${JSON.stringify(retryAfter)}`;
    expect(() => new RequestContext(wrong as RequestContextOptions)).toThrow(words);
    await using context = new RequestContext();
    await expect(context.get('http://127.0.0.1:1/', wrong)).rejects.toThrow(words);
  });
}
