/** Rows of the table of metrics for what only some rows of a run have: streams, their tokens, and WebSockets. */
import type { RunData } from '../measure/run-data.ts';
import type { SocketCount } from '../measure/socket-book.ts';
import type { StreamCount } from '../measure/stream-book.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import type { NumberLimits } from './limits.ts';
import type { LatencyGroup, PlainMetric } from './metric-row.ts';
import {
  hasSockets,
  numberStatistic,
  serverTimingOf,
  socketCount,
  streamCount,
  streamTimesOf,
  tokenCount,
} from './row-extras-metric.ts';

export type TimeOfStreams =
  'firstEvent' | 'gap' | 'streamDuration' | 'timeToFirstToken' | 'interTokenLatency' | 'timePerOutputToken';
export type NumberOfStreams = 'eventsPerStream' | 'tokensPerStream';

/** `count` by the length of the measured part. */
function perSecond(run: RunData, count: number | undefined): number | undefined {
  const durationMs = durationMsOfRun(run);
  return count === undefined || durationMs === 0 ? undefined : (count * 1_000) / durationMs;
}

function ofWindow(count: number | undefined, lengthMs: number): number | undefined {
  return count === undefined ? undefined : (count * 1_000) / lengthMs;
}

/** A way in which streams end badly. */
const brokenStreams = (count: StreamCount, kind: string) =>
  ({
    unit: 'count',
    of: 'endpoint',
    inOnce: true,
    tells: 'bad',
    read: (run, _, row) => streamCount(run, row, count),
    needs: 'streams',
    errors: (each) => each === kind,
  }) as const satisfies PlainMetric;

const messages = (count: SocketCount & ('sent' | 'received')) =>
  ({
    unit: 'count',
    of: 'endpoint',
    tells: 'work',
    read: (run, _, row) => socketCount(run, row, count),
    inWindow: ({ sockets }) => sockets?.[count],
    needs: 'sockets',
  }) as const satisfies PlainMetric;

/** Counts and rates. */
export const streamMetrics = {
  events: {
    unit: 'count',
    of: 'endpoint',
    tells: 'work',
    read: (run, _, row) => streamCount(run, row, 'events'),
    inWindow: ({ streams }) => streams?.events,
    needs: 'streams',
  },
  eventRate: {
    unit: 'perSec',
    of: 'endpoint',
    tells: 'work',
    read: (run, _, row) => perSecond(run, streamCount(run, row, 'events')),
    inWindow: ({ streams, lengthMs }) => ofWindow(streams?.events, lengthMs),
    needs: 'streams',
  },
  tokens: {
    unit: 'count',
    of: 'endpoint',
    tells: 'work',
    read: (run, _, row) => tokenCount(run, row),
    inWindow: ({ streams }) => streams?.tokens,
    needs: 'tokens',
  },
  tokenRate: {
    unit: 'perSec',
    of: 'endpoint',
    tells: 'work',
    read: (run, _, row) => perSecond(run, tokenCount(run, row)),
    inWindow: ({ streams, lengthMs }) => ofWindow(streams?.tokens, lengthMs),
    needs: 'tokens',
  },
  cutStreams: brokenStreams('cut', 'body-cut-off'),
  stalledStreams: brokenStreams('stalled', 'stalled'),
  emptyStreams: brokenStreams('empty', 'empty'),
  reconnects: {
    unit: 'count',
    of: 'endpoint',
    tells: 'bad',
    read: (run, _, row) => streamCount(run, row, 'reconnects'),
    needs: 'streams',
  },
  messagesSent: messages('sent'),
  messagesReceived: messages('received'),
  messageRate: {
    unit: 'perSec',
    of: 'endpoint',
    tells: 'work',
    read: (run, _, row) => perSecond(run, socketCount(run, row, 'received')),
    inWindow: ({ sockets, lengthMs }) => ofWindow(sockets?.received, lengthMs),
    needs: 'sockets',
  },
  abnormalCloses: {
    unit: 'count',
    of: 'endpoint',
    inOnce: true,
    tells: 'bad',
    isOf: ({ endpoints }) => [...endpoints.values()].some(hasSockets),
    isOfRow: hasSockets,
    read: (run, _, row) => socketCount(run, row, 'abnormalCloses'),
    impliedUnless: ['abnormalCloses'],
    needs: 'sockets',
    errors: (kind) => kind.startsWith('WebSocket '),
  },
} as const satisfies Readonly<Record<string, PlainMetric>>;

/** Typed by what may be written, as those of latencies. */
const numberWords: Readonly<Record<keyof NumberLimits, true>> = {
  ...({ min: true, mean: true, max: true } as const),
  ...({ p50: true, p75: true, p90: true, p95: true, p99: true, p999: true, p9999: true } as const),
};

/** Distributions of plain numbers: one metric for each statistic. */
const numbersOfStreams: Readonly<Record<NumberOfStreams, 'streams' | 'tokens'>> = {
  eventsPerStream: 'streams',
  tokensPerStream: 'tokens',
};

/** `eventsPerStream`, of which each has statistics. */
export const numberGroups: readonly string[] = Object.keys(numbersOfStreams);

/** `eventsPerStream.min` and its like. */
export const numberMetrics: readonly (readonly [string, PlainMetric])[] = Object.entries<'streams' | 'tokens'>(
  numbersOfStreams,
).flatMap(([name, needs]) =>
  Object.keys(numberWords).map((word): readonly [string, PlainMetric] => [
    `${name}.${word}`,
    {
      unit: 'number',
      of: 'endpoint',
      read: (run, _, row) => numberStatistic(streamTimesOf(run, row, name as NumberOfStreams), word),
      needs,
    },
  ]),
);

const ofStreams = (
  name: Parameters<typeof streamTimesOf>[2],
  { inWindows, needs = 'streams' }: Pick<LatencyGroup, 'inWindows' | 'needs'> = {},
): LatencyGroup => ({
  of: 'endpoint',
  read: (run, endpoint) => streamTimesOf(run, endpoint, name),
  ...(inWindows !== undefined && { inWindows }),
  needs,
});

/** Their latencies. */
export const streamGroups: Readonly<Record<TimeOfStreams, LatencyGroup>> = {
  firstEvent: ofStreams('firstEvent', { inWindows: 'firstEvent' }),
  gap: ofStreams('gap', { inWindows: 'gap' }),
  streamDuration: ofStreams('duration'),
  timeToFirstToken: ofStreams('timeToFirstToken', { needs: 'tokens' }),
  interTokenLatency: ofStreams('interTokenLatency', { needs: 'tokens' }),
  timePerOutputToken: ofStreams('timePerOutputToken', { needs: 'tokens' }),
};

const timing = 'serverTiming.';

/** `serverTiming.db`: whatever the server names. Undefined for what is no such group. */
export function timingGroupOf(name: string): LatencyGroup | undefined {
  if (!name.startsWith(timing) || name === timing) return undefined;
  return { of: 'endpoint', read: (run, endpoint) => serverTimingOf(run, endpoint, name.slice(timing.length)) };
}
