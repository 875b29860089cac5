/**
 * Hodges–Lehmann: the middle of paired differences, with an exact interval by inverting Wilcoxon's signed-rank test.
 * It assumes symmetry and nothing else, and holds its level at six pairs, where a t interval would trust in luck.
 */
import { normalQuantile } from './normal.ts';
import { quantile } from './quantile.ts';

export type Shift = {
  /** Median of the averages of all pairs of differences (Walsh averages). */
  readonly estimate: number;
  /** Exact interval; its confidence is at least what was asked for. */
  readonly low: number;
  readonly high: number;
};

/** Nothing when there are too few differences for the confidence: below six for 95 %, below seven for 97.5 %. */
export function hodgesLehmann(differences: readonly number[], confidence = 0.95): Shift | undefined {
  const averages = walshAverages(differences);
  const cut = signedRankCut(differences.length, (1 - confidence) / 2);
  const [low, high] = [averages[cut], averages[averages.length - 1 - cut]];
  const estimate = quantile(averages, 0.5);
  if (cut < 0 || low === undefined || high === undefined || estimate === undefined) return undefined;
  return { estimate, low, high };
}

/**
 * How much higher one sample lies than another: the middle of all differences, with the interval that inverts the test of
 * Mann and Whitney (Moses), by its normal approximation. Nothing where the samples are too small for the confidence.
 */
export function shiftBetween(
  before: readonly number[],
  after: readonly number[],
  confidence: number,
): Shift | undefined {
  const differences = after.flatMap((late) => before.map((early) => late - early)).toSorted((a, b) => a - b);
  const [n, m] = [before.length, after.length];
  const reach = normalQuantile((1 + confidence) / 2) * Math.sqrt((n * m * (n + m + 1)) / 12);
  const cut = Math.floor((n * m) / 2 - reach);
  const [low, high] = [differences[cut], differences[differences.length - 1 - cut]];
  const estimate = quantile(differences, 0.5);
  if (cut < 0 || low === undefined || high === undefined || estimate === undefined) return undefined;
  return { estimate, low, high };
}

/** (dᵢ + dⱼ) / 2 for all i ≤ j, ascending. */
export function walshAverages(differences: readonly number[]): number[] {
  return differences
    .flatMap((first, at) => differences.slice(at).map((second) => (first + second) / 2))
    .toSorted((a, b) => a - b);
}

/** The largest w with P(W ≤ w) ≤ `tail` for the signed-rank sum of n differences without shift; −1 if there is none. */
export function signedRankCut(n: number, tail: number): number {
  let below = 0;
  let cut = -1;
  for (const chance of signedRankChances(n)) {
    below += chance;
    if (below > tail * (1 + 1e-12)) break;
    cut += 1;
  }
  return cut;
}

/** P(W = w) for w = 0, 1, …: each rank is in the sum with chance ½, independently. */
function signedRankChances(n: number): number[] {
  let chances = [1];
  for (let rank = 1; rank <= n; rank += 1) {
    const next = new Array<number>(chances.length + rank).fill(0);
    chances.forEach((chance, sum) => {
      next[sum] = (next[sum] ?? 0) + chance / 2;
      next[sum + rank] = (next[sum + rank] ?? 0) + chance / 2;
    });
    chances = next;
  }
  return chances;
}
