/** Values over time, and the stretches of it in which they are out of their band. */
import { percentOf } from '../measure/custom-metric.ts';
import { type EndpointWindow, windowPrecision } from '../measure/run-data.ts';
import { SparseHistogram } from '../measure/sparse-histogram.ts';
import type { Span } from './windows.ts';

/** Requests that a value needs: a percentile of fewer is one request's luck. */
const requestsPerValue = 20;

/** A value and the time it is of. */
export interface Timed extends Span {
  readonly value: number;
  /** How many requests it is of, and which share of them took longer. */
  readonly count: number;
  readonly shareAbove: (ms: number) => number;
}

/** Windows are made longer until they hold enough requests; those in which nothing came back have no value. */
export function valuesOverTime(
  tables: readonly ReadonlyMap<number, EndpointWindow>[],
  statistic: string,
  least = requestsPerValue,
): Timed[] {
  const bySecond = new Map<number, { latency: SparseHistogram; sumMs: number }>();
  const seconds = tables.flatMap((table) => [...table.keys()].filter((second) => second >= 0));
  if (seconds.length === 0) return [];
  const count = tables.reduce((sum, table) => sum + countOf(table), 0);
  const span = seconds.reduce((last, second) => Math.max(last, second), 0) + 1;
  const length = Math.max(1, Math.ceil((least * span) / Math.max(1, count)));
  for (const table of tables)
    for (const [second, { latency, sumMs }] of table) {
      if (second < 0) continue;
      const at = Math.floor(second / length);
      const sum = bySecond.get(at) ?? { latency: new SparseHistogram(windowPrecision), sumMs: 0 };
      sum.latency.add(latency);
      sum.sumMs += sumMs;
      bySecond.set(at, sum);
    }
  return [...bySecond]
    .sort(([a], [b]) => a - b)
    .flatMap(([at, { latency, sumMs }]) => {
      const value = statisticOf(latency, sumMs, statistic);
      if (value === undefined) return [];
      const span = { fromMs: at * length * 1_000, toMs: (at + 1) * length * 1_000 };
      return [{ ...span, value, count: latency.count, shareAbove: (ms: number) => shareAbove(latency, ms) }];
    });
}

function shareAbove(latency: SparseHistogram, ms: number): number {
  return latency.buckets().reduce((sum, { value, count }) => sum + (value > ms ? count : 0), 0) / latency.count;
}

function countOf(table: ReadonlyMap<number, EndpointWindow>): number {
  return [...table].reduce((sum, [second, { latency }]) => sum + (second >= 0 ? latency.count : 0), 0);
}

function statisticOf(latency: SparseHistogram, sumMs: number, statistic: string): number | undefined {
  if (latency.count === 0) return undefined;
  if (statistic === 'mean') return sumMs / latency.count;
  if (statistic === 'max') return latency.percentile(100);
  const percent = percentOf(statistic);
  return percent === undefined ? undefined : latency.percentile(percent);
}

/** Neighbouring values for which it holds, as one stretch each; a single value between two stretches does not part them. */
export function stretchesOf<Of extends Span>(values: readonly Of[], isBad: (value: Of) => boolean): Of[][] {
  const stretches: Of[][] = [];
  let good = 2;
  for (const value of values) {
    if (!isBad(value)) {
      good += 1;
      continue;
    }
    if (good >= 2) stretches.push([]);
    stretches.at(-1)?.push(value);
    good = 0;
  }
  return stretches;
}

/** From the begin of the first to the end of the last. */
export function spanOf(stretch: readonly Span[]): Span | undefined {
  const [first, last] = [stretch[0], stretch.at(-1)];
  return first === undefined || last === undefined ? undefined : { fromMs: first.fromMs, toMs: last.toMs };
}
