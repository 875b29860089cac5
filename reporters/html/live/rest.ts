/** How long what was worked out is left as it is, so that the next time costs the test run no more than a small share. */

/** Nobody looks at figures that are older: work that takes long enough for it takes more than its share. */
const mostRestMs = 15_000;

export function restMs(tookMs: number, { share, leastMs = 0 }: { share: number; leastMs?: number }): number {
  return Math.max(leastMs, Math.min(mostRestMs, tookMs / share));
}
