/**
 * One endpoint's timings described as pytest-benchmark describes a function: quartiles, spread, outliers and
 * operations per second. It takes counted values, so a histogram is described without being unpacked.
 */
import type { LatencyHistogram } from '../measure/histogram.ts';
import { ascending, countedPercentile, countedQuantile, totalCount, type Counted } from './statistics/quantile.ts';
import { tukeyFences } from './statistics/spread.ts';

/** Times of one endpoint, ms, as pytest-benchmark describes them. */
export type Benchmark =
  | {
      readonly kind: 'measured';
      /** Timed requests; warm-up is not among them. All times are in the unit of the values. */
      readonly rounds: number;
      /** The quickest. */
      readonly min: number;
      /** First quartile. */
      readonly q1: number;
      /** Second quartile. */
      readonly median: number;
      /** Third quartile. */
      readonly q3: number;
      /** Interquartile range, q3 − q1. */
      readonly iqr: number;
      /** Arithmetic mean. */
      readonly mean: number;
      /** Sample standard deviation (n − 1). Absent for a single round. */
      readonly stdev?: number;
      /** By rank, as in every other table of a run. */
      readonly p95: number;
      /** By rank. */
      readonly p99: number;
      /** The slowest. */
      readonly max: number;
      /** Median absolute deviation from the median, unscaled. */
      readonly mad: number;
      /** Beyond Tukey's fences, 1.5 and 3 interquartile ranges from the quartiles. Counted, never removed. */
      readonly outliers: {
        /** Beyond the inner fences alone. */
        readonly mild: number;
        /** Beyond the outer ones too. */
        readonly severe: number;
      };
      /** n / sum of the times, per second: what one client reached that waits for each answer. Absent if all times are 0. */
      readonly ops?: number;
    }
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

export type BenchmarkParts = {
  /** Milliseconds and counts, in any order. */
  readonly values: readonly Counted[];
  /**
   * What was summed exactly beside the histogram, ms. Buckets round: without it mean, deviation, extremes and
   * operations per second are those of the buckets.
   */
  readonly exact?: {
    readonly sum: number;
    readonly min: number;
    readonly max: number;
    readonly stdev?: number;
    readonly p95?: number;
    readonly p99?: number;
  };
};

/** A histogram's times described, ms. Its percentiles are those of every other table of the run. */
export function benchmarkOf(histogram: LatencyHistogram): Benchmark {
  const values = histogram.buckets().map(({ ms, count }) => ({ value: ms, count }));
  const stats = histogram.stats();
  if (!stats) return describeBenchmark({ values });
  const { count, mean, min, max, p95, p99 } = stats;
  // The histogram's deviation divides by n; a sample's divides by n − 1.
  const stdev = count > 1 ? { stdev: stats.stdev * Math.sqrt(count / (count - 1)) } : {};
  return describeBenchmark({ values, exact: { sum: mean * count, min, max, p95, p99, ...stdev } });
}

/** Throws `RangeError` for values that are no times or counts that are no counts. */
export function describeBenchmark({ values, exact }: BenchmarkParts): Benchmark {
  const unusable = values.find(
    ({ value, count }) => !(value >= 0 && value < Infinity && Number.isInteger(count) && count >= 0),
  );
  if (unusable)
    throw new RangeError(`a benchmark takes finite times and whole counts, got ${JSON.stringify(unusable)}`);
  const counted = ascending(values);
  const rounds = totalCount(counted);
  const quartiles = quartilesOf(counted);
  if (!quartiles) return { kind: 'not-enough-data', reason: 'no round was measured' };
  const { q1, median, q3 } = quartiles;
  const sum = exact?.sum ?? counted.reduce((total, { value, count }) => total + value * count, 0);
  const mean = sum / rounds;
  const stdev = exact ? exact.stdev : countedStdev(counted, mean);
  return {
    kind: 'measured',
    rounds,
    min: exact?.min ?? quartiles.min,
    q1,
    median,
    q3,
    iqr: q3 - q1,
    mean,
    ...(stdev !== undefined && { stdev }),
    p95: exact?.p95 ?? countedPercentile(counted, 0.95) ?? quartiles.max,
    p99: exact?.p99 ?? countedPercentile(counted, 0.99) ?? quartiles.max,
    max: exact?.max ?? quartiles.max,
    mad: countedMad(counted, median),
    outliers: countOutliers(counted, q1, q3),
    ...(sum > 0 && { ops: (1_000 * rounds) / sum }),
  };
}

function quartilesOf(counted: readonly Counted[]) {
  const [min, q1, median, q3, max] = [0, 0.25, 0.5, 0.75, 1].map((q) => countedQuantile(counted, q));
  if (min === undefined || q1 === undefined || median === undefined || q3 === undefined || max === undefined)
    return undefined;
  return { min, q1, median, q3, max };
}

function countedStdev(counted: readonly Counted[], mean: number): number | undefined {
  const n = totalCount(counted);
  if (n < 2) return undefined;
  return Math.sqrt(counted.reduce((sum, { value, count }) => sum + count * (value - mean) ** 2, 0) / (n - 1));
}

function countedMad(counted: readonly Counted[], median: number): number {
  const deviations = ascending(counted.map(({ value, count }) => ({ value: Math.abs(value - median), count })));
  return countedQuantile(deviations, 0.5) ?? 0;
}

function countOutliers(counted: readonly Counted[], q1: number, q3: number) {
  const { inner, outer } = tukeyFences(q1, q3);
  const beyond = ([low, high]: readonly [number, number]): number =>
    totalCount(counted.filter(({ value }) => value < low || value > high));
  const severe = beyond(outer);
  return { mild: beyond(inner) - severe, severe };
}
