/**
 * Goodput: the requests that meet all latency limits of an SLO at once and succeed, which is what users get; throughput
 * counts answers however late. A limit on a percentile means that each request should keep it, and its share may not.
 */
import { overall, type RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import type { RunLimits } from './limits.ts';
import { groupOf, latencyOf } from './metric.ts';
import { parseLimits } from './parse-limits.ts';

/** What a single request has to keep, ms; of several limits on the same time the strictest. */
export interface RequestLimits {
  readonly responseTime?: number;
  readonly serviceTime?: number;
}

/** Of how many requests how many were good. */
export interface Goodput {
  /** Succeeded, and within all latency limits. */
  readonly good: number;
  /** Requests that were due, dropped ones included. */
  readonly of: number;
  readonly perSec: number;
}

/** Empty where the limits name no latency of a request. Throws an `OptionsError` for limits of unknown form. */
export function requestLimits(limits: RunLimits, { plan }: Pick<RunData, 'plan'>): RequestLimits {
  const { model, apdexMs } = plan;
  const subject = { scope: { kind: 'run' }, model, apdexGiven: apdexMs !== undefined } as const;
  const strictest: { -readonly [Time in keyof RequestLimits]: RequestLimits[Time] } = {};
  for (const { metric, target } of parseLimits(limits, subject, 'slo')) {
    const latency = latencyOf(metric);
    const isUpper = target.comparison === '<' || target.comparison === '<=';
    if (latency === undefined || !isUpper || latency.statistic === 'stdev' || latency.statistic === 'min') continue;
    const group = groupOf(latency, model);
    if (group !== 'responseTime' && group !== 'serviceTime') continue;
    strictest[group] = Math.min(strictest[group] ?? Infinity, target.value);
  }
  return strictest;
}

/**
 * Goodput of a run by its histograms, which hold requests that were answered well, timed out or were cut off: within a
 * limit, and no more of them than succeeded. With limits on both times it is the lower of the two. Absent without a limit
 * on a latency, and where nothing was measured.
 */
export function goodputOf(run: RunData, limits: RunLimits): Goodput | undefined {
  const { responseTime, serviceTime } = requestLimits(limits, run);
  const durationMs = durationMsOfRun(run);
  if ((responseTime === undefined && serviceTime === undefined) || durationMs === 0) return undefined;
  const within = [
    ...(responseTime === undefined ? [] : [overall(run, 'response').countUpToMs(responseTime)]),
    ...(serviceTime === undefined ? [] : [overall(run, 'service').countUpToMs(serviceTime)]),
  ];
  const good = Math.min(run.counts.ok, ...within);
  return { good, of: run.counts.scheduled, perSec: (good * 1_000) / durationMs };
}
