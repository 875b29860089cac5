/** The tables of streams, their tokens, sockets and what servers say of their own time: a line an endpoint, or a line a run. */
import type { SocketSummary, StreamSummary, TokenSummary } from '../../../load/measure/extras-summary.ts';
import type { LatencyStats } from '../../../load/measure/histogram.ts';
import type { EndpointRow, RunView } from '../run-view.ts';
import { type Child, element, given } from './element.ts';
import { endpointLink } from './endpoint-link.ts';
import { absent, count, percentile, rate } from './figures.ts';
import { sortableTable, type TableColumn } from './sortable-table.ts';

/** A line: of an endpoint in its run, or of a run in the view of an endpoint. */
export interface ExtrasLine {
  readonly row: EndpointRow;
  readonly name: string;
  readonly label: () => Child;
}

/** What the lines are of. */
type Head = 'Endpoint' | 'Run';

type Table = (lines: readonly ExtrasLine[], head: Head) => HTMLElement | undefined;

export function linesOf({ endpoints }: RunView): ExtrasLine[] {
  return endpoints.map((row) => ({ row, name: row.name, label: () => endpointLink(row.name) }));
}

/** What befell few streams is left out where it befell none. */
export const streamsTable: Table = (lines, head) => {
  const rows = lines.flatMap((line) => (line.row.stream === undefined ? [] : [{ ...line, of: line.row.stream }]));
  const rare = [
    counted<StreamSummary>('Left', ({ left }) => left, 'by the scenario, before their end'),
    counted<StreamSummary>('Reconnects', ({ reconnects }) => reconnects, 'connections made anew, with `Last-Event-ID`'),
    counted<StreamSummary>(
      'Pauses',
      ({ pauses }) => pauses,
      'reading stopped: the scenario did not take what had come',
    ),
  ].filter(({ sortBy }) => rows.some((row) => sortBy?.(row) !== 0));
  return extrasTable<StreamSummary>({
    caption: 'Streams',
    lines: rows,
    head,
    columns: [
      counted('Streams', ({ streams }) => streams, 'whose head came with a good status'),
      counted('Cut', ({ cut }) => cut, 'broke off before their end', true),
      counted('Stalled', ({ stalled }) => stalled, 'were silent for longer than `stallAfter`', true),
      counted('Empty', ({ empty }) => empty, 'ended without one event', true),
      ...rare,
      counted('Events', ({ events }) => events),
      perSecond('Events/s', ({ eventsPerSec }) => eventsPerSec),
      plain('Per stream', ({ eventsPerStream }) => eventsPerStream, 'events of each stream, least to most'),
      ...times('First', ({ firstEventMs }: StreamSummary) => firstEventMs, 'time to the first event'),
      ...times('Gap', ({ gapMs }: StreamSummary) => gapMs, 'between two events'),
      ...times('Duration', ({ durationMs }: StreamSummary) => durationMs, 'of those that ended well'),
    ],
  });
};

/** The figures are those of `vllm bench serve`. */
export const tokensTable: Table = (lines, head) =>
  extrasTable<TokenSummary>({
    caption: 'Tokens',
    lines: lines.flatMap((line) =>
      line.row.stream?.tokens === undefined ? [] : [{ ...line, of: line.row.stream.tokens }],
    ),
    head,
    columns: [
      counted('Tokens', ({ count: tokens }) => tokens),
      perSecond('Tokens/s', ({ perSec }) => perSec, 'of all streams together'),
      plain('Per stream', ({ perStream }) => perStream, 'tokens of each stream, least to most'),
      ...times('TTFT', ({ timeToFirstTokenMs }: TokenSummary) => timeToFirstTokenMs, 'time to first token'),
      ...times('ITL', ({ interTokenLatencyMs }: TokenSummary) => interTokenLatencyMs, 'inter-token latency'),
      ...times('TPOT', ({ timePerOutputTokenMs }: TokenSummary) => timePerOutputTokenMs, 'time per output token'),
    ],
  });

export const socketsTable: Table = (lines, head) =>
  extrasTable<SocketSummary>({
    caption: 'Sockets',
    lines: lines.flatMap((line) => (line.row.socket === undefined ? [] : [{ ...line, of: line.row.socket }])),
    head,
    columns: [
      counted('Opened', ({ opened }) => opened),
      counted('Sent', ({ sent }) => sent, 'messages'),
      perSecond('Sent/s', ({ sentPerSec }) => sentPerSec),
      counted('Received', ({ received }) => received, 'messages'),
      perSecond('Received/s', ({ receivedPerSec }) => receivedPerSec),
      { head: 'Closes', hint: 'how many × code', cell: ({ of: { closes } }) => closesWords(closes) },
      counted(
        'Abnormal',
        ({ abnormalCloses }) => abnormalCloses,
        'closed by the server, or lost, with a code that was not expected',
        true,
      ),
      ...times('Open', ({ openMs }: SocketSummary) => openMs, 'from the end of the handshake to the close'),
    ],
  });

