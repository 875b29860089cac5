/**
 * The snapshots of a stretch of time, read as one: counts added, histograms merged, levels described. Nothing in here
 * averages a quantile.
 */
import { z } from 'zod';
import { distributionOf, type Distribution } from '../engines/distribution.ts';
import type { CounterField, DistributionField, GaugeField } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { sameBounds, Timeline, type Rows, type ScalarField, type Span, type Summary } from './timeline.ts';

export const windowSchema = z
  .object({
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    samples: z.int().meta({ description: 'Snapshots taken in the window' }),
    requests: z.number().nullable().meta({ description: 'Requests that ended in it; null when not counted' }),
  })
  .readonly()
  .meta({ id: 'Window' });
type WindowFacts = z.infer<typeof windowSchema>;

/** Share of a window that its latest snapshot may be old: an engine that is not reached any more is not well. */
const oldShare = 0.5;
/** Between two scrapes there is nothing newer to be had: so many intervals may pass. */
const oldIntervals = 1.5;

/** A level over the samples of a window. */
export interface Level {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** A line of snapshots, whatever order they came in. */
export function timeline(snapshots: readonly Snapshot[]): Timeline {
  const line = new Timeline();
  for (const snapshot of snapshots) line.add(snapshot);
  return line;
}

/** What has been read of a span: the promises of one analysis and their burn rates ask the same of the same few. */
interface Seen {
  readonly rows: readonly Rows[];
  readonly summaries: Map<ScalarField, Readonly<Summary>>;
  readonly distributions: Map<DistributionField, Distribution | null>;
}

interface SeenUntil {
  readonly toMs: number;
  readonly revision: number;
  readonly byStart: Map<number, Seen>;
}

/** The spans that end at one moment, as all of one analysis do; another end, or another line, makes them worthless. */
const seenOf = new WeakMap<Timeline, SeenUntil>();

function seen(line: Timeline, span: Span): Seen {
  const { toMs, fromMs } = span;
  const { revision } = line;
  let until = seenOf.get(line);
  if (until?.toMs !== toMs || until.revision !== revision) {
    until = { toMs, revision, byStart: new Map() };
    seenOf.set(line, until);
  }
  return remembered(until.byStart, fromMs, () => ({
    rows: line.rows(span),
    summaries: new Map(),
    distributions: new Map(),
  }));
}

function remembered<Key, Value extends object | null>(all: Map<Key, Value>, key: Key, make: () => Value): Value {
  let found = all.get(key);
  if (found === undefined) {
    found = make();
    all.set(key, found);
  }
  return found;
}

export class SnapshotWindow {
  readonly #line: Timeline;
  readonly #seen: Seen;
  readonly #span: Span;

  /** Of the line as it is now: a window is not to be asked after the line has changed. */
  constructor(line: Timeline, span: Span) {
    this.#line = line;
    this.#span = span;
    this.#seen = seen(line, span);
  }

  get samples(): number {
    return this.#seen.rows.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  get facts(): WindowFacts {
    const { fromMs, toMs } = this.#span;
    return {
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      samples: this.samples,
      requests: this.requests,
    };
  }

  /** When its snapshots were taken, each moment once, in order. */
  get times(): number[] {
    const all = this.#seen.rows.flatMap(({ block, from, to }) =>
      Array.from({ length: to - from }, (_, at) => block.atMs(from + at)),
    );
    return [...new Set(all)].sort((a, b) => a - b);
  }

  /** Why what is well in this window is no news; undefined when its latest snapshot is young enough, or there is none. */
  get staleReason(): string | undefined {
    const { fromMs, toMs } = this.#span;
    const latestMs = Math.max(...this.#seen.rows.map(({ block, to }) => block.atMs(to - 1)));
    const intervalMs = this.measuredS === 0 ? 0 : this.#summary('interval_s').min * 1_000;
    const oldMs = Math.max((toMs - fromMs) * oldShare, intervalMs * oldIntervals);
    if (latestMs === -Infinity || toMs - latestMs <= oldMs) return undefined;
    return `the latest snapshot is ${Math.round((toMs - latestMs) / 1_000)} s old: what happened since is not known`;
  }

  /** What lies after a moment, up to and with another: its end, when none is named. */
  after(fromMs: number, toMs: number = this.#span.toMs): SnapshotWindow {
    return new SnapshotWindow(this.#line, { fromMs: Math.max(fromMs, this.#span.fromMs), toMs });
  }

  /** Requests that ended, well or not; null when the engine does not count them. */
  get requests(): number | null {
    const done = this.total('done');
    return done === null ? null : done + (this.total('failed') ?? 0);
  }

  /** Seconds that the counts of this window stand for: baselines and gaps between scrapes are not in it. */
  get measuredS(): number {
    return this.#summary('interval_s').sum;
  }

  /** Snapshots that have nothing to compare with: the first, and each after a restart or a clock that went back. */
  get baselines(): number {
    return this.samples - this.#summary('interval_s').measured;
  }

  /** Null when no snapshot of the window has a count. */
  total(field: CounterField): number | null {
    const { sum, measured } = this.#summary(field);
    return measured === 0 ? null : sum;
  }

  level(field: GaugeField): Level | null {
    const { sum, measured, min, max } = this.#summary(field);
    return measured === 0 ? null : { min, mean: sum / measured, max };
  }

  /** Those whose bounds differ from the latest one's are left out: they cannot be added. */
  distribution(field: DistributionField): Distribution | null {
    const { distributions, rows } = this.#seen;
    return remembered(distributions, field, () => merged(rows, field));
  }

  #summary(field: ScalarField): Readonly<Summary> {
    const { summaries, rows } = this.#seen;
    return remembered(summaries, field, () => summaryOf(rows, field));
  }
}

function summaryOf(rows: readonly Rows[], field: ScalarField): Summary {
  const summary: Summary = { sum: 0, measured: 0, min: Infinity, max: -Infinity };
  for (const { block, from, to } of rows) block.summarise(field, from, to, summary);
  return summary;
}

function merged(all: readonly Rows[], field: DistributionField): Distribution | null {
  const bounds = latestBounds(all, field);
  if (bounds === null) return null;
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let sum = 0;
  for (const rows of all) {
    const { block, from, to } = rows;
    if (!sameBounds(block.bounds(field), bounds)) continue;
    block.addCounts(field, counts, rows);
    sum += block.sum(field, from, to);
  }
  return distributionOf({ bounds, counts, sum: Number.isNaN(sum) ? null : sum });
}

function latestBounds(rows: readonly Rows[], field: DistributionField): readonly number[] | null {
  let latestMs = -Infinity;
  let latest: readonly number[] | null = null;
  for (const { block, to } of rows) {
    const bounds = block.bounds(field);
    if (bounds === null || block.atMs(to - 1) < latestMs) continue;
    latestMs = block.atMs(to - 1);
    latest = bounds;
  }
  return latest;
}
