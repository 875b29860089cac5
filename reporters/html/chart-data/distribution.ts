/** How the latencies of a whole run are spread: counts on a log scale of milliseconds, and its percentiles. */
import { carries } from '../../../load/measure/carried.ts';
import type { LatencyHistogram } from '../../../load/measure/histogram.ts';

/** Steps per factor of ten: each is 12 % above the last. */
const stepsPerDecade = 20;

export interface Distribution {
  readonly count: number;
  /** Lower edge of each step in milliseconds, one more than there are counts. */
  readonly edgesMs: readonly number[];
  readonly counts: readonly number[];
  /** From the exact histogram, not from the steps. */
  readonly percentiles: readonly DistributionPercentile[];
}

export interface DistributionPercentile {
  readonly name: string;
  readonly percent: number;
  readonly ms: number;
  /** Too few requests lie beyond it to rest on. */
  readonly unsure?: true;
}

const shown = [
  { name: 'p50', percent: 50 },
  { name: 'p75', percent: 75 },
  { name: 'p90', percent: 90 },
  { name: 'p95', percent: 95 },
  { name: 'p99', percent: 99 },
  { name: 'p99.9', percent: 99.9 },
  { name: 'p99.99', percent: 99.99 },
  { name: 'max', percent: 100 },
];

/** Undefined without samples. A percentile that fewer than one request lies beyond is the maximum, and is left out. */
export function distributionOf(histogram: LatencyHistogram): Distribution | undefined {
  const buckets = histogram.buckets();
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const low = stepOf(first.ms);
  const counts = new Array<number>(stepOf(last.ms) - low + 1).fill(0);
  for (const { ms, count } of buckets) {
    const at = stepOf(ms) - low;
    counts[at] = (counts[at] ?? 0) + count;
  }
  return {
    count: histogram.count,
    edgesMs: Array.from({ length: counts.length + 1 }, (_, at) => round(10 ** ((low + at) / stepsPerDecade))),
    counts,
    percentiles: shown.flatMap(({ name, percent }) => {
      const ms = histogram.percentileMs(percent);
      const told = percent === 100 || histogram.count * (1 - percent / 100) >= 1;
      const unsure = percent < 100 && !carries(percent, histogram.count);
      return ms === undefined || !told ? [] : [{ name, percent, ms, ...(unsure && { unsure }) }];
    }),
  };
}

function stepOf(ms: number): number {
  return Math.floor(Math.log10(ms) * stepsPerDecade + 1e-9);
}

function round(ms: number): number {
  return Number(ms.toPrecision(5));
}
