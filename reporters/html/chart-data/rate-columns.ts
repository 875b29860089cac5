/** What was asked for and what came of it, per second: starts, responses, dropped arrivals, errors by kind. */
import type { RunPlan } from '../../../load/measure/run-data.ts';
import type { RunWindow } from '../../../load/measure/run-window.ts';
import type { Course } from './run-course.ts';
import { type Column, emptyColumn, middleOf, perSecond, pointOf, tidy, type TimeAxis } from './time-axis.ts';

export interface RateColumns {
  /** Starts per second that the profile asks for; absent in a closed model, which asks for none. */
  readonly asked?: Column;
  readonly started: Column;
  readonly completed: Column;
  readonly dropped?: Column;
}

export interface KindColumn {
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
const otherErrors = 'other errors';
const otherStatuses = 'other statuses';

export function rateColumns({ windows }: Course, axis: TimeAxis, askedRate: RunPlan['askedRate']): RateColumns {
  const sum = (pick: (window: { scheduled: number; dropped: number; completed: number }) => number) => {
    const counts = new Array<number>(axis.points).fill(0);
    for (const [second, window] of windows) add(counts, pointOf(axis, second), pick(window));
    return counts;
  };
  const dropped = sum((window) => window.dropped);
  return {
    ...(askedRate !== undefined && { asked: askedColumn(askedRate, axis) }),
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

export function errorColumns(course: Course, axis: TimeAxis): KindColumn[] {
  return kindColumns(course, axis, ({ errors }) => errors, otherErrors);
}

/** Answers by status; none where all have the same, which is told in a word. */
export function statusColumns(course: Course, axis: TimeAxis): KindColumn[] {
  const columns = kindColumns(course, axis, ({ statuses }) => statuses, otherStatuses);
  return columns.length < 2 ? [] : columns;
}

function kindColumns(
  { windows }: Course,
  axis: TimeAxis,
  pick: (window: RunWindow) => ReadonlyMap<string, number>,
  others: string,
): KindColumn[] {
  const byKind = new Map<string, number[]>();
  for (const [second, window] of windows) {
    for (const [kind, count] of pick(window)) {
      const counts = byKind.get(kind) ?? new Array<number>(axis.points).fill(0);
      byKind.set(kind, counts);
      add(counts, pointOf(axis, second), count);
    }
  }
  const ranked = [...byKind].sort(([, a], [, b]) => total(b) - total(a));
  const shown = ranked.slice(0, ranked.length > maxErrorKinds ? maxErrorKinds - 1 : maxErrorKinds);
  const rest = ranked.slice(shown.length).map(([, counts]) => counts);
  if (rest.length > 0)
    shown.push([others, Array.from({ length: axis.points }, (_, at) => total(rest.map((counts) => counts[at] ?? 0)))]);
  return shown.map(([kind, counts]) => ({ kind, perSec: perSecond(axis, counts) }));
}

/** In a second without any event nothing is known of what was in flight: a gap, not a zero. */
export function loadColumns({ windows }: Course, axis: TimeAxis): LoadColumns {
  const inFlight = emptyColumn(axis);
  const users = emptyColumn(axis);
  for (const [second, window] of windows) {
    const point = pointOf(axis, second);
    if (point < 0 || point >= axis.points) continue;
    inFlight[point] = Math.max(inFlight[point] ?? 0, window.inFlight);
    users[point] = Math.max(users[point] ?? 0, window.users);
  }
  return { inFlight, ...(users.some((count) => count !== null && count > 0) && { users }) };
}

/** The asked rate at the middle of each point, along straight lines between the corners. */
function askedColumn(corners: NonNullable<RunPlan['askedRate']>, axis: TimeAxis): Column {
  return emptyColumn(axis).map((_, point) => tidy(askedAt(corners, middleOf(axis, point) * 1_000)));
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
