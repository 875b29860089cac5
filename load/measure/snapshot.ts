/**
 * A glance at a run that is still going, for a live view: counts as they stand and only the seconds that may have
 * changed. Its histograms are left out (encoding them would cost the generator), so it replaces no payload.
 */
import type { RequestCounts } from './counts.ts';
import type { GeneratorSecond } from './generator-series.ts';
import type { ResourceSample, ResourceSeries } from './resource-series.ts';
import {
  emptyEndpoint,
  emptyRunData,
  entry,
  errorKey,
  type ErrorGroup,
  type RunData,
  type RunPlan,
  type SegmentData,
  windowPrecision,
} from './run-data.ts';
import { type EncodedSparse, SparseHistogram } from './sparse-histogram.ts';
import { emptyStreamBook, type StreamBook, streamCounts } from './stream-book.ts';

/** Changed whenever an old reader would misread a new snapshot. */
export const snapshotSchema = 'playload.snapshot/1';

/** Where workers post their snapshots; set by the reporter that serves a live page. */
export const liveUrlVariable = 'PLAYLOAD_LIVE_URL';

export interface LiveSnapshot {
  readonly schema: typeof snapshotSchema;
  readonly test: SnapshotTest;
  readonly plan: RunPlan;
  /** Seconds before this one are left out; absent when all are in it. */
  readonly sinceSecond?: number;
  /** The generator's share of the run, where it is known already; its series holds the newest seconds only. */
  readonly segments: readonly SegmentData[];
  readonly counts: RequestCounts;
  readonly iterations: RunData['iterations'];
  readonly exceptions: number;
  readonly checks: readonly (readonly [name: string, passed: number, failed: number])[];
  readonly errors: readonly ErrorGroup[];
  readonly windows: readonly SnapshotWindow[];
  readonly endpoints: readonly SnapshotEndpoint[];
  readonly resources: readonly ResourceSeries[];
}

/** Which test runs, and which generator of it: slices of one load are told apart by their segment. */
export interface SnapshotTest {
  readonly title: readonly string[];
  readonly project: string;
  /** Which segment of its load, from 0, while it has none of its own yet; absent where it is the only one. */
  readonly segment?: number;
}

type SnapshotWindow = readonly [
  second: number,
  scheduled: number,
  dropped: number,
  completed: number,
  inFlight: number,
  users: number,
  errors: readonly (readonly [kind: string, count: number])[],
  statuses?: readonly (readonly [status: string, count: number])[],
];

interface SnapshotEndpoint {
  readonly name: string;
  readonly counts: RequestCounts;
  readonly statuses: readonly (readonly [status: string, count: number])[];
  readonly windows: readonly (readonly [second: number, ok: number, failed: number, sumMs: number, EncodedSparse])[];
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Absent where none of its requests was a stream. */
  readonly stream?: SnapshotStream;
}

/** Without the distributions of the whole, which the live page does not show. */
interface SnapshotStream {
  readonly counts: readonly number[];
  readonly windows: readonly (readonly [
    second: number,
    events: number,
    tokens: number,
    firstEvent: EncodedSparse,
    gap: EncodedSparse,
  ])[];
}

/**
 * What changed of a run since a second. A response is filed under the second of its intended start, so a caller goes
 * back as far as a request may take; `-Infinity` takes the run as a whole.
 */
export function encodeSnapshot(run: RunData, sinceSecond: number, test: SnapshotTest): LiveSnapshot {
  return {
    schema: snapshotSchema,
    test: { title: test.title, project: test.project, ...(test.segment !== undefined && { segment: test.segment }) },
    plan: run.plan,
    ...(Number.isFinite(sinceSecond) && { sinceSecond }),
    segments: run.segments.map((segment) => ({
      ...segment,
      generator: segment.generator.filter(({ second }) => second >= sinceSecond),
    })),
    counts: { ...run.counts },
    iterations: { ...run.iterations },
    exceptions: run.exceptions,
    checks: [...run.checks].map(([name, { passed, failed }]) => [name, passed, failed]),
    errors: [...run.errors.values()].map((group) => ({ ...group })),
    windows: since(run.windows, sinceSecond).map(([second, window]) => [
      second,
      window.scheduled,
      window.dropped,
      window.completed,
      window.inFlight,
      window.users,
      [...window.errors],
      [...window.statuses],
    ]),
    endpoints: [...run.endpoints].map(([name, endpoint]) => ({
      name,
      counts: { ...endpoint.counts },
      statuses: [...endpoint.statuses],
      windows: since(endpoint.windows, sinceSecond).map(([second, { ok, failed, sumMs, latency }]) => [
        second,
        ok,
        failed,
        sumMs,
        latency.encode(),
      ]),
      bytesSent: endpoint.bytesSent,
      bytesReceived: endpoint.bytesReceived,
      ...(endpoint.stream !== undefined && { stream: encodeStream(endpoint.stream, sinceSecond) }),
    })),
    resources: run.resources.map((series) => ({
      ...series,
      samples: series.samples.filter(({ atMs }) => atMs >= sinceSecond * 1_000),
    })),
  };
}

