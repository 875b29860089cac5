/**
 * Does memory leak? A trend test on the minima of blocks of time: what is left after each garbage collection, not the
 * saw-tooth above it. Growth that levels off is a warm-up, and a short run is told what it could not have seen.
 */
import { type Duration, parseDurationMs } from '../measure/units.ts';
import { mannKendall } from './statistics/mann-kendall.ts';
import { median } from './statistics/quantile.ts';
import { theilSen, type Point, type Trend } from './statistics/theil-sen.ts';

/** One reading of a process' memory; a `ResourceSample` is one. */
export type MemoryReading = {
  /** On any axis. */
  readonly atMs: number;
  /** Resident set size, MiB. */
  readonly rssMb: number;
};

/** What counts as a leak. */
export type LeakOptions = {
  /** Blocks that the run is cut into. */
  readonly blocks: number;
  /** Fewer full ones prove nothing. */
  readonly minBlocks: number;
  /** A block has to hold two cycles of garbage collection; shorter ones show the saw-tooth. */
  readonly minBlock: Duration;
  /** One-sided chance of a false alarm that is accepted. */
  readonly alpha: number;
  /** Growth below this over the run is no leak, MiB. */
  readonly minGrowthMb: number;
  /** The same as a share of the median. The greater of the two holds. */
  readonly minGrowthShare: number;
  /**
   * The second half must still grow with this share of the whole slope, or the curve levels off. Of 60 simulated runs
   * of ten minutes that warm up with a time constant of 200 s, a share of 0.4 calls 49 a leak, 0.6 none; both find
   * every leak of 2 MiB a minute.
   */
  readonly levellingShare: number;
  /** From here on a run tells a slow leak from a long warm-up; shorter ones tell only leaks of `shortRunMbPerMin`. */
  readonly honestRun: Duration;
  /** The least leak that a shorter run tells, MiB per minute. */
  readonly shortRunMbPerMin: number;
};

export const defaultLeakOptions: LeakOptions = {
  blocks: 20,
  minBlocks: 14,
  minBlock: '15s',
  alpha: 0.01,
  minGrowthMb: 5,
  minGrowthShare: 0.05,
  levellingShare: 0.6,
  honestRun: '10m',
  shortRunMbPerMin: 5,
};

/** What `findLeak` works on. */
export type LeakParts = {
  /** Readings under steady load, warm-up left out. */
  readonly readings: readonly MemoryReading[];
  /** Requests in the same time, for the growth per request. */
  readonly requests?: number;
  /** What the process may use at most, MiB, for the time until it is reached. */
  readonly limitMb?: number;
  /** What is to differ from the defaults. */
  readonly options?: Partial<LeakOptions>;
};

type Measured = {
  /** Theil–Sen slope, MiB per minute. */
  readonly slopeMbPerMin: number;
  /** Lower bound of Sen's 95 % interval of the slope. */
  readonly slopeLow: number;
  /** Its upper bound. */
  readonly slopeHigh: number;
  /** Slope times the time watched, MiB. */
  readonly growthMb: number;
  /** One-sided Mann–Kendall: the chance of such a rise without a trend. */
  readonly pValue: number;
  /** Full blocks times their length. */
  readonly watchedMs: number;
  /** The smallest leak that this run could have shown, MiB per minute. */
  readonly detectableMbPerMin: number;
  /** Absent without `requests`. */
  readonly mbPer1000Requests?: number;
};

/**
 * Whether memory leaks. `levelling-off`: it grew, but ever slower, as caches and code that fill up.
 * `growing-run-too-short`: it grew without levelling off, too short to tell a leak from a warm-up. `no-leak-found`: none
 * of `detectableMbPerMin` or more.
 */
export type Leak =
  | ({
      readonly kind: 'leak';
      /** Until `limitMb` is reached; absent without it. */
      readonly minutesToLimit?: number;
    } & Measured)
  | ({ readonly kind: 'levelling-off' } & Measured)
  | ({ readonly kind: 'growing-run-too-short' } & Measured)
  | ({ readonly kind: 'no-leak-found' } & Measured)
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

const minuteMs = 60_000;

/**
 * A leak is: rising by Mann–Kendall (p < alpha), by more than max(minGrowthMb, minGrowthShare × median) in all
 * (Theil–Sen), and in its second half by more than `levellingShare` of the whole slope. Throws an `OptionsError` for what
 * is no duration.
 */
