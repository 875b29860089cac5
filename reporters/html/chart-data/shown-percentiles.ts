/** The percentiles that are drawn over time. */
import type { Column } from './time-axis.ts';

export const shownPercentiles = ['p50', 'p90', 'p95', 'p99'] as const;
export type ShownPercentile = (typeof shownPercentiles)[number];

/** Those of the times of streams. */
export const streamPercentiles = ['p50', 'p99'] as const;

/** Milliseconds per point, and of how many latencies they are. */
export type LatencyColumns = Readonly<Record<ShownPercentile, Column>> & { readonly counts: readonly number[] };
