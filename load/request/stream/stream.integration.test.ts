/** What becomes of a stream, whatever its server does: its events, how its loop ends, and the one sample that is made of it. */
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from '@playwright/test';
import { listening } from '../../../testing/listening.ts';
import { test } from '../../../testing/plain-test.ts';
import { RequestContext } from '../context.ts';
import { isRequestError } from '../errors.ts';
import type { RequestContextOptions } from '../request-options.ts';
import type { RequestSample } from '../sample.ts';
import type { StreamOptions } from './stream-options.ts';

const { listen, sockets } = listening();

interface Ended {
  readonly events: readonly string[];
  /** First line of what the loop threw; undefined where it ended. */
  readonly error: string | undefined;
  /** All of it. */
  readonly whole: string | undefined;
  readonly outcome: string | number | undefined;
  readonly samples: readonly RequestSample[];
}

async function streamed(
  port: number,
  options: StreamOptions = {},
  of: RequestContextOptions & { path?: string } = {},
): Promise<Ended> {
  const samples: RequestSample[] = [];
  const { path = '/events', ...context } = of;
  await using request = new RequestContext({
    baseURL: `http://127.0.0.1:${port}`,
    timeout: 20_000,
    ...context,
    onRequest: (sample) => samples.push(sample),
  });
  const events: string[] = [];
  let error: unknown;
  try {
    for await (const { data } of request.stream(path, options)) events.push(data);
  } catch (thrown) {
    error = thrown;
    expect(isRequestError(thrown)).toBe(true);
  }
  const [sample] = samples;
  return {
    events,
    error: error instanceof Error ? error.message.split('\n')[0] : undefined,
    whole: error instanceof Error ? error.message : undefined,
    outcome: sample?.failure?.kind ?? sample?.status,
    samples,
  };
}

const sse = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
const chunked = `${sse}transfer-encoding: chunked\r\n\r\n`;
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const one = chunk('data: one\n\n');
const two = `${one}${chunk('data: two\n\n')}`;
const last = '0\r\n\r\n';

/** A server that writes this to each connection, and then does that. */
function raw(bytes: string | Buffer, then: 'nothing' | 'end' | 'reset' = 'nothing'): Promise<number> {
  return listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.write(bytes, () => {
          if (then === 'end') socket.end();
          else if (then === 'reset') setTimeout(() => socket.resetAndDestroy(), 30);
        });
      });
    }),
  );
}

/** Short where it is to pass, and nowhere else: a slow machine is to change no ending into another. */
const limitsOf = (outcome: string | number): StreamOptions =>
  outcome === 'stalled' ? { stallAfter: '150ms' } : outcome === 'timeout' ? { firstEventTimeout: '150ms' } : {};
