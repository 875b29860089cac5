/** What was asked for and what came of it, per second: starts, responses, dropped arrivals, errors by kind. */
import type { RunData, RunPlan } from '../../../load/measure/run-data.ts';
import { type Column, emptyColumn, perSecond, pointOf, secondOf, tidy, type TimeAxis } from './time-axis.ts';

export interface RateColumns {
  /** Starts per second that the profile asks for; absent in a closed model, which asks for none. */
  readonly asked?: Column;
  readonly started: Column;
  readonly completed: Column;
  readonly dropped?: Column;
}

export interface ErrorColumn {
  readonly kind: string;
  readonly perSec: Column;
}

export interface LoadColumns {
  /** The most at once within a point. */
  readonly inFlight: Column;
  readonly users?: Column;
}

/** Kinds drawn on their own; the rest share one line. */
const maxErrorKinds = 6;
export const otherErrors = 'other errors';

export function rateColumns(run: RunData, axis: TimeAxis): RateColumns {
  const sum = (pick: (window: { scheduled: number; dropped: number; completed: number }) => number) => {
    const counts = new Array<number>(axis.points).fill(0);
    for (const [second, window] of run.windows) add(counts, pointOf(axis, second), pick(window));
    return counts;
  };
  const dropped = sum((window) => window.dropped);
  return {
    ...(run.plan.askedRate !== undefined && { asked: askedColumn(run.plan.askedRate, axis) }),
    started: perSecond(
      axis,
      sum((window) => window.scheduled - window.dropped),
    ),
    completed: perSecond(
      axis,
      sum((window) => window.completed),
    ),
    ...(dropped.some((count) => count > 0) && { dropped: perSecond(axis, dropped) }),
  };
}

export function errorColumns(run: RunData, axis: TimeAxis): ErrorColumn[] {
  const byKind = new Map<string, number[]>();
  for (const [second, { errors }] of run.windows) {
    for (const [kind, count] of errors) {
      const counts = byKind.get(kind) ?? new Array<number>(axis.points).fill(0);
      byKind.set(kind, counts);
      add(counts, pointOf(axis, second), count);
    }
  }
  const ranked = [...byKind].sort(([, a], [, b]) => total(b) - total(a));
  const shown = ranked.slice(0, ranked.length > maxErrorKinds ? maxErrorKinds - 1 : maxErrorKinds);
  const rest = ranked.slice(shown.length).map(([, counts]) => counts);
  if (rest.length > 0)
    shown.push([
      otherErrors,
      Array.from({ length: axis.points }, (_, at) => total(rest.map((counts) => counts[at] ?? 0))),
    ]);
  return shown.map(([kind, counts]) => ({ kind, perSec: perSecond(axis, counts) }));
}

/** In a second without any event nothing is known of what was in flight: a gap, not a zero. */
export function loadColumns(run: RunData, axis: TimeAxis): LoadColumns {
  const inFlight = emptyColumn(axis);
  const users = emptyColumn(axis);
  for (const [second, window] of run.windows) {
    const point = pointOf(axis, second);
    if (point < 0 || point >= axis.points) continue;
    inFlight[point] = Math.max(inFlight[point] ?? 0, window.inFlight);
    users[point] = Math.max(users[point] ?? 0, window.users);
  }
  return { inFlight, ...(users.some((count) => count !== null && count > 0) && { users }) };
}

/** The asked rate at the middle of each point, along straight lines between the corners. */
function askedColumn(corners: NonNullable<RunPlan['askedRate']>, axis: TimeAxis): Column {
  return emptyColumn(axis).map((_, point) =>
    tidy(askedAt(corners, (secondOf(axis, point) + axis.stepSec / 2) * 1_000)),
  );
}

function askedAt(corners: NonNullable<RunPlan['askedRate']>, atMs: number): number | undefined {
  for (let at = 1; at < corners.length; at++) {
    const [from, to] = [corners[at - 1], corners[at]];
    if (from === undefined || to === undefined || atMs < from.atMs || atMs > to.atMs || to.atMs === from.atMs) continue;
    return from.perSec + ((to.perSec - from.perSec) * (atMs - from.atMs)) / (to.atMs - from.atMs);
  }
  return undefined;
}

function add(counts: number[], point: number, count: number): void {
  const before = counts[point];
  if (before !== undefined) counts[point] = before + count;
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
