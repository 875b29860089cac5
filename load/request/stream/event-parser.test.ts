import { expect } from '@playwright/test';
import { createParser } from 'eventsource-parser';
import fc from 'fast-check';
import { test } from '../../../testing/plain-test.ts';
import { parserOf, type StreamEvent, type StreamForm, TooLongError } from './event-parser.ts';

interface Parsed {
  readonly events: readonly StreamEvent[];
  readonly retries: readonly number[];
  readonly isWhole: boolean;
}

function parsed(form: StreamForm, pieces: readonly Uint8Array[], maxBytes = 1_000_000): Parsed {
  const events: StreamEvent[] = [];
  const retries: number[] = [];
  const sink = {
    onEvent: (event: StreamEvent) => void events.push(event),
    onRetry: (ms: number) => void retries.push(ms),
    onUnknown: () => undefined,
  };
  const parser = parserOf(form, { sink, maxBytes });
  for (const piece of pieces) parser.take(piece);
  return { isWhole: parser.end(), events, retries };
}

/** What the package makes of the whole text at once. */
function atOnce(bytes: Uint8Array): Pick<Parsed, 'events' | 'retries'> {
  const events: StreamEvent[] = [];
  const retries: number[] = [];
  const parser = createParser({
    onEvent: ({ event, data, id }) => void events.push({ event, data, id }),
    onRetry: (ms) => void retries.push(ms),
  });
  // It waits for the line feed that might follow a carriage return at the very end.
  parser.feed(new TextDecoder().decode(bytes).replace(/\r$/, '\r\n'));
  return { events, retries };
}

/** Cut at these places, each taken as a share of its length. */
function cutUp(bytes: Uint8Array, shares: readonly number[]): Uint8Array[] {
  const places = shares.map((share) => Math.floor(share * (bytes.length + 1))).sort((a, b) => a - b);
  return [0, ...places].map((from, n) => bytes.subarray(from, [...places, bytes.length][n]));
}

const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
const value = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('ä€😀', '', ' x', ':', '1000'));
const field = fc.constantFrom('data: ', 'data:', 'data', 'event: ', 'id: ', 'retry: ', ': ', '', 'datax: ');
const line = fc.tuple(field, value, lineEnd).map(([name, said, end]) => `${name}${said.replace(/[\r\n]/g, '')}${end}`);
const text = fc
  .tuple(fc.constantFrom('', '\uFEFF'), fc.array(fc.oneof(line, lineEnd), { maxLength: 30 }))
  .map(([mark, lines]) => mark + lines.join(''));
const shares = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), { maxLength: 20 });

test('however a stream is cut into pieces, its events are those of the package fed at once', () => {
  fc.assert(
    fc.property(text, shares, (whole, places) => {
      const bytes = new TextEncoder().encode(whole);
      const { events, retries } = parsed('events', cutUp(bytes, places));
      expect({ events, retries }).toEqual(atOnce(bytes));
    }),
    { numRuns: 2_000 },
  );
});

test('byte by byte too, and where the bytes are no UTF-8', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...Buffer.from('data: \n\n\r')), fc.nat(255)), { maxLength: 60 }),
      (all) => {
        const bytes = Uint8Array.from(all);
        const pieces = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
        expect(parsed('events', pieces).events).toEqual(parsed('events', [bytes]).events);
        expect(parsed('lines', pieces)).toEqual(parsed('lines', [bytes]));
      },
    ),
    { numRuns: 1_000 },
  );
});

const event = (data: string, more: Partial<StreamEvent> = {}): StreamEvent => ({
  event: undefined,
  id: undefined,
  data,
  ...more,
});
const cases: readonly {
  readonly it: string;
  readonly form: StreamForm;
  readonly pieces: readonly string[];
  readonly events: readonly StreamEvent[];
  readonly isWhole?: false;
}[] = [
  {
    it: 'an event',
    form: 'events',
    pieces: ['event: a\nid: 7\ndata: b\n\n'],
    events: [event('b', { event: 'a', id: '7' })],
  },
  { it: 'an event of several lines', form: 'events', pieces: ['data: a\ndata: b\n\n'], events: [event('a\nb')] },
  {
    it: 'line ends that are cut in two',
    form: 'events',
    pieces: ['data: a\r', '\n\r', '\ndata: b\r\n\r\n'],
    events: [event('a'), event('b')],
  },
  {
    it: 'an event that ends with a carriage return, before more comes',
    form: 'events',
    pieces: ['data: a\r\r'],
    events: [event('a')],
  },
  { it: 'a byte order mark', form: 'events', pieces: ['\uFEFFdata: a\n\n'], events: [event('a')] },
  {
    it: 'an event without its end',
    form: 'events',
    pieces: ['data: a\n\ndata: b\n'],
    events: [event('a')],
    isWhole: false,
  },
  { it: 'half the name of a field', form: 'events', pieces: ['data: a\n\nda'], events: [event('a')], isWhole: false },
  { it: 'a comment without its end', form: 'events', pieces: ['data: a\n\n: still there'], events: [event('a')] },
  { it: 'nothing', form: 'events', pieces: [], events: [] },
  {
    it: 'lines, empty ones left out',
    form: 'lines',
    pieces: ['{"a"', ':1}\r\n\n{"b":2}\n'],
    events: [event('{"a":1}'), event('{"b":2}')],
  },
  { it: 'a last line without its end', form: 'lines', pieces: ['a\nb'], events: [event('a'), event('b')] },
  { it: 'chunks as they came', form: 'chunks', pieces: ['a', 'b\n'], events: [event('a'), event('b\n')] },
];
for (const { it, form, pieces, events, isWhole = true } of cases)
  test(`${form}: ${it}`, () => {
    const { events: seen, isWhole: seenWhole } = parsed(
      form,
      pieces.map((piece) => Buffer.from(piece)),
    );
    expect([seen, seenWhole]).toEqual([events, isWhole]);
  });

test('a character that is cut in two is whole in its chunk', () => {
  const [first, ...rest] = Buffer.from('ä');
  expect(parsed('chunks', [Buffer.from([first ?? 0]), Buffer.from(rest)]).events).toEqual([event('ä')]);
});

const long: readonly { readonly it: string; readonly form: StreamForm; readonly pieces: readonly string[] }[] = [
  { it: 'an event in one piece', form: 'events', pieces: [`data: ${'x'.repeat(101)}\n\n`] },
  { it: 'an event in bytes, though not in characters', form: 'events', pieces: [`data: ${'€'.repeat(34)}\n\n`] },
  { it: 'a line that does not end', form: 'events', pieces: ['data: ', 'x'.repeat(60), 'x'.repeat(60)] },
  { it: 'an event of many lines', form: 'events', pieces: Array.from({ length: 40 }, () => 'data: xx\n') },
  {
    it: 'a name and an id',
    form: 'events',
    pieces: [`event: ${'x'.repeat(60)}\n`, `id: ${'y'.repeat(60)}\n`, 'data: 1\n\n'],
  },
  { it: 'a comment', form: 'events', pieces: [`:${'x'.repeat(101)}`] },
  { it: 'a line', form: 'lines', pieces: ['x'.repeat(60), 'x'.repeat(60)] },
  { it: 'a line in bytes', form: 'lines', pieces: [`${'€'.repeat(34)}\n`] },
];
for (const { it, form, pieces } of long)
  test(`${form}: ${it} of more than 100 bytes is refused`, () => {
    const bytes = pieces.map((piece) => Buffer.from(piece));
    expect(() => parsed(form, bytes, 100)).toThrow(TooLongError);
    expect(() => parsed(form, bytes, 1_000)).not.toThrow();
  });
