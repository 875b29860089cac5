/**
 * What a histogram saw in an interval. The buckets stay with the quantiles, so that a window over many snapshots merges
 * counts and computes its own quantile: quantiles themselves cannot be averaged.
 */
import { z } from 'zod';

const measured = z.number().nullable();

export const distributionSchema = z
  .object({
    count: z.number().meta({ description: 'Observations' }),
    sum: measured.meta({ description: 'Sum of all observations; null when the page has none' }),
    mean: measured,
    p50: measured,
    p95: measured,
    p99: measured,
    bounds: z.array(z.number()).readonly().meta({ description: 'Upper bounds of the buckets, ascending' }),
    counts: z.array(z.number()).readonly().meta({
      description: 'Observations in each bucket, not cumulative; the one more at the end is above every bound',
    }),
  })
  .readonly()
  .meta({
    id: 'Distribution',
    description: 'What a histogram saw in the interval: seconds, or tokens for the lengths',
  });
export type Distribution = z.infer<typeof distributionSchema>;

interface Buckets {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number | null;
}

/** Quantiles and mean are null, not 0, when nothing was observed. */
export function distributionOf({ bounds, counts, sum }: Buckets): Distribution {
  const count = counts.reduce((all, one) => all + one, 0);
  const at = (q: number) => quantile({ bounds, counts }, q);
  const mean = count === 0 || sum === null ? null : sum / count;
  return { count, sum, mean, p50: at(0.5), p95: at(0.95), p99: at(0.99), bounds, counts };
}

/**
 * The q-quantile by linear interpolation within its bucket, as Prometheus' `histogram_quantile` does: the lowest bucket
 * begins at 0 (or has no width if its bound is not positive), and what lies above every bound is given the highest bound.
 * Null when nothing was observed or there are no bounds.
 */
export function quantile({ bounds, counts }: Pick<Buckets, 'bounds' | 'counts'>, q: number): number | null {
  const count = counts.reduce((all, one) => all + one, 0);
  const highest = bounds.at(-1);
  if (count === 0 || highest === undefined) return null;
  const rank = q * count;
  let below = 0;
  for (const [at, bound] of bounds.entries()) {
    const inside = counts[at] ?? 0;
    if (inside > 0 && below + inside >= rank) {
      const start = at === 0 ? Math.min(0, bound) : (bounds[at - 1] ?? 0);
      const from = at === 0 && bound <= 0 ? bound : start;
      return from + (bound - from) * ((rank - below) / inside);
    }
    below += inside;
  }
  return highest;
}

/**
 * A value that the q-quantile certainly does not exceed: the upper bound of its bucket. Null when nothing was observed
 * or when it lies above every bound, where nothing can be promised.
 */
export function quantileCeiling({ bounds, counts }: Pick<Buckets, 'bounds' | 'counts'>, q: number): number | null {
  const count = counts.reduce((all, one) => all + one, 0);
  if (count === 0) return null;
  let below = 0;
  for (const [at, bound] of bounds.entries()) {
    below += counts[at] ?? 0;
    if (below >= q * count) return bound;
  }
  return null;
}

/** How many observations were above `limit`, interpolated within the bucket that holds it. */
export function countAbove({ bounds, counts }: Pick<Buckets, 'bounds' | 'counts'>, limit: number): number {
  let above = counts[bounds.length] ?? 0;
  for (const [at, bound] of bounds.entries()) {
    const start = at === 0 ? Math.min(0, bound) : (bounds[at - 1] ?? 0);
    const inside = counts[at] ?? 0;
    if (limit <= start) above += inside;
    else if (limit < bound) above += inside * ((bound - limit) / (bound - start));
  }
  return above;
}
