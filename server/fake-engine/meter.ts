/** Counts and histograms of a simulated engine since its process started, mostly in the words of a snapshot. */
import type { CounterField, DistributionField } from '../domain/engines/engine.ts';

/** What pages show beside what a snapshot reads, or at another moment. */
type Tally = CounterField | 'prefill_steps' | 'decode_steps' | 'prompt_tokens_computed' | 'prefix_hits_ended';
export type Observed = DistributionField | 'step_tokens' | 'decode_s';

export type Bounds = Readonly<Record<Observed, readonly number[]>>;

export interface Histogram {
  readonly bounds: readonly number[];
  /** Not cumulative; one more than the bounds. */
  readonly counts: number[];
  sum: number;
}

export class Meter {
  readonly #counters = new Map<Tally, number>();
  readonly #histograms: ReadonlyMap<Observed, Histogram>;

  constructor(bounds: Bounds) {
    const empty = (of: readonly number[]): Histogram => ({
      bounds: of,
      counts: new Array<number>(of.length + 1).fill(0),
      sum: 0,
    });
    this.#histograms = new Map(Object.entries(bounds).map(([field, of]) => [field as Observed, empty(of)]));
  }

  count(field: Tally, by = 1): void {
    this.#counters.set(field, this.counted(field) + by);
  }

  counted(field: Tally): number {
    return this.#counters.get(field) ?? 0;
  }

  /** Notes the same value `times` times. */
  observe(field: Observed, value: number, times = 1): void {
    const histogram = this.#histograms.get(field);
    if (histogram === undefined) return;
    const at = histogram.bounds.findIndex((bound) => value <= bound);
    const bucket = at === -1 ? histogram.bounds.length : at;
    histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + times;
    histogram.sum += value * times;
  }

  histogram(field: Observed): Histogram | undefined {
    return this.#histograms.get(field);
  }
}
