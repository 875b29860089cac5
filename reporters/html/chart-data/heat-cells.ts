/**
 * Latency over time as a heat map: columns of time, rows of latency on a log scale, the number of requests in each
 * cell. It shows what percentiles hide: two populations, a stall, the edge of a timeout.
 */
import type { SparseHistogram } from '../../../load/measure/sparse-histogram.ts';

/** Rows per factor of ten: each is 33 % above the last. */
export const rowsPerDecade = 8;

/** Cells as flat triples: point, row above `firstRow`, count. */
export interface HeatCells {
  readonly fromSec: number;
  readonly stepSec: number;
  readonly points: number;
  /** Row r covers 10^((firstRow + r) / rowsPerDecade) ms up to the next. */
  readonly firstRow: number;
  readonly rows: number;
  readonly cells: readonly number[];
}

export function heatCells(
  axis: { readonly fromSec: number; readonly stepSec: number },
  histograms: readonly (SparseHistogram | undefined)[],
): HeatCells {
  const found: [point: number, row: number, count: number][] = [];
  histograms.forEach((histogram, point) => {
    const counts = new Map<number, number>();
    for (const { value, count } of histogram?.buckets() ?? []) {
      const row = rowOf(value);
      counts.set(row, (counts.get(row) ?? 0) + count);
    }
    for (const [row, count] of counts) found.push([point, row, count]);
  });
  const rows = found.map(([, row]) => row);
  const firstRow = rows.length === 0 ? 0 : rows.reduce((low, row) => Math.min(low, row));
  const lastRow = rows.length === 0 ? -1 : rows.reduce((high, row) => Math.max(high, row));
  return {
    fromSec: axis.fromSec,
    stepSec: axis.stepSec,
    points: histograms.length,
    firstRow,
    rows: lastRow - firstRow + 1,
    cells: found.flatMap(([point, row, count]) => [point, row - firstRow, count]),
  };
}

/** Lower edge of a row in milliseconds. */
export function rowEdgeMs(row: number): number {
  return 10 ** (row / rowsPerDecade);
}

/** A microsecond is the grain of the measurement: nothing lies below. */
const leastMs = 0.001;

function rowOf(ms: number): number {
  return Math.floor(Math.log10(Math.max(leastMs, ms)) * rowsPerDecade + 1e-9);
}
