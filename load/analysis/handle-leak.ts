/** Do open handles leak, files and sockets of a process? The rule is that of memory, counted in handles. */
import { parseDurationMs } from '../measure/units.ts';
import { omit } from '../omit.ts';
import { unreachable } from '../unreachable.ts';
import { findGrowth, type GrowthRules } from './growth.ts';
import { defaultLeakOptions, type LeakOptions } from './leak.ts';

/** One reading of a process' open handles; a `ResourceSample` that has some is one. */
export type HandleReading = {
  /** On any axis. */
  readonly atMs: number;
  /** Open file descriptors. */
  readonly handles: number;
};

/** What counts as a leak of handles. */
export type HandleLeakOptions = Omit<LeakOptions, 'minGrowthMb' | 'shortRunMbPerMin'> & {
  /** Growth below this over the run is no leak. */
  readonly minGrowth: number;
  /** The least leak that a run shorter than `honestRun` tells, handles per minute. */
  readonly shortRunPerMin: number;
};

const { minGrowthMb, shortRunMbPerMin, ...asMemory } = defaultLeakOptions;
export const defaultHandleLeakOptions: HandleLeakOptions = {
  ...asMemory,
  minGrowth: 2 * minGrowthMb, // a log, a socket to a database: a handful comes and stays
  shortRunPerMin: 2 * shortRunMbPerMin,
};

type Measured = {
  /** Theil–Sen slope, handles per minute. */
  readonly slopePerMin: number;
  /** Lower bound of Sen's 95 % interval of the slope. */
  readonly slopeLow: number;
  /** Its upper bound. */
  readonly slopeHigh: number;
  /** Slope times the time watched. */
  readonly growth: number;
  /** One-sided Mann–Kendall: the chance of such a rise without a trend. */
  readonly pValue: number;
  /** Full blocks times their length. */
  readonly watchedMs: number;
  /** The smallest leak that this run could have shown, handles per minute. */
  readonly detectablePerMin: number;
  /** Absent without `requests`. */
  readonly per1000Requests?: number;
};

/** Whether open handles leak; the kinds mean what those of `Leak` do. */
export type HandleLeak =
  | ({ readonly kind: 'leak' } & Measured)
  | ({ readonly kind: 'levelling-off' } & Measured)
  | ({ readonly kind: 'growing-run-too-short' } & Measured)
  | ({ readonly kind: 'no-leak-found' } & Measured)
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

/** What `findHandleLeak` works on. */
export type HandleLeakParts = {
  /** Readings under steady load, warm-up left out. */
  readonly readings: readonly HandleReading[];
  /** Requests in the same time, for the growth per request. */
  readonly requests?: number;
  /** What is to differ from the defaults. */
  readonly options?: Partial<HandleLeakOptions>;
};

/** `findLeak` for handles. Throws an `OptionsError` for what is no duration. */
export function findHandleLeak({ readings, requests, options }: HandleLeakParts): HandleLeak {
  const growth = findGrowth(
    readings.map(({ atMs, handles }) => ({ atMs, level: handles })),
    handleLeakRules(options),
  );
  if (growth.kind === 'not-enough-data') return growth;
  const { kind } = growth;
  const measured = omit(growth, ['kind', 'lastLevel']);
  const perRequests = requests !== undefined && requests > 0 && { per1000Requests: (1_000 * growth.growth) / requests };
  switch (kind) {
    case 'growing':
      return { kind: 'leak', ...measured, ...perRequests };
    case 'no-growth-found':
      return { kind: 'no-leak-found', ...measured, ...perRequests };
    case 'levelling-off':
    case 'growing-run-too-short':
      return { kind, ...measured, ...perRequests };
    default:
      return unreachable(kind);
  }
}

/** Throws an `OptionsError` for what is no duration. */
export function handleLeakRules(options: Partial<HandleLeakOptions> = {}): GrowthRules {
  const { minBlock, honestRun, ...rest } = { ...defaultHandleLeakOptions, ...options };
  return {
    ...rest,
    minBlockMs: parseDurationMs(minBlock, 'minBlock'),
    honestRunMs: parseDurationMs(honestRun, 'honestRun'),
  };
}
