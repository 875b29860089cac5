/**
 * What did not arrive whole is no page: over a real socket, each way of telling where an answer ends is cut at every few
 * bytes, in each way in which a connection can end. Never may a shorter page come of it.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { readScrape } from '../../domain/engines/scrape.ts';
import { snapshotFrom } from '../../domain/engines/snapshot-from.ts';
import { test } from '../../testing/plain-test.ts';
import { AllowedHosts } from './allowed-hosts.ts';
import { fetchPage } from './fetch-page.ts';

const histogram = ['{le="0.1"} 1', '{le="+Inf"} 3'].map((rest) => `vllm:time_to_first_token_seconds_bucket${rest}`);
const lines = [
  '# TYPE vllm:num_requests_running gauge',
  'vllm:num_requests_running{engine="0"} 12',
  'vllm:request_success_total{finished_reason="stop"} 345',
  ...histogram,
  'vllm:time_to_first_token_seconds_count 3',
  'vllm:time_to_first_token_seconds_sum 1.25',
];
const page = Buffer.from(`${lines.join('\n')}\n`);
const openMetrics = Buffer.from(`${lines.join('\n')}\n# EOF\n`);

const head = (...headers: string[]) => Buffer.from(['HTTP/1.1 200 OK', ...headers, '', ''].join('\r\n'));
const withLength = (body: Buffer, ...headers: string[]) =>
  Buffer.concat([head(`content-length: ${body.length}`, ...headers), body]);
const chunk = (body: Buffer) =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
const chunked = (body: Buffer) =>
  Buffer.concat([
    head('transfer-encoding: chunked'),
    chunk(body.subarray(0, 90)),
    chunk(body.subarray(90)),
    Buffer.from('0\r\n\r\n'),
  ]);
const closed = (body: Buffer, ...headers: string[]) => Buffer.concat([head('connection: close', ...headers), body]);
const om = 'content-type: application/openmetrics-text; version=1.0.0';

/** How the answer is made of the page; and how it is cut, where it is not simply the front of the whole answer. */
const answers: { how: string; whole: Buffer; ends?: Buffer; cut?: (length: number) => Buffer; bytes?: number }[] = [
  { how: 'with its length', whole: withLength(page) },
  { how: 'in chunks', whole: chunked(page) },
  { how: 'compressed, with its length', whole: withLength(gzipSync(page), 'content-encoding: gzip') },
  {
    how: 'compressed, cut before its length was told',
    whole: withLength(gzipSync(page), 'content-encoding: gzip'),
    cut: (length) => withLength(gzipSync(page).subarray(0, length), 'content-encoding: gzip'),
    bytes: gzipSync(page).length,
  },
  { how: 'compressed, in other letters', whole: withLength(gzipSync(page), 'Content-Encoding: GZip') },
  { how: 'OpenMetrics that ends with its connection', whole: closed(openMetrics, om) },
  {
    how: 'OpenMetrics, cut before its length was told',
    whole: withLength(openMetrics, om),
    cut: (length) => withLength(openMetrics.subarray(0, length), om),
    bytes: openMetrics.length - 2, // without the last line feed `# EOF` still says it all
  },
];

const endings: Record<string, (socket: Socket) => void> = {
  closed: (socket) => socket.end(),
  reset: (socket) => socket.resetAndDestroy(),
  'left silent': () => {},
};

let server: Server;
const sockets = new Set<Socket>();
let answer: (path: string) => { bytes: Buffer; ending: string } | undefined = () => undefined;

test.beforeAll(async () => {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
    socket.once('data', (request: Buffer) => {
      const { bytes, ending } = answer(/^GET (\S+)/.exec(request.toString('latin1'))?.[1] ?? '') ?? {
        bytes: Buffer.alloc(0),
        ending: 'closed',
      };
      socket.write(bytes, () => setTimeout(() => endings[ending]?.(socket), ending === 'reset' ? 5 : 0));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

test.afterAll(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

async function collect(path: string, timeoutMs: number): Promise<string> {
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
  try {
    const text = await fetchPage({ url, allowed: new AllowedHosts(['127.0.0.1']), timeoutMs });
    return `done ${String(snapshotFrom({ engine: 'vllm', current: readScrape(text, 0) }).running)}`;
  } catch (error) {
    return error instanceof Error ? error.name : 'no error';
  }
}

const timeoutMs = 20_000;
const impatientMs = 150;

for (const { how, whole, cut = (length: number) => whole.subarray(0, length), bytes = whole.length } of answers) {
  test(`a page ${how} is read when it is whole`, async () => {
    answer = () => ({ bytes: whole, ending: 'closed' });
    expect(await collect('/', timeoutMs)).toBe('done 12');
  });

  for (const ending of Object.keys(endings)) {
    test(`a page ${how} that is cut and ${ending} is no page, wherever it is cut`, async () => {
      answer = (path) => ({ bytes: cut(Number(path.slice(1))), ending });
      const step = Math.ceil(bytes / 60);
      const lengths = Array.from({ length: Math.ceil(bytes / step) }, (_, at) => at * step);
      const patience = ending === 'left silent' ? impatientMs : timeoutMs;
      const outcomes = await Promise.all([...lengths, bytes - 1].map((length) => collect(`/${length}`, patience)));
      expect(new Set(outcomes)).toEqual(
        new Set(outcomes.filter((one) => /^(?:Fetch|PrometheusFormat)Error$/.test(one))),
      );
    });
  }
}

test('a page that ends with its connection may end anywhere: it is refused, even whole', async () => {
  answer = (path) => ({
    bytes: closed(page).subarray(0, closed(page).length - Number(path.slice(1))),
    ending: 'closed',
  });
  const outcomes = await Promise.all([0, 1, 40, 80, 120, 200].map((missing) => collect(`/${missing}`, timeoutMs)));
  expect(new Set(outcomes)).toEqual(new Set(['FetchError']));
});

const silent = [
  { what: 'that lacks its end', bytes: withLength(page).subarray(0, -50) },
  { what: 'whose length nobody told', bytes: closed(page) },
  { what: 'of OpenMetrics, whose connection is never closed', bytes: closed(openMetrics, om) },
];
for (const { what, bytes } of silent) {
  test(`a page ${what} is late, not short`, async () => {
    answer = () => ({ bytes, ending: 'left silent' });
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const late = fetchPage({ url, allowed: new AllowedHosts(['127.0.0.1']), timeoutMs: 100 });
    await expect(late).rejects.toMatchObject({ kind: 'upstream-timeout' });
  });
}

test('a page that is compressed in another way is refused in so many words', async () => {
  answer = () => ({ bytes: withLength(page, 'content-encoding: br'), ending: 'closed' });
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const read = fetchPage({ url, allowed: new AllowedHosts(['127.0.0.1']), timeoutMs });
  await expect(read).rejects.toMatchObject({ kind: 'bad-metrics-page', message: /compressed/ });
});