const strange: readonly {
  readonly it: string;
  readonly bytes: string | Buffer;
  readonly then?: 'nothing' | 'end' | 'reset';
  readonly options?: StreamOptions;
  readonly events?: readonly string[];
  readonly outcome: string | number;
  readonly error?: RegExp;
}[] = [
  { it: 'ends as it should', bytes: chunked + two + last, events: ['one', 'two'], outcome: 200 },
  { it: 'says nothing at all', bytes: '', outcome: 'timeout', error: /Timeout 150ms exceeded/ },
  { it: 'sends a head alone', bytes: chunked, outcome: 'timeout', error: /Timeout 150ms exceeded\. No event had come/ },
  {
    it: 'sends comments and no event',
    bytes: chunked + chunk(':\n\n'),
    outcome: 'timeout',
    error: /No event had come/,
  },
  {
    it: 'never ends',
    bytes: chunked + two,
    events: ['one', 'two'],
    outcome: 'stalled',
    error: /stalled: nothing came for 150 ms after 2 events/,
  },
  {
    it: 'is longer than its timeout',
    bytes: chunked + one,
    options: { firstEventTimeout: '20s', timeout: 2_000 },
    events: ['one'],
    outcome: 'timeout',
    error: /Timeout 2000ms exceeded\. The stream was not over after 1 event/,
  },
  {
    it: 'is closed in the middle',
    bytes: chunked + two,
    then: 'end',
    events: ['one', 'two'],
    outcome: 'body-cut-off',
    error: /cut off after 2 events: aborted/,
  },
  {
    it: 'is reset in the middle',
    bytes: chunked + one,
    then: 'reset',
    events: ['one'],
    outcome: 'body-cut-off',
    error: /cut off after 1 event: aborted/,
  },
  {
    it: 'is closed within a chunk',
    bytes: `${chunked}${one}ff\r\ndata: t`,
    then: 'end',
    events: ['one'],
    outcome: 'body-cut-off',
    error: /cut off after 1 event/,
  },
  {
    it: 'ends well within an event',
    bytes: chunked + one + chunk('data: tw') + last,
    events: ['one'],
    outcome: 'body-cut-off',
    error: /cut off after 1 event: it ended within an event/,
  },
  {
    it: 'is shorter than its length',
    bytes: `${sse}content-length: 99\r\n\r\ndata: one\n\n`,
    then: 'end',
    events: ['one'],
    outcome: 'body-cut-off',
    error: /cut off after 1 event/,
  },
  { it: 'has its length', bytes: `${sse}content-length: 11\r\n\r\ndata: one\n\n`, events: ['one'], outcome: 200 },
  {
    it: 'lasts until its connection is closed',
    bytes: `${sse}\r\ndata: one\n\n`,
    then: 'end',
    events: ['one'],
    outcome: 200,
  },
  {
    it: 'ends without its last event',
    bytes: chunked + two + last,
    options: { isLast: ({ data }) => data === '[DONE]' },
    events: ['one', 'two'],
    outcome: 'body-cut-off',
    error: /cut off after 2 events: its last event did not come/,
  },
  {
    it: 'is kept open after its last event',
    bytes: chunked + two,
    options: { isLast: ({ data }) => data === 'two' },
    events: ['one', 'two'],
    outcome: 200,
  },
  { it: 'is empty', bytes: chunked + last, outcome: 'empty', error: /the stream ended without an event$/ },
  {
    it: 'is garbage',
    bytes: chunked + chunk('<html>\nno events\n') + last,
    outcome: 'empty',
    error: /without an event; it began with `<html>`/,
  },
  {
    it: 'is a page, where events were asked for',
    bytes: 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>',
    options: { as: 'events' },
    outcome: 'malformed',
    error: /its content-type must be `text\/event-stream`, got `text\/html`/,
  },
  {
    it: 'is no JSON, where tokens of OpenAI were asked for',
    bytes: chunked + two + last,
    options: { tokens: 'openai' },
    outcome: 'malformed',
    error: /an event is no JSON: one/,
  },
  {
    it: 'tells of an error within the stream',
    bytes: chunked + chunk('data: {"error":{"message":"out of memory"}}\n\n') + last,
    options: { tokens: 'openai' },
    outcome: 'malformed',
    error: /tells of an error within the stream: out of memory/,
  },
  {
    it: 'is no HTTP after a while',
    bytes: `${chunked}${one}zz\r\n`,
    events: ['one'],
    outcome: 'body-cut-off',
    error: /cut off after 1 event/,
  },
  { it: 'answers 204', bytes: 'HTTP/1.1 204 No Content\r\n\r\n', outcome: 'empty', error: /without an event/ },
  {
    it: 'answers 503',
    bytes: 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 4\r\n\r\nbusy',
    outcome: 503,
    error: /answered 503 Service Unavailable/,
  },
  {
    it: 'is coded as nobody knows',
    bytes: `${sse}content-encoding: pigeon\r\ncontent-length: 1\r\n\r\nx`,
    outcome: 'malformed',
    error: /content-encoding `pigeon` is not known/,
  },
  {
    it: 'is no gzip, though it says so',
    bytes: `${sse}content-encoding: gzip\r\ncontent-length: 9\r\n\r\nnot gzip!`,
    outcome: 'malformed',
    error: /incorrect header check/,
  },
  {
    it: 'has a rule that throws',
    bytes: chunked + two + last,
    options: {
      isLast: () => {
        throw new Error('my mistake');
      },
    },
    outcome: 'other',
    error: /my mistake/,
  },
  {
    it: 'has a rule for its last event that is `async`',
    bytes: chunked + two + last,
    options: { isLast: (async () => Promise.reject(new Error('late'))) as unknown as () => boolean },
    outcome: 'other',
    error: /`isLast` must give `true` or `false`, got a promise: is it `async`\?/,
  },
  {
    it: 'has a rule for tokens that is `async`',
    bytes: chunked + two + last,
    options: { tokens: (async () => Promise.reject(new Error('late'))) as unknown as () => number },
    outcome: 'other',
    error: /`tokens` must give a whole number from 0 on, got a promise: is it `async`\?/,
  },
  {
    it: 'begins with what a terminal would obey',
    bytes: chunked + chunk('\u001b[2Jpassword=hunter2hunter2\n') + last,
    outcome: 'empty',
    error: /it began with `password=\*\*\*`$/,
  },
];
for (const { it, bytes, then, options, events = [], outcome, error } of strange)
  test(`a stream that ${it} is one request: ${outcome}`, async () => {
    const ended = await streamed(await raw(bytes, then), { ...limitsOf(outcome), ...options });
    expect(ended).toMatchObject({ events, outcome });
    if (error === undefined) expect(ended.error).toBeUndefined();
    else expect(ended.error).toMatch(error);
    expect(ended.samples).toHaveLength(1);
  });

