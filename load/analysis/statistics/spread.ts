/** How far values lie from their middle: moments, the robust median deviation, and fences for outliers. */
import { median } from './quantile.ts';

/** Arithmetic mean; nothing for no values. */
export function mean(values: readonly number[]): number | undefined {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}

/** Sample standard deviation (n − 1), in two passes; nothing below two values. */
export function stdev(values: readonly number[]): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 2) return undefined;
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** Median absolute deviation from the median, unscaled. */
export function mad(values: readonly number[]): number | undefined {
  const centre = median(values);
  return centre === undefined ? undefined : median(values.map((value) => Math.abs(value - centre)));
}

/** Makes a median absolute deviation an estimate of a normal standard deviation: 1 / Φ⁻¹(3/4). */
export const madToSigma = 1.4826;

/** Inner fences at 1.5 and outer fences at 3 interquartile ranges beyond the quartiles (Tukey 1977). */
export type Fences = {
  readonly inner: readonly [low: number, high: number];
  readonly outer: readonly [low: number, high: number];
};

export function tukeyFences(q1: number, q3: number): Fences {
  const iqr = q3 - q1;
  return { inner: [q1 - 1.5 * iqr, q3 + 1.5 * iqr], outer: [q1 - 3 * iqr, q3 + 3 * iqr] };
}
