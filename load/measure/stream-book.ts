/**
 * What the streams of a row did beyond being requests: their events, the time to the first and the gaps between them, and
 * the tokens in them, in the form that merges. Events are filed as they come, so that a stream that lasts is seen while it
 * lasts.
 *
 * Time to first token, inter-token latency and time per output token are those of `vllm bench serve` (docs/streams.md).
 */
import { LatencyHistogram } from './histogram.ts';
import { windowPrecision } from './run-window.ts';
import { SparseHistogram } from './sparse-histogram.ts';

/** A second of a row's streams, by when the events came. */
export interface StreamWindow {
  events: number;
  tokens: number;
  /** Milliseconds. */
  readonly firstEvent: SparseHistogram;
  readonly gap: SparseHistogram;
}

/** The distributions of a book. */
export const streamTimes = [
  'firstEvent',
  'gap',
  'duration',
  'timeToFirstToken',
  'interTokenLatency',
  'timePerOutputToken',
] as const;
export type StreamTime = (typeof streamTimes)[number];

/** Its counters. */
export const streamCounts = [
  'streams',
  'events',
  'tokens',
  'cut',
  'stalled',
  'empty',
  'left',
  'reconnects',
  'pauses',
] as const;
export type StreamCount = (typeof streamCounts)[number];

export interface StreamBook extends Record<StreamCount, number>, Readonly<Record<StreamTime, LatencyHistogram>> {
  /** Streams whose head came with a good status. */
  streams: number;
  /** Server-sent events, lines or chunks. */
  events: number;
  /** As the stream's own hook counts them; 0 without one. */
  tokens: number;
  /** That broke off before their end. */
  cut: number;
  /** That were silent for longer than `stallAfter`. */
  stalled: number;
  /** That ended without one event. */
  empty: number;
  /** That the scenario left before their end. */
  left: number;
  /** Connections made anew after a cut, with `Last-Event-ID`. */
  reconnects: number;
  /** Times that reading stopped, as the scenario did not take what had come: gaps after it are the generator's own. */
  pauses: number;
  /** To the first event: from the intended start in an open model, from the first byte sent in a closed one. */
  readonly firstEvent: LatencyHistogram;
  /** Between two events that follow each other. */
  readonly gap: LatencyHistogram;
  /** From the first byte sent to the last received, of the streams that ended well. */
  readonly duration: LatencyHistogram;
  /** To the first event that carries a token, as `firstEvent`. */
  readonly timeToFirstToken: LatencyHistogram;
  /** Between two events that carry tokens. */
  readonly interTokenLatency: LatencyHistogram;
  /** Of each stream that ended well with two tokens or more: from its first token to its last, by the tokens after the first. */
  readonly timePerOutputToken: LatencyHistogram;
  /** Events of each stream that had one, a count in the place of milliseconds. */
  readonly eventsPerStream: LatencyHistogram;
  /** Tokens likewise. */
  readonly tokensPerStream: LatencyHistogram;
  /** By second; of the measured part alone. */
  readonly windows: Map<number, StreamWindow>;
}

/** All its histograms. */
export const streamHistograms = [...streamTimes, 'eventsPerStream', 'tokensPerStream'] as const;

export function emptyStreamWindow(): StreamWindow {
  return {
    events: 0,
    tokens: 0,
    firstEvent: new SparseHistogram(windowPrecision),
    gap: new SparseHistogram(windowPrecision),
  };
}

export function emptyStreamBook(): StreamBook {
  const counts = Object.fromEntries(streamCounts.map((count) => [count, 0])) as Record<StreamCount, number>;
  const times = Object.fromEntries(streamHistograms.map((name) => [name, new LatencyHistogram()])) as Record<
    (typeof streamHistograms)[number],
    LatencyHistogram
  >;
  return { ...counts, ...times, windows: new Map() };
}

/** The other's windows so many seconds later. */
export function addStreamBook(into: StreamBook, from: StreamBook, laterSeconds = 0): void {
  for (const count of streamCounts) into[count] += from[count];
  for (const name of streamHistograms) into[name].add(from[name]);
  for (const [second, window] of from.windows) {
    const at = second + laterSeconds;
    const mine = into.windows.get(at) ?? emptyStreamWindow();
    into.windows.set(at, mine);
    mine.events += window.events;
    mine.tokens += window.tokens;
    mine.firstEvent.add(window.firstEvent);
    mine.gap.add(window.gap);
  }
}
