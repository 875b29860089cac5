/** What a few cases prove: 1 of 2 is no rate of 50 %. */

/** With fewer requests than are needed for a rate, so many bad ones may still be a finding. */
export const manyEvents = 5;
/** One-sided confidence of 95 %. */
const z = 1.645;

/**
 * Lower bound of the Wilson score interval: the share that so many of so many prove at least. 0 of an empty window.
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
 */
export function leastShare(hits: number, of: number): number {
  if (of <= 0 || hits <= 0) return 0;
  const share = Math.min(1, hits / of);
  const middle = share + z ** 2 / (2 * of);
  const margin = z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  return Math.max(0, (middle - margin) / (1 + z ** 2 / of));
}
