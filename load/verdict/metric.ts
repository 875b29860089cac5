/**
 * The metrics a threshold can name, each with its unit. One table serves parsing, judging and printing, so that a name
 * cannot mean two things.
 */
import { percentOf } from '../measure/custom-metric.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';

/** The unit of a metric's value: milliseconds, a share of 1, per second, a count, or a bare number. */
export type Unit = 'ms' | 'share' | 'perSec' | 'count' | 'number';

const latencyWords = new Set(['min', 'mean', 'max', 'stdev']);

export function isLatencyWord(word: string): boolean {
  return latencyWords.has(word) || percentOf(word) !== undefined;
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

/** Unit of a custom metric's statistic. */
export function metricUnitOf(statistic: string): Unit | undefined {
  if (statistic === 'count') return 'count';
  if (statistic === 'rate') return 'share';
  return statistic === 'last' || isLatencyWord(statistic) ? 'number' : undefined;
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
