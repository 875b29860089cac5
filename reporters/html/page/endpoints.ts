/** Every endpoint in a row: sortable, with its p95 over time, and all there is to know of it when it is opened. */
import { latencyChart } from '../charts/latency-chart.ts';
import { shownPercentiles } from '../chart-data/shown-percentiles.ts';
import type { EndpointRow, RunView } from '../run-view.ts';
import { lostOf } from '../../../load/measure/counts.ts';
import type { LatencyStats } from '../../../load/measure/histogram.ts';
import { formatMs } from '../../../load/measure/units.ts';
import { chartFigure, type ChartFigure } from './chart-figure.ts';
import { element, given } from './element.ts';
import { endpointLink } from './endpoint-link.ts';
import { change, count, ms, percentile, rate, share } from './figures.ts';
import { sortableTable, type TableColumn } from './sortable-table.ts';
import { spark } from './spark.ts';
import { latencyRows, timeTip } from './tips.ts';

/** `opened` collects the charts that are made, for whoever takes the page apart. */
export function endpointsTable(view: RunView, opened: ChartFigure[]): HTMLElement {
  const earlier = new Map(view.baseline?.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const curves = new Map(view.charts.endpoints.map((columns) => [columns.endpoint, columns]));
  const figure = (name: 'p50' | 'p90' | 'p95' | 'p99' | 'max'): TableColumn<EndpointRow> => ({
    head: name,
    numeric: true,
    sortBy: ({ latency }) => latency[name],
    cell: ({ latency }) => (name === 'max' ? ms(latency.max) : percentile(latency, name)),
  });
  const compared: TableColumn<EndpointRow> = {
    head: 'p95 before',
    hint: 'p95 of the baseline, and the change since',
    numeric: true,
    sortBy: ({ name, latency }) =>
      (latency.p95 ?? Number.NaN) / (earlier.get(name)?.latency.p95 ?? Number.NaN) || undefined,
    cell: ({ name, latency }) => {
      const before = earlier.get(name)?.latency.p95;
      return element('span', {}, ms(before), element('small', { class: 'below' }, change(latency.p95, before) ?? ''));
    },
  };
  const overTime: TableColumn<EndpointRow> = {
    head: 'p95 over time',
    cell: ({ name }) => {
      const columns = curves.get(name);
      return columns === undefined ? '' : spark(columns.p95, 'p95 over time');
    },
  };
  return sortableTable({
    caption: 'Endpoints',
    rows: view.endpoints,
    columns: [
      {
        head: 'Endpoint',
        sortBy: ({ name }) => name,
        cell: ({ name }) => endpointLink(name),
      },
      {
        head: 'Requests',
        numeric: true,
        sortBy: ({ requests }) => requests.started,
        cell: ({ requests }) => count(requests.started),
      },
      {
        head: 'Failed',
        numeric: true,
        sortBy: ({ requests }) => lostOf(requests),
        cell: ({ requests }) => element('span', { class: lostOf(requests) > 0 && 'bad' }, count(lostOf(requests))),
      },
      {
        head: 'Success',
        numeric: true,
        sortBy: ({ successRate }) => successRate,
        cell: ({ successRate }) => share(successRate),
      },
      {
        head: 'Rate',
        hint: 'succeeded per second',
        numeric: true,
        sortBy: ({ throughputPerSec }) => throughputPerSec,
        cell: ({ throughputPerSec }) => rate(throughputPerSec),
      },
      ...(['p50', 'p90', 'p95', 'p99', 'max'] as const).map(figure),
      ...(view.baseline === undefined ? [] : [compared]),
      ...(view.charts.endpointAxis.points < 2 ? [] : [overTime]),
    ],
    detail: (row) => endpointDetail(row, view, opened),
    partOf: ({ name }) => `endpoint:${name}`,
  });
}

function endpointDetail(row: EndpointRow, view: RunView, opened: ChartFigure[]): HTMLElement {
  const columns = view.charts.endpoints.find(({ endpoint }) => endpoint === row.name);
  const phases = view.charts.phases.find(({ endpoint }) => endpoint === row.name);
  const statuses = Object.entries(row.statuses).map(([status, number]) => `${status} × ${count(number)}`);
  const facts: [string, string][] = [
    ['Statuses', statuses.length === 0 ? 'none' : statuses.join(', ')],
    ['Timed out', count(row.requests.timedOut)],
    ['Unfinished', count(row.requests.unfinished)],
    ['Mean', `${ms(row.latency.mean)}, standard deviation ${ms(row.latency.stdev)}`],
    ['Minimum', ms(row.latency.min)],
    ['p99.9', ms(row.latency.p999)],
    ['Sent and received', `${bytes(row.bytesSent)}, ${bytes(row.bytesReceived)}`],
  ];
  for (const [phase, value] of Object.entries(phases?.meanMs ?? {})) facts.push([`Mean ${phase}`, formatMs(value)]);
  for (const [metric, stats] of Object.entries(row.serverTimingMs ?? {}))
    facts.push([`Server: ${metric}`, timingWords(stats)]);
  const list = element(
    'dl',
    { class: 'facts' },
    ...facts.flatMap(([name, value]) => [element('dt', {}, given(name)), element('dd', {}, value)]),
  );
  if (columns === undefined || columns.p50.length < 2) return element('div', {}, list);
  const data = { ...view.charts, axis: view.charts.endpointAxis, latency: columns, limits: [] };
  const figure = chartFigure({
    title: 'Latency of this endpoint',
    summary: `p50 ${ms(row.latency.p50)}, p95 ${ms(row.latency.p95)}`,
    option: shownPercentiles.some((name) => columns[name].some((value) => value !== null))
      ? (palette, width) => latencyChart({ data, palette, width })
      : undefined,
    tip: timeTip(data.axis, latencyRows(columns)),
    height: 180,
  });
  opened.push(figure);
  return element('div', { class: 'endpoint' }, figure.root, list);
}

/** The server's own time, as it told it. */
function timingWords(stats: LatencyStats): string {
  return (['p50', 'p95', 'p99'] as const).map((name) => `${name} ${percentile(stats, name)}`).join(', ');
}

function bytes(value: number): string {
  if (value === 0) return 'not counted';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
  return `${Number((value / 1_000 ** power).toPrecision(3))} ${units[power] ?? 'B'}`;
}