const allowed: readonly {
  it: string;
  allow: 'cut' | 'stalled' | 'empty';
  bytes: string;
  then: 'nothing' | 'end';
  events: string[];
}[] = [
  { it: 'is cut off', allow: 'cut', bytes: chunked + one, then: 'end', events: ['one'] },
  { it: 'stalls', allow: 'stalled', bytes: chunked + one, then: 'nothing', events: ['one'] },
  { it: 'is empty', allow: 'empty', bytes: chunked + last, then: 'nothing', events: [] },
];
for (const { it, allow, bytes, then, events } of allowed)
  test(`a stream that ${it} is no failure where its spec allows for it`, async () => {
    const port = await raw(bytes, then);
    const limits = limitsOf(allow);
    expect(await streamed(port, { ...limits, allow: [allow] })).toMatchObject({
      events,
      outcome: 200,
      error: undefined,
    });
    const others = (['cut', 'stalled', 'empty'] as const).filter((other) => other !== allow);
    expect((await streamed(port, { ...limits, allow: others })).error).toBeDefined();
  });

const roleAlone = 'data: {"choices":[{"delta":{"role":"assistant"}}]}\n\n';
const ofNoToken = '{"choices":[],"usage":{"completion_tokens":0}}';
const tokenless: readonly { it: string; body: string; tokens: 'openai' | (() => number); events: number }[] = [
  { it: 'is its end alone', body: 'data: [DONE]\n\n', tokens: 'openai', events: 1 },
  { it: 'has a role alone', body: `${roleAlone}data: [DONE]\n\n`, tokens: 'openai', events: 2 },
  { it: 'says so itself', body: `${roleAlone}data: ${ofNoToken}\n\ndata: [DONE]\n\n`, tokens: 'openai', events: 3 },
  { it: 'has none by a rule of the spec', body: 'data: a\n\n', tokens: () => 0, events: 1 },
];
for (const { it, body, tokens, events } of tokenless)
  test(`a stream whose tokens are counted and that ${it} is empty`, async () => {
    const port = await raw(chunked + chunk(body) + last);
    const { outcome, error } = await streamed(port, { tokens });
    expect([outcome, error]).toEqual([
      'empty',
      expect.stringContaining(`the stream ended without a token after ${events} event`),
    ]);
    expect(await streamed(port, { tokens, allow: ['empty'] })).toMatchObject({
      outcome: 200,
      error: undefined,
    });
  });

test('a line of a gigabyte is a named failure before it is in memory', async () => {
  const piece = Buffer.alloc(1_048_576, 'x');
  let sent = 0;
  const port = await listen(
    createServer((socket) => {
      const more = (): void => {
        while (sent < 1_073_741_824 && !socket.destroyed) {
          sent += piece.length;
          if (!socket.write(piece)) return void socket.once('drain', more);
        }
      };
      socket
        .on('error', () => undefined)
        .once('data', () => {
          socket.write(`${sse}\r\ndata: `);
          more();
        });
    }),
  );
  const before = process.memoryUsage.rss();
  const { outcome, error } = await streamed(port);
  expect([outcome, error]).toEqual(['malformed', expect.stringContaining('an event is longer than 1048576 bytes')]);
  expect(sent).toBeLessThan(200 * piece.length); // what sockets hold between the two
  expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 1_048_576);
});

for (const [encoding, encode] of Object.entries({ gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync }))
  test(`a stream in ${encoding} is read as it comes, and cut off it is named so`, async () => {
    const body = encode('data: one\n\ndata: two\n\n');
    const head = `${sse}content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n\r\n`;
    const whole = await streamed(await raw(Buffer.concat([Buffer.from(head), body])));
    expect(whole).toMatchObject({ events: ['one', 'two'], outcome: 200 });
    const part = await raw(Buffer.concat([Buffer.from(head), body.subarray(0, -2)]), 'end');
    expect(await streamed(part)).toMatchObject({ outcome: 'body-cut-off' });
  });

