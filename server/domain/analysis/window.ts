/**
 * The snapshots of a stretch of time, read as one: counts added, histograms merged, levels described. Nothing in here
 * averages a quantile.
 */
import { z } from 'zod';
import { distributionOf, type Distribution } from '../engines/distribution.ts';
import type { CounterField, DistributionField, GaugeField } from '../engines/engine.ts';
import type { Snapshot } from '../engines/snapshot.ts';
import { sameBounds, Timeline, type Rows, type ScalarField, type Span } from './timeline.ts';

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

/** A line of snapshots, whatever order they came in. */
export function timeline(snapshots: readonly Snapshot[]): Timeline {
  const line = new Timeline();
  for (const snapshot of snapshots) line.add(snapshot);
  return line;
}

export class SnapshotWindow {
  readonly #rows: readonly Rows[];
  readonly #span: Span;

  constructor(line: Timeline, span: Span) {
    this.#span = span;
    this.#rows = line.rows(span);
  }

  get samples(): number {
    return this.#rows.reduce((sum, { from, to }) => sum + to - from, 0);
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
    return this.#sum('interval_s').sum;
  }

  /** Null when no snapshot of the window has a count. */
  total(field: CounterField): number | null {
    const { sum, measured } = this.#sum(field);
    return measured === 0 ? null : sum;
  }

  level(field: GaugeField): Level | null {
    const { sum, measured, min, max } = this.#sum(field);
    return measured === 0 ? null : { min, mean: sum / measured, max };
  }

  /** Those whose bounds differ from the latest one's are left out: they cannot be added. */
  distribution(field: DistributionField): Distribution | null {
    const bounds = this.#latestBounds(field);
    if (bounds === null) return null;
    const counts = new Array<number>(bounds.length + 1).fill(0);
    let sum = 0;
    for (const rows of this.#rows) {
      const { block, from, to } = rows;
      if (!sameBounds(block.bounds(field), bounds)) continue;
      block.addCounts(field, counts, rows);
      sum += block.sum(field, from, to);
    }
    return distributionOf({ bounds, counts, sum: Number.isNaN(sum) ? null : sum });
  }

  #latestBounds(field: DistributionField): readonly number[] | null {
    let latestMs = -Infinity;
    let latest: readonly number[] | null = null;
    for (const { block, to } of this.#rows) {
      const bounds = block.bounds(field);
      if (bounds === null || block.atMs(to - 1) < latestMs) continue;
      latestMs = block.atMs(to - 1);
      latest = bounds;
    }
    return latest;
  }

  #sum(field: ScalarField) {
    let [sum, measured, min, max] = [0, 0, Infinity, -Infinity];
    for (const { block, from, to } of this.#rows) {
      for (let row = from; row < to; row += 1) {
        const value = block.scalar(row, field);
        if (Number.isNaN(value)) continue;
        sum += value;
        measured += 1;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
    return { sum, measured, min, max };
  }
}
