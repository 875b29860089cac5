/**
 * Two servers compared in one run: short blocks of load on each in turn, judged pair by pair. The noise of the machine
 * and of the hour hits both blocks of a pair and cancels out, which no test on stored numbers can do.
 */
import { type Duration, parseDurationMs } from '../measure/units.ts';
import { hodgesLehmann } from './statistics/hodges-lehmann.ts';
import { median } from './statistics/quantile.ts';
import { stdev } from './statistics/spread.ts';
import { studentQuantile } from './statistics/student.ts';

/** One metric, ms, of two neighbouring blocks. */
export type Pair = {
  /** Of the server as it was. */
  readonly a: number;
  /** Of the server as it is now. */
  readonly b: number;
};

/** What counts as a regression. */
export type PairedOptions = {
  /** Slower by up to this share is no regression. */
  readonly tolerance: number;
  /** Nor is slower by up to this time. */
  readonly floor: Duration;
  /** Of the interval, 0 to 1. */
  readonly confidence: number;
};

export const defaultPairedOptions: Omit<PairedOptions, 'tolerance'> = { floor: '0.5ms', confidence: 0.95 };

type Compared = {
  /** How many were compared. */
  readonly pairs: number;
  /** b over a: 1.1 is ten per cent slower. */
  readonly ratio: number;
  /** Lower bound of its interval. */
  readonly ratioLow: number;
  /** Upper bound of its interval. */
  readonly ratioHigh: number;
  /** The slowdown, as a share, that so many pairs of such noise show in 80 % of runs. */
  readonly detectable: number;
  /** Slower by up to this share is no regression: the tolerance, or the floor where that is more of the usual time. */
  readonly allowed: number;
  /** Whether `detectable` is within it; if not, this comparison could not have seen a regression of that size. */
  readonly sensitive: boolean;
};

/** What came of a comparison. `inconclusive`: take more pairs. */
export type PairedComparison =
  | ({ readonly kind: 'regression' } & Compared)
  | ({
      readonly kind: 'ok';
      /** The whole interval lies below 1. */
      readonly faster: boolean;
    } & Compared)
  | ({ readonly kind: 'inconclusive' } & Compared)
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

/**
 * Compares two servers by pairs of neighbouring blocks of load on each.
 * d = ln(b/a) per pair, shift and interval by Hodges–Lehmann. Regression: the interval lies above 0 and the estimate
 * above ln(1 + tolerance). Ok: the interval ends below that. Otherwise inconclusive: take more pairs.
 * Throws `RangeError` for times that are not above 0, `OptionsError` for what is no duration.
 */
export function comparePairs(
  pairs: readonly Pair[],
  options: Pick<PairedOptions, 'tolerance'> & Partial<PairedOptions>,
): PairedComparison {
  const { tolerance, floor, confidence } = { ...defaultPairedOptions, ...options };
  const floorMs = parseDurationMs(floor, 'floor');
  const wrong = pairs.find(({ a, b }) => !(a > 0 && b > 0 && a < Infinity && b < Infinity));
  if (wrong) throw new RangeError(`a pair takes two times above 0, got ${JSON.stringify(wrong)}`);
  const logs = pairs.map(({ a, b }) => Math.log(b / a));
  const shift = hodgesLehmann(logs, confidence);
  const usualMs = median(pairs.map(({ a }) => a));
  if (!shift || usualMs === undefined)
    return {
      kind: 'not-enough-data',
      reason: `${pairs.length} pairs are too few for an interval of ${confidence * 100} %`,
    };
  const [ratio, ratioLow, ratioHigh] = [Math.exp(shift.estimate), Math.exp(shift.low), Math.exp(shift.high)];
  const detectable = detectableSlowdown(logs, confidence);
  const allowed = Math.max(tolerance, floorMs / usualMs);
  const sensitive = detectable <= allowed;
  const compared = { pairs: pairs.length, ratio, ratioLow, ratioHigh, detectable, allowed, sensitive };
  if (ratioHigh <= 1 + allowed) return { kind: 'ok', faster: ratioHigh < 1, ...compared };
  return { kind: ratioLow > 1 && ratio > 1 + allowed ? 'regression' : 'inconclusive', ...compared };
}

/** exp((t_c + t₀.₈₀) s / √n) − 1 with n − 1 degrees of freedom: 80 % power; t_c is t₀.₉₇₅ where 95 % are asked for. */
function detectableSlowdown(logs: readonly number[], confidence: number): number {
  const df = logs.length - 1;
  const certain = studentQuantile((1 + confidence) / 2, df);
  return Math.exp(((certain + studentQuantile(0.8, df)) * (stdev(logs) ?? 0)) / Math.sqrt(logs.length)) - 1;
}

/** The order of the blocks, AB BA AB …: each side is first as often, so that a drift within pairs cancels out. */
export function blockOrder(pairs: number, first: 'a' | 'b'): ('a' | 'b')[] {
  const forth = first === 'a' ? (['a', 'b'] as const) : (['b', 'a'] as const);
  return Array.from({ length: pairs }, (_, pair) => (pair % 2 === 0 ? forth : forth.toReversed())).flat();
}
