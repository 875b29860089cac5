/** Counts and histograms of a simulated engine since its process started, in the words of a snapshot. */
import type { CounterField, DistributionField } from '../domain/engines/engine.ts';

export type Bounds = Readonly<Record<DistributionField, readonly number[]>>;

export interface Histogram {
  readonly bounds: readonly number[];
  /** Not cumulative; one more than the bounds. */
  readonly counts: number[];
  sum: number;
}

export class Meter {
  readonly #counters = new Map<CounterField, number>();
  readonly #histograms: ReadonlyMap<DistributionField, Histogram>;

  constructor(bounds: Bounds) {
    const empty = (of: readonly number[]): Histogram => ({
      bounds: of,
      counts: new Array<number>(of.length + 1).fill(0),
      sum: 0,
    });
    this.#histograms = new Map(Object.entries(bounds).map(([field, of]) => [field as DistributionField, empty(of)]));
  }

  count(field: CounterField, by = 1): void {
    this.#counters.set(field, this.counted(field) + by);
  }

  counted(field: CounterField): number {
    return this.#counters.get(field) ?? 0;
  }

  /** Notes the same value `times` times. */
  observe(field: DistributionField, value: number, times = 1): void {
    const histogram = this.#histograms.get(field);
    if (histogram === undefined) return;
    const at = histogram.bounds.findIndex((bound) => value <= bound);
    const bucket = at === -1 ? histogram.bounds.length : at;
    histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + times;
    histogram.sum += value * times;
  }

  histogram(field: DistributionField): Histogram | undefined {
    return this.#histograms.get(field);
  }
}
