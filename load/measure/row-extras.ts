/**
 * What only some rows have beside the figures of requests: streams, WebSockets, and what the server says of its own time.
 * A row of plain requests carries none of it.
 */
import { addRows, otherTimings, type RowKind } from './bounded-rows.ts';
import { LatencyHistogram } from './histogram.ts';
import { addSocketBook, emptySocketBook, type SocketBook } from './socket-book.ts';
import { addStreamBook, emptyStreamBook, type StreamBook } from './stream-book.ts';

export interface RowExtras {
  /** Absent where none of its requests was a stream. */
  stream?: StreamBook;
  /** Absent where none of its requests opened a WebSocket. */
  socket?: SocketBook;
  /** Milliseconds of each metric that the server told of its answers (`Server-Timing`); absent where it told none. */
  serverTiming?: Map<string, LatencyHistogram>;
}

/** The other's windows so many seconds later. */
export function addExtras(into: RowExtras, { stream, socket, serverTiming }: RowExtras, laterSeconds = 0): void {
  if (stream !== undefined) addStreamBook((into.stream ??= emptyStreamBook()), stream, laterSeconds);
  if (socket !== undefined) addSocketBook((into.socket ??= emptySocketBook()), socket, laterSeconds);
  if (serverTiming === undefined) return;
  addRows((into.serverTiming ??= new Map<string, LatencyHistogram>()), serverTiming, timingRows);
}

const timingRows: RowKind<LatencyHistogram> = {
  others: otherTimings,
  empty: () => new LatencyHistogram(),
  add: (into, from) => into.add(from),
};
