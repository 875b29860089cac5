/** Theil–Sen: the slope of a series as the median of the slopes of all pairs; up to 29 % of the points may be wild. */
import { kendallVariance, tieGroups } from './mann-kendall.ts';
import { normalQuantile } from './normal.ts';
import { median, quantile } from './quantile.ts';

export type Point = { readonly x: number; readonly y: number };

export type Trend = {
  /** Change of y per unit of x. */
  readonly slope: number;
  /** Median of y − slope × x. */
  readonly intercept: number;
  /** Two-sided confidence interval of the slope. */
  readonly low: number;
  readonly high: number;
};

/**
 * Slope of Sen (1968) with his interval: the slopes whose ranks lie z √Var(S) / 2 about the middle one, Var(S) being
 * Kendall's. Nothing unless two points differ in x.
 */
export function theilSen(points: readonly Point[], confidence = 0.95): Trend | undefined {
  const slopes = pairSlopes(points);
  const slope = quantile(slopes, 0.5);
  const intercept = slope === undefined ? undefined : median(points.map(({ x, y }) => y - slope * x));
  if (slope === undefined || intercept === undefined) return undefined;
  const variance = kendallVariance(points.length, tieGroups(points.map(({ y }) => y)));
  const reach = normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
  const low = slopes[Math.max(0, Math.floor((slopes.length - reach) / 2) - 1)];
  const high = slopes[Math.min(slopes.length - 1, Math.ceil((slopes.length + reach) / 2))];
  return { slope, intercept, low: low ?? slope, high: high ?? slope };
}

function pairSlopes(points: readonly Point[]): number[] {
  const slopes = points.flatMap((later, at) =>
    points
      .slice(0, at)
      .flatMap((earlier) => (later.x === earlier.x ? [] : [(later.y - earlier.y) / (later.x - earlier.x)])),
  );
  return slopes.sort((a, b) => a - b);
}
