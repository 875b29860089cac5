/** Endpoints across runs: one endpoint in every run that called it, and the list of all endpoints. */
import type { EndpointRow } from '../run-view.ts';
import type { PageData } from '../page-data.ts';
import { lostOf } from '../../../load/measure/counts.ts';
import type { Sort } from './address.ts';
import { articleId } from './article-id.ts';
import { element, given } from './element.ts';
import { endpointLink } from './endpoint-link.ts';
import { count, ms, percentile, rate, share } from './figures.ts';
import { listed, type ListedRun, standOf } from './order.ts';
import { callersOf } from './places.ts';
import { renew } from './renew.ts';
import { runLink, standMark } from './runs-table.ts';
import { sortableTable, type TableColumn, type TableParts } from './sortable-table.ts';
import { spark } from './spark.ts';
import { type ExtrasLine, serverTimingTable, socketsTable, streamsTable, tokensTable } from './stream-tables.ts';

interface Call extends Omit<ListedRun, 'index'> {
  readonly row: EndpointRow;
}

export interface EndpointArticle {
  readonly root: HTMLElement;
  update(data: PageData): void;
}

export function endpointArticle(name: string, first: PageData): EndpointArticle {
  const root = element('article', { id: articleId, 'aria-label': 'Endpoint', tabindex: -1 });
  let sorted: Sort | undefined;
  const update = (data: PageData) => {
    const calls = callsOf(name, data);
    const onSort = (sort: Sort) => (sorted = sort);
    renew(
      root,
      headOf(name, calls),
      sortableTable({ caption: 'Runs that called it', rows: calls, columns: callColumns, sorted, onSort }),
      ...extrasOf(calls),
    );
  };
  update(first);
  return { root, update };
}

function callsOf(name: string, data: PageData): Call[] {
  return listed(callersOf(data, name), data.kind).flatMap(({ run, rank }) =>
    run.endpoints.filter((row) => row.name === name).map((row) => ({ run, row, rank })),
  );
}

/** What its streams, its sockets and its server told in each run; nothing of an endpoint of plain requests. */
function extrasOf(calls: readonly Call[]): HTMLElement[] {
  const lines = calls.map(({ run, row }): ExtrasLine => ({
    row,
    name: run.title.join(' '),
    label: () => runLink(run),
  }));
  return [streamsTable, tokensTable, socketsTable, serverTimingTable].flatMap((table) => {
    const made = table(lines, 'Run');
    return made === undefined ? [] : [element('section', {}, element('h3', {}, made.ariaLabel ?? ''), made)];
  });
}

function headOf(name: string, calls: readonly Call[]): HTMLElement {
  const all = calls.reduce((sum, { row }) => sum + row.requests.started, 0);
  return element(
    'section',
    {},
    element(
      'header',
      { class: 'run-head' },
      element('h2', { class: 'name' }, given(name)),
      element(
        'p',
        { class: 'sentence' },
        `${count(all)} requests in ${calls.length === 1 ? 'one run' : `${calls.length} runs`}`,
      ),
    ),
  );
}

const callColumns: readonly TableColumn<Call>[] = [
  { head: 'Verdict', hint: 'of the run', sortBy: ({ rank }) => rank, cell: ({ run }) => standMark(standOf(run)) },
  { head: 'Run', sortBy: ({ run }) => run.title.join(' '), cell: ({ run }) => runLink(run) },
  {
    head: 'Requests',
    numeric: true,
    sortBy: ({ row }) => row.requests.started,
    cell: ({ row }) => count(row.requests.started),
  },
  {
    head: 'Success',
    numeric: true,
    sortBy: ({ row }) => row.successRate,
    cell: ({ row }) => element('span', { class: lostOf(row.requests) > 0 && 'bad' }, share(row.successRate)),
  },
  {
    head: 'Rate',
    hint: 'succeeded per second',
    numeric: true,
    sortBy: ({ row }) => row.throughputPerSec,
    cell: ({ row }) => rate(row.throughputPerSec),
  },
  ...(['p50', 'p95', 'p99'] as const).map((name): TableColumn<Call> => ({
    head: name,
    numeric: true,
    sortBy: ({ row }) => row.latency[name],
    cell: ({ row }) => percentile(row.latency, name),
  })),
  {
    head: 'p95 over time',
    cell: ({ run, row }) => {
      const columns = run.charts.endpoints.find(({ endpoint }) => endpoint === row.name);
      return columns === undefined ? '' : spark(columns.p95, 'p95 over time');
    },
  },
];

interface Known {
  readonly name: string;
  readonly runs: number;
  readonly requests: number;
  readonly lost: number;
  /** Of the run in which it was slowest: percentiles of several are never one. */
  readonly slowestP95?: number;
}

/** Every endpoint of all runs; undefined where one run has them all. */
export function allEndpoints(
  data: PageData,
  sorting: Pick<TableParts<unknown>, 'sorted' | 'onSort'>,
): HTMLElement | undefined {
  if (data.runs.length < 2) return undefined;
  const known = knownEndpoints(data);
  if (known.length === 0) return undefined;
  const figure = (
    head: string,
    pick: (each: Known) => number | undefined,
    format: (value: number | undefined) => string,
  ): TableColumn<Known> => ({ head, numeric: true, sortBy: pick, cell: (each) => format(pick(each)) });
  return element(
    'details',
    { class: 'all-endpoints', 'data-part': 'endpoints-of-all' },
    element(
      'summary',
      {},
      known.length === 1 ? '1 endpoint in all runs' : `${count(known.length)} endpoints in all runs`,
    ),
    sortableTable<Known>({
      caption: 'Endpoints in all runs',
      rows: known,
      ...sorting,
      columns: [
        { head: 'Endpoint', sortBy: ({ name }) => name, cell: ({ name }) => endpointLink(name) },
        figure('Runs', ({ runs }) => runs, count),
        figure('Requests', ({ requests }) => requests, count),
        figure('Failed', ({ lost }) => lost, count),
        { ...figure('Highest p95', ({ slowestP95 }) => slowestP95, ms), hint: 'of the run in which it was slowest' },
      ],
    }),
  );
}

/** Those that lost most first; on a live page as they came. */
function knownEndpoints({ runs, kind }: PageData): Known[] {
  const known = new Map<string, Known>();
  for (const { name, requests, latency } of runs.flatMap(({ endpoints }) => endpoints)) {
    const before = known.get(name) ?? { name, runs: 0, requests: 0, lost: 0 };
    const p95 = Math.max(before.slowestP95 ?? 0, latency.p95 ?? 0);
    known.set(name, {
      name,
      runs: before.runs + 1,
      requests: before.requests + requests.started,
      lost: before.lost + lostOf(requests),
      ...(p95 > 0 && { slowestP95: p95 }),
    });
  }
  const all = [...known.values()];
  return kind === 'live' ? all : all.sort((a, b) => b.lost - a.lost || b.requests - a.requests);
}
