/** The percentiles that are drawn over time. */
import type { Column } from './time-axis.ts';

export const shownPercentiles = ['p50', 'p90', 'p95', 'p99'] as const;
export type ShownPercentile = (typeof shownPercentiles)[number];

/** Milliseconds per point, and of how many latencies they are. */
export type LatencyColumns = Readonly<Record<ShownPercentile, Column>> & { readonly counts: readonly number[] };
