/** Percentiles of plain values, taken as those of a summary are. */
import { ascending, countedPercentile } from '../load/analysis/statistics/quantile.ts';

/** Of a percentage, such as 99; NaN where there is no value. */
export function percentilesOf(values: readonly number[]): (percent: number) => number {
  const counted = ascending(values.map((value) => ({ value, count: 1 })));
  return (percent) => countedPercentile(counted, percent / 100) ?? Number.NaN;
}
