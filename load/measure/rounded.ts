/** Figures as `summary.json` has them: rounded to the microsecond, absent where nothing was measured. */
import type { LatencyHistogram, LatencyStats } from './histogram.ts';

/** `{ [key]: stats }`, or nothing. */
export function latency<Key extends string>(key: Key, histogram: LatencyHistogram): Partial<Record<Key, LatencyStats>> {
  const stats = histogram.stats();
  return stats === undefined ? {} : ({ [key]: roundedStats(stats) } as Record<Key, LatencyStats>);
}

export function roundedStats(stats: LatencyStats): LatencyStats {
  const { count, min, mean, p50, p90, p95, p99, p999, max, stdev } = stats;
  return {
    count,
    min: round(min),
    mean: round(mean),
    p50: round(p50),
    p90: round(p90),
    p95: round(p95),
    p99: round(p99),
    p999: round(p999),
    max: round(max),
    stdev: round(stdev),
  };
}

/** Microseconds are what is measured; digits beyond them would be invented. */
export function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
