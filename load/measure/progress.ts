/**
 * How a load is going, as its worker tells the load reporter while it goes: figures of the last second, never a verdict.
 * A worker has no terminal, so who draws it is another process.
 */
import { formatCount, formatDuration, formatMs, formatPercent, formatRate } from './units.ts';

export interface Progress {
  /** Below 0 during the warm-up. */
  readonly elapsedMs: number;
  /** Absent where nobody knows when it ends. */
  readonly plannedMs?: number;
  /** Completed a second; absent before anything could be counted. */
  readonly rate?: number;
  /** Events of streams and messages received over WebSockets, a second; absent where there were none. */
  readonly eventRate?: number;
  /** At work in a closed model; 0 in an open one, whose users are as many as its requests need. */
  readonly users: number;
  /** Of what was due in the last second. */
  readonly p95Ms?: number;
  /** Share of all requests so far. */
  readonly errors?: number;
  /** How busy the event loop of each core was last. */
  readonly loops: readonly number[];
  /** Whether one of them was too busy to be believed. */
  readonly saturated: boolean;
}

/** Of which load the figures are. */
export interface ProgressOf {
  /** File and titles, the load's own name last if it has one. */
  readonly title: readonly string[];
  readonly project: string;
}

/** From a worker to the reporter, a line of JSON each. The first is the greeting; a line that ends without `ended` was cut. */
export type ProgressMessage =
  | { readonly kind: 'hello'; readonly token: string; readonly of: ProgressOf }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'ended' };

/** Set by the reporter: `<its process>:<port>:<token>`, or `<its process>:off` where nothing is to be shown. */
export const progressVariable = 'PLAYLOAD_PROGRESS';

export type ProgressPlace = { readonly port: number; readonly token: string } | 'off' | undefined;

/** Where a child of the process tells how it is going; undefined where that process does not ask. */
export function progressPlace(env: Readonly<Record<string, string | undefined>>, parentPid: number): ProgressPlace {
  const [pid, port = '', token = ''] = (env[progressVariable] ?? '').split(':');
  if (pid !== String(parentPid)) return undefined;
  return port === 'off' ? 'off' : { port: Number(port), token };
}

/** `0:12 of 0:30, 18s left`. */
export function progressTime({ elapsedMs, plannedMs }: Progress): string {
  const left = progressLeft({ elapsedMs, plannedMs });
  if (elapsedMs < 0 || plannedMs === undefined) return left;
  return `${minutes(elapsedMs)} of ${plannedMs < 1_000 ? formatDuration(plannedMs) : minutes(plannedMs)}, ${left}`;
}

/** `18s left`; of a load without a planned end the time that has gone. */
export function progressLeft({ elapsedMs, plannedMs }: { elapsedMs: number; plannedMs: number | undefined }): string {
  if (elapsedMs < 0) return `warm-up, ${formatDuration(Math.ceil(-elapsedMs / 1_000) * 1_000)} left`;
  if (plannedMs === undefined) return minutes(elapsedMs);
  const leftMs = Math.max(0, Math.round((plannedMs - elapsedMs) / 1_000) * 1_000);
  return `${leftMs === 0 ? '0s' : formatDuration(leftMs)} left`;
}

/** What is told of it, each absent where it is not known. */
export interface ProgressWords {
  readonly rate?: string;
  readonly events?: string;
  readonly users?: string;
  readonly p95?: string;
  readonly errors?: string;
  readonly loops?: string;
}

export function progressWords({ rate, eventRate, users, p95Ms, errors, loops, saturated }: Progress): ProgressWords {
  const noun = loops.length === 1 ? 'event loop' : 'event loops';
  return {
    ...(rate !== undefined && { rate: formatRate(rate) }),
    ...(eventRate !== undefined && { events: formatRate(eventRate).replace('/s', ' events/s') }),
    ...(users > 0 && { users: users === 1 ? '1 user' : `${formatCount(users)} users` }),
    ...(p95Ms !== undefined && { p95: `p95 ${formatMs(p95Ms)}` }),
    ...(errors !== undefined && { errors: `${formatPercent(errors)} errors` }),
    ...(loops.length > 0 && {
      loops: `${noun} ${loops.map(formatPercent).join(', ')}${saturated ? ', saturated' : ''}`,
    }),
  };
}

/** `0:12 of 0:30, 18s left · 512/s · 8 users · p95 12.4 ms · 0 % errors · event loops 35.0 %, 40.0 %`. */
export function progressLine(progress: Progress): string {
  const { rate, events, users, p95, errors, loops } = progressWords(progress);
  return [progressTime(progress), rate, events, users, p95, errors, loops]
    .filter((word) => word !== undefined)
    .join(' · ');
}

const bars = '▁▂▃▄▅▆▇█';

/** Values as bars between nothing and their highest. */
export function spark(values: readonly number[]): string {
  const highest = Math.max(...values, 0);
  if (highest === 0) return bars.charAt(0).repeat(values.length);
  return values.map((value) => bars.charAt(Math.round((value / highest) * (bars.length - 1)))).join('');
}

function minutes(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
