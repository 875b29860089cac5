/** The first screen: findings as sentences, then one table of all runs, before any of them is opened. */
import { overviewRows } from '../overview-row.ts';
import type { PageData } from '../page-data.ts';
import { isSamePlace, type Place, type Sort, type TableState } from './address.ts';
import { element } from './element.ts';
import { allEndpoints } from './endpoint-article.ts';
import { findingList } from './finding-list.ts';
import { foldedIn } from './places.ts';
import { renew } from './renew.ts';
import { filterBar, fits } from './run-filter.ts';
import { runsTable } from './runs-table.ts';

export interface Overview {
  readonly root: HTMLElement;
  show(data: PageData, table: TableState, place: Place | undefined): void;
}

/** Worst first is how the rows of a report come, and how the column of verdicts sorts. */
const bySeverity = { key: 'Verdict', rising: true };

export function overview(onTable: (table: TableState) => void): Overview {
  let table: TableState | undefined;
  let shown: Place | undefined;
  let endpointsSort: Sort | undefined;
  const tell = (change: Partial<TableState>) => {
    if (table !== undefined) onTable({ ...table, ...change });
  };
  const bar = filterBar(tell);
  const findings = element('div');
  const runs = element('div');
  const endpoints = element('div');
  const root = element('section', { class: 'overview', 'aria-label': 'All runs' }, findings, bar.root, runs, endpoints);
  return {
    root,
    show(data, asked, place) {
      table = asked;
      const folded = foldedIn(data);
      const rows = overviewRows(data).filter(({ index }) => !folded.has(index));
      const left = rows.filter((row) => fits(row, asked));
      bar.root.hidden = rows.length < 2;
      bar.show(asked, left.length, rows);
      root.hidden = data.runs.length === 0 && findingList(data, place) === undefined;
      root.classList.toggle('beside', place !== undefined && data.runs.length > 1);
      renew(findings, findingList(data, place));
      renew(
        runs,
        rows.length === 0
          ? undefined
          : left.length === 0
            ? element('p', { class: 'nothing' }, 'No run fits the filter.')
            : runsTable({
                rows: left,
                place,
                sorted: asked.sort ?? (data.kind === 'live' ? undefined : bySeverity),
                onSort: (sort) => tell({ sort }),
              }),
      );
      renew(endpoints, allEndpoints(data, { sorted: endpointsSort, onSort: (sort) => (endpointsSort = sort) }));
      if (!isSamePlace(shown, place)) bringIntoTable(root.querySelector('tr.current'));
      shown = place;
    },
  };
}

/** Scrolls the table alone: the window is the reader's. */
function bringIntoTable(row: Element | null): void {
  const frame = row?.closest('.scroll');
  if (row === null || frame === null || frame === undefined) return;
  const headPx = frame.querySelector('thead')?.clientHeight ?? 0;
  const [inner, outer] = [row.getBoundingClientRect(), frame.getBoundingClientRect()];
  if (inner.top < outer.top + headPx) frame.scrollTop -= outer.top + headPx - inner.top;
  else if (inner.bottom > outer.bottom) frame.scrollTop += inner.bottom - outer.bottom;
}
