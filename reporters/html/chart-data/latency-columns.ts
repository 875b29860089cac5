/** Percentiles over time. Windows that share a point are merged first; a percentile is never averaged. */
import { percents } from '../../../load/measure/carried.ts';
import { windowPrecision } from '../../../load/measure/run-window.ts';
import { SparseHistogram } from '../../../load/measure/sparse-histogram.ts';
import type { LatencyRow } from './run-course.ts';
import { type LatencyColumns, shownPercentiles, type ShownPercentile } from './shown-percentiles.ts';
import { type Column, pointOf, tidy, type TimeAxis } from './time-axis.ts';

/** The windows of one or several rows, merged point by point; undefined where no request was due. */
export function mergedByPoint(axis: TimeAxis, rows: Iterable<LatencyRow>): (SparseHistogram | undefined)[] {
  const merged = new Array<SparseHistogram | undefined>(axis.points).fill(undefined);
  for (const { windows } of rows) {
    for (const [second, { latency }] of windows) {
      const point = pointOf(axis, second);
      if (point < 0 || point >= axis.points) continue;
      (merged[point] ??= new SparseHistogram(windowPrecision)).add(latency);
    }
  }
  return merged;
}

/** Several rows of histograms on one axis as one row. */
export function mergedTogether(
  axis: TimeAxis,
  rows: readonly (readonly (SparseHistogram | undefined)[])[],
): (SparseHistogram | undefined)[] {
  const merged = new Array<SparseHistogram | undefined>(axis.points).fill(undefined);
  for (const row of rows) {
    row.forEach((histogram, point) => {
      if (histogram !== undefined) (merged[point] ??= new SparseHistogram(windowPrecision)).add(histogram);
    });
  }
  return merged;
}

export function latencyColumns(histograms: readonly (SparseHistogram | undefined)[]): LatencyColumns {
  const columns: Record<ShownPercentile, Column> = { p50: [], p90: [], p95: [], p99: [] };
  for (const histogram of histograms) {
    const values = percentilesOf(histogram);
    for (const name of shownPercentiles) columns[name].push(tidy(values[name]));
  }
  return { ...columns, counts: histograms.map((histogram) => histogram?.count ?? 0) };
}

/** All shown percentiles in one pass over the buckets (nearest rank); none without samples. */
export function percentilesOf(histogram: SparseHistogram | undefined): Partial<Record<ShownPercentile, number>> {
  if (histogram === undefined || histogram.count === 0) return {};
  const values = histogram.percentiles(shownPercentiles.map((name) => percents[name]));
  return Object.fromEntries(shownPercentiles.map((name, at) => [name, values[at]]));
}