test('a server that does not read the body of a POST is given up by the time for the first event', async () => {
  const port = await listen(createServer((socket) => void socket.pause()));
  const data = Buffer.alloc(64 * 1_048_576);
  const { outcome, error } = await streamed(port, { firstEventTimeout: '150ms', data });
  expect([outcome, error]).toEqual(['timeout', expect.stringContaining('Timeout 150ms exceeded')]);
});

/** A server of Node's own, by what it does with a response. */
function serve(
  answer: (response: ServerResponse, url: string, headers: NodeJS.Dict<string | string[]>) => unknown,
): Promise<number> {
  return listen(
    createHttpServer((request, response) => {
      request.resume();
      void answer(response, `${request.method} ${request.url}`, request.headers);
    }),
  );
}

const asEvents = { 'content-type': 'text/event-stream' };

test('no compression is asked for, unless the caller does, and events where events are meant', async () => {
  const seen: unknown[] = [];
  const port = await serve((response, line, headers) => {
    seen.push([line, headers['accept'], headers['accept-encoding']]);
    response.writeHead(200, asEvents).end('data: one\n\n');
  });
  await streamed(port);
  await streamed(port, { as: 'events', data: { a: 1 }, headers: { 'Accept-Encoding': 'br' } });
  await streamed(port, { as: 'events', method: 'put' }, { extraHTTPHeaders: { accept: 'a/b' } });
  expect(seen).toEqual([
    ['GET /events', '*/*', 'identity'],
    ['POST /events', 'text/event-stream', 'br'],
    ['PUT /events', 'a/b', 'identity'],
  ]);
});

test('a redirect is followed with its cookies, and the stream is in the row of what was asked for', async () => {
  const port = await serve((response, line, headers) => {
    if (line === 'GET /events') response.writeHead(302, { location: '/here', 'set-cookie': 'a=1' }).end();
    else response.writeHead(200, asEvents).end(`data: ${line} ${String(headers['cookie'])}\n\n`);
  });
  const { events, samples } = await streamed(port);
  expect(events).toEqual(['GET /here a=1']);
  expect(samples.map(({ url }) => url)).toEqual([`http://127.0.0.1:${port}/events`]);
});

test('a challenge is answered', async () => {
  const port = await serve((response, _, headers) => {
    if (headers['authorization'] === undefined)
      response.writeHead(401, { 'www-authenticate': 'Basic realm="a"' }).end();
    else response.writeHead(200, asEvents).end('data: in\n\n');
  });
  expect((await streamed(port, {}, { httpCredentials: { username: 'ann', password: 'x' } })).events).toEqual(['in']);
});

test('lines come by their type, the last without its end too', async () => {
  const port = await serve((response) =>
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' }).end('{"a":1}\r\n\n{"b":2}'),
  );
  expect((await streamed(port)).events).toEqual(['{"a":1}', '{"b":2}']);
});

test('a cut stream is taken up again with the last id, after the time that the server names', async () => {
  const ids: unknown[] = [];
  const atMs: number[] = [];
  const port = await serve((response, _, headers) => {
    atMs.push(performance.now());
    ids.push(headers['last-event-id']);
    response.writeHead(200, asEvents);
    response.write(`retry: 120\nid: ${ids.length}\ndata: ${ids.length}\n\n`, () => {
      if (ids.length < 3) response.destroy();
      else response.end();
    });
  });
  const { events, outcome, samples } = await streamed(port, { reconnect: 2 });
  expect({ events, outcome, ids }).toEqual({ events: ['1', '2', '3'], outcome: 200, ids: [undefined, '1', '2'] });
  expect(samples).toHaveLength(1);
  expect((atMs[1] ?? 0) - (atMs[0] ?? 0)).toBeGreaterThanOrEqual(119);
});

test('one that is cut more often is cut, one whose server wants a longer wait than there is patience stalls', async () => {
  const cutting = (retryMs: number) =>
    serve((response) => {
      response.writeHead(200, asEvents).write(`retry: ${retryMs}\ndata: x\n\n`, () => response.destroy());
    });
  expect(await streamed(await cutting(1), { reconnect: 2 })).toMatchObject({
    events: ['x', 'x', 'x'],
    outcome: 'body-cut-off',
  });
  expect(await streamed(await cutting(1e15), { reconnect: 2, stallAfter: '150ms' })).toMatchObject({
    events: ['x'],
    outcome: 'stalled',
  });
});

