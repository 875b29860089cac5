/** How many latencies a percentile needs before it says more than the luck of a few requests. */
import type { LatencyStats } from './histogram.ts';
import { formatMs } from './units.ts';

/**
 * Requests that must lie beyond a percentile. The rank of an order statistic scatters by about the square root of how
 * many lie beyond it: with 10 that is a third, below it the number is that of a few requests.
 */
const leastBeyond = 10;

/** What each name is the percentile of. */
export const percents = { p50: 50, p90: 90, p95: 95, p99: 99 } as const;

/** Whether so many latencies carry a percentile: p50 needs 20, p95 needs 200, p99 needs 1,000. */
export function carries(percent: number, count: number): boolean {
  return count * (100 - percent) >= leastBeyond * 100 - 1e-6;
}

/** Stands before a percentile that its count does not carry, on every surface. */
export const unsureMark = '~';

/** What the mark means. */
export const unsureWords = `${unsureMark}: a few requests decide it, since fewer than ${leastBeyond} lie beyond it`;

/** `12.4 ms`, or `~12.4 ms` where the count does not carry it. */
export function percentileText(stats: LatencyStats, name: keyof typeof percents): string {
  return `${carries(percents[name], stats.count) ? '' : unsureMark}${formatMs(stats[name])}`;
}

const marked = new RegExp(`(?<![\\w${unsureMark}])${unsureMark}\\d`);

/** Whether a text has the mark anywhere, so that it has to say what it means. */
export function hasUnsure(text: string): boolean {
  return marked.test(text);
}
