/**
 * Reads a metric off the measured data: of the run or an endpoint, over all its time or a part of it. Undefined means
 * that there is no data, which no threshold survives.
 */
import { type MetricData, metricValue, percentOf } from '../measure/custom-metric.ts';
import { accountedFor, finished, type RequestCounts, successRateOf } from '../measure/counts.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import type { PhaseName } from '../measure/measured-request.ts';
import { overall, type RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import type { Threshold } from '../measure/threshold.ts';
import { unreachable } from '../unreachable.ts';
import { inWindow, type Observation } from './windows.ts';

export function observed(run: RunData, threshold: Threshold): number | undefined {
  return observe(run, threshold).value;
}

export function observe(run: RunData, { scope, window, metric, target }: Threshold): Observation {
  switch (scope.kind) {
    case 'check': {
      const check = run.checks.get(scope.name);
      return { value: check === undefined ? undefined : check.passed / (check.passed + check.failed) };
    }
    case 'metric': {
      const data: MetricData | undefined = run.metrics.get(scope.name);
      return { value: data === undefined ? undefined : metricValue(data, metric) };
    }
    case 'run':
    case 'endpoint': {
      const endpoint = scope.kind === 'endpoint' ? scope.name : undefined;
      return window === undefined
        ? { value: wholeTime(run, metric, endpoint) }
        : inWindow(run, { metric, endpoint, window, target });
    }
    default:
      return unreachable(scope);
  }
}

function wholeTime(run: RunData, metric: string, endpoint: string | undefined): number | undefined {
  const data = endpoint === undefined ? undefined : run.endpoints.get(endpoint);
  if (endpoint !== undefined && data === undefined) return undefined;
  const counts = data?.counts ?? run.counts;
  const plain = countedMetric(run, counts, metric);
  if (plain !== 'not counted') return plain;
  const dot = metric.lastIndexOf('.');
  const group = dot === -1 ? (run.plan.model === 'open' ? 'responseTime' : 'serviceTime') : metric.slice(0, dot);
  return latencyStatistic(histogramOf(run, group, endpoint), metric.slice(dot + 1));
}

function countedMetric(run: RunData, counts: RequestCounts, metric: string): number | undefined | 'not counted' {
  const ended = finished(counts);
  const all = accountedFor(counts);
  switch (metric) {
    case 'successRate':
      return successRateOf(counts);
    case 'errorRate':
      return all === 0 ? undefined : (all - counts.ok) / all;
    case 'throughput': {
      const durationMs = durationMsOfRun(run);
      return ended === 0 || durationMs === 0 ? undefined : (counts.ok * 1_000) / durationMs;
    }
    case 'requests':
      return ended;
    case 'failed':
    case 'timedOut':
    case 'dropped':
    case 'unfinished':
      return counts.scheduled === 0 ? undefined : counts[metric];
    case 'iterations':
      return run.iterations.started;
    case 'iterationsFailed':
    case 'exceptions':
    case 'idleIterations':
      return iterationsWith(run, metric);
    case 'checks':
      return checkRate(run);
    case 'apdex':
      return apdexScore(run);
    default:
      return 'not counted';
  }
}

function iterationsWith(
  run: RunData,
  metric: 'iterationsFailed' | 'exceptions' | 'idleIterations',
): number | undefined {
  if (run.iterations.started === 0) return undefined;
  return metric === 'iterationsFailed' ? run.iterations.failed : run[metric];
}

function checkRate(run: RunData): number | undefined {
  const checks = [...run.checks.values()];
  const passed = checks.reduce((sum, check) => sum + check.passed, 0);
  const total = passed + checks.reduce((sum, check) => sum + check.failed, 0);
  return total === 0 ? undefined : passed / total;
}

/** Apdex = (satisfied + tolerating / 2) / all; errors and timeouts frustrate (Apdex technical specification 1.1). */
function apdexScore({ apdex: { satisfied, tolerating, frustrated } }: RunData): number | undefined {
  const total = satisfied + tolerating + frustrated;
  return total === 0 ? undefined : (satisfied + tolerating / 2) / total;
}

function histogramOf(run: RunData, group: string, endpoint: string | undefined): LatencyHistogram {
  if (group === 'lag') return run.lag;
  const data = endpoint === undefined ? undefined : run.endpoints.get(endpoint);
  if (group === 'serviceTime') return data?.service ?? overall(run, 'service');
  if (group === 'responseTime') return data?.response ?? overall(run, 'response');
  const phase = group.slice('phases.'.length) as PhaseName;
  if (data !== undefined) return data.phases[phase];
  const all = new LatencyHistogram();
  for (const each of run.endpoints.values()) all.add(each.phases[phase]);
  return all;
}

function latencyStatistic(histogram: LatencyHistogram, word: string): number | undefined {
  const percent = percentOf(word);
  if (percent !== undefined) return histogram.percentileMs(percent);
  const stats = histogram.stats();
  if (stats === undefined) return undefined;
  return word === 'min' ? stats.min : word === 'mean' ? stats.mean : word === 'max' ? stats.max : stats.stdev;
}
