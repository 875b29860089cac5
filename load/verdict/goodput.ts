/**
 * Goodput: the requests that meet all latency limits of an SLO at once and succeed, which is what users get; throughput
 * counts answers however late. A limit on a percentile means that each request should keep it, and its share may not.
 */
import { percentOf } from '../measure/custom-metric.ts';
import type { RequestCounts } from '../measure/counts.ts';
import type { EndpointData, RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import type { Threshold } from '../measure/threshold.ts';
import type { EndpointLimits, RunLimits } from './limits.ts';
import { groupOf, latencyOf } from './metric.ts';
import { parseLimits, wholeRun } from './parse-limits.ts';

/** What a single request has to keep, ms; of several limits on the same time the strictest. */
export interface RequestLimits {
  readonly responseTime?: number;
  readonly serviceTime?: number;
}

/** Of how many requests how many were good. */
export interface Goodput {
  /** Succeeded, and within all latency limits. */
  readonly good: number;
  /** Requests that were due: those that were dropped, failed, timed out or were cut off too. */
  readonly of: number;
  /** Good ones of all, 0 to 1. */
  readonly share: number;
  /** Good ones per second of the measured part. */
  readonly perSec: number;
}

/** Of what goodput is asked: a run, or one of its endpoints. */
export interface GoodputSubject {
  readonly data: RunData;
  readonly endpoint?: string;
}

/** Empty where the limits name no latency of a request. Throws an `OptionsError` for limits of unknown form. */
export function requestLimits(limits: RunLimits, { plan }: Pick<RunData, 'plan'>): RequestLimits {
  return strictest(parseLimits(limits, wholeRun(plan), 'slo'), plan.model);
}

/** A mean, a least and a deviation promise nothing of a single request. */
export function strictest(
  thresholds: readonly Pick<Threshold, 'metric' | 'target'>[],
  model: RunData['plan']['model'],
): RequestLimits {
  const least: { -readonly [Time in keyof RequestLimits]: RequestLimits[Time] } = {};
  for (const { metric, target } of thresholds) {
    const latency = latencyOf(metric);
    const isUpper = target.comparison === '<' || target.comparison === '<=';
    if (latency === undefined || !isUpper || shareWithin(latency.statistic) === undefined) continue;
    const group = groupOf(latency, model);
    if (group !== 'responseTime' && group !== 'serviceTime') continue;
    least[group] = Math.min(least[group] ?? Infinity, target.value);
  }
  return least;
}

/** Share of the requests that an upper limit on this statistic wants within it: 0.95 of `p95`, 1 of `max`. */
export function shareWithin(statistic: string): number | undefined {
  if (statistic === 'max') return 1;
  const percent = percentOf(statistic);
  return percent === undefined ? undefined : percent / 100;
}

/** Absent without a limit on a latency that a request can keep, and where nothing was measured. */
export function goodputOf({ data, endpoint }: GoodputSubject, limits: EndpointLimits): Goodput | undefined {
  return goodputWithin({ data, ...(endpoint !== undefined && { endpoint }) }, requestLimits(limits, data));
}

/**
 * Goodput by histograms, which hold requests that were answered well, timed out or were cut off, the last two by their
 * age. With limits on both times it is the lower of the two, which is the most that it can be.
 */
export function goodputWithin({ data, endpoint }: GoodputSubject, limits: RequestLimits): Goodput | undefined {
  const { responseTime, serviceTime } = limits;
  const rows = endpoint === undefined ? [...data.endpoints.values()] : [data.endpoints.get(endpoint)].filter(isThere);
  const counts: RequestCounts | undefined = endpoint === undefined ? data.counts : rows[0]?.counts;
  const durationMs = durationMsOfRun(data);
  if ((responseTime === undefined && serviceTime === undefined) || durationMs === 0) return undefined;
  if (counts === undefined || counts.scheduled === 0) return undefined;
  const good = Math.min(
    ...(responseTime === undefined ? [] : [goodWithin(rows, 'response', responseTime)]),
    ...(serviceTime === undefined ? [] : [goodWithin(rows, 'service', serviceTime)]),
  );
  return { good, of: counts.scheduled, share: good / counts.scheduled, perSec: (good * 1_000) / durationMs };
}

/** How many requests of these rows were answered well within so many milliseconds. */
export function goodWithin(rows: readonly EndpointData[], time: 'response' | 'service', limitMs: number): number {
  return rows.reduce((sum, row) => {
    const { ok, timedOut, unfinished } = row.counts;
    return sum + goodOf({ ok, lost: timedOut + unfinished, within: row[time].countUpToMs(limitMs) }, row, limitMs);
  }, 0);
}

/**
 * How many of those within a limit succeeded. A request that was lost at a lesser age is within it too; which of them
 * were is not kept, so all that may be are taken off: never more than were good.
 */
export function goodOf(
  { ok, lost, within }: { readonly ok: number; readonly lost: number; readonly within: number },
  { leastLostMs = Infinity }: Pick<EndpointData, 'leastLostMs'>,
  limitMs: number,
): number {
  return leastLostMs > limitMs * bucketWidth ? Math.min(ok, within) : Math.max(0, Math.min(ok, within - lost));
}

/** A bucket's samples lie around what it says: in a window, within 0.4 %. */
const bucketWidth = 1.01;

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
