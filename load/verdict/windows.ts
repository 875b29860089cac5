/**
 * A metric in a part of a run's time, or in each window of a length: then the worst window counts, and is told with its
 * time. What is left over at the end is a window of its own, by its own length.
 */
import { percentOf } from '../measure/custom-metric.ts';
import { type RunData, windowPrecision } from '../measure/run-data.ts';
import { SparseHistogram } from '../measure/sparse-histogram.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import type { Limit, TimeWindow } from '../measure/threshold.ts';
import { unreachable } from '../unreachable.ts';
import { groupOf, latencyGroupOf, latencyOf, plainMetrics } from './metric.ts';
import { messagesIn, rowsAsked, streamTimeIn } from './stream-windows.ts';

/** A value, and the part of the time it is of where the threshold looks at several. Milliseconds of the measured part. */
export interface Observation {
  readonly value: number | undefined;
  readonly at?: { readonly fromMs: number; readonly toMs: number };
}

export interface WindowQuestion {
  readonly metric: string;
  readonly endpoint: string | undefined;
  readonly window: TimeWindow;
  /** Says which of several windows is the worst. */
  readonly target: Limit;
}

/** A stretch of the measured part. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export function inWindow(run: RunData, { metric, endpoint, window, target }: WindowQuestion): Observation {
  const endMs = judgedEndMs(run);
  if (window.kind === 'between') {
    const toMs = Math.min(window.toMs ?? endMs, endMs);
    return { value: windowValue(run, { metric, endpoint, fromMs: window.fromMs, toMs }) };
  }
  let worst: { readonly value: number; readonly at: Span } | undefined;
  for (const at of windowsOf(endMs, window.lengthMs, metric)) {
    const value = windowValue(run, { metric, endpoint, ...at });
    if (value === undefined) return { value, at };
    if (worst === undefined || isWorse(value, worst.value, target)) worst = { value, at };
  }
  return worst ?? { value: undefined };
}

/**
 * Where the windows end: as long as something was to start. The answer to the last request comes later, and what was
 * stopped early never came so far.
 */
export function judgedEndMs(run: RunData): number {
  const durationMs = durationMsOfRun(run);
  let lastSecond = -1;
  for (const { windows } of run.endpoints.values())
    for (const second of windows.keys()) lastSecond = Math.max(lastSecond, second);
  const lastStartMs = Math.min(durationMs, (lastSecond + 1) * 1_000);
  return Math.max(lastStartMs, Math.min(durationMs, run.plan.plannedMs ?? 0));
}

/** A number of requests or events belongs to a length, so a shorter rest is judged by its rate and latencies alone. */
export function windowsOf(endMs: number, lengthMs: number, metric?: string): Span[] {
  const whole = Math.floor(endMs / lengthMs);
  const spans = Array.from({ length: whole }, (_, at) => ({ fromMs: at * lengthMs, toMs: (at + 1) * lengthMs }));
  const rest = { fromMs: whole * lengthMs, toMs: endMs };
  const counts = rest.toMs > rest.fromMs && (plainMetrics.get(metric ?? '')?.unit !== 'count' || whole === 0);
  return counts ? [...spans, rest] : spans;
}

function isWorse(value: number, than: number, { comparison, value: limit }: Limit): boolean {
  switch (comparison) {
    case '<':
    case '<=':
      return value > than;
    case '>':
    case '>=':
      return value < than;
    case '==':
      return Math.abs(value - limit) > Math.abs(than - limit);
    default:
      return unreachable(comparison);
  }
}

/** What began in a stretch: its whole seconds, since one on the edge would mix in what was to be left out. */
export interface WindowSums {
  readonly ok: number;
  /** All others, those that were cut off too. */
  readonly failed: number;
  readonly sumMs: number;
  readonly latency: SparseHistogram;
}

/** Of the run, or of one endpoint. */
export function sumsOf(
  run: Pick<RunData, 'endpoints'>,
  endpoint: string | undefined,
  { fromMs, toMs }: Span,
): WindowSums {
  const [first, end] = [Math.ceil(fromMs / 1_000), Math.ceil(toMs / 1_000)];
  const sum = { ok: 0, failed: 0, sumMs: 0 };
  const latency = new SparseHistogram(windowPrecision);
  for (const [name, data] of run.endpoints) {
    if (endpoint !== undefined && name !== endpoint) continue;
    for (const [second, window] of data.windows) {
      if (second < first || second >= end) continue;
      sum.ok += window.ok;
      sum.failed += window.failed;
      sum.sumMs += window.sumMs;
      latency.add(window.latency);
    }
  }
  return { ...sum, latency };
}

function windowValue(
  run: RunData,
  { metric, endpoint, fromMs, toMs }: { metric: string; endpoint: string | undefined } & Span,
): number | undefined {
  const { ok, failed, sumMs, latency: all } = sumsOf(run, endpoint, { fromMs, toMs });
  const lengthMs = toMs - Math.ceil(fromMs / 1_000) * 1_000;
  if (lengthMs <= 0) return undefined;
  const plain = plainMetrics.get(metric);
  const rows = rowsAsked(run, endpoint);
  const seconds = { first: Math.ceil(fromMs / 1_000), end: Math.ceil(toMs / 1_000) };
  if (plain !== undefined) return plain.inWindow?.({ ok, failed, lengthMs, ...messagesIn(rows, seconds) });
  const latency = latencyOf(metric);
  if (latency === undefined) return undefined;
  const { statistic } = latency;
  const time = latencyGroupOf(latency.group ?? '')?.inWindows;
  if (time !== undefined) return streamTimeIn(rows, seconds, { time, statistic });
  const { model } = run.plan;
  if (groupOf(latency, model) !== groupOf({ statistic, group: undefined }, model)) return undefined;
  if (ok === 0) return undefined; // a latency of which no request was answered well says nothing
  if (statistic === 'mean') return sumMs / all.count;
  const buckets = all.buckets();
  if (statistic === 'min') return buckets[0]?.value;
  return statistic === 'max' ? buckets.at(-1)?.value : all.percentile(percentOf(statistic) ?? 100);
}
