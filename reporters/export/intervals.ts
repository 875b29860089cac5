/** When the points of a run are: at the end of each interval, the last at the end of the run. */
import { durationMsOfRun } from '../../load/measure/summary.ts';
import type { ReportedRun } from '../reported-run.ts';
import { durationBoundsSec } from './duration-buckets.ts';
import type { Distribution, Point } from './metric-family.ts';

/** As long as Prometheus' scrapes usually are apart, and whole parts of a minute or an hour. */
const lengthsSec = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1_800, 3_600] as const;

/** Most points of one series, and of all distributions of an export together: what is sent is bounded. */
const pointLimits = { ofSeries: 240, ofDistributions: 20_000 } as const;

export interface Intervals {
  readonly startMs: number;
  readonly lengthSec: number;
  /** Ends of the intervals by wall clock, milliseconds. */
  readonly endsMs: readonly number[];
}

/**
 * How many distributions there are in all decides how fine they can be. The start is the summary's: a load test that came
 * to no load has one too, that of its test.
 */
export function intervalsOf({ data, summary }: ReportedRun, distributions: number): Intervals {
  const startMs = Date.parse(summary.startedAt);
  const durationMs = Math.max(1, Math.round(durationMsOfRun(data)));
  const most = Math.min(pointLimits.ofSeries, Math.floor(pointLimits.ofDistributions / Math.max(1, distributions)));
  const lengthSec =
    lengthsSec.find((length) => durationMs / (1_000 * length) <= most) ??
    Math.ceil(durationMs / (1_000 * Math.max(1, most)));
  const count = Math.max(1, Math.ceil(durationMs / (1_000 * lengthSec)));
  return {
    startMs,
    lengthSec,
    endsMs: Array.from({ length: count }, (_, at) => startMs + Math.min(durationMs, (at + 1) * lengthSec * 1_000)),
  };
}

/** Which interval a second of the run lies in; undefined for the warm-up. What ends after the run is of its last. */
function intervalOf(second: number, { lengthSec, endsMs }: Intervals): number | undefined {
  return second < 0 ? undefined : Math.min(endsMs.length - 1, Math.floor(second / lengthSec));
}

/** The sum up to each interval's end. */
export function addedUp<Window>(
  windows: Iterable<readonly [second: number, window: Window]>,
  count: (window: Window) => number,
  intervals: Intervals,
): Point<number>[] {
  const sums = new Float64Array(intervals.endsMs.length);
  for (const [second, window] of windows) {
    const at = intervalOf(second, intervals);
    if (at !== undefined) sums[at] = (sums[at] ?? 0) + count(window);
  }
  let sum = 0;
  return intervals.endsMs.map((atMs, at) => ({ atMs, value: (sum += sums[at] ?? 0) }));
}

/** One value of each interval that has any, `merge`d from those in it. */
export function valueEach(
  values: Iterable<readonly [second: number, value: number | undefined]>,
  intervals: Intervals,
  merge: (earlier: number, later: number) => number,
): Point<number>[] {
  const merged: (number | undefined)[] = intervals.endsMs.map(() => undefined);
  for (const [second, value] of values) {
    const at = intervalOf(second, intervals);
    if (at === undefined || value === undefined) continue;
    const known = merged[at];
    merged[at] = known === undefined ? value : merge(known, value);
  }
  return intervals.endsMs.flatMap((atMs, at) => {
    const value = merged[at];
    return value === undefined ? [] : [{ atMs, value }];
  });
}

interface LatencyWindow {
  readonly latency: {
    readonly count: number;
    buckets(): readonly { readonly value: number; readonly count: number }[];
  };
  readonly sumMs: number;
}

/** The distribution up to each interval's end. */
export function distributionsUpTo(
  windows: Iterable<readonly [second: number, window: LatencyWindow]>,
  intervals: Intervals,
): Point<Distribution>[] {
  const parts = intervals.endsMs.map(() => ({
    counts: new Float64Array(durationBoundsSec.length),
    count: 0,
    sumMs: 0,
  }));
  for (const [second, { latency, sumMs }] of windows) {
    const part = parts[intervalOf(second, intervals) ?? -1];
    if (part === undefined) continue;
    part.count += latency.count;
    part.sumMs += sumMs;
    for (const { value, count } of latency.buckets()) {
      const bound = durationBoundsSec.findIndex((boundSec) => value <= boundSec * 1_000);
      if (bound >= 0) part.counts[bound] = (part.counts[bound] ?? 0) + count;
    }
  }
  const sums = { counts: new Float64Array(durationBoundsSec.length), count: 0, sumMs: 0 };
  return parts.map(({ counts, count, sumMs }, at) => {
    sums.count += count;
    sums.sumMs += sumMs;
    let below = 0;
    const upTo = durationBoundsSec.map((_, bound) => {
      sums.counts[bound] = (sums.counts[bound] ?? 0) + (counts[bound] ?? 0);
      return (below += sums.counts[bound] ?? 0);
    });
    return { atMs: intervals.endsMs[at] ?? 0, value: { count: sums.count, sum: sums.sumMs / 1_000, upTo } };
  });
}