test('a stream that is taken up again and answered with 204 is over, as the standard says', async () => {
  let n = 0;
  const port = await serve((response) => {
    n += 1;
    if (n === 1) response.writeHead(200, asEvents).write('retry: 1\ndata: x\n\n', () => response.destroy());
    else response.writeHead(204).end();
  });
  expect(await streamed(port, { reconnect: 5 })).toMatchObject({ events: ['x'], outcome: 200, error: undefined });
});

const again: readonly {
  readonly it: string;
  readonly second: (response: ServerResponse) => void;
  readonly outcome: string | number;
  readonly error: RegExp;
}[] = [
  {
    it: 'a page is no part of the stream',
    second: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in'),
    outcome: 'malformed',
    error: /the answer is no event stream: .* got `text\/html`/,
  },
  {
    it: 'a refusal shows its own body alone',
    second: (response) => response.writeHead(503).end('busy'),
    outcome: 503,
    error: /answered 503 Service Unavailable Response text: busy$/,
  },
];
for (const { it, second, outcome, error } of again)
  test(`when a stream is taken up again, ${it}`, async () => {
    let n = 0;
    const port = await serve((response) => {
      n += 1;
      if (n > 1) second(response);
      else response.writeHead(200, asEvents).write('retry: 1\ndata: x\n\n', () => response.destroy());
    });
    const ended = await streamed(port, { reconnect: 5 });
    expect(ended).toMatchObject({ events: ['x'], outcome });
    expect(ended.whole?.replaceAll('\n', ' ').replace(/ Call log:.*/, '')).toMatch(error);
  });

test('an id of any language is sent in UTF-8, as the standard says', async () => {
  const ids: unknown[] = [];
  const port = await serve((response, _, headers) => {
    ids.push(headers['last-event-id']);
    response.writeHead(200, asEvents).write('retry: 1\nid: ü€😀\ndata: x\n\n', () => {
      if (ids.length < 2) response.destroy();
      else response.end();
    });
  });
  expect(await streamed(port, { reconnect: 1 })).toMatchObject({ events: ['x', 'x'], outcome: 200 });
  expect(Buffer.from(String(ids[1]), 'latin1').toString('utf8')).toBe('ü€😀');
});

/** Events without end. */
function endless(response: ServerResponse, data = 'x'): void {
  response.writeHead(200, asEvents);
  const more = (): void => {
    while (!response.destroyed) if (!response.write(`data: ${data}\n\n`)) return void response.once('drain', more);
  };
  more();
}

test('`break` closes the connection and is no failure', async () => {
  const closed: Promise<void>[] = [];
  const port = await serve((response) => {
    closed.push(new Promise((resolve) => response.once('close', resolve)));
    endless(response);
  });
  const samples: RequestSample[] = [];
  const request = new RequestContext({
    baseURL: `http://127.0.0.1:${port}`,
    onRequest: (sample) => samples.push(sample),
  });
  for await (const { data } of request.stream('/events')) {
    expect(data).toBe('x');
    break;
  }
  await closed[0];
  expect(samples.map(({ status, failure }) => [status, failure])).toEqual([[200, undefined]]);
  expect(samples[0]?.details().stream).toMatch(/event.*; left by its scenario$/);
  await request.dispose();
});

