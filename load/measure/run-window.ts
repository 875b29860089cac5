/**
 * What a run keeps of each second, and of each 10 ms of its first seconds: a run that is over sooner than that has a
 * course too, which a grain of a second would show as one dot.
 */
import { SparseHistogram } from './sparse-histogram.ts';

/** Mantissa bits of the windows' histograms: within 0.4 % of each latency. */
export const windowPrecision = 7;

/** Length of a fine window. */
export const fineMs = 10;
/** A run that is longer than this keeps no fine windows: its seconds say enough, and there is a bound to them. */
export const fineUpToMs = 3_000;

/** A second of the run. `scheduled`, `dropped`, `errors` and `statuses` count by intended start, `completed` by when the response had come. */
export interface RunWindow {
  scheduled: number;
  dropped: number;
  completed: number;
  /** Most requests in flight at once, and users at work. */
  inFlight: number;
  users: number;
  readonly errors: Map<string, number>;
  /** Answers by their status. */
  readonly statuses: Map<string, number>;
}

/** The same of 10 ms, with the latencies of all endpoints together. */
export interface FineWindow extends RunWindow {
  readonly latency: SparseHistogram;
}

export function emptyRunWindow(): RunWindow {
  return { scheduled: 0, dropped: 0, completed: 0, inFlight: 0, users: 0, errors: new Map(), statuses: new Map() };
}

export function emptyFineWindow(): FineWindow {
  return { ...emptyRunWindow(), latency: new SparseHistogram(windowPrecision) };
}

export function addRunWindow(into: RunWindow, from: RunWindow): void {
  into.scheduled += from.scheduled;
  into.dropped += from.dropped;
  into.completed += from.completed;
  into.inFlight += from.inFlight;
  into.users += from.users;
  addEach(into.errors, from.errors);
  addEach(into.statuses, from.statuses);
}

export function addFineWindow(into: FineWindow, from: FineWindow): void {
  addRunWindow(into, from);
  into.latency.add(from.latency);
}

/** One more of a kind. */
export function countOne(into: Map<string, number>, kind: string): void {
  into.set(kind, (into.get(kind) ?? 0) + 1);
}

function addEach(into: Map<string, number>, from: ReadonlyMap<string, number>): void {
  for (const [kind, count] of from) into.set(kind, (into.get(kind) ?? 0) + count);
}
