/** The first screen: findings as sentences, then one table of all runs, before any of them is opened. */
import { overviewRows } from '../overview-row.ts';
import type { PageData } from '../page-data.ts';
import type { Place, TableState } from './address.ts';
import { element } from './element.ts';
import { allEndpoints } from './endpoint-article.ts';
import { findingList } from './finding-list.ts';
import { foldedIn } from './places.ts';
import { filterBar, fits } from './run-filter.ts';
import { runsTable } from './runs-table.ts';

export interface Overview {
  readonly root: HTMLElement;
  show(data: PageData, table: TableState, place: Place | undefined): void;
}

/** Worst first is how the rows come, and how the column of verdicts sorts. */
const bySeverity = { key: 'Verdict', rising: true };

export function overview(onTable: (table: TableState) => void): Overview {
  let table: TableState | undefined;
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
            : runsTable({ rows: left, place, sorted: asked.sort ?? bySeverity, onSort: (sort) => tell({ sort }) }),
      );
      renew(endpoints, allEndpoints(data));
      root.querySelector('tr.current')?.scrollIntoView({ block: 'nearest' });
    },
  };
}

/** What is in someone's hands stays as it is; where it was scrolled to is kept. */
function renew(holder: HTMLElement, content: HTMLElement | undefined): void {
  const before = holder.querySelector('.scroll')?.scrollTop ?? 0;
  const focused = holder.contains(document.activeElement) ? document.activeElement?.getAttribute('href') : undefined;
  holder.replaceChildren(...(content === undefined ? [] : [content]));
  const after = holder.querySelector('.scroll');
  if (after !== null) after.scrollTop = before;
  if (typeof focused === 'string')
    for (const link of holder.querySelectorAll('a')) if (link.getAttribute('href') === focused) link.focus();
}
