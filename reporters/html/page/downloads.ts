/** The data of a run or a finding as files, made from what the page holds: nothing is fetched. */
import { shownPercentiles } from '../chart-data/shown-percentiles.ts';
import { type FindingTable, titleOfFinding } from '../../../load/measure/finding.ts';
import type { FindingSummary } from '../../../load/measure/summary.ts';
import { cellOf } from '../../words/findings.ts';
import type { Column } from '../chart-data/time-axis.ts';
import { secondOf, type TimeAxis } from '../chart-data/time-axis.ts';
import type { RunView } from '../run-view.ts';
import { button, element } from './element.ts';

export function downloadButtons(view: () => RunView): HTMLElement {
  return element(
    'span',
    { class: 'downloads' },
    button(
      'JSON',
      () => {
        save(`${fileName(view())}.json`, 'application/json', JSON.stringify(view(), undefined, 2));
      },
      { 'aria-label': 'Download this run as JSON' },
    ),
    button(
      'CSV',
      () => {
        save(`${fileName(view())}.csv`, 'text/csv', csvOf(view()));
      },
      { 'aria-label': 'Download the time series of this run as CSV' },
    ),
  );
}

export function findingDownloads(finding: FindingSummary): HTMLElement {
  const { table } = finding;
  const name = fileNameOf(titleOfFinding(finding));
  return element(
    'span',
    { class: 'downloads' },
    button('JSON', () => save(`${name}.json`, 'application/json', JSON.stringify(finding, undefined, 2)), {
      'aria-label': 'Download this finding as JSON',
    }),
    table !== undefined &&
      button('CSV', () => save(`${name}.csv`, 'text/csv', csvOfTable(table)), {
        'aria-label': 'Download the table of this finding as CSV',
      }),
  );
}

export function csvOfTable({ columns, rows }: FindingTable): string {
  const lines = rows.map((row) => columns.map(({ name }) => csvCell(cellOf(row, name))).join(','));
  return `${[columns.map(({ name }) => quoted(name)).join(','), ...lines].join('\r\n')}\r\n`;
}

function csvCell(value: number | string | undefined): string {
  return typeof value === 'string' ? quoted(value) : String(value ?? '');
}

/** One row a point of the charts; an empty cell where nothing was measured (RFC 4180). */
export function csvOf({ charts }: RunView): string {
  const { axis, latency, rate, errors, statuses, load } = charts;
  const columns: [string, Column][] = [
    ...shownPercentiles.map((name): [string, Column] => [`${name}_ms`, latency[name]]),
    ['latencies', [...latency.counts]],
    ...(rate.asked === undefined ? [] : [['asked_per_s', rate.asked] as [string, Column]]),
    ['started_per_s', rate.started],
    ['completed_per_s', rate.completed],
    ...(rate.dropped === undefined ? [] : [['dropped_per_s', rate.dropped] as [string, Column]]),
    ['in_flight', load.inFlight],
    ...(load.users === undefined ? [] : [['users', load.users] as [string, Column]]),
    ...streamColumnsOf(charts),
    ...statuses.map(({ kind, perSec }): [string, Column] => [`answers_per_s ${kind}`, perSec]),
    ...errors.map(({ kind, perSec }): [string, Column] => [`errors_per_s ${kind}`, perSec]),
  ];
  const rows = Array.from({ length: axis.points }, (_, at) =>
    [secondOf(axis, at), ...columns.map(([, column]) => column[at] ?? '')].join(','),
  );
  return `${[['second', ...columns.map(([name]) => quoted(name))].join(','), ...rows].join('\r\n')}\r\n`;
}

/** Where they have a line for each point of the rest, which a run of up to three seconds does not. */
function streamColumnsOf({ axis, streams, sockets }: RunView['charts']): [string, Column][] {
  const isSame = (other: TimeAxis | undefined) => other?.stepSec === axis.stepSec && other.fromSec === axis.fromSec;
  return [
    ...(streams === undefined || !isSame(streams.axis)
      ? []
      : ([
          ['events_per_s', streams.eventsPerSec],
          ...(streams.tokensPerSec === undefined ? [] : [['tokens_per_s', streams.tokensPerSec]]),
          ['first_event_p50_ms', streams.firstEvent.p50],
          ['first_event_p99_ms', streams.firstEvent.p99],
          ['gap_p50_ms', streams.gap.p50],
          ['gap_p99_ms', streams.gap.p99],
        ] as [string, Column][])),
    ...(sockets === undefined || !isSame(sockets.axis)
      ? []
      : ([
          ['messages_sent_per_s', sockets.sentPerSec],
          ['messages_received_per_s', sockets.receivedPerSec],
          ['open_sockets', sockets.open],
        ] as [string, Column][])),
  ];
}

/** Quoted where it must be; and where a spreadsheet would take a name for a formula, it is made text. */
function quoted(name: string): string {
  const safe = /^[=+\-@\t\r]/.test(name) ? `'${name}` : name;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function fileName({ title }: RunView): string {
  return fileNameOf(title.at(-1) ?? 'run');
}

function fileNameOf(text: string): string {
  const words = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 60);
  return `load-${words.replaceAll(/^-|-$/g, '') || 'run'}`;
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = element('a', { href: url, download: name });
  link.click();
  // The click has only asked for the download; the browser reads the blob a little later.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 10_000);
}
