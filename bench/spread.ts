/** Repeats of one figure in three numbers: the middle, and how far they lie apart. */
import { median } from '../load/analysis/statistics/quantile.ts';

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(values: readonly [number, ...number[]]): Spread {
  return { median: median(values) ?? values[0], min: Math.min(...values), max: Math.max(...values) };
}

/**
 * Pair by pair, one series over the other: what disturbs the machine disturbs both blocks of a pair, and cancels out.
 * Throws `RangeError` if the series are not of one length.
 */
export function ratios(of: readonly number[], over: readonly number[]): number[] {
  if (of.length !== over.length) throw new RangeError(`${of.length} figures cannot be paired with ${over.length}`);
  return of.map((value, at) => value / (over[at] ?? Number.NaN));
}

/** The order of round `n`: forwards, then backwards, so that none always goes first. */
export function inTurn<Item>(items: readonly Item[], round: number): readonly Item[] {
  return round % 2 === 0 ? items : items.toReversed();
}
