/** Streams in the books of a run: what is counted, from which moment, and what is not. */
import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { request as playwright } from '@playwright/test';
import { expect } from '@playwright/test';
import { listening } from '../../testing/listening.ts';
import { test } from '../../testing/plain-test.ts';
import { Standstill } from '../../testing/standstill.ts';
import { Recorder } from '../measure/recorder.ts';
import type { RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { iterations } from '../profile/iterations.ts';
import { users } from '../profile/users.ts';
import { type Profile, wholeShare } from '../profile/profile.ts';
import { realClock } from '../run/clock.ts';
import type { LoadOptions } from '../run/load-options.ts';
import { resolveOptions } from '../run/resolve-options.ts';
import { Running } from '../run/run-load.ts';
import type { Scenario } from '../run/scenario.ts';
import { openContexts } from './contexts.ts';

const { listen } = listening();

/** Carries out a load against a server, and gives its books. */
async function booksOf(
  answer: (response: ServerResponse, request: IncomingMessage) => unknown,
  profile: Profile,
  scenario: Scenario<unknown>,
  options: LoadOptions & { warmUpMs?: number; gracefulStopMs?: number } = {},
): Promise<RunData> {
  const port = await listen(createServer((asked, response) => answer(response, asked.resume())));
  const { warmUpMs = 0, gracefulStopMs = 20_000, ...asked } = options;
  const resolved = resolveOptions(asked, profile);
  const plan = {
    index: 0,
    profile: profile.describe(),
    model: profile.model,
    warmUpMs,
    whenSaturated: 'invalid',
  } as const;
  const recorder = new Recorder({ plan });
  const contexts = await openContexts({
    profile,
    resolved,
    share: wholeShare,
    recorder,
    contextOptions: { baseURL: `http://127.0.0.1:${port}` },
    request: playwright,
    now: () => realClock.now(),
  });
  const running = new Running({
    profile,
    scenario,
    recorder,
    clock: realClock,
    share: wholeShare,
    warmUpMs,
    maxInFlight: 100,
    requestTimeoutMs: resolved.requestTimeoutMs,
    gracefulStopMs,
    maxDurationMs: 30_000,
    seed: 1,
    makeContexts: contexts.make,
    giveUpContexts: contexts.giveUp,
  });
  try {
    await running.carryOut();
  } finally {
    await running.close();
    await contexts.close();
  }
  return recorder.data;
}

const asEvents = { 'content-type': 'text/event-stream' };
const row = (data: RunData, name = 'GET /events') => data.endpoints.get(name);
const takeAll: Scenario<unknown> = async ({ request }) => {
  const events: unknown[] = [];
  for await (const event of request.stream('/events')) events.push(event);
};

/** Writes the rest of the events, each so long after the one before it: what is late holds up those that follow. */
function write(response: ServerResponse, [next, ...rest]: readonly Due[]): void {
  if (next === undefined) response.end();
  else
    setTimeout(() => {
      response.write(`data: ${next.data}\n\n`);
      write(response, rest);
    }, next.afterMs);
}

interface Due {
  readonly afterMs: number;
  readonly data: string;
}

/** Three events, the first after 60 ms, the others 40 and 50 ms later. */
function slowly(response: ServerResponse): void {
  response.writeHead(200, asEvents).flushHeaders();
  write(
    response,
    [60, 40, 50].map((afterMs, n) => ({ afterMs, data: String(n) })),
  );
}

const models: readonly { readonly profile: Profile; readonly streams: number }[] = [
  { profile: iterations(4, { users: 2 }), streams: 4 },
  { profile: arrivals('10/s').for('400ms'), streams: 4 },
];
for (const { profile, streams } of models)
  test(`${profile.describe()}: a stream is one request in one row, and its events are in its book`, async () => {
    const data = await booksOf(slowly, profile, takeAll);
    expect(data.counts).toMatchObject({ started: streams, ok: streams });
    expect([...data.endpoints.keys()]).toEqual(['GET /events']);
    const book = row(data)?.stream;
    expect(book).toMatchObject({
      streams,
      events: 3 * streams,
      tokens: 0,
      cut: 0,
      stalled: 0,
      empty: 0,
      left: 0,
      pauses: 0,
    });
    expect(book?.firstEvent.stats()?.min).toBeGreaterThan(55);
    expect(book?.firstEvent.stats()?.count).toBe(streams);
    expect(book?.gap.stats()).toMatchObject({ count: 2 * streams });
    expect(book?.gap.stats()?.p50).toBeGreaterThan(30);
    expect(book?.duration.stats()?.min).toBeGreaterThan(140);
    expect(book?.eventsPerStream.stats()).toMatchObject({ count: streams, min: 3, max: 3 });
    const windows = [...(book?.windows.values() ?? [])];
    expect(windows.reduce((sum, { events }) => sum + events, 0)).toBe(3 * streams);
    expect(data.accounting).toEqual([]);
  });

test('in an open model the first event counts from the intended start, in a closed one from the first byte', async () => {
  const late: Scenario<unknown> = async ({ request }) => {
    for (const until = performance.now() + 50; performance.now() < until;) continue; // the start is late by that
    await request.stream('/events').end();
  };
  const open = await booksOf(slowly, arrivals('5/s').for('200ms'), late);
  using still = new Standstill();
  const closed = await booksOf(slowly, iterations(1, { users: 1 }), late);
  expect(row(open)?.stream?.firstEvent.stats()?.min).toBeGreaterThan(105);
  expect(row(closed)?.stream?.firstEvent.stats()?.max).toBeLessThan(105 + still.ms);
});

test('tokens: to the first, between two, and per token, as many as the usage says', async () => {
  const chunks = ['{"choices":[{"delta":{"role":"assistant"}}]}', 'a', 'b', 'c'].map((text) =>
    text.length > 1 ? text : `{"choices":[{"delta":{"content":"${text}"}}]}`,
  );
  const all = [...chunks, '{"choices":[],"usage":{"completion_tokens":5}}', '[DONE]'];
  using still = new Standstill();
  const data = await booksOf(
    (response) => {
      response.writeHead(200, asEvents);
      write(
        response,
        all.map((text, n) => ({ afterMs: n === 0 ? 0 : 40, data: text })),
      );
    },
    iterations(1, { users: 1 }),
    async ({ request }) => {
      const end = await request.stream('/v1/chat/completions', { data: { stream: true }, tokens: 'openai' }).end();
      expect(end).toMatchObject({ events: 6, tokens: 5, endedBy: 'server' });
    },
  );
  const book = row(data, 'POST /v1/chat/completions')?.stream;
  expect(data.exceptions).toBe(0);
  expect(book).toMatchObject({ events: 6, tokens: 5 });
  expect(book?.timeToFirstToken.stats()?.min).toBeGreaterThan(30); // the role is no token
  expect(book?.firstEvent.stats()?.max).toBeLessThan(30 + still.ms);
  expect(book?.interTokenLatency.stats()?.count).toBe(2);
  expect(book?.tokensPerStream.stats()).toMatchObject({ min: 5, max: 5 });
  const perToken = book?.timePerOutputToken.stats()?.min ?? 0;
  expect(perToken).toBeGreaterThan(15 - still.ms / 4); // 80 ms by the four tokens after the first
  expect(perToken).toBeLessThan(30 + still.ms / 4);
});

const endings: readonly {
  readonly it: string;
  readonly answer: (response: ServerResponse) => unknown;
  readonly scenario?: Scenario<unknown>;
  readonly book: Record<string, number>;
  readonly counts: Record<string, number>;
  readonly error: string;
}[] = [
  {
    it: 'cut',
    answer: (response) => response.writeHead(200, asEvents).write('data: 1\n\n', () => response.destroy()),
    book: { cut: 1, events: 1 },
    counts: { failed: 1 },
    error: 'cut off after 1 event: aborted',
  },
  {
    it: 'stalled',
    answer: (response) => response.writeHead(200, asEvents).write('data: 1\n\n'),
    scenario: async ({ request }) => request.stream('/events', { stallAfter: '100ms' }).end(),
    book: { stalled: 1, events: 1 },
    counts: { failed: 1 },
    error: 'stalled: nothing came for 100 ms after 1 event',
  },
  {
    it: 'empty',
    answer: (response) => response.writeHead(200, asEvents).end(),
    book: { empty: 1, events: 0 },
    counts: { failed: 1 },
    error: 'the stream ended without an event',
  },
];
for (const { it, answer, scenario = takeAll, book, counts, error } of endings)
  test(`a stream that is ${it} is a failed request, once, and counted`, async () => {
    const data = await booksOf(answer, iterations(1, { users: 1 }), scenario);
    expect(row(data)?.stream).toMatchObject({ streams: 1, ...book });
    expect(data.counts).toMatchObject(counts);
    expect([...data.errors.values()].map(({ sample }) => sample)).toEqual([error]);
    expect(data.iterations.failed).toBe(1);
    expect(data.exceptions).toBe(0); // it is the request's own error
    expect(row(data)?.stream?.duration.stats()).toBeUndefined();
    const [exemplar] = data.exemplars.list();
    expect(exemplar).toMatchObject({ why: 'failed', stream: expect.stringMatching(/^[01] events?/) });
  });

test('what the warm-up streams is in no number, nor is what comes after the end', async () => {
  const endless = (response: ServerResponse): void => {
    response.writeHead(200, asEvents);
    const writing = setInterval(() => response.write('data: x\n\n'), 10);
    response.once('close', () => clearInterval(writing));
  };
  const data = await booksOf(endless, users(1).for('200ms'), takeAll, { warmUpMs: 1_500, gracefulStopMs: 0 });
  expect(row(data)?.stream).toBeUndefined(); // the warm-up's own stream lasts until the end
  const measured = await booksOf(endless, users(1).for('2s'), takeAll, { gracefulStopMs: 0 });
  expect(measured.counts).toMatchObject({ started: 1, unfinished: 1 });
  const book = row(measured)?.stream;
  expect(book).toMatchObject({ streams: 1, cut: 0, left: 0 });
  expect(book?.events).toBeGreaterThan(10);
  expect(book?.eventsPerStream.stats()).toBeUndefined();
  expect(measured.accounting).toEqual([]);
});

test('an iteration that ends while its stream goes on has forgotten a request', async () => {
  const data = await booksOf(slowly, iterations(1, { users: 1 }), async ({ request }) => {
    for await (const event of request.stream('/events', { stallAfter: '5s' })) if (event.data === '0') return;
    throw new Error('it has events');
  });
  expect(data.exceptions).toBe(0); // `return` in the loop leaves the stream
  expect(row(data)?.stream).toMatchObject({ left: 1 });
  const forgotten = await booksOf(slowly, iterations(1, { users: 1 }), async ({ request }) => {
    await request.stream('/events').response;
  });
  expect([...forgotten.errors.values()].map(({ sample }) => sample)).toEqual([
    expect.stringContaining(
      'it ended while its own requests were under way, called at load/session/streams.integration.test.ts',
    ),
  ]);
});

test('a stream that nobody iterates is a request like any other', async () => {
  let tell = (): void => undefined;
  const answered = new Promise<void>((resolve) => (tell = resolve));
  const data = await booksOf(
    (response) => response.writeHead(200, asEvents).end('data: 1\n\n', tell),
    iterations(1, { users: 1 }),
    async ({ request }) => {
      request.stream('/events');
      await answered;
      // So that it is over here as well: after a standstill timers come before sockets.
      for (let n = 0; n < 25; n++) await sleep(20);
    },
  );
  expect(data.counts).toMatchObject({ ok: 1 });
  expect(row(data)?.stream).toMatchObject({ events: 1 });
  expect(data.iterations.failed).toBe(0);
});

test('wrong options, also caught ones, fail the iteration, and nothing is sent', async () => {
  const data = await booksOf(slowly, iterations(1, { users: 1 }), ({ request }) => {
    expect(() => request.stream('/events', { reconnect: -1 })).toThrow('`reconnect` must be a whole number from 0 on');
  });
  expect(data.counts.started).toBe(0);
  expect(data.iterations.failed).toBe(1);
});

test("Playwright's own transport cannot stream, and says so", async () => {
  const data = await booksOf(slowly, iterations(1, { users: 1 }), ({ request }) => request.stream('/events').end(), {
    transport: 'playwright',
  });
  expect([...data.errors.values()].map(({ sample }) => sample)).toEqual([
    expect.stringContaining("`stream` is not known to Playwright's own transport"),
  ]);
});

test('more contexts stream as well', async () => {
  const data = await booksOf(slowly, iterations(1, { users: 1 }), async ({ newContext }) => {
    const context = await newContext({ extraHTTPHeaders: { a: 'b' } });
    expect((await context.stream('/events').end()).events).toBe(3);
    await context.dispose();
  });
  expect([data.exceptions, row(data)?.stream?.events]).toEqual([0, 3]);
});

/** What cannot begin in the moment of its call: a file is read for it first, or a package loaded. */
const prepared: Readonly<Record<string, Scenario<unknown>>> = {
  stream: ({ request }) =>
    void request.stream('/events', { multipart: { file: createReadStream(import.meta.filename) } }),
  'request with a file': ({ request }) =>
    void request
      .post('/events', { multipart: { file: createReadStream(import.meta.filename) } })
      .catch(() => undefined),
  handshake: ({ connect }) => void connect('/ws').catch(() => undefined),
};
for (const [what, forget] of Object.entries(prepared))
  test(`a ${what} that no scenario waits for fails its iteration, though it has not begun`, async () => {
    const scenario: Scenario<unknown> = async (scope) => {
      await scope.request.get('/');
      await forget(scope);
    };
    const data = await booksOf(slowly, iterations(2, { users: 1 }), scenario);
    expect(data.iterations).toMatchObject({ started: 2, failed: 2 });
    expect([...data.errors.values()].map(({ sample }) => sample)).toContainEqual(
      expect.stringMatching(/^Error: it ended while its own requests were under way.*: is an `await` missing\?$/),
    );
  });