interface TimingLine {
  readonly name: string;
  readonly label: () => Child;
  readonly metric: string;
  readonly stats: LatencyStats;
}

/** A line for each metric that the server told (`Server-Timing`). */
export const serverTimingTable: Table = (lines, head) => {
  const rows = lines.flatMap(({ row: { serverTimingMs = {} }, name, label }): TimingLine[] =>
    Object.entries(serverTimingMs).map(([metric, stats]) => ({ name, label, metric, stats })),
  );
  if (rows.length === 0) return undefined;
  const figures = (['p50', 'p95', 'p99'] as const).map((figure): TableColumn<TimingLine> => ({
    head: figure,
    numeric: true,
    sortBy: ({ stats }) => stats[figure],
    cell: ({ stats }) => percentile(stats, figure),
  }));
  return sortableTable<TimingLine>({
    caption: 'Server timing',
    rows,
    columns: [
      { head, sortBy: ({ name }) => name, cell: ({ label }) => label() },
      {
        head: 'Metric',
        hint: 'as the server calls it',
        sortBy: ({ metric }) => metric,
        cell: ({ metric }) => element('span', { class: 'name scope' }, given(metric)),
      },
      {
        head: 'Told',
        hint: 'answers',
        numeric: true,
        sortBy: ({ stats }) => stats.count,
        cell: ({ stats }) => count(stats.count),
      },
      ...figures,
    ],
  });
};

interface Line<Of> extends ExtrasLine {
  readonly of: Of;
}

function extrasTable<Of>({
  caption,
  lines,
  head,
  columns,
}: {
  readonly caption: string;
  readonly lines: readonly Line<Of>[];
  readonly head: Head;
  readonly columns: readonly TableColumn<Line<Of>>[];
}): HTMLElement | undefined {
  if (lines.length === 0) return undefined;
  const first: TableColumn<Line<Of>> = { head, sortBy: ({ name }) => name, cell: ({ label }) => label() };
  const table = sortableTable({ caption, rows: lines, columns: [first, ...columns] });
  table.classList.add('many'); // columns: on paper they stand close together
  return table;
}

function counted<Of>(head: string, pick: (of: Of) => number, hint?: string, isBad = false): TableColumn<Line<Of>> {
  return {
    head,
    ...(hint !== undefined && { hint }),
    numeric: true,
    sortBy: ({ of }) => pick(of),
    cell: ({ of }) => element('span', { class: isBad && pick(of) > 0 && 'bad' }, count(pick(of))),
  };
}

function perSecond<Of>(head: string, pick: (of: Of) => number | undefined, hint?: string): TableColumn<Line<Of>> {
  return {
    head,
    ...(hint !== undefined && { hint }),
    numeric: true,
    sortBy: ({ of }) => pick(of),
    cell: ({ of }) => rate(pick(of)),
  };
}

/** p50 and p99, a column each. */
function times<Of>(head: string, pick: (of: Of) => LatencyStats | undefined, hint?: string): TableColumn<Line<Of>>[] {
  return (['p50', 'p99'] as const).map((name) => ({
    head: `${head} ${name}`,
    ...(hint !== undefined && { hint }),
    numeric: true,
    sortBy: ({ of }) => pick(of)?.[name],
    cell: ({ of }) => percentile(pick(of) ?? {}, name),
  }));
}

/** Counts: `11`, or `4 to 11`, with their median in its tooltip. */
function plain<Of>(head: string, pick: (of: Of) => LatencyStats | undefined, hint: string): TableColumn<Line<Of>> {
  return {
    head,
    hint,
    numeric: true,
    sortBy: ({ of }) => pick(of)?.p50,
    cell: ({ of }) => {
      const stats = pick(of);
      if (stats === undefined) return absent;
      const [least, most] = [count(stats.min), count(stats.max)];
      return least === most ? least : element('span', { title: `median ${count(stats.p50)}` }, `${least} to ${most}`);
    },
  };
}

/** `480 × 1000, 2 × 1006`, the most frequent first, as in the other reports. */
function closesWords(closes: Readonly<Record<string, number>>): HTMLElement | string {
  const all = Object.entries(closes).sort(([, a], [, b]) => b - a);
  const words = all.map(([code, number]) => `${count(number)} × ${code}`);
  return words.length === 0 ? absent : given(words.join(', '));
}
