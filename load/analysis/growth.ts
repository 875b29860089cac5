/**
 * Does a level that saws up and down, such as memory or open handles, keep growing? A trend test on the minima of blocks
 * of time: what is left after each tidying up, not the saw-tooth above it. In whatever unit it is counted.
 */
import { mannKendall } from './statistics/mann-kendall.ts';
import { median } from './statistics/quantile.ts';
import { type Point, theilSen, type Trend } from './statistics/theil-sen.ts';

export type LevelReading = {
  /** On any axis. */
  readonly atMs: number;
  readonly level: number;
};

/** What counts as growth; the numbers are those of `LeakOptions`, whatever their unit. */
export type GrowthRules = {
  readonly blocks: number;
  readonly minBlocks: number;
  readonly minBlockMs: number;
  readonly alpha: number;
  readonly minGrowth: number;
  readonly minGrowthShare: number;
  readonly levellingShare: number;
  readonly honestRunMs: number;
  readonly shortRunPerMin: number;
};

export type GrowthMeasured = {
  /** Theil–Sen slope per minute, and Sen's 95 % interval of it. */
  readonly slopePerMin: number;
  readonly slopeLow: number;
  readonly slopeHigh: number;
  /** Slope times the time watched. */
  readonly growth: number;
  /** One-sided Mann–Kendall: the chance of such a rise without a trend. */
  readonly pValue: number;
  readonly watchedMs: number;
  /** The smallest slope that this run could have shown. */
  readonly detectablePerMin: number;
  /** The last minimum. */
  readonly lastLevel: number;
};

export type Growth =
  | ({ readonly kind: 'growing' | 'levelling-off' | 'growing-run-too-short' | 'no-growth-found' } & GrowthMeasured)
  | { readonly kind: 'not-enough-data'; readonly reason: string };

const minuteMs = 60_000;

/**
 * Growing is: rising by Mann–Kendall (p < alpha), by more than max(minGrowth, minGrowthShare × median) in all
 * (Theil–Sen), and in its second half by more than `levellingShare` of the whole slope.
 */
export function findGrowth(readings: readonly LevelReading[], rules: GrowthRules): Growth {
  const { blockMs, minima } = blockMinima(readings, rules);
  const all = theilSen(minima);
  const test = mannKendall(minima.map(({ y }) => y));
  const level = median(minima.map(({ y }) => y));
  const watchedMs = minima.length * blockMs;
  if (minima.length < rules.minBlocks || !all || !test || level === undefined) {
    const needS = (rules.minBlocks * rules.minBlockMs) / 1_000;
    return {
      kind: 'not-enough-data',
      reason: `${minima.length} of ${rules.minBlocks} blocks of ${blockMs / 1_000} s hold readings: sample for at least ${needS} s`,
    };
  }
  const needed = Math.max(rules.minGrowth, rules.minGrowthShare * level);
  const lastLevel = minima.at(-1)?.y ?? level;
  const measured = { ...measure({ trend: all, watchedMs, needed, rules }), pValue: test.pRising, lastLevel };
  if (test.pRising >= rules.alpha || measured.growth <= needed) return { kind: 'no-growth-found', ...measured };
  const secondHalf = theilSen(minima.slice(Math.floor(minima.length / 2)));
  if (!secondHalf || secondHalf.slope <= rules.levellingShare * all.slope)
    return { kind: 'levelling-off', ...measured };
  const isTooShort = watchedMs < rules.honestRunMs && measured.slopePerMin <= rules.shortRunPerMin;
  return { kind: isTooShort ? 'growing-run-too-short' : 'growing', ...measured };
}

type MeasureParts = {
  /** Per millisecond. */
  readonly trend: Trend;
  readonly watchedMs: number;
  readonly needed: number;
  readonly rules: GrowthRules;
};

function measure({ trend, watchedMs, needed, rules }: MeasureParts): Omit<GrowthMeasured, 'pValue' | 'lastLevel'> {
  const noise = ((trend.high - trend.low) / 2) * minuteMs;
  const detectable = Math.max((needed / watchedMs) * minuteMs, noise);
  return {
    slopePerMin: trend.slope * minuteMs,
    slopeLow: trend.low * minuteMs,
    slopeHigh: trend.high * minuteMs,
    growth: trend.slope * watchedMs,
    watchedMs,
    detectablePerMin: watchedMs < rules.honestRunMs ? Math.max(detectable, rules.shortRunPerMin) : detectable,
  };
}

/** The lowest reading of each full block, at the middle of its block, in milliseconds from the first reading. */
export function blockMinima(
  readings: readonly LevelReading[],
  { blocks, minBlockMs }: Pick<GrowthRules, 'blocks' | 'minBlockMs'>,
): { readonly blockMs: number; readonly minima: readonly Point[] } {
  const fromMs = readings[0]?.atMs ?? 0;
  const spanMs = (readings.at(-1)?.atMs ?? 0) - fromMs;
  const blockMs = Math.max(minBlockMs, spanMs / blocks);
  const lowest = new Map<number, number>();
  for (const { atMs, level } of readings) {
    const block = Math.floor((atMs - fromMs) / blockMs);
    if ((block + 1) * blockMs <= spanMs + 1e-6) lowest.set(block, Math.min(lowest.get(block) ?? Infinity, level));
  }
  return { blockMs, minima: [...lowest].map(([block, y]) => ({ x: (block + 0.5) * blockMs, y })) };
}
