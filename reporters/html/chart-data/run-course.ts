/**
 * The windows of a run that show its course: its seconds, or the 10 ms of a run that is over within seconds. Both are
 * found by the second at which they begin.
 */
import type { EndpointData, RunData } from '../../../load/measure/run-data.ts';
import { type FineWindow, fineMs, fineUpToMs, type RunWindow } from '../../../load/measure/run-window.ts';
import type { SparseHistogram } from '../../../load/measure/sparse-histogram.ts';
import { durationMsOfRun } from '../../../load/measure/summary.ts';

/** Latencies by second. */
export interface LatencyRow {
  readonly windows: ReadonlyMap<number, { readonly latency: SparseHistogram }>;
}

export interface Course {
  readonly grain: 'second' | 'fine';
  readonly windows: ReadonlyMap<number, RunWindow>;
  /** Together they hold every latency once. */
  readonly rows: readonly LatencyRow[];
}

export function courseOf(run: RunData): Course {
  if (!isWholeInFine(run)) return courseBySecond(run);
  const windows = new Map<number, FineWindow>([...run.fine].map(([at, window]) => [(at * fineMs) / 1_000, window]));
  return { grain: 'fine', windows, rows: [{ windows }] };
}

export function courseBySecond(run: {
  readonly windows: RunData['windows'];
  readonly endpoints: ReadonlyMap<string, Pick<EndpointData, 'windows'>>;
}): Course {
  return { grain: 'second', windows: run.windows, rows: [...run.endpoints.values()] };
}

/** Fine windows that not every segment has kept would show less than there was. */
function isWholeInFine(run: RunData): boolean {
  if (run.fine.size === 0 || run.segments.length === 0 || durationMsOfRun(run) > fineUpToMs) return false;
  const told = [...run.fine.values()].reduce((sum, { completed }) => sum + completed, 0);
  const measured = [...run.windows].reduce((sum, [second, { completed }]) => sum + (second < 0 ? 0 : completed), 0);
  return told === measured;
}
