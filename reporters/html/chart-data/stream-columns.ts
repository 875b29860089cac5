/** The streams of a run by the second, all rows together: events, tokens, the time to the first event, the gaps between them. */
import { overall, type RunData } from '../../../load/measure/run-data.ts';
import { windowPrecision } from '../../../load/measure/run-window.ts';
import { SparseHistogram } from '../../../load/measure/sparse-histogram.ts';
import { emptyStreamBook, type StreamBook } from '../../../load/measure/stream-book.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import { type LimitLine, limitLines } from './limit-lines.ts';
import { streamPercentiles } from './shown-percentiles.ts';
import { type Column, perSecond, pointOf, secondOf, tidy, type TimeAxis } from './time-axis.ts';

type StreamTimeShown = 'firstEvent' | 'gap';

export interface StreamTimeColumns {
  /** Milliseconds. */
  readonly p50: Column;
  readonly p99: Column;
  /** Of how many. */
  readonly counts: readonly number[];
  readonly limits: readonly LimitLine[];
  /** Of the whole run. */
  readonly distribution?: Distribution;
}

export interface StreamColumns extends Readonly<Record<StreamTimeShown, StreamTimeColumns>> {
  /** By the second, however fine the rest of the run is drawn. */
  readonly axis: TimeAxis;
  readonly eventsPerSec: Column;
  /** Absent where no token was counted. */
  readonly tokensPerSec?: Column;
}

/** Undefined where no row has streams. */
export function streamColumns(run: RunData, axis: TimeAxis): StreamColumns | undefined {
  const books = [...run.endpoints.values()].flatMap(({ stream }) => stream ?? []);
  if (books.length === 0) return undefined;
  const windows = books.map((book) => book.windows);
  return {
    axis,
    eventsPerSec: summedPerSecond(axis, windows, ({ events }) => events),
    ...(books.some(({ tokens }) => tokens > 0) && {
      tokensPerSec: summedPerSecond(axis, windows, ({ tokens }) => tokens),
    }),
    firstEvent: timeColumns(run, { axis, books, time: 'firstEvent' }),
    gap: timeColumns(run, { axis, books, time: 'gap' }),
  };
}

/** Counts of several rows per second. Nothing is counted in the warm-up, which is a gap and no zero. */
export function summedPerSecond<Window>(
  axis: TimeAxis,
  rows: readonly ReadonlyMap<number, Window>[],
  pick: (window: Window) => number,
): Column {
  const counts = new Array<number>(axis.points).fill(0);
  for (const windows of rows) {
    for (const [second, window] of windows) {
      const point = pointOf(axis, second);
      const before = counts[point];
      if (before !== undefined) counts[point] = before + pick(window);
    }
  }
  return perSecond(axis, counts).map((value, point) => (secondOf(axis, point) < 0 ? null : value));
}

const empty = emptyStreamBook();

function timeColumns(
  run: RunData,
  {
    axis,
    books,
    time,
  }: { readonly axis: TimeAxis; readonly books: readonly StreamBook[]; readonly time: StreamTimeShown },
): StreamTimeColumns {
  const merged = new Array<SparseHistogram | undefined>(axis.points).fill(undefined);
  for (const { windows } of books) {
    for (const [second, window] of windows) {
      const point = pointOf(axis, second);
      if (point < 0 || point >= axis.points || window[time].count === 0) continue;
      (merged[point] ??= new SparseHistogram(windowPrecision)).add(window[time]);
    }
  }
  const values = merged.map((histogram) => histogram?.percentiles([50, 99]) ?? []);
  const distribution = distributionOf(overall(run, ({ stream = empty }) => stream[time]));
  return {
    p50: values.map(([p50]) => tidy(p50)),
    p99: values.map(([, p99]) => tidy(p99)),
    counts: merged.map((histogram) => histogram?.count ?? 0),
    limits: run.thresholds.flatMap((threshold) => limitLines(threshold, { group: time, shown: streamPercentiles })),
    ...(distribution !== undefined && { distribution }),
  };
}
