/**
 * Which kinds of promise a run broke, by limits that are not its own: those of an SLO that a search holds each step
 * against.
 */
import type { RunData } from '../measure/run-data.ts';
import { judgeThreshold } from './judge.ts';
import type { RunLimits } from './limits.ts';
import { latencyOf } from './metric.ts';
import { parseLimits, wholeRun } from './parse-limits.ts';

/** `objective`: something else than latency, errors and what was left over. */
export type PromiseKind = 'latency' | 'errors' | 'backlog' | 'objective';

const errors: readonly string[] = [
  ...[
    'successRate',
    'errorRate',
    'failed',
    'timedOut',
    'unfinished',
    'checks',
    'exceptions',
    'iterationsFailed',
    'userFailures',
  ],
  ...['cutStreams', 'stalledStreams', 'emptyStreams', 'abnormalCloses'],
  ...['network.staleConnections', 'network.lookupFailures', 'network.failedConnects'],
];

/**
 * Throws an `OptionsError` for limits of unknown form. A pair of limits is broken where not even `acceptable` is met. A
 * latency that nobody measured, since no answer was good, breaks none: what made the answers bad does.
 */
export function missedPromises(run: RunData, limits: RunLimits): PromiseKind[] {
  const missed = parseLimits(limits, wholeRun(run.plan), 'slo')
    .map((threshold) => judgeThreshold(run, threshold))
    .filter(
      ({ verdict, metric, actual }) => verdict === 'failed' && (actual !== undefined || kindOf(metric) !== 'latency'),
    )
    .map(({ metric }) => kindOf(metric));
  return [...new Set(missed)];
}

/** Whether limits say how many requests may fail; otherwise a search has its own idea. */
export function speaksOfErrors(limits: RunLimits): boolean {
  return Object.entries(limits).some(
    ([metric, limit]) =>
      limit !== undefined && (metric === 'successRate' || metric === 'errorRate' || metric === 'failed'),
  );
}

function kindOf(metric: string): PromiseKind {
  if (metric === 'apdex' || latencyOf(metric) !== undefined) return 'latency';
  if (metric === 'dropped') return 'backlog';
  return errors.includes(metric) ? 'errors' : 'objective';
}
