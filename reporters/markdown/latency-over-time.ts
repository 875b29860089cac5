/** Percentiles of a run along its time, over all endpoints; neighbouring seconds are merged, percentiles never averaged. */
import type { RunData } from '../../load/measure/run-data.ts';
import { windowPrecision } from '../../load/measure/run-data.ts';
import { SparseHistogram } from '../../load/measure/sparse-histogram.ts';

export interface LatencyPoint {
  /** First second of the point, from the start of the measured part. */
  readonly second: number;
  readonly latency: SparseHistogram;
}

/** At most `mostPoints` points of equal length; a stretch without requests has none. The warm-up is left out. */
export function latencyOverTime(run: Pick<RunData, 'endpoints'>, mostPoints: number): LatencyPoint[] {
  const measured = [...run.endpoints.values()].flatMap(({ windows }) =>
    [...windows].filter(([second]) => second >= 0).map(([second, { latency }]) => ({ second, latency })),
  );
  const seconds = measured.reduce((last, { second }) => Math.max(last, second + 1), 0);
  const length = Math.max(1, Math.ceil(seconds / mostPoints));
  const points = new Map<number, SparseHistogram>();
  for (const { second, latency } of measured) {
    const from = second - (second % length);
    const known = points.get(from) ?? new SparseHistogram(windowPrecision);
    known.add(latency);
    points.set(from, known);
  }
  return [...points].map(([second, latency]) => ({ second, latency })).sort((a, b) => a.second - b.second);
}
