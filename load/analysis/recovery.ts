/**
 * How long a server needs to answer as before once stress has ended. It takes windows of an open-model probe at one
 * steady rate, before the stress and after it, each request in the window of its intended start: a closed probe slows
 * down with the server and flatters it.
 */
import { type Duration, formatPercent, parseDurationMs } from '../measure/units.ts';
import { median } from './statistics/quantile.ts';
import { mad, madToSigma, mean } from './statistics/spread.ts';

/** One window of a probe, by the intended starts of its requests. */
export type RecoveryWindow = {
  /** 95th percentile of the response time, ms. Absent when nothing was answered. */
  readonly p95Ms?: number;
  /** Requests due in the window. */
  readonly requests: number;
  /** Of `requests`, those that failed or timed out. */
  readonly failed: number;
  /** Requests under way, mean over the window. Absent when it was not sampled. */
  readonly inFlight?: number;
};

/** What counts as recovered. */
export type RecoveryOptions = {
  /** Length of a window. It is also the resolution of the answer. */
  readonly window: Duration;
  /** How much slower than the baseline still counts as recovered: 0.5 is 50 %. */
  readonly tolerance: number;
  /** Differences below this are no differences. */
  readonly floor: Duration;
  /** Recovery must hold in all but one of so many windows, its own included. */
  readonly holdWindows: number;
  /** How much the error rate may exceed the baseline's; 0.005 is half a percentage point. */
  readonly errorRateMargin: number;
  /**
   * Share of the baseline's requests that may have failed; a server that failed before the stress has no state to come
   * back to.
   */
  readonly maxBaselineErrorRate: number;
  /** Fewer windows before the stress are not enough data. */
  readonly minBaselineWindows: number;
  /** A 95th percentile of fewer requests is one request's luck. */
  readonly minRequestsPerWindow: number;
};

export const defaultRecoveryOptions: RecoveryOptions = {
  window: '1s',
  tolerance: 0.5,
  floor: '1ms',
  holdWindows: 5,
  errorRateMargin: 0.005,
  maxBaselineErrorRate: 0.01,
  minBaselineWindows: 10,
  minRequestsPerWindow: 20,
};

/** What `timeToRecovery` works on. */
export type RecoveryParts = {
  /** Windows before the stress. */
  readonly baseline: readonly RecoveryWindow[];
  /** Windows from the end of the stress on, in order and without a gap. */
  readonly after: readonly RecoveryWindow[];
  /** What is to differ from the defaults. */
  readonly options?: Partial<RecoveryOptions>;
};

type Observed = {
  /** Median of the baseline windows' p95. */
  readonly baselineP95Ms: number;
  /** The p95 up to which a window counts as recovered. */
  readonly limitMs: number;
  /** Worst window after the stress, ms. Absent if no window was answered. */
  readonly peakP95Ms?: number;
  /** Until the backlog was gone. Absent if that was not sampled or did not happen. */
  readonly drainedAfterMs?: number;
  /**
   * Level at the end: median p95 of the last ten windows, of those since it recovered, over the baseline's. 1 is as
   * before.
   */
  readonly residualRatio?: number;
};

/** Whether and when a server answered as before. `not-recovered` is censored: how much longer it takes is not known. */
export type Recovery =
  | ({
      readonly kind: 'recovered';
      /** From the end of the stress to the first window that held. */
      readonly afterMs: number;
      /** Length of a window: the answer is no finer. */
      readonly resolutionMs: number;
    } & Observed)
  | ({
      readonly kind: 'not-recovered';
      /** How long it was watched after the stress. */
      readonly watchedMs: number;
    } & Observed)
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

const residualWindows = 10;

/**
 * Time to recovery: the first window t within L = max(b(1 + x), b + 3σ, b + floor) such that all but one of the
 * windows from t on hold it too, with an error rate and a backlog as in the baseline. b is the median of the
 * baseline's p95, σ = 1.4826 × their median absolute deviation. Throws an `OptionsError` for what is no duration.
 *
 * @example
 * timeToRecovery({ baseline: calm.seconds, after: after.seconds, options: { floor: '20ms' } });
 */
export function timeToRecovery({ baseline, after, options }: RecoveryParts): Recovery {
  const settings = settingsOf({ ...defaultRecoveryOptions, ...options });
  const reason = whyNotDecidable(baseline, after, settings);
  const limits = limitsOf(baseline, settings);
  if (reason !== undefined || limits === undefined)
    return { kind: 'not-enough-data', reason: reason ?? 'no baseline window was answered' };
  const held = after.map((window) => holds(window, limits));
  const at = firstHeld(held, settings.holdWindows);
  const observed = observe(after, { limits, windowMs: settings.windowMs, fromWindow: at ?? 0 });
  const { windowMs } = settings;
  if (at === undefined) return { kind: 'not-recovered', watchedMs: after.length * windowMs, ...observed };
  return { kind: 'recovered', afterMs: at * windowMs, resolutionMs: windowMs, ...observed };
}

