/** Adds up the steps of a sequence to what the engine's page shows at each moment: levels now, counts since its start. */
import type { Labels } from './families.ts';
import { counts, measures, past, type Count, type Measure, type Observed, type Part, type Step } from './traffic.ts';

/** One series: a rank, or a model. */
export interface SeriesState {
  readonly labels: Labels;
  readonly running: number;
  readonly waiting: number;
  readonly kv: number;
  readonly tokensPerS: number;
  readonly acceptLength: number;
  readonly counted: Readonly<Record<Count, number>>;
  /** How often each value was seen. */
  readonly seen: Readonly<Record<Measure, ReadonlyMap<number, number>>>;
}

export interface EngineState {
  readonly atMs: number;
  readonly startedMs: number;
  readonly series: readonly SeriesState[];
}

const level = { running: 0, waiting: 0, kv: 0, tokensPerS: 0, acceptLength: 0 };
const record = <Key extends string, Value>(keys: readonly Key[], valueOf: (key: Key) => Value) =>
  Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as Record<Key, Value>;

function fresh(labels: Labels): SeriesState {
  return {
    labels,
    ...level,
    counted: record(counts, () => 0),
    seen: record(measures, () => new Map<number, number>()),
  };
}

interface Course {
  readonly series: readonly Labels[];
  readonly steps: readonly Step[];
  readonly fromMs: number;
  /** Whether the first page is read right after the start, and not after an hour of work. */
  readonly isNew: boolean;
}

/** The engine's state at the first page, and after each step. */
export function* statesOf({ series, steps, fromMs, isNew }: Course): Generator<EngineState> {
  let startedMs = isNew ? fromMs - 1_000 : fromMs - 3_600_000;
  const first = steps[0];
  // An engine at work was so before its first page: the levels of the first step, with the counts of an hour.
  let now = series.map((labels, at) =>
    isNew || first === undefined ? fresh(labels) : after(fresh(labels), { ...partOf(first, at), ...past }),
  );
  let atMs = fromMs;
  yield { atMs, startedMs, series: now };
  for (const step of steps) {
    atMs += step.seconds * 1_000;
    if (step.restarted === true) {
      startedMs = atMs - 1_000;
      now = series.map(fresh);
    }
    now = now.map((state, at) => after(state, partOf(step, at)));
    yield { atMs, startedMs, series: now };
  }
}

function partOf({ parts }: Step, at: number): Part {
  const part = parts[at];
  if (part === undefined) throw new Error(`a step has ${parts.length} parts, and the sequence more series`);
  return part;
}

function after(state: SeriesState, { counted, observed, ...levels }: Part): SeriesState {
  return {
    labels: state.labels,
    ...levels,
    counted: record(counts, (name) => state.counted[name] + (counted[name] ?? 0)),
    seen: record(measures, (name) => added(state.seen[name], observed[name] ?? [])),
  };
}

function added(before: ReadonlyMap<number, number>, observed: Observed): ReadonlyMap<number, number> {
  const both = new Map(before);
  for (const [value, times] of observed) both.set(value, (both.get(value) ?? 0) + times);
  return both;
}