export function findLeak({ readings, requests, limitMb, options }: LeakParts): Leak {
  const settings = settingsOf({ ...defaultLeakOptions, ...options });
  const { blockMs, minima } = blockMinima(readings, settings);
  const all = theilSen(minima);
  const test = mannKendall(minima.map(({ y }) => y));
  const level = median(minima.map(({ y }) => y));
  const watchedMs = minima.length * blockMs;
  if (minima.length < settings.minBlocks || !all || !test || level === undefined) {
    const needS = (settings.minBlocks * settings.minBlockMs) / 1_000;
    return {
      kind: 'not-enough-data',
      reason: `${minima.length} blocks of ${blockMs / 1_000} s hold readings, ${settings.minBlocks} are needed: sample for at least ${needS} s`,
    };
  }
  const needMb = Math.max(settings.minGrowthMb, settings.minGrowthShare * level);
  const measured = measure({ trend: all, pValue: test.pRising, watchedMs, needMb, requests, settings });
  if (test.pRising >= settings.alpha || measured.growthMb <= needMb) return { kind: 'no-leak-found', ...measured };
  const secondHalf = theilSen(minima.slice(Math.floor(minima.length / 2)));
  if (!secondHalf || secondHalf.slope <= settings.levellingShare * all.slope)
    return { kind: 'levelling-off', ...measured };
  if (watchedMs < settings.honestRunMs && measured.slopeMbPerMin <= settings.shortRunMbPerMin)
    return { kind: 'growing-run-too-short', ...measured };
  const last = minima.at(-1)?.y ?? level;
  return {
    kind: 'leak',
    ...measured,
    ...(limitMb !== undefined && { minutesToLimit: Math.max(0, (limitMb - last) / measured.slopeMbPerMin) }),
  };
}

type Settings = Omit<LeakOptions, 'minBlock' | 'honestRun'> & {
  readonly minBlockMs: number;
  readonly honestRunMs: number;
};

function settingsOf({ minBlock, honestRun, ...rest }: LeakOptions): Settings {
  return {
    ...rest,
    minBlockMs: parseDurationMs(minBlock, 'minBlock'),
    honestRunMs: parseDurationMs(honestRun, 'honestRun'),
  };
}

type MeasureParts = {
  /** Per millisecond. */
  readonly trend: Trend;
  readonly pValue: number;
  readonly watchedMs: number;
  readonly needMb: number;
  readonly requests: number | undefined;
  readonly settings: Settings;
};

function measure({ trend, pValue, watchedMs, needMb, requests, settings }: MeasureParts): Measured {
  const growthMb = trend.slope * watchedMs;
  const noise = ((trend.high - trend.low) / 2) * minuteMs;
  const needed = Math.max((needMb / watchedMs) * minuteMs, noise);
  return {
    slopeMbPerMin: trend.slope * minuteMs,
    slopeLow: trend.low * minuteMs,
    slopeHigh: trend.high * minuteMs,
    growthMb,
    pValue,
    watchedMs,
    detectableMbPerMin: watchedMs < settings.honestRunMs ? Math.max(needed, settings.shortRunMbPerMin) : needed,
    ...(requests !== undefined && requests > 0 && { mbPer1000Requests: (1_000 * growthMb) / requests }),
  };
}

/** The lowest reading of each full block, at the middle of its block. */
function blockMinima(
  readings: readonly MemoryReading[],
  { blocks, minBlockMs }: Settings,
): { blockMs: number; minima: Point[] } {
  const fromMs = readings[0]?.atMs ?? 0;
  const spanMs = (readings.at(-1)?.atMs ?? 0) - fromMs;
  const blockMs = Math.max(minBlockMs, spanMs / blocks);
  const lowest = new Map<number, number>();
  for (const { atMs, rssMb } of readings) {
    const block = Math.floor((atMs - fromMs) / blockMs);
    if ((block + 1) * blockMs <= spanMs + 1e-6) lowest.set(block, Math.min(lowest.get(block) ?? Infinity, rssMb));
  }
  return { blockMs, minima: [...lowest].map(([block, y]) => ({ x: (block + 0.5) * blockMs, y })) };
}
