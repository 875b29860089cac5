/** How late even a perfect generator would start requests on a machine whose processes are now and then not run. */

/**
 * The quantile of lateness over all moments of `totalMs`, of which those within a gap wait for its end:
 * P(late > x) = Σ max(0, gap − x) / total. 0 where the gaps are too few to reach it.
 */
export function lateMsAt(quantile: number, gapsMs: readonly number[], totalMs: number): number {
  const laterMs = (1 - quantile) * totalMs;
  const longestFirst = gapsMs.toSorted((a, b) => b - a);
  let sumMs = 0;
  for (const [at, gapMs] of longestFirst.entries()) {
    sumMs += gapMs;
    const lateMs = (sumMs - laterMs) / (at + 1);
    if (lateMs >= (longestFirst[at + 1] ?? 0)) return lateMs; // no shorter gap reaches so far
  }
  return 0;
}
