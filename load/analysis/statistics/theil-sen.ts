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

/**
 * As `theilSen`, for points whose noise lingers: its interval is wider by √(n / n*), the points over those of them that are
 * independent (Yue and Wang 2004), from the rank autocorrelation of what the line leaves, at one step.
 */
export function lingeringTheilSen(points: readonly Point[], confidence = 0.95): Trend | undefined {
  const trend = theilSen(points, confidence);
  if (trend === undefined) return undefined;
  const { slope, low, high } = trend;
  const wider = Math.sqrt(inflationOf(points.map(({ x, y }) => y - slope * x)));
  return { ...trend, low: slope - (slope - low) * wider, high: slope + (high - slope) * wider };
}

/**
 * By how much noise that lingers makes the variance of a mean of n points larger: 1 + 2 Σ (1 − k / n) rᵏ, r of their
 * ranks.
 */
export function inflationOf(values: readonly number[]): number {
  const n = values.length;
  const correlation = lagOneCorrelation(ranks(values));
  let sum = 0;
  for (let lag = 1; lag < n; lag += 1) sum += (1 - lag / n) * correlation ** lag;
  return 1 + 2 * sum;
}

/** Corrected for its bias, −(1 + 4r) / n in n points (Marriott and Pope 1954); what is below 0 counts as none. */
function lagOneCorrelation(values: readonly number[]): number {
  const n = values.length;
  const centre = values.reduce((sum, value) => sum + value, 0) / n;
  let [shared, whole] = [0, 0];
  values.forEach((value, at) => {
    whole += (value - centre) ** 2;
    shared += (value - centre) * ((values[at - 1] ?? centre) - centre);
  });
  if (whole === 0 || n <= 5) return 0;
  return Math.min(0.99, Math.max(0, (n * (shared / whole) + 1) / (n - 4)));
}

/** Equal values share the mean of their ranks. */
function ranks(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
}

function pairSlopes(points: readonly Point[]): number[] {
  const slopes = points.flatMap((later, at) =>
    points
      .slice(0, at)
      .flatMap((earlier) => (later.x === earlier.x ? [] : [(later.y - earlier.y) / (later.x - earlier.x)])),
  );
  return slopes.sort((a, b) => a - b);
}
