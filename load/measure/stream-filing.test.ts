import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { emptyEndpoint } from './run-data.ts';
import { type StreamEnding, StreamFiling } from './stream-filing.ts';

/** Meant for 100 ms of a run that began at 1,000 of its clock; an event is its moment and its tokens. */
function filed(
  events: readonly (readonly [atMs: number, tokens: number])[],
  ending?: StreamEnding,
  overAtMs = Infinity,
) {
  const row = emptyEndpoint();
  let nowMs = 0;
  const filing = new StreamFiling({ row, fromMs: 1_100, zeroMs: 1_000, isOver: () => nowMs >= overAtMs });
  for (const [atMs, tokens] of events) filing.event((nowMs = atMs), tokens);
  if (ending !== undefined) filing.ended(ending);
  if (row.stream === undefined) throw new Error('a stream has a book');
  return row.stream;
}

test('the first event counts from where it was meant, gaps from event to event, each in its own second', () => {
  const book = filed([
    [1_300, 0],
    [1_350, 0],
    [2_150, 0],
  ]);
  expect(book).toMatchObject({ streams: 1, events: 3, tokens: 0 });
  expect(book.firstEvent.stats()).toMatchObject({ count: 1, min: 200, max: 200 });
  expect(book.gap.stats()).toMatchObject({ count: 2, min: 50, max: 800 });
  expect([...book.windows].map(([second, { events }]) => [second, events])).toEqual([
    [0, 2],
    [1, 1],
  ]);
});

test('tokens: TTFT to the first event with one, ITL between two with some, TPOT by the tokens after the first', () => {
  const events = [1_200, 1_300, 1_310, 1_400].map((atMs, n) => [atMs, n === 0 ? 0 : 2] as const);
  const book = filed(events, { by: 'server', durationMs: 400 });
  expect(book.timeToFirstToken.stats()).toMatchObject({ count: 1, max: 200 });
  expect(book.interTokenLatency.stats()).toMatchObject({ count: 2, min: 10, max: 90 });
  expect(book.timePerOutputToken.stats()).toMatchObject({ count: 1, max: 20 }); // 100 ms by five
  expect(book.tokensPerStream.stats()).toMatchObject({ max: 6 });
});

test('what the server tells of tokens stands in the place of what was counted', () => {
  const book = filed(
    [
      [1_300, 1],
      [1_400, 1],
    ],
    { by: 'server', durationMs: 400, toldTokens: 11 },
  );
  expect(book.tokens).toBe(11);
  expect(book.windows.get(0)?.tokens).toBe(11);
  expect(book.timePerOutputToken.stats()).toMatchObject({ max: 10 });
});

const endings = [
  { by: 'server', counts: {}, lasts: true },
  { by: 'client', counts: { left: 1 }, lasts: false },
  { by: 'cut', counts: { cut: 1 }, lasts: false },
  { by: 'stalled', counts: { stalled: 1 }, lasts: false },
  { by: 'empty', counts: { empty: 1 }, lasts: false },
  { by: 'failed', counts: {}, lasts: false },
] as const;
for (const { by, counts, lasts } of endings)
  test(`a stream that ended by ${by} counts so, and ${lasts ? 'has' : 'has no'} duration`, () => {
    const book = filed([[1_300, 1]], { by, durationMs: 400 });
    const none = { cut: 0, stalled: 0, empty: 0, left: 0 };
    expect(book).toMatchObject({ ...none, ...counts });
    expect(book.duration.stats()?.max).toBe(lasts ? 400 : undefined);
    expect(book.eventsPerStream.stats()).toMatchObject({ count: 1, max: 1 });
  });

test('what comes when the run is over is in no number', () => {
  const events = [1_300, 1_400].map((atMs) => [atMs, 1] as const);
  const book = filed(events, { by: 'cut', durationMs: 1 }, 1_400);
  expect(book).toMatchObject({ events: 1, cut: 0 });
  expect(book.eventsPerStream.stats()).toBeUndefined();
});

/** A chunk that came: when, from the request's sending on, and the tokens in it. */
type Came = readonly [ms: number, tokens: number];

/**
 * As `vllm bench serve` computes them (vllm/benchmarks/lib/endpoint_request_func.py, 02cfb53, and serve.py, 009e6d4), of
 * chunks that all carry text: TTFT to the first, ITL from each to the next, TPOT = (latency − TTFT) / (output tokens − 1),
 * where the latency ends with the last of them.
 */
function asVllm(chunks: readonly Came[], told?: number) {
  const times = chunks.map(([ms]) => ms);
  const ttft = times[0] ?? 0;
  const latency = times.at(-1) ?? 0;
  const tokens = told ?? chunks.reduce((sum, [, count]) => sum + count, 0);
  return {
    ttft,
    itl: times.slice(1).map((ms, n) => ms - (times[n] ?? 0)),
    tpot: tokens > 1 ? (latency - ttft) / (tokens - 1) : undefined,
  };
}

const streams: readonly { readonly it: string; readonly chunks: readonly Came[]; readonly told?: number }[] = [
  { it: 'even', chunks: [200, 250, 300, 350, 400].map((ms) => [ms, 1]) },
  { it: 'one with a stall', chunks: [200, 250, 1_250, 1_300].map((ms) => [ms, 1]) },
  { it: 'one whose chunks come together', chunks: [200, 200, 200, 320].map((ms) => [ms, 1]) },
  { it: 'one of several tokens a chunk', chunks: [100, 160, 240].map((ms) => [ms, 1]), told: 15 },
  { it: 'one of a single token', chunks: [[120, 1]] },
];
for (const { it, chunks, told } of streams)
  test(`TTFT, ITL and TPOT of a stream are those of \`vllm bench serve\`: ${it}`, () => {
    const vllm = asVllm(chunks, told);
    const book = filed(
      chunks.map(([ms, tokens]) => [1_100 + ms, tokens]), // it was sent when it was meant to be
      { by: 'server', durationMs: 2_000, toldTokens: told },
    );
    const close = { min: expect.closeTo(Math.min(...vllm.itl), 0), max: expect.closeTo(Math.max(...vllm.itl), 0) };
    expect(book.timeToFirstToken.stats()).toMatchObject({ count: 1, max: expect.closeTo(vllm.ttft, 0) });
    expect(book.interTokenLatency.stats()).toEqual(
      vllm.itl.length === 0 ? undefined : expect.objectContaining({ count: vllm.itl.length, ...close }),
    );
    const tpot = book.timePerOutputToken.stats()?.max;
    if (vllm.tpot === undefined) expect(tpot).toBeUndefined();
    else expect(tpot).toBeCloseTo(vllm.tpot, 2);
  });
