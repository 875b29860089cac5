/** Latencies of a run and of its parts: one row each, the same columns everywhere. */
import { carries, percents, unsureMark } from '../../load/measure/carried.ts';
import { groupCounts } from '../../load/measure/group-data.ts';
import type { LatencyHistogram, LatencyStats } from '../../load/measure/histogram.ts';
import { phaseNames } from '../../load/measure/samples/phases.ts';
import { overall } from '../../load/measure/run-data.ts';
import { overallBlockedMs } from './overall-blocked.ts';
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatCount, formatMs } from '../../load/measure/units.ts';
import type { ReportedRun } from '../reported-run.ts';
import { type Canvas, figure, indent, nameCell } from './section.ts';
import { type Cell, type Column, tableLines } from './table.ts';

/** The columns of every latency table; on a narrow terminal p90 is the first to go. */
export const latencyColumns: readonly (Column & { readonly key: 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'max' })[] = [
  { key: 'mean', title: 'mean', align: 'right', spare: 3 },
  { key: 'p50', title: 'p50', align: 'right', spare: 1 },
  { key: 'p90', title: 'p90', align: 'right', spare: 5 },
  { key: 'p95', title: 'p95', align: 'right' },
  { key: 'p99', title: 'p99', align: 'right', spare: 2 },
  { key: 'max', title: 'max', align: 'right', spare: 1 },
];

function isPercentile(key: string): key is keyof typeof percents {
  return Object.hasOwn(percents, key);
}

/** With a mark where the count does not carry it. */
export function percentileCell(stats: Partial<LatencyStats> | undefined, name: keyof typeof percents): Cell {
  const isSure = carries(percents[name], stats?.count ?? 0);
  return figure(stats?.[name], (ms) => `${isSure ? '' : unsureMark}${formatMs(ms)}`);
}

export function latencyCells(stats: Partial<LatencyStats> | undefined): Cell[] {
  return latencyColumns.map(({ key }) =>
    isPercentile(key) ? percentileCell(stats, key) : figure(stats?.[key], formatMs),
  );
}

interface LatencyRow {
  readonly name: string;
  readonly stats: Partial<LatencyStats> | undefined;
  readonly failed?: number;
  readonly unfinished?: number;
}

/** Response time first in an open model, since it is what a user feels; then service time and lag. Failures are apart. */
export function runLatencyRows({ responseMs, serviceMs, failureMs, lagMs }: RunSummary): LatencyRow[] {
  return [
    { name: 'response', stats: responseMs },
    { name: 'service', stats: serviceMs },
    { name: 'failures', stats: failureMs },
    { name: 'lag', stats: lagMs },
  ].filter(({ stats, name }) => stats !== undefined || name === 'service');
}

/**
 * Where the time of a request went, over all endpoints. The means are over all requests, so that they add up to the mean
 * from the intended start, or from the call in a closed model; the other figures are of those that had the phase.
 */
export function phaseRows({ data }: ReportedRun): LatencyRow[] {
  const { count } = overall(data, 'service');
  const mean = overallBlockedMs(data);
  if (mean === undefined) return [];
  const phases = rowsOf(phaseNames.map((phase) => [phase, overall(data, ({ phases }) => phases[phase])] as const)).map(
    ({ name, stats }) => ({ name, stats: { ...stats, mean: ((stats?.mean ?? 0) * (stats?.count ?? 0)) / count } }),
  );
  const rows = [{ name: 'blocked', stats: { count, mean } }, ...phases];
  return [...rows, { name: 'in all', stats: { count, mean: rows.reduce((sum, row) => sum + row.stats.mean, 0) } }];
}

/** Named parts of the scenario, those that never came to a good end too. */
export function groupRows({ data }: ReportedRun): LatencyRow[] {
  return [...data.groups]
    .filter(([, { started }]) => started > 0)
    .map(([name, group]) => ({ name, stats: group.durations.stats() ?? { count: 0 }, ...groupCounts(group) }));
}

function rowsOf(named: readonly (readonly [string, LatencyHistogram])[]): LatencyRow[] {
  return named
    .map(([name, histogram]) => ({ name, stats: histogram.stats() }))
    .filter(({ stats }) => stats !== undefined);
}

/** `title` stands over the names. What came to no good end has a column where there is any. */
export function latencyLines(title: string, rows: readonly LatencyRow[], { width, paint }: Canvas): string[] {
  if (rows.length === 0) return [];
  const losses = (['failed', 'unfinished'] as const).filter((key) => rows.some((row) => (row[key] ?? 0) > 0));
  return tableLines({
    columns: [
      { title, align: 'left' },
      { title: 'count', align: 'right', spare: 4 },
      ...losses.map((loss): Column => ({ title: loss, align: 'right' })),
      { title: 'min', align: 'right', spare: 6 },
      ...latencyColumns,
    ],
    rows: rows.map(({ name, stats, ...counts }) => [
      nameCell(name),
      figure(stats?.count, formatCount),
      ...losses.map((loss) => ({
        ...figure(counts[loss], formatCount),
        ...((counts[loss] ?? 0) > 0 && { paint: paint.bad }),
      })),
      figure(stats?.min, formatMs),
      ...latencyCells(stats),
    ]),
    width: width - indent.length,
    titlePaint: paint.dim,
  });
}
