/** The figures of a comparison with a baseline, its runs as a table, and their trend as a chart. */
import { type BaselineMetric, worseMetrics } from '../analysis/baseline.ts';
import type { BaselineRun } from '../measure/baseline.ts';
import { cells, type Finding, type FindingChart, type FindingTable } from '../measure/finding.ts';
import { toDigits } from '../measure/units.ts';
import type { Compared } from './compare-load.ts';

/** A run beside those that were accepted before it; without a comparison where there were none. */
export type BesidePast = Pick<Compared, 'past' | 'now' | 'environment'> & Partial<Pick<Compared, 'comparison'>>;

export function baselineSeries(
  told: BesidePast,
  again: Compared | undefined,
): Pick<Finding, 'kind' | 'figures' | 'table' | 'chart'> {
  const chart = chartOf(told, again);
  return {
    kind: 'baseline',
    figures: figuresOf(told, again),
    table: tableOf(told, again),
    ...(chart !== undefined && { chart }),
  };
}

function figuresOf(
  { past, now, comparison, environment }: BesidePast,
  again: Compared | undefined,
): Finding['figures'] {
  const worse: readonly BaselineMetric[] = comparison === undefined ? [] : worseMetrics(comparison);
  const p95 = comparison?.p95;
  return cells({
    baselineRuns: past.length,
    environment,
    ...(p95 !== undefined && {
      p95Ms: p95.now,
      usualP95Ms: toDigits(p95.usual, 3),
      limitP95Ms: toDigits(p95.limit, 3),
      changePercent: percent(p95.now / p95.usual - 1),
      seesPercent: percent(p95.limit / p95.usual - 1),
    }),
    againP95Ms: again?.comparison.p95?.now,
    errorRateShare: now.errorRate,
    limitErrorRateShare: comparison === undefined ? undefined : toDigits(comparison.errorRate.limit, 6),
    againErrorRateShare: again?.now.errorRate,
    worse: worse.length === 0 ? undefined : worse.join(', '),
  });
}

function percent(change: number): number {
  return toDigits(change * 100, 1);
}

const columns: FindingTable['columns'] = [
  { name: 'run', unit: 'text' },
  { name: 'commit', unit: 'text' },
  { name: 'requests', unit: 'count' },
  { name: 'p50', unit: 'ms' },
  { name: 'p95', unit: 'ms' },
  { name: 'p99', unit: 'ms' },
  { name: 'mean', unit: 'ms' },
  { name: 'throughput', unit: 'perSec' },
  { name: 'errors', unit: 'share' },
];

function tableOf({ past, now }: BesidePast, again: Compared | undefined): FindingTable {
  return {
    columns,
    rows: [
      ...past.map((run) => rowOf(`${run.at.slice(0, 10)} ${run.at.slice(11, 16)}`, run)),
      rowOf('this one', now),
      ...(again === undefined ? [] : [rowOf('again', again.now)]),
    ],
  };
}

function rowOf(run: string, { commit, requests, latencyMs, throughputPerSec, errorRate }: BaselineRun) {
  return cells({
    run,
    commit: commit?.slice(0, 7),
    requests,
    p50: latencyMs?.p50,
    p95: latencyMs?.p95,
    p99: latencyMs?.p99,
    mean: latencyMs?.mean,
    throughput: throughputPerSec,
    errors: errorRate,
  });
}

/** The p95 of the accepted runs from left to right, this one last, and what it may be at most. */
function chartOf({ past, now, comparison }: BesidePast, again: Compared | undefined): FindingChart | undefined {
  if (now.latencyMs === undefined) return undefined;
  const points = past.flatMap(({ latencyMs }, at) =>
    latencyMs === undefined ? [] : [[at + 1, latencyMs.p95] as const],
  );
  const own = [now, ...(again === undefined ? [] : [again.now])].flatMap(({ latencyMs }, at) =>
    latencyMs === undefined ? [] : [[past.length + 1 + at, latencyMs.p95] as const],
  );
  const p95 = comparison?.p95;
  return {
    x: { name: 'run', unit: 'count' },
    left: { name: 'p95', unit: 'ms' },
    lines: [
      ...(points.length === 0 ? [] : [{ name: 'accepted', axis: 'left', style: 'line', points } as const]),
      { name: again === undefined ? 'this one' : 'this one, and again', axis: 'left', style: 'points', points: own },
    ],
    marks: p95 === undefined ? [] : [{ on: 'left', at: p95.limit, name: 'limit' }],
  };
}