/** The last second of which anything is known; 0 before there is one. */
export function newestSecond({ windows }: Pick<RunData, 'windows'>): number {
  return [...windows.keys()].reduce((newest, second) => Math.max(newest, second), 0);
}

/**
 * Lays a snapshot over what is known of its run: counts and seconds replace those before, so one that is applied
 * twice or was lost in between does no harm. Throws `TypeError` for a snapshot of another schema.
 */
export function applySnapshot(into: Map<string, RunData>, snapshot: LiveSnapshot): void {
  const schema: string = snapshot.schema;
  if (schema !== snapshotSchema) throw new TypeError(`a snapshot of schema \`${schema}\` cannot be read`);
  const run = entry(into, snapshotKey(snapshot), () => emptyRunData(snapshot.plan));
  Object.assign(run.counts, snapshot.counts);
  Object.assign(run.iterations, snapshot.iterations);
  run.exceptions = snapshot.exceptions;
  for (const [name, passed, failed] of snapshot.checks) run.checks.set(name, { passed, failed });
  for (const group of snapshot.errors) run.errors.set(errorKey(group), { ...group });
  for (const [second, scheduled, dropped, completed, inFlight, users, errors, statuses = []] of snapshot.windows) {
    const kinds = { errors: new Map(errors), statuses: new Map(statuses) };
    run.windows.set(second, { scheduled, dropped, completed, inFlight, users, ...kinds });
  }
  for (const endpoint of snapshot.endpoints) applyEndpoint(run, endpoint);
  snapshot.segments.forEach((segment, at) => {
    const generator = mergedSeconds(run.segments[at]?.generator ?? [], segment.generator);
    run.segments[at] = { ...segment, generator };
  });
  snapshot.resources.forEach((series, at) => {
    const samples = mergedSamples(run.resources[at]?.samples ?? [], series.samples);
    run.resources[at] = { ...series, samples };
  });
}

/** The same for all snapshots of one generator's share of a run, and for no others. */
export function snapshotKey({ test, plan, segments }: LiveSnapshot): string {
  const [segment] = segments;
  return JSON.stringify([test.project, test.title, plan.index, plan.name ?? '', test.segment ?? segment?.index ?? 0]);
}

function applyEndpoint(run: RunData, snapshot: SnapshotEndpoint): void {
  const known = entry(run.endpoints, snapshot.name, emptyEndpoint);
  Object.assign(known.counts, snapshot.counts);
  for (const [status, count] of snapshot.statuses) known.statuses.set(status, count);
  for (const [second, ok, failed, sumMs, latency] of snapshot.windows) {
    const before = known.windows.get(second);
    if (before?.ok === ok && before.failed === failed && before.sumMs === sumMs) continue; // told again, as most are
    known.windows.set(second, { ok, failed, sumMs, latency: SparseHistogram.decode(latency, windowPrecision) });
  }
  known.bytesSent = snapshot.bytesSent;
  known.bytesReceived = snapshot.bytesReceived;
  if (snapshot.stream !== undefined) applyStream((known.stream ??= emptyStreamBook()), snapshot.stream);
}

function encodeStream(book: StreamBook, sinceSecond: number): SnapshotStream {
  return {
    counts: streamCounts.map((count) => book[count]),
    windows: since(book.windows, sinceSecond).map(([second, { events, tokens, firstEvent, gap }]) => [
      second,
      events,
      tokens,
      firstEvent.encode(),
      gap.encode(),
    ]),
  };
}

function applyStream(book: StreamBook, { counts, windows }: SnapshotStream): void {
  streamCounts.forEach((count, at) => (book[count] = counts[at] ?? 0));
  for (const [second, events, tokens, firstEvent, gap] of windows) {
    const before = book.windows.get(second);
    if (before?.events === events && before.tokens === tokens) continue; // told again, as most are
    book.windows.set(second, {
      events,
      tokens,
      firstEvent: SparseHistogram.decode(firstEvent, windowPrecision),
      gap: SparseHistogram.decode(gap, windowPrecision),
    });
  }
}

/** The windows from a second on. */
function since<Window>(windows: ReadonlyMap<number, Window>, sinceSecond: number): [number, Window][] {
  return [...windows].filter(([second]) => second >= sinceSecond);
}

function mergedSeconds(known: readonly GeneratorSecond[], fresh: readonly GeneratorSecond[]): GeneratorSecond[] {
  const bySecond = new Map([...known, ...fresh].map((second) => [second.second, second]));
  return [...bySecond.values()].sort((a, b) => a.second - b.second);
}

function mergedSamples(known: readonly ResourceSample[], fresh: readonly ResourceSample[]): ResourceSample[] {
  const byTime = new Map([...known, ...fresh].map((sample) => [sample.atMs, sample]));
  return [...byTime.values()].sort((a, b) => a.atMs - b.atMs);
}
