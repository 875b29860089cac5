/** Streams, WebSockets and server timing of a row, as `summary.json` has them. */
import type { LatencyStats } from './histogram.ts';
import { latency, round, roundedStats } from './rounded.ts';
import type { RowExtras } from './row-extras.ts';
import type { SocketBook } from './socket-book.ts';
import type { StreamBook } from './stream-book.ts';

/** Streams of a row. Times are milliseconds; each is absent where nothing was measured. */
export interface StreamSummary {
  /** Streams whose head came with a good status. */
  readonly streams: number;
  /** Server-sent events, lines or chunks. */
  readonly events: number;
  /** Of the measured part. */
  readonly eventsPerSec?: number;
  /** Streams that broke off before their end. */
  readonly cut: number;
  /** Streams that were silent for longer than `stallAfter`. */
  readonly stalled: number;
  /** Streams that ended without one event. */
  readonly empty: number;
  /** Streams that the scenario left before their end. */
  readonly left: number;
  /** Connections made anew after a cut, with `Last-Event-ID`. */
  readonly reconnects: number;
  /** Times that reading stopped, as the scenario did not take what had come: gaps after it are the generator's own. */
  readonly pauses: number;
  /** To the first event: from the intended start in an open model, from the first byte sent in a closed one. */
  readonly firstEventMs?: LatencyStats;
  /** Between two events that follow each other. */
  readonly gapMs?: LatencyStats;
  /** From the first byte sent to the last received, of those that ended well. */
  readonly durationMs?: LatencyStats;
  /** Events of each stream that had one: counts, not milliseconds. */
  readonly eventsPerStream?: LatencyStats;
  /** Absent where no token was counted. */
  readonly tokens?: TokenSummary;
}

/** Tokens of a row's streams, as `vllm bench serve` defines the figures. */
export interface TokenSummary {
  /** Output tokens. */
  readonly count: number;
  /** Output token throughput: of all streams together, over the measured part. */
  readonly perSec?: number;
  /** TTFT: to the first event that carries a token, as `firstEventMs`. */
  readonly timeToFirstTokenMs?: LatencyStats;
  /** ITL: between two events that carry tokens. */
  readonly interTokenLatencyMs?: LatencyStats;
  /** TPOT: of each stream, from its first token to its last, by the tokens after the first. */
  readonly timePerOutputTokenMs?: LatencyStats;
  /** Of each stream that had one: counts, not milliseconds. */
  readonly perStream?: LatencyStats;
}

/** WebSockets of a row. */
export interface SocketSummary {
  /** Handshakes that came through. */
  readonly opened: number;
  /** Messages sent. */
  readonly sent: number;
  /** Messages received. */
  readonly received: number;
  /** Messages sent per second of the measured part. */
  readonly sentPerSec?: number;
  /** Messages received per second of the measured part. */
  readonly receivedPerSec?: number;
  /** Bytes of the messages sent. */
  readonly bytesSent: number;
  /** Bytes of the messages received. */
  readonly bytesReceived: number;
  /** Closed by the server or lost with a code that the scenario did not expect. */
  readonly abnormalCloses: number;
  /** By code (RFC 6455, 7.4), of those that closed before the run was over. */
  readonly closes: Readonly<Record<string, number>>;
  /** From the end of the handshake to the close, in milliseconds. */
  readonly openMs?: LatencyStats;
}

/** What a row has of them. */
export interface ExtrasSummary {
  readonly stream?: StreamSummary;
  readonly socket?: SocketSummary;
  readonly serverTimingMs?: Readonly<Record<string, LatencyStats>>;
}

export function summarizeExtras({ stream, socket, serverTiming }: RowExtras, durationMs: number): ExtrasSummary {
  return {
    ...(stream !== undefined && { stream: summarizeStream(stream, durationMs) }),
    ...(socket !== undefined && { socket: summarizeSocket(socket, durationMs) }),
    ...(serverTiming !== undefined && {
      serverTimingMs: Object.fromEntries(
        [...serverTiming].flatMap(([name, times]) => {
          const stats = times.stats();
          return stats === undefined ? [] : [[name, roundedStats(stats)]];
        }),
      ),
    }),
  };
}

function summarizeStream(book: StreamBook, durationMs: number): StreamSummary {
  const { streams, events, cut, stalled, empty, left, reconnects, pauses } = book;
  return {
    streams,
    events,
    ...perSec('eventsPerSec', events, durationMs),
    cut,
    stalled,
    empty,
    left,
    reconnects,
    pauses,
    ...latency('firstEventMs', book.firstEvent),
    ...latency('gapMs', book.gap),
    ...latency('durationMs', book.duration),
    ...latency('eventsPerStream', book.eventsPerStream),
    ...(book.tokens > 0 && { tokens: summarizeTokens(book, durationMs) }),
  };
}

function summarizeTokens(book: StreamBook, durationMs: number): TokenSummary {
  return {
    count: book.tokens,
    ...perSec('perSec', book.tokens, durationMs),
    ...latency('timeToFirstTokenMs', book.timeToFirstToken),
    ...latency('interTokenLatencyMs', book.interTokenLatency),
    ...latency('timePerOutputTokenMs', book.timePerOutputToken),
    ...latency('perStream', book.tokensPerStream),
  };
}

function summarizeSocket(book: SocketBook, durationMs: number): SocketSummary {
  const { opened, sent, received, bytesSent, bytesReceived, abnormalCloses, closes } = book;
  return {
    opened,
    sent,
    received,
    ...perSec('sentPerSec', sent, durationMs),
    ...perSec('receivedPerSec', received, durationMs),
    bytesSent,
    bytesReceived,
    abnormalCloses,
    closes: Object.fromEntries(closes),
    ...latency('openMs', book.openTime),
  };
}

function perSec<Key extends string>(key: Key, count: number, durationMs: number): Partial<Record<Key, number>> {
  if (durationMs <= 0) return {};
  return { [key]: round((count * 1_000) / durationMs) } as Record<Key, number>;
}
