/**
 * Streams, their tokens, WebSockets and what servers told of their time, as tables that every surface draws; none of a run
 * of plain requests. Names come as they were called: whoever prints makes them harmless.
 */
import { percentileText } from '../../load/measure/carried.ts';
import type { SocketSummary, StreamSummary, TokenSummary } from '../../load/measure/extras-summary.ts';
import type { LatencyStats } from '../../load/measure/histogram.ts';
import type { EndpointSummary, RunSummary } from '../../load/measure/summary.ts';
import { formatCount, formatMs, formatRate } from '../../load/measure/units.ts';

export interface ExtrasColumn {
  readonly title: string;
  /** On a narrow surface the highest number goes first; 0 always stays. */
  readonly spare: number;
}

export interface ExtrasCell {
  /** Absent where it was not measured. */
  readonly text: string | undefined;
  readonly isBad?: boolean;
}

export interface ExtrasTable {
  /** Over the names: `stream`. */
  readonly title: string;
  readonly columns: readonly ExtrasColumn[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly ExtrasCell[] }[];
  /** How many rows more there are. */
  readonly more: number;
}

/** More rows than this are in `summary.json` alone. */
const mostRows = 20;

/** One figure of each row: a column, and how it is read. */
interface Figure<Of> extends ExtrasColumn {
  readonly read: (of: Of) => string | undefined;
  /** Only there where some row has it, which is bad. */
  readonly badWhere?: (of: Of) => boolean;
}

interface Named<Of> {
  readonly name: string;
  readonly of: Of;
}

export function extrasTables({ endpoints }: Pick<RunSummary, 'endpoints'>): ExtrasTable[] {
  return [
    ...tableOf(
      'stream',
      streamFigures,
      namedOf(endpoints, ({ stream }) => stream),
    ),
    ...tableOf(
      'tokens',
      tokenFigures,
      namedOf(endpoints, ({ stream }) => stream?.tokens),
    ),
    ...tableOf(
      'WebSocket',
      socketFigures,
      namedOf(endpoints, ({ socket }) => socket),
    ),
    ...tableOf('server timing', timingFigures, endpoints.flatMap(timingsOf)),
  ];
}

function tableOf<Of>(title: string, figures: readonly Figure<Of>[], all: readonly Named<Of>[]): ExtrasTable[] {
  if (all.length === 0) return [];
  const shown = figures.filter(({ badWhere }) => badWhere === undefined || all.some(({ of }) => badWhere(of)));
  return [
    {
      title,
      columns: shown.map((figure) => ({ title: figure.title, spare: figure.spare })),
      rows: all.slice(0, mostRows).map(({ name, of }) => ({
        name,
        cells: shown.map(({ read, badWhere }) => ({
          text: read(of),
          ...(badWhere?.(of) === true && { isBad: true }),
        })),
      })),
      more: Math.max(0, all.length - mostRows),
    },
  ];
}

function namedOf<Of>(
  endpoints: readonly EndpointSummary[],
  read: (endpoint: EndpointSummary) => Of | undefined,
): Named<Of>[] {
  return endpoints.flatMap((endpoint) => {
    const of = read(endpoint);
    return of === undefined ? [] : [{ name: endpoint.name, of }];
  });
}

function timingsOf({ name, serverTimingMs = {} }: EndpointSummary): Named<LatencyStats>[] {
  return Object.entries(serverTimingMs).map(([metric, of]) => ({ name: `${metric} of ${name}`, of }));
}

const percentile =
  (name: 'p50' | 'p95' | 'p99') =>
  (stats: LatencyStats | undefined): string | undefined =>
    stats && percentileText(stats, name);
const [p50, p95, p99] = [percentile('p50'), percentile('p95'), percentile('p99')];

const rate = (perSec: number | undefined) => (perSec === undefined ? undefined : formatRate(perSec));

