/**
 * Mann–Kendall: does a series rise at all, whatever its shape? It compares every pair of points, so outliers and
 * units mean nothing to it.
 */
import { normalUpperTail } from './normal.ts';

/** Up to here, and without ties, the p-value is exact; the count of permutations stays small enough to compute. */
const exactUpTo = 30;

export type MannKendall = {
  /** Pairs that rise less pairs that fall. */
  readonly s: number;
  /** Chance of an S as high as this in a series without trend (one-sided). */
  readonly pRising: number;
};

/** Test of Mann (1945), with Kendall's variance for ties. Nothing below three values. */
export function mannKendall(values: readonly number[]): MannKendall | undefined {
  if (values.length < 3) return undefined;
  let s = 0;
  values.forEach((later, at) => {
    for (const earlier of values.slice(0, at)) s += Math.sign(later - earlier);
  });
  const tied = tieGroups(values);
  const exact = tied.length === 0 && values.length <= exactUpTo;
  return { s, pRising: exact ? exactUpperTail(values.length, s) : normalTail(s, kendallVariance(values.length, tied)) };
}

/** Variance of S without trend: (n(n−1)(2n+5) − Σ t(t−1)(2t+5)) / 18 over groups of t equal values. */
export function kendallVariance(n: number, tied: readonly number[]): number {
  const of = (size: number): number => size * (size - 1) * (2 * size + 5);
  return (of(n) - tied.reduce((sum, size) => sum + of(size), 0)) / 18;
}

/** Sizes of the groups of equal values, those of one left out. */
export function tieGroups(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts.values()].filter((size) => size > 1);
}

/** Half a step is taken off S for continuity: S moves in steps of two. */
function normalTail(s: number, variance: number): number {
  return variance > 0 ? normalUpperTail((s - Math.sign(s)) / Math.sqrt(variance)) : 1;
}

/**
 * P(S ≥ s) over all orders of n different values. S = n(n−1)/2 − 2 × inversions, and the k-th value adds 0 to k − 1
 * inversions, each as likely (Mahonian numbers).
 */
function exactUpperTail(n: number, s: number): number {
  let chances = [1];
  for (let size = 2; size <= n; size += 1) {
    const next = new Array<number>(chances.length + size - 1).fill(0);
    chances.forEach((chance, inversions) => {
      for (let added = 0; added < size; added += 1)
        next[inversions + added] = (next[inversions + added] ?? 0) + chance / size;
    });
    chances = next;
  }
  const mostInversions = ((n * (n - 1)) / 2 - s) / 2;
  return Math.min(
    1,
    chances.slice(0, Math.floor(mostInversions) + 1).reduce((sum, chance) => sum + chance, 0),
  );
}
