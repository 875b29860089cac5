/**
 * The metrics a threshold can name, each with its unit. One table serves parsing, judging and printing, so that a name
 * cannot mean two things.
 */
import { formatCount, formatMs, formatPercent, formatRate } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';
import type { LatencyLimits, MetricLimits } from './limits.ts';

/** The unit of a metric's value: milliseconds, a share of 1, per second, a count, or a bare number. */
export type Unit = 'ms' | 'share' | 'perSec' | 'count' | 'number';

/** Typed by what may be written: a statistic that the editor takes is judged, and one that it does not is refused. */
const latencyUnits: Readonly<Record<keyof LatencyLimits, Unit>> = {
  min: 'ms',
  mean: 'ms',
  p50: 'ms',
  p75: 'ms',
  p90: 'ms',
  p95: 'ms',
  p99: 'ms',
  p999: 'ms',
  p9999: 'ms',
  max: 'ms',
  stdev: 'ms',
};

/** `min` to `stdev`, as they are written. */
export const latencyStatistics: readonly string[] = Object.keys(latencyUnits);

export function isLatencyWord(word: string): boolean {
  return Object.hasOwn(latencyUnits, word);
}

/** Groups of latencies: `serviceTime.p99`, `phases.waiting.p95`. */
export const latencyGroups = [
  'serviceTime',
  'responseTime',
  'lag',
  'phases.dns',
  'phases.connect',
  'phases.tls',
  'phases.waiting',
  'phases.receiving',
] as const;
export type LatencyGroup = (typeof latencyGroups)[number];

export const plainUnits: Readonly<Record<string, Unit>> = {
  successRate: 'share',
  errorRate: 'share',
  throughput: 'perSec',
  requests: 'count',
  failed: 'count',
  timedOut: 'count',
  dropped: 'count',
  unfinished: 'count',
  iterations: 'count',
  iterationsFailed: 'count',
  idleIterations: 'count',
  exceptions: 'count',
  checks: 'share',
  apdex: 'number',
};

/** Unit of a run's or an endpoint's metric, or undefined if there is no such metric. */
export function unitOf(metric: string): Unit | undefined {
  if (Object.hasOwn(plainUnits, metric)) return plainUnits[metric];
  const dot = metric.lastIndexOf('.');
  if (dot === -1) return isLatencyWord(metric) ? 'ms' : undefined;
  const group: string = metric.slice(0, dot);
  return (latencyGroups as readonly string[]).includes(group) && isLatencyWord(metric.slice(dot + 1))
    ? 'ms'
    : undefined;
}

const metricUnits: Readonly<Record<keyof MetricLimits, Unit>> = {
  count: 'count',
  rate: 'share',
  last: 'number',
  min: 'number',
  mean: 'number',
  p50: 'number',
  p75: 'number',
  p90: 'number',
  p95: 'number',
  p99: 'number',
  p999: 'number',
  p9999: 'number',
  max: 'number',
};

/** What may be asked of a custom metric, whatever its kind. */
export const metricStatistics: readonly string[] = Object.keys(metricUnits);

/** Unit of a custom metric's statistic, or undefined if there is no such statistic. */
export function metricUnitOf(statistic: string): Unit | undefined {
  return Object.hasOwn(metricUnits, statistic) ? metricUnits[statistic as keyof MetricLimits] : undefined;
}

export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'share':
      return formatPercent(value);
    case 'perSec':
      return formatRate(value);
    case 'count':
      return formatCount(value);
    case 'number':
      return String(Number(value.toPrecision(4)));
    default:
      return unreachable(unit);
  }
}
