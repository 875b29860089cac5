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
