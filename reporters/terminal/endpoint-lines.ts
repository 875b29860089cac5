/** One row per endpoint, the busiest first. */
import type { EndpointSummary, RunSummary } from '../../load/measure/summary.ts';
import { finished } from '../../load/measure/counts.ts';
import { formatCount, formatPercent, formatRate } from '../../load/measure/units.ts';
import { latencyCells, latencyColumns } from './latency-lines.ts';
import type { Paint } from './paint.ts';
import { type Canvas, figure, indent, nameCell } from './section.ts';
import { type Cell, tableLines } from './table.ts';

/** More rows than this say less than their sum; the page and summary.json have them all. */
const mostRows = 20;

export function endpointLines({ endpoints, model }: RunSummary, canvas: Canvas): string[] {
  return rowLines('endpoint', endpoints, model, canvas);
}

/** Of tags of requests and measured calls. */
export function tagLines({ requestTags = [], model }: RunSummary, canvas: Canvas): string[] {
  return rowLines('tag', requestTags, model, canvas);
}

function rowLines(
  title: string,
  all: readonly EndpointSummary[],
  model: RunSummary['model'],
  { width, paint }: Canvas,
): string[] {
  if (all.length === 0) return [];
  const sorted = all.toSorted((a, b) => finished(b.requests) - finished(a.requests));
  const lines = tableLines({
    columns: [
      { title, align: 'left' },
      { title: 'requests', align: 'right', spare: 4 },
      { title: 'ok', align: 'right' },
      { title: 'rate', align: 'right', spare: 4 },
      ...latencyColumns,
    ],
    rows: sorted.slice(0, mostRows).map((endpoint) => endpointCells(endpoint, model, paint)),
    width: width - indent.length,
    titlePaint: paint.dim,
  });
  const rest = sorted.length - mostRows;
  return rest > 0 ? [...lines, paint.dim(`and ${formatCount(rest)} more ${title}s`)] : lines;
}

function endpointCells(endpoint: EndpointSummary, model: RunSummary['model'], paint: Paint): Cell[] {
  const { name, requests, successRate, throughputPerSec, serviceMs, responseMs } = endpoint;
  return [
    nameCell(name),
    figure(finished(requests), formatCount),
    { ...figure(successRate, formatPercent), ...((successRate ?? 1) < 1 && { paint: paint.bad }) },
    figure(throughputPerSec, formatRate),
    ...latencyCells(model === 'open' ? responseMs : serviceMs),
  ];
}
