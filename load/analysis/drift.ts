/**
 * Does a figure that should stay what it is, such as latency or throughput under steady load, drift over the run? A
 * Theil–Sen line through its windows and Sen's interval of its slope; so many windows that a single stall moves nothing.
 * What changes at once and stays has no such line, for most pairs of windows lie on one side of it: its ends are compared.
 */
import { type Shift, shiftBetween } from './statistics/hodges-lehmann.ts';
import { median } from './statistics/quantile.ts';
import { mad, madToSigma } from './statistics/spread.ts';
import { inflationOf, lingeringTheilSen } from './statistics/theil-sen.ts';

/** A figure of one window. */
export type DriftWindow = {
  /** Middle of the window, on any axis. */
  readonly atMs: number;
  /** In any unit. */
  readonly value: number;
};

/** What counts as a drift. */
export type DriftOptions = {
  /** Over the run, as a share of the median: less is none, however certain. */
  readonly minChange: number;
  /** In the figure's own unit: less over the run is none. */
  readonly minDifference: number;
  /** Of the interval that has to leave out 0. Latency and throughput are three looks at one run, so it is strict. */
  readonly confidence: number;
  /** Fewer windows prove nothing. */
  readonly minWindows: number;
  /** Where a change of this share could have hidden in the noise, a series that shows none is not called steady. */
  readonly blindFrom: number;
};

export const defaultDriftOptions: DriftOptions = {
  minChange: 0.1,
  minDifference: 0,
  confidence: 0.99,
  minWindows: 12,
  blindFrom: 0.5,
};

type Measured = {
  /** Where the line begins; of a change at once the level of the first quarter. */
  readonly from: number;
  /** Where it ends; of a change at once the level of the last quarter. */
  readonly to: number;
  /** It changed at once, and stayed so. */
  readonly atOnce?: true;
  /** Over the run, as a share of the median: 0.3 is 30 % more. */
  readonly change: number;
  /** Lower bound of its interval. */
  readonly changeLow: number;
  /** Its upper bound. */
  readonly changeHigh: number;
  /** Theil–Sen slope per minute. */
  readonly slopePerMin: number;
  /** First to last window. */
  readonly watchedMs: number;
  /** The smallest change over the run that would have been called a drift, as a share of the median. */
  readonly detectable: number;
};

/** Whether a figure drifts. `too-noisy`: none was seen, and a large one could have hidden. */
export type Drift =
  | ({ readonly kind: 'rising' } & Measured)
  | ({ readonly kind: 'falling' } & Measured)
  | ({ readonly kind: 'steady' } & Measured)
  | ({ readonly kind: 'too-noisy' } & Measured)
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

/** Of all windows, at each end. */
const endShare = 0.25;
/** Fewer at each end have no interval of 99 %. */
const fewestAtEnd = 5;
/** Chance moves the level of an end by up to so many deviations of its windows, which are as many more as they linger. */
const leastDeviations = 3;

/**
 * A drift is: an interval of the slope that leaves out 0, and a change of more than max(minChange × median, minDifference).
 * Or the same of the difference between the first and the last quarter, if it is above 3 σ of the windows in them. Both
 * intervals are the wider the more of a window's noise stays in the next.
 */
export function findDrift(windows: readonly DriftWindow[], options: Partial<DriftOptions> = {}): Drift {
  const { minChange, minDifference, confidence, minWindows, blindFrom } = { ...defaultDriftOptions, ...options };
  const trend = lingeringTheilSen(
    windows.map(({ atMs, value }) => ({ x: atMs, y: value })),
    confidence,
  );
  const level = median(windows.map(({ value }) => value));
  const [first, last] = [windows[0], windows.at(-1)];
  if (windows.length < minWindows || !trend || level === undefined || !first || !last)
    return {
      kind: 'not-enough-data',
      reason: `${windows.length} of ${minWindows} windows hold enough answers`,
    };
  if (level <= 0) return { kind: 'not-enough-data', reason: 'it is 0 in most windows, of which there is no share' };
  const watchedMs = last.atMs - first.atMs;
  const least = Math.max(minChange, minDifference / level);
  const shareOf = (slope: number): number => (slope * watchedMs) / level;
  const measured = {
    from: trend.intercept + trend.slope * first.atMs,
    to: trend.intercept + trend.slope * last.atMs,
    change: shareOf(trend.slope),
    changeLow: shareOf(trend.low),
    changeHigh: shareOf(trend.high),
    slopePerMin: trend.slope * 60_000,
    watchedMs,
    detectable: Math.max(least, shareOf(trend.high - trend.low) / 2),
  };
  if (measured.changeLow > 0 && measured.change > least) return { kind: 'rising', ...measured };
  if (measured.changeHigh < 0 && measured.change < -least) return { kind: 'falling', ...measured };
  const step = stepBetweenEnds(windows, confidence);
  if (step !== undefined && Math.abs(step.estimate) > least * level) {
    const { from, to, estimate, low, high } = step;
    const change = { change: estimate / level, changeLow: low / level, changeHigh: high / level };
    return { kind: estimate > 0 ? 'rising' : 'falling', ...measured, atOnce: true, from, to, ...change };
  }
  return { kind: measured.detectable >= Math.max(blindFrom, 2 * least) ? 'too-noisy' : 'steady', ...measured };
}

function stepBetweenEnds(
  windows: readonly DriftWindow[],
  confidence: number,
): (Shift & { readonly from: number; readonly to: number }) | undefined {
  const values = windows.map(({ value }) => value);
  const count = Math.max(fewestAtEnd, Math.ceil(endShare * values.length));
  const [before, after] = [values.slice(0, count), values.slice(-count)];
  const shift = shiftBetween(before, after, confidence);
  const [from, to] = [median(before), median(after)];
  if (shift === undefined || from === undefined || to === undefined || shift.low * shift.high <= 0) return undefined;
  const rest = [...before.map((value) => value - from), ...after.map((value) => value - to)];
  const sigma = madToSigma * (mad(rest) ?? 0) * Math.sqrt(inflationOf(rest));
  return Math.abs(shift.estimate) > leastDeviations * sigma ? { ...shift, from, to } : undefined;
}