test('events that nobody takes hold the server up, and come all the same once they are taken', async () => {
  let written = 0;
  const total = 20_000;
  const data = 'y'.repeat(2_000);
  const port = await serve((response) => {
    response.writeHead(200, asEvents);
    const more = (): void => {
      while (written < total) {
        written += 1;
        if (!response.write(`data: ${written} ${data}\n\n`)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  await using request = new RequestContext({ baseURL: `http://127.0.0.1:${port}`, timeout: 20_000 });
  const stream = request.stream('/events', { stallAfter: '300ms' });
  await stream.response;
  await sleep(700); // longer than it may be silent: it is we who do not read
  let held = -1;
  while (held !== written) {
    held = written;
    await sleep(100);
  }
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(total);
  let n = 0;
  for await (const event of stream) if (event.data.startsWith(`${n + 1} y`)) n += 1;
  expect(n).toBe(total);
});

test('names and ids that nobody takes hold the server up as data does', async () => {
  const event = Buffer.from(`id: ${'y'.repeat(100_000)}\ndata: 1\n\n`);
  let written = 0;
  const port = await serve((response) => {
    response.writeHead(200, asEvents);
    const more = (): void => {
      while (written++ < 1_000) if (!response.write(event)) return void response.once('drain', more);
      response.end();
    };
    more();
  });
  await using request = new RequestContext({ baseURL: `http://127.0.0.1:${port}`, timeout: 5_000 });
  const stream = request.stream('/events');
  await stream.response;
  await sleep(500);
  expect(written).toBeLessThan(300); // what waits with us, and in the sockets of both
  stream.close();
});

test('what came while this process was busy for longer than a stream may be silent is no stall', async () => {
  const port = await raw(chunked + one);
  const ticking = setInterval(() => sockets.forEach((socket) => socket.write(one)), 20);
  await using request = new RequestContext({ baseURL: `http://127.0.0.1:${port}` });
  let n = 0;
  for await (const event of request.stream('/', { stallAfter: '100ms' })) {
    expect(event.data).toBe('one');
    if ((n += 1) > 3) break;
    for (const until = performance.now() + 200; performance.now() < until;) continue; // nothing else runs
  }
  clearInterval(ticking);
  expect(n).toBe(4);
});

test('two streams of one user at a time, one taken by its end', async () => {
  const port = await serve((response, line) => {
    response.writeHead(200, asEvents).write('id: 1\ndata: a\n\n');
    setTimeout(() => response.end(`data: ${line}\n\n`), 20);
  });
  await using request = new RequestContext({ baseURL: `http://127.0.0.1:${port}` });
  const [first, second] = [request.stream('/1'), request.stream('/2')];
  const events: string[] = [];
  for await (const { data } of first) events.push(data);
  expect(events).toEqual(['a', 'GET /1']);
  expect((await second.response).status()).toBe(200);
  expect(await second.end()).toEqual({
    events: 2,
    tokens: 0,
    firstEventMs: expect.any(Number),
    durationMs: expect.any(Number),
    endedBy: 'server',
  });
  expect(second.lastEventId).toBe('1');
});

test('a connection whose stream ended well carries the next request', async () => {
  const port = await serve((response) => response.writeHead(200, asEvents).end('data: x\n\n'));
  const before = sockets.size;
  await using request = new RequestContext({ baseURL: `http://127.0.0.1:${port}` });
  for (let n = 0; n < 3; n++) expect((await request.stream('/').end()).events).toBe(1);
  expect(sockets.size - before).toBe(1);
});

test('a signal, and the end of its context, end a stream that is under way', async () => {
  const port = await raw(chunked + one);
  const samples: RequestSample[] = [];
  const request = new RequestContext({
    baseURL: `http://127.0.0.1:${port}`,
    onRequest: (sample) => samples.push(sample),
  });
  const controller = new AbortController();
  const first = request.stream('/', { signal: controller.signal });
  await first.response;
  controller.abort(new Error('enough'));
  await expect(first.end()).rejects.toThrow('enough');
  const second = request.stream('/');
  await second.response;
  await request.dispose({ reason: 'it is late' });
  await expect(second.end()).rejects.toThrow('it is late');
  await expect(request.stream('/').end()).rejects.toThrow('it is late');
  expect(samples.map(({ failure }) => failure?.kind)).toEqual(['aborted', 'aborted']);
});

test('a stream that is closed before its head has come is an aborted request', async () => {
  const port = await raw('');
  const samples: RequestSample[] = [];
  await using request = new RequestContext({
    baseURL: `http://127.0.0.1:${port}`,
    onRequest: (sample) => samples.push(sample),
  });
  const stream = request.stream('/');
  stream.close();
  const events: unknown[] = [];
  for await (const event of stream) events.push(event);
  expect([events, samples.at(-1)?.failure?.kind]).toEqual([[], 'aborted']);
});

test('a POST sends its body, and an event keeps its name and id', async () => {
  const port = await listen(
    createHttpServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () =>
        response.writeHead(200, asEvents).end(`event: echo\nid: 7\ndata: ${Buffer.concat(parts).toString()}\n\n`),
      );
    }),
  );
  await using request = new RequestContext({ baseURL: `http://127.0.0.1:${port}` });
  for await (const event of request.stream('/', { data: { stream: true } }))
    expect(event).toEqual({ event: 'echo', id: '7', data: '{"stream":true}' });
});