type Settings = Omit<RecoveryOptions, 'window' | 'floor'> & { readonly windowMs: number; readonly floorMs: number };

function settingsOf({ window, floor, ...rest }: RecoveryOptions): Settings {
  return { ...rest, windowMs: parseDurationMs(window, 'window'), floorMs: parseDurationMs(floor, 'floor') };
}

type Limits = {
  readonly baselineP95Ms: number;
  readonly p95Ms: number;
  readonly errorRate: number;
  readonly inFlight: number;
};

function limitsOf(baseline: readonly RecoveryWindow[], settings: Settings): Limits | undefined {
  const p95s = baseline.flatMap((window) => window.p95Ms ?? []);
  const centre = median(p95s);
  if (centre === undefined) return undefined;
  const sigma = madToSigma * (mad(p95s) ?? 0);
  const requests = baseline.reduce((sum, window) => sum + window.requests, 0);
  const failed = baseline.reduce((sum, window) => sum + window.failed, 0);
  return {
    baselineP95Ms: centre,
    p95Ms: Math.max(centre * (1 + settings.tolerance), centre + 3 * sigma, centre + settings.floorMs),
    errorRate: failed / requests + settings.errorRateMargin,
    inFlight: Math.max(2, 2 * (mean(baseline.flatMap((window) => window.inFlight ?? [])) ?? 0)),
  };
}

function holds(window: RecoveryWindow, limits: Limits): boolean {
  if (window.p95Ms === undefined || window.p95Ms > limits.p95Ms) return false;
  if (window.failed > limits.errorRate * window.requests) return false;
  return window.inFlight === undefined || window.inFlight <= limits.inFlight;
}

/**
 * The first window that holds and is followed by enough that do. One exception is allowed; a run too short to tell is
 * not.
 */
function firstHeld(held: readonly boolean[], holdWindows: number): number | undefined {
  const at = held.findIndex((ok, from) => {
    const stretch = held.slice(from, from + holdWindows);
    return ok && stretch.length === holdWindows && stretch.filter(Boolean).length >= holdWindows - 1;
  });
  return at === -1 ? undefined : at;
}

interface Watched {
  readonly limits: Limits;
  readonly windowMs: number;
  /** From which window on it held: how it ended is not told by those before. */
  readonly fromWindow: number;
}

function observe(after: readonly RecoveryWindow[], { limits, windowMs, fromWindow }: Watched): Observed {
  const p95s = after.flatMap((window) => window.p95Ms ?? []);
  const drained = after.findIndex((window) => window.inFlight !== undefined && window.inFlight <= limits.inFlight);
  const ended = after.slice(Math.max(fromWindow, after.length - residualWindows));
  const residual = median(ended.flatMap((window) => window.p95Ms ?? []));
  return {
    baselineP95Ms: limits.baselineP95Ms,
    limitMs: limits.p95Ms,
    ...(p95s.length > 0 && { peakP95Ms: Math.max(...p95s) }),
    ...(drained !== -1 && { drainedAfterMs: drained * windowMs }),
    ...(residual !== undefined && { residualRatio: residual / limits.baselineP95Ms }),
  };
}

function whyNotDecidable(
  baseline: readonly RecoveryWindow[],
  after: readonly RecoveryWindow[],
  { minBaselineWindows, minRequestsPerWindow, holdWindows, maxBaselineErrorRate }: Settings,
): string | undefined {
  if (baseline.length < minBaselineWindows)
    return `the baseline has ${baseline.length} windows, ${minBaselineWindows} are needed`;
  if (after.length < holdWindows)
    return `${after.length} windows were watched after the stress, ${holdWindows} are needed`;
  const fewest = [...baseline, ...after].reduce((low, window) => Math.min(low, window.requests), Infinity);
  if (fewest < minRequestsPerWindow)
    return `a window has ${fewest} requests, a p95 needs ${minRequestsPerWindow}: probe faster or take longer windows`;
  const requests = baseline.reduce((sum, window) => sum + window.requests, 0);
  const failed = baseline.reduce((sum, window) => sum + window.failed, 0);
  if (failed > maxBaselineErrorRate * requests)
    return `the baseline itself failed: ${failed} of ${requests} requests before the stress, ${formatPercent(maxBaselineErrorRate)} are allowed`;
  return undefined;
}
