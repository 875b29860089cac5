/** Streams, WebSockets and server timing of a row on the wire. */
import { deflateSync, inflateSync } from 'node:zlib';
import type { EncodedHistogram, LatencyHistogram } from './histogram.ts';
import { decodeHistogram } from './open-histogram.ts';
import type { RowExtras } from './row-extras.ts';
import { windowPrecision } from './run-window.ts';
import { emptySocketBook, type SocketBook, type SocketCount, socketCounts, type SocketWindow } from './socket-book.ts';
import { type EncodedSparse, SparseHistogram } from './sparse-histogram.ts';
import {
  emptyStreamBook,
  type StreamBook,
  type StreamCount,
  streamCounts,
  streamHistograms,
  type StreamWindow,
} from './stream-book.ts';

type Histograms<Name extends string> = Partial<Record<Name, EncodedHistogram>>;

/** The books on the wire; windows are deflated base64 JSON. */
export interface EncodedExtras {
  readonly stream?: {
    readonly counts: Record<StreamCount, number>;
    readonly times: Histograms<(typeof streamHistograms)[number]>;
    readonly windows: string;
  };
  readonly socket?: {
    readonly counts: Record<SocketCount, number>;
    readonly closes: Readonly<Record<string, number>>;
    readonly openTime?: EncodedHistogram;
    readonly windows: string;
  };
  readonly serverTiming?: Histograms<string>;
}

type EncodedStreamWindow = readonly [
  second: number,
  events: number,
  tokens: number,
  firstEvent: EncodedSparse,
  gap: EncodedSparse,
];
type EncodedSocketWindow = readonly [second: number, sent: number, received: number, open: number];

/** Undefined for a row that has none of it. */
export function encodeExtras({ stream, socket, serverTiming }: RowExtras): EncodedExtras | undefined {
  if (stream === undefined && socket === undefined && serverTiming === undefined) return undefined;
  return {
    ...(stream !== undefined && { stream: encodeStream(stream) }),
    ...(socket !== undefined && { socket: encodeSocket(socket) }),
    ...(serverTiming !== undefined && { serverTiming: encodeAll([...serverTiming]) }),
  };
}

/** Throws some error for what is damaged. */
export function decodeExtras({ stream, socket, serverTiming }: EncodedExtras): RowExtras {
  return {
    ...(stream !== undefined && { stream: decodeStream(stream) }),
    ...(socket !== undefined && { socket: decodeSocket(socket) }),
    ...(serverTiming !== undefined && {
      serverTiming: new Map(Object.entries(serverTiming).map(([name, times]) => [name, decodeHistogram(times)])),
    }),
  };
}

function encodeStream(book: StreamBook): NonNullable<EncodedExtras['stream']> {
  return {
    counts: countsOf(book, streamCounts),
    times: encodeAll(streamHistograms.map((name) => [name, book[name]])),
    windows: pack([...book.windows].map(encodeStreamWindow)),
  };
}

function decodeStream({ counts, times, windows }: NonNullable<EncodedExtras['stream']>): StreamBook {
  const book = Object.assign(emptyStreamBook(), counts);
  for (const name of streamHistograms) book[name].add(decodeHistogram(times[name]));
  for (const [second, events, tokens, firstEvent, gap] of unpack<EncodedStreamWindow>(windows))
    book.windows.set(second, {
      events,
      tokens,
      firstEvent: SparseHistogram.decode(firstEvent, windowPrecision),
      gap: SparseHistogram.decode(gap, windowPrecision),
    });
  return book;
}

function encodeStreamWindow([second, window]: [number, StreamWindow]): EncodedStreamWindow {
  return [second, window.events, window.tokens, window.firstEvent.encode(), window.gap.encode()];
}

function encodeSocket(book: SocketBook): NonNullable<EncodedExtras['socket']> {
  const openTime = book.openTime.encode();
  return {
    counts: countsOf(book, socketCounts),
    closes: Object.fromEntries(book.closes),
    ...(openTime !== undefined && { openTime }),
    windows: pack([...book.windows].map(encodeSocketWindow)),
  };
}

function decodeSocket({ counts, closes, openTime, windows }: NonNullable<EncodedExtras['socket']>): SocketBook {
  const book = Object.assign(emptySocketBook(), counts);
  for (const [code, count] of Object.entries(closes)) book.closes.set(code, count);
  book.openTime.add(decodeHistogram(openTime));
  for (const [second, sent, received, open] of unpack<EncodedSocketWindow>(windows))
    book.windows.set(second, { sent, received, open });
  return book;
}

function encodeSocketWindow([second, { sent, received, open }]: [number, SocketWindow]): EncodedSocketWindow {
  return [second, sent, received, open];
}

function countsOf<Count extends string>(
  book: Readonly<Record<Count, number>>,
  counts: readonly Count[],
): Record<Count, number> {
  return Object.fromEntries(counts.map((count) => [count, book[count]])) as Record<Count, number>;
}

function encodeAll<Name extends string>(times: readonly (readonly [Name, LatencyHistogram])[]): Histograms<Name> {
  return Object.fromEntries(
    times.flatMap(([name, histogram]) => {
      const encoded = histogram.encode();
      return encoded === undefined ? [] : [[name, encoded]];
    }),
  ) as Histograms<Name>;
}

function pack(rows: readonly unknown[]): string {
  return deflateSync(JSON.stringify(rows)).toString('base64');
}

function unpack<Row>(packed: string): Row[] {
  return JSON.parse(inflateSync(Buffer.from(packed, 'base64')).toString('utf8')) as Row[];
}
