/**
 * Does memory leak? What is left after each garbage collection is held against a trend (`growth.ts`).
 * Growth that levels off is a warm-up, and a short run is told what it could not have seen.
 */
import { type Duration, parseDurationMs } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';
import { findGrowth, type GrowthMeasured, type GrowthRules } from './growth.ts';

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

/**
 * A leak is: rising by Mann–Kendall (p < alpha), by more than max(minGrowthMb, minGrowthShare × median) in all
 * (Theil–Sen), and in its second half by more than `levellingShare` of the whole slope. Throws an `OptionsError` for what
 * is no duration.
 */
export function findLeak({ readings, requests, limitMb, options }: LeakParts): Leak {
  const growth = findGrowth(
    readings.map(({ atMs, rssMb }) => ({ atMs, level: rssMb })),
    leakRules(options),
  );
  if (growth.kind === 'not-enough-data') return growth;
  const measured: Measured = {
    slopeMbPerMin: growth.slopePerMin,
    slopeLow: growth.slopeLow,
    slopeHigh: growth.slopeHigh,
    growthMb: growth.growth,
    pValue: growth.pValue,
    watchedMs: growth.watchedMs,
    detectableMbPerMin: growth.detectablePerMin,
    ...(requests !== undefined && requests > 0 && { mbPer1000Requests: (1_000 * growth.growth) / requests }),
  };
  switch (growth.kind) {
    case 'growing':
      return {
        kind: 'leak',
        ...measured,
        ...(limitMb !== undefined && { minutesToLimit: minutesTo(limitMb, growth) }),
      };
    case 'no-growth-found':
      return { kind: 'no-leak-found', ...measured };
    case 'levelling-off':
    case 'growing-run-too-short':
      return { kind: growth.kind, ...measured };
    default:
      return unreachable(growth);
  }
}

function minutesTo(limitMb: number, { lastLevel, slopePerMin }: GrowthMeasured): number {
  return Math.max(0, (limitMb - lastLevel) / slopePerMin);
}

/** Throws an `OptionsError` for what is no duration. */
export function leakRules(options: Partial<LeakOptions> = {}): GrowthRules {
  const { minBlock, honestRun, minGrowthMb, shortRunMbPerMin, ...rest } = { ...defaultLeakOptions, ...options };
  return {
    ...rest,
    minBlockMs: parseDurationMs(minBlock, 'minBlock'),
    honestRunMs: parseDurationMs(honestRun, 'honestRun'),
    minGrowth: minGrowthMb,
    shortRunPerMin: shortRunMbPerMin,
  };
}