/** What ended badly: a column where there is any. */
const broken = (count: 'cut' | 'stalled' | 'empty'): Figure<StreamSummary> => ({
  title: count,
  spare: 0,
  read: (stream) => formatCount(stream[count]),
  badWhere: (stream) => stream[count] > 0,
});

const streamFigures: readonly Figure<StreamSummary>[] = [
  { title: 'streams', spare: 4, read: ({ streams }) => formatCount(streams) },
  { title: 'events', spare: 3, read: ({ eventsPerSec }) => rate(eventsPerSec) },
  { title: 'first p50', spare: 2, read: ({ firstEventMs }) => p50(firstEventMs) },
  { title: 'first p99', spare: 1, read: ({ firstEventMs }) => p99(firstEventMs) },
  { title: 'gap p50', spare: 5, read: ({ gapMs }) => p50(gapMs) },
  { title: 'gap p99', spare: 1, read: ({ gapMs }) => p99(gapMs) },
  broken('cut'),
  broken('stalled'),
  broken('empty'),
];

const tokenFigures: readonly Figure<TokenSummary>[] = [
  { title: 'count', spare: 6, read: ({ count }) => formatCount(count) },
  { title: 'rate', spare: 1, read: ({ perSec }) => rate(perSec) },
  { title: 'TTFT p50', spare: 2, read: ({ timeToFirstTokenMs }) => p50(timeToFirstTokenMs) },
  { title: 'TTFT p99', spare: 1, read: ({ timeToFirstTokenMs }) => p99(timeToFirstTokenMs) },
  { title: 'ITL p50', spare: 4, read: ({ interTokenLatencyMs }) => p50(interTokenLatencyMs) },
  { title: 'ITL p99', spare: 3, read: ({ interTokenLatencyMs }) => p99(interTokenLatencyMs) },
  { title: 'TPOT p50', spare: 5, read: ({ timePerOutputTokenMs }) => p50(timePerOutputTokenMs) },
  { title: 'TPOT p99', spare: 4, read: ({ timePerOutputTokenMs }) => p99(timePerOutputTokenMs) },
];

const socketFigures: readonly Figure<SocketSummary>[] = [
  { title: 'opened', spare: 3, read: ({ opened }) => formatCount(opened) },
  { title: 'sent', spare: 1, read: ({ sentPerSec }) => rate(sentPerSec) },
  { title: 'received', spare: 1, read: ({ receivedPerSec }) => rate(receivedPerSec) },
  { title: 'open p50', spare: 4, read: ({ openMs }) => p50(openMs) },
  { title: 'closes', spare: 2, read: ({ closes }) => closesWords(closes) },
  {
    title: 'abnormal',
    spare: 0,
    read: ({ abnormalCloses }) => formatCount(abnormalCloses),
    badWhere: ({ abnormalCloses }) => abnormalCloses > 0,
  },
];

const timingFigures: readonly Figure<LatencyStats>[] = [
  { title: 'count', spare: 4, read: ({ count }) => formatCount(count) },
  { title: 'mean', spare: 3, read: ({ mean }) => formatMs(mean) },
  { title: 'p50', spare: 1, read: p50 },
  { title: 'p95', spare: 0, read: p95 },
  { title: 'p99', spare: 2, read: p99 },
  { title: 'max', spare: 1, read: ({ max }) => formatMs(max) },
];

/** More codes than this are counted together. */
const mostCodes = 3;

/** `20 × 1000, 3 × 1006`, the most frequent first. */
function closesWords(closes: SocketSummary['closes']): string | undefined {
  const all = Object.entries(closes).sort(([, a], [, b]) => b - a);
  if (all.length === 0) return undefined;
  const rest = all.slice(mostCodes).reduce((sum, [, count]) => sum + count, 0);
  const shown = all.slice(0, mostCodes).map(([code, count]) => `${formatCount(count)} × ${code}`);
  return [...shown, ...(rest === 0 ? [] : [`${formatCount(rest)} others`])].join(', ');
}
