/** The table of the tags of requests and measured calls. */
import type { RunView, TagRow } from '../run-view.ts';
import { element, given } from './element.ts';
import { count, ms, rate, share } from './figures.ts';
import { sortableTable, type TableColumn } from './sortable-table.ts';

export function tagsTable({ requestTags }: RunView): HTMLElement | undefined {
  if (requestTags.length === 0) return undefined;
  const percentile = (name: 'p50' | 'p95' | 'p99' | 'max'): TableColumn<TagRow> => ({
    head: name,
    numeric: true,
    sortBy: ({ latency }) => latency[name],
    cell: ({ latency }) => ms(latency[name]),
  });
  return sortableTable({
    caption: 'Tags',
    rows: requestTags,
    columns: [
      { head: 'Tag', sortBy: ({ name }) => name, cell: ({ name }) => element('span', { class: 'name' }, given(name)) },
      {
        head: 'Requests',
        numeric: true,
        sortBy: ({ requests }) => requests.started,
        cell: ({ requests }) => count(requests.started),
      },
      {
        head: 'Success',
        numeric: true,
        sortBy: ({ successRate }) => successRate,
        cell: ({ successRate }) => element('span', { class: (successRate ?? 1) < 1 && 'bad' }, share(successRate)),
      },
      {
        head: 'Rate',
        hint: 'succeeded per second',
        numeric: true,
        sortBy: ({ throughputPerSec }) => throughputPerSec,
        cell: ({ throughputPerSec }) => rate(throughputPerSec),
      },
      ...(['p50', 'p95', 'p99', 'max'] as const).map(percentile),
    ],
  });
}
