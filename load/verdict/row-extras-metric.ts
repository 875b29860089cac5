/**
 * What limits on streams, WebSockets and server timing read: the books of one row, or those of all rows together. A row of
 * plain requests has none of them, and then there is no data.
 */
import { percentOf } from '../measure/custom-metric.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import type { EndpointData, RunData } from '../measure/run-data.ts';
import { type SocketBook, type SocketCount, socketCounts } from '../measure/socket-book.ts';
import { type StreamBook, type StreamCount, streamCounts, type streamHistograms } from '../measure/stream-book.ts';

/** Some rows: all of a run, or one. */
type Rows = Pick<RunData, 'endpoints'>;

function rowsOf({ endpoints }: Rows, row: EndpointData | undefined): readonly EndpointData[] {
  return row === undefined ? [...endpoints.values()] : [row];
}

/** One that began in the warm-up may end in the measured part: any of its counts makes it one that was. */
export function hasStreams({ stream }: Pick<EndpointData, 'stream'>): boolean {
  return stream !== undefined && streamCounts.some((count) => stream[count] > 0);
}

/** As of streams. */
export function hasSockets({ socket }: Pick<EndpointData, 'socket'>): boolean {
  return socket !== undefined && socketCounts.some((count) => socket[count] > 0);
}

/** What a metric may need of a row. */
export type RowNeed = 'streams' | 'tokens' | 'sockets';

const needs: Readonly<Record<RowNeed, { readonly isMet: (row: EndpointData) => boolean; readonly words: string }>> = {
  streams: { isMet: hasStreams, words: 'nothing was a stream' },
  tokens: { isMet: ({ stream }) => (stream?.tokens ?? 0) > 0, words: 'no token was counted' },
  sockets: { isMet: hasSockets, words: 'no WebSocket was opened' },
};

/** What these rows have none of, in words; undefined where one of them has it. */
export function lackWords(rows: readonly EndpointData[], need: RowNeed): string | undefined {
  if (need === 'tokens' && !rows.some(hasStreams)) return needs.streams.words;
  return rows.some(needs[need].isMet) ? undefined : needs[need].words;
}

/** Of the row, or of all; undefined where nothing was a stream. */
export function streamCount(run: Rows, row: EndpointData | undefined, count: StreamCount): number | undefined {
  const books = rowsOf(run, row)
    .filter(hasStreams)
    .flatMap(({ stream }) => stream ?? []);
  return books.length === 0 ? undefined : books.reduce((sum: number, book: StreamBook) => sum + book[count], 0);
}

/** Without a hook that counts them there are none: that is no measured 0. */
export function tokenCount(run: Rows, row: EndpointData | undefined): number | undefined {
  const tokens = streamCount(run, row, 'tokens');
  return tokens === 0 ? undefined : tokens;
}

/** Of the row, or of all; undefined where no WebSocket was opened. */
export function socketCount(run: Rows, row: EndpointData | undefined, count: SocketCount): number | undefined {
  const books = rowsOf(run, row)
    .filter(hasSockets)
    .flatMap(({ socket }) => socket ?? []);
  return books.length === 0 ? undefined : books.reduce((sum: number, book: SocketBook) => sum + book[count], 0);
}

/** Empty where nothing was a stream. */
export function streamTimesOf(
  run: Rows,
  row: EndpointData | undefined,
  name: (typeof streamHistograms)[number],
): LatencyHistogram {
  return added(rowsOf(run, row).map(({ stream }) => stream?.[name]));
}

/** Empty where no answer told of it. */
export function serverTimingOf(run: Rows, row: EndpointData | undefined, name: string): LatencyHistogram {
  return added(rowsOf(run, row).map(({ serverTiming }) => serverTiming?.get(name)));
}

function added(histograms: readonly (LatencyHistogram | undefined)[]): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const histogram of histograms) if (histogram !== undefined) all.add(histogram);
  return all;
}

/** Counts that stand in the place of milliseconds are whole: a bucket of them says which one it is of. */
export function numberStatistic(histogram: LatencyHistogram, word: string): number | undefined {
  const stats = histogram.stats();
  if (stats === undefined) return undefined;
  const percent = percentOf(word);
  if (percent !== undefined) return Math.round(histogram.percentileMs(percent) ?? 0);
  return word === 'mean' ? stats.mean : Math.round(word === 'min' ? stats.min : stats.max);
}
