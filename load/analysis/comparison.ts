/**
 * Two servers compared over several metrics, by pairs of blocks of load on each: one look at all pairs says that there is
 * a regression, that there is none, or that more pairs are needed.
 */
import { comparePairs, type PairedComparison, type PairedOptions } from './paired-comparison.ts';
import { median } from './statistics/quantile.ts';

export const comparedMetrics = ['mean', 'p50', 'p95', 'p99'] as const;
/** A latency that servers are compared by: response time in an open model, service time in a closed one. */
export type ComparedMetric = (typeof comparedMetrics)[number];

/** Slower by up to so much is no regression, shares of 1: the noisier a metric, the more. */
export const defaultTolerances: Readonly<Record<ComparedMetric, number>> = { mean: 0.1, p50: 0.1, p95: 0.2, p99: 0.3 };

/** The histograms' unit: what is no longer was not told apart from nothing. */
const grainMs = 0.001;

/** What one block of load on one server came to. */
export type ComparedBlock = {
  /** Latencies, ms. One that is missing was not measured. */
  readonly latencyMs: Readonly<Partial<Record<ComparedMetric, number>>>;
  /** Requests that were due. */
  readonly due: number;
  /** Those of them that were answered well. */
  readonly ok: number;
};

/** Two neighbouring blocks, one on each server. */
export type ComparedPair = {
  /** Of the server as it was. */
  readonly a: ComparedBlock;
  /** Of the server as it is now. */
  readonly b: ComparedBlock;
};

/** One metric over all pairs. */
export type MetricComparison = {
  /** Which one. */
  readonly metric: ComparedMetric;
  /** Slower by up to this share is no regression. */
  readonly tolerance: number;
  /** Median over the blocks of the server as it was, ms. */
  readonly aMs: number;
  /** Median over the blocks of the server as it is now, ms. */
  readonly bMs: number;
} & Exclude<PairedComparison, { readonly kind: 'not-enough-data' }>;

/** Shares of the requests that were due and were not answered well: failed, timed out, dropped or cut off. */
export type LostShares = {
  /** Of the server as it was. */
  readonly a: number;
  /** Of the server as it is now. */
  readonly b: number;
};

/**
 * What a look at the pairs says. `losses`: b loses more than it may. `no-reference`: a itself loses too much to be compared
 * with. `inconclusive`: take more pairs. `not-enough-data`: no interval can be had.
 */
export type Comparison =
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    }
  | {
      readonly kind: 'ok' | 'regression' | 'inconclusive' | 'losses' | 'no-reference';
      /** Each latency over all pairs. */
      readonly metrics: readonly MetricComparison[];
      /** What each server lost of its requests. */
      readonly lost: LostShares;
    };

/** What is compared, and what counts as a regression. */
export type ComparisonOptions = {
  /** What is compared, each with its tolerance, a share of 1. */
  readonly tolerances: readonly { readonly metric: ComparedMetric; readonly tolerance: number }[];
  /** How much more of its requests b may lose than a, and how much a may lose: a share of 1. */
  readonly lost: number;
} & Pick<PairedOptions, 'floor' | 'confidence'>;

/**
 * Looks at all pairs so far. Losses are compared as they are, over all blocks: one outage shows, however many pairs went
 * well. Of several metrics a single regression is one, and a single one that is open leaves all open. Throws an
 * `OptionsError` for a floor that is no duration.
 */
export function compareBlocks(pairs: readonly ComparedPair[], options: ComparisonOptions): Comparison {
  const metrics: MetricComparison[] = [];
  for (const { metric, tolerance } of options.tolerances) {
    const compared = compareMetric(pairs, metric, { ...options, tolerance });
    if (compared.kind === 'not-enough-data') return compared;
    metrics.push(compared);
  }
  const lost = { a: lostShare(pairs.map(({ a }) => a)), b: lostShare(pairs.map(({ b }) => b)) };
  return { kind: kindOf(metrics, lost, options.lost), metrics, lost };
}

/**
 * Whether a first look is no answer yet: it left something open, or calls a regression what is too noisy to have shown one
 * of the size that is allowed.
 */
export function asksForMore(comparison: Comparison): boolean {
  if (comparison.kind === 'inconclusive') return true;
  if (comparison.kind !== 'regression') return false;
  return !comparison.metrics.some(({ kind, sensitive }) => kind === 'regression' && sensitive);
}

function compareMetric(
  pairs: readonly ComparedPair[],
  metric: ComparedMetric,
  options: PairedOptions,
): MetricComparison | Extract<PairedComparison, { readonly kind: 'not-enough-data' }> {
  const times = pairs.map(({ a, b }) => ({ a: a.latencyMs[metric] ?? 0, b: b.latencyMs[metric] ?? 0 }));
  const bad = times.findIndex(({ a, b }) => a <= grainMs || b <= grainMs);
  if (bad >= 0)
    return {
      kind: 'not-enough-data',
      reason: `${metric} of pair ${bad + 1} is nothing on one side: what takes a microsecond, or was not measured, has no ratio`,
    };
  const compared = comparePairs(times, options);
  if (compared.kind === 'not-enough-data') return compared;
  const usualMs = (side: 'a' | 'b') => median(times.map((time) => time[side])) ?? 0;
  return { metric, tolerance: options.tolerance, aMs: usualMs('a'), bMs: usualMs('b'), ...compared };
}

function kindOf(
  metrics: readonly MetricComparison[],
  lost: LostShares,
  allowed: number,
): Exclude<Comparison['kind'], 'not-enough-data'> {
  if (lost.a > allowed) return 'no-reference';
  if (lost.b > lost.a + allowed) return 'losses';
  const kinds = metrics.map(({ kind }) => kind);
  if (kinds.includes('regression')) return 'regression';
  return kinds.includes('inconclusive') ? 'inconclusive' : 'ok';
}

function lostShare(blocks: readonly ComparedBlock[]): number {
  const due = blocks.reduce((sum, block) => sum + block.due, 0);
  const ok = blocks.reduce((sum, block) => sum + block.ok, 0);
  return due === 0 ? 1 : (due - ok) / due;
}
