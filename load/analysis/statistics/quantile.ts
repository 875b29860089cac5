/**
 * Quantiles of a sorted sample, and of a sample that is given as counted values (histogram buckets), which is answered
 * as if every value stood there as often as it was counted.
 */

/** A value and how often it occurred. */
export type Counted = { readonly value: number; readonly count: number };

/**
 * Quantile by linear interpolation between order statistics: position (n − 1)q. Type 7 of Hyndman & Fan (1996),
 * the default of R, NumPy and spreadsheets. `q` is 0 to 1. Nothing for an empty sample.
 */
export function quantile(sorted: readonly number[], q: number): number | undefined {
  return interpolate(sorted.length, q, (rank) => sorted[rank]);
}

/** Median of values in any order; the mean of the middle two when there is no middle one. */
export function median(values: readonly number[]): number | undefined {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** The counted values with ascending values, each value once, without those that never occurred. */
export function ascending(counted: readonly Counted[]): Counted[] {
  const counts = new Map<number, number>();
  for (const { value, count } of counted) if (count > 0) counts.set(value, (counts.get(value) ?? 0) + count);
  return [...counts].map(([value, count]) => ({ value, count })).toSorted((a, b) => a.value - b.value);
}

/** How many values were counted. */
export function totalCount(counted: readonly Counted[]): number {
  return counted.reduce((total, { count }) => total + count, 0);
}

/** `quantile` of ascending counted values. */
export function countedQuantile(counted: readonly Counted[], q: number): number | undefined {
  return interpolate(totalCount(counted), q, (rank) => atRank(counted, rank));
}

/**
 * Percentile as HdrHistogram takes it, so that a benchmark and a summary of the same run agree: the value at rank
 * ⌊qn + ½⌋, counted from 1, and no interpolation.
 */
export function countedPercentile(counted: readonly Counted[], q: number): number | undefined {
  return atRank(counted, Math.max(1, Math.floor(q * totalCount(counted) + 0.5)) - 1);
}

function atRank(counted: readonly Counted[], rank: number): number | undefined {
  let before = 0;
  for (const { value, count } of counted) {
    before += count;
    if (rank < before) return value;
  }
  return undefined;
}

function interpolate(n: number, q: number, at: (rank: number) => number | undefined): number | undefined {
  const position = (n - 1) * q;
  const rank = Math.floor(position);
  const low = at(rank);
  if (low === undefined || n === 0) return undefined;
  const high = at(rank + 1) ?? low;
  return low + (high - low) * (position - rank);
}
