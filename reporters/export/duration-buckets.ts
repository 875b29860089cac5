/**
 * Bucket bounds for systems that take histograms only in given buckets: those that OpenTelemetry's HTTP conventions
 * advise (5 ms to 10 s), with finer ones below, since a load test on a local network lives there, and some above.
 */
import type { LatencyHistogram } from '../../load/measure/histogram.ts';

/** Upper bounds, inclusive, in seconds. */
export const durationBoundsSec = [
  0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0025, 0.005, 0.0075, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1,
  2.5, 5, 7.5, 10, 30, 60,
] as const;

/** How many latencies were at or below each bound; the histogram's own resolution is a thousandth of a value. */
export function cumulativeCounts(histogram: LatencyHistogram): number[] {
  const counts = durationBoundsSec.map(() => 0);
  for (const { ms, count } of histogram.buckets()) {
    durationBoundsSec.forEach((bound, at) => {
      if (ms <= bound * 1_000) counts[at] = (counts[at] ?? 0) + count;
    });
  }
  return counts;
}
