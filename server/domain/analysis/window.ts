/**
 * The snapshots of a stretch of time, read as one: counts added, histograms merged, levels described. Nothing in here
 * averages a quantile.
 */
import { z } from 'zod';
import { mergeDistributions, type Distribution } from '../engines/distribution.ts';
import type { CounterField, DistributionField, GaugeField } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';

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

/** A level over the samples of a window. */
export interface Level {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

export interface TimedSnapshot {
  readonly atMs: number;
  readonly snapshot: Snapshot;
}

/** Snapshots in the order of time, whatever order they came in. */
export function timeline(snapshots: readonly Snapshot[]): readonly TimedSnapshot[] {
  return snapshots
    .map((snapshot) => ({ atMs: Date.parse(snapshot.taken_at), snapshot }))
    .sort((a, b) => a.atMs - b.atMs);
}

interface Span {
  /** Not included. */
  readonly fromMs: number;
  readonly toMs: number;
}

export class SnapshotWindow {
  readonly #snapshots: readonly Snapshot[];
  readonly #span: Span;

  constructor(line: readonly TimedSnapshot[], span: Span) {
    this.#span = span;
    this.#snapshots = line
      .filter(({ atMs }) => atMs > span.fromMs && atMs <= span.toMs)
      .map(({ snapshot }) => snapshot);
  }

  get samples(): number {
    return this.#snapshots.length;
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

  /** Requests that ended, well or not; null when the engine does not count them. */
  get requests(): number | null {
    const done = this.total('done');
    return done === null ? null : done + (this.total('failed') ?? 0);
  }

  /** Seconds that the counts of this window stand for: baselines and gaps between scrapes are not in it. */
  get measuredS(): number {
    return this.#snapshots.reduce((sum, { interval_s: seconds }) => sum + (seconds ?? 0), 0);
  }

  /** Null when no snapshot of the window has a count. */
  total(field: CounterField): number | null {
    const counted = this.#values(field);
    return counted.length === 0 ? null : counted.reduce((sum, value) => sum + value, 0);
  }

  level(field: GaugeField): Level | null {
    const values = this.#values(field);
    if (values.length === 0) return null;
    const sum = values.reduce((all, value) => all + value, 0);
    return { min: Math.min(...values), mean: sum / values.length, max: Math.max(...values) };
  }

  distribution(field: DistributionField): Distribution | null {
    return mergeDistributions(this.#snapshots.flatMap((snapshot) => snapshot[field] ?? []));
  }

  #values(field: CounterField | GaugeField): number[] {
    return this.#snapshots.flatMap((snapshot) => snapshot[field] ?? []);
  }
}
