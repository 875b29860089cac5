/**
 * Reads a metric off the measured data: of the run or an endpoint, over all its time or a part of it. Undefined means
 * that there is no data, which no threshold survives.
 */
import { type MetricData, metricValue } from '../measure/custom-metric.ts';
import { loadsTogether } from '../measure/loads-together.ts';
import type { RunData } from '../measure/run-data.ts';
import type { Threshold } from '../measure/threshold.ts';
import { unreachable } from '../unreachable.ts';
import { groupValue, latencyStatistic } from './group-metric.ts';
import { groupOf, latencyGroupOf, latencyOf, plainMetrics } from './metric.ts';
import { probeValue } from './probe-metric.ts';
import { inWindow, type Observation } from './windows.ts';

export function observed(run: RunData, threshold: Threshold): number | undefined {
  return observe(run, threshold).value;
}

export function observe(run: RunData, threshold: Threshold): Observation {
  const { scope, window, metric, target } = threshold;
  switch (scope.kind) {
    case 'check': {
      const check = run.checks.get(scope.name);
      return { value: check === undefined ? undefined : check.passed / (check.passed + check.failed) };
    }
    case 'metric': {
      const data: MetricData | undefined = run.metrics.get(scope.name);
      return { value: data === undefined ? undefined : metricValue(data, metric) };
    }
    case 'group': {
      const group = run.groups.get(scope.name);
      return { value: group === undefined ? undefined : groupValue(group, metric) };
    }
    case 'probe': {
      const probe = run.probes.get(scope.name);
      return { value: probe === undefined ? undefined : probeValue(probe, metric) };
    }
    case 'tag':
      return observe(taggedOf(run), { ...threshold, scope: { kind: 'endpoint', name: scope.name } });
    case 'loads': {
      const together = loadsTogether(run, scope.loads);
      return together === undefined
        ? { value: undefined }
        : observe(together, { ...threshold, scope: { kind: 'run' } });
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

/** The run, its tags for its rows. */
export function taggedOf(run: RunData): RunData {
  return { ...run, endpoints: run.tags };
}

function wholeTime(run: RunData, metric: string, name: string | undefined): number | undefined {
  const endpoint = name === undefined ? undefined : run.endpoints.get(name);
  if (name !== undefined && endpoint === undefined) return undefined;
  const plain = plainMetrics.get(metric);
  if (plain !== undefined) return plain.read(run, endpoint?.counts ?? run.counts, endpoint);
  const latency = latencyOf(metric);
  if (latency === undefined) return undefined;
  const group = latencyGroupOf(groupOf(latency, run.plan.model));
  return group === undefined ? undefined : latencyStatistic(group.read(run, endpoint), latency.statistic);
}
