/** All runs, a line each. */
import { shortenInside } from '../charts/shorten.ts';
import { unsureWords } from '../../../load/measure/carried.ts';
import type { RunView } from '../run-view.ts';
import { changeWords, glyphOf, limitsInShort, type OverviewRow, rateWords } from '../overview-row.ts';
import { addressOf, isSamePlace, type Place, type Sort } from './address.ts';
import { element, given, givenWords } from './element.ts';
import { percentile, share } from './figures.ts';
import type { Stand } from './order.ts';
import { sortableTable, type TableColumn } from './sortable-table.ts';
import { spark } from './spark.ts';
import { titleParts } from './title-parts.ts';

export interface RunsTableParts {
  readonly rows: readonly OverviewRow[];
  readonly place: Place | undefined;
  readonly sorted: Sort | undefined;
  readonly onSort: (sort: Sort) => void;
}

export function runsTable({ rows, place, sorted, onSort }: RunsTableParts): HTMLElement {
  const root = sortableTable<OverviewRow>({
    caption: 'Runs',
    rows,
    columns: columnsOf(rows, { unsaid: saidByAll(rows), place }),
    sorted,
    onSort,
    attributes: ({ run }) => {
      const current = isSamePlace(place, { kind: 'run', id: run.id });
      return { class: current ? 'run-row current' : 'run-row' };
    },
  });
  root.classList.add('runs');
  root.addEventListener('click', openRow);
  for (const link of root.querySelectorAll('tr.current a')) link.setAttribute('aria-current', 'true');
  return root;
}

/** A row is as wide as its link; whoever selects text in it does not mean to go. */
function openRow({ target }: MouseEvent): void {
  if (!(target instanceof Element) || target.closest('a, button') !== null) return;
  if (getSelection()?.isCollapsed === false) return;
  target.closest('tr.run-row')?.querySelector('a')?.click();
}

/** What every row would say tells none from another. */
function saidByAll(rows: readonly OverviewRow[]): ReadonlySet<string> {
  const [first, ...rest] = rows.map(besideTitle);
  if (first === undefined || rest.length === 0) return new Set();
  return new Set(first.filter((text) => rest.every((each) => each.includes(text))));
}

function besideTitle({ run }: OverviewRow): string[] {
  return [run.project, ...run.tags, ...run.owners.map((owner) => `owner ${owner}`)].filter((text) => text !== '');
}

interface Unsaid {
  readonly unsaid: ReadonlySet<string>;
  readonly place: Place | undefined;
}

function columnsOf(rows: readonly OverviewRow[], { unsaid, place }: Unsaid): TableColumn<OverviewRow>[] {
  const [only] = rows.length === 1 ? rows : [];
  const isBelow = only !== undefined && isSamePlace(place, { kind: 'run', id: only.run.id });
  const figure = (name: 'p50' | 'p95' | 'p99'): TableColumn<OverviewRow> => ({
    head: name,
    hint: unsureWords,
    numeric: true,
    sortBy: ({ run }) => run.latency[name],
    cell: ({ run }) => percentile(run.latency, name),
  });
  const changes: TableColumn<OverviewRow> = {
    head: 'Change',
    hint: 'of p95, against the baseline',
    numeric: true,
    sortBy: ({ changed }) => changed,
    cell: ({ changed }) => changeWords(changed),
  };
  return [
    { head: 'Verdict', sortBy: ({ rank }) => rank, cell: ({ stand }) => standMark(stand) },
    {
      head: 'Run',
      sortBy: ({ run }) => run.title.slice(1).join(' ') || run.title.join(' '),
      cell: (row) => (isBelow ? element('div', { class: 'run-title' }, runLink(row.run)) : titleCell(row, unsaid)),
    },
    { head: 'Promised', cell: promisedCell },
    {
      head: 'Rate',
      hint: 'succeeded per second',
      numeric: true,
      sortBy: ({ run }) => run.throughputPerSec,
      cell: ({ run }) => rateWords(run),
    },
    {
      head: 'Success',
      numeric: true,
      sortBy: ({ run }) => run.successRate,
      cell: ({ run, stand }) =>
        element('span', { class: !calm.has(stand) && (run.successRate ?? 1) < 1 && 'bad' }, share(run.successRate)),
    },
    ...(['p50', 'p95', 'p99'] as const).map(figure),
    ...(rows.some(({ changed }) => changed !== undefined) ? [changes] : []),
    { head: 'p95 over time', cell: ({ run }) => sparkOf(run) },
  ];
}

export function standMark(stand: Stand): HTMLElement {
  return element(
    'span',
    { class: `verdict ${stand}` },
    element('span', { 'aria-hidden': 'true' }, glyphOf(stand)),
    ` ${stand}`,
  );
}

/** Where a failed request was allowed for. */
const calm: ReadonlySet<Stand> = new Set(['passed', 'acceptable', 'measured']);

function titleCell(row: OverviewRow, unsaid: ReadonlySet<string>): HTMLElement {
  const beside = besideTitle(row).filter((text) => !unsaid.has(text));
  return element(
    'div',
    { class: 'run-title' },
    element(
      'div',
      { class: 'name-line' },
      runLink(row.run),
      beside.length > 0 && element('small', { class: 'whose' }, ...beside.map((text) => given(text))),
    ),
    row.reason !== undefined &&
      element('small', { class: 'reason', title: row.reason.slice(0, 2_000) }, givenWords(row.reason)),
  );
}

/** About two lines of the table. */
const longestTitle = 110;

/** Cut in its middle where it is long, since names of one test begin alike; the whole of it is in its tooltip. */
export function runLink({ id, title }: RunView): HTMLElement {
  const whole = (title.length > 1 ? title.slice(1) : title).join(' › ');
  const short = shortenInside(whole, longestTitle);
  const href = addressOf({ kind: 'run', id });
  if (short === whole) return element('a', { href }, ...titleParts(title));
  return element('a', { href, title: whole.slice(0, 1_000) }, given(short));
}

function promisedCell({ run, limits }: OverviewRow): HTMLElement {
  return element(
    'div',
    { class: 'promised', title: limits.length > 0 && limits.join('\n').slice(0, 2_000) },
    given(run.profile),
    limits.length > 0 && element('small', {}, ...limitsInShort(limits).map((limit) => given(limit))),
  );
}

function sparkOf({ charts: { latency } }: RunView): SVGElement | string {
  const points = latency.p95.filter((value) => value !== null).length;
  return points < 2 ? '' : spark(latency.p95, 'p95 over time');
}
