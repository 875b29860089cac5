/**
 * What a spec does not speak of must be clean: the limits that hold for a run without being written. Each gives way to a
 * limit of the user's own that speaks of the same.
 */
import type { EndpointData, RunData } from '../measure/run-data.ts';
import type { Scope, Threshold } from '../measure/threshold.ts';

interface Loss {
  /** Requests that became this: there must be none. */
  readonly metric: 'failed' | 'timedOut' | 'unfinished' | 'dropped';
  /** Metrics whose limits speak of it. */
  readonly spokenBy: readonly string[];
}

const losses: readonly Loss[] = [
  { metric: 'failed', spokenBy: ['failed', 'successRate', 'errorRate'] },
  { metric: 'timedOut', spokenBy: ['timedOut', 'successRate', 'errorRate'] },
  { metric: 'unfinished', spokenBy: ['unfinished'] },
];
/** An arrival that was never sent has no endpoint. */
const dropped: Loss = { metric: 'dropped', spokenBy: ['dropped'] };

/** Of a run that is judged: no request lost, no iteration without one, no error of the scenario's own, no
 * failed check. */
export function impliedLimits(run: RunData): Threshold[] {
  return [
    ...losses.flatMap((loss) => unspokenScopes(run, loss).map((scope) => none(scope, loss.metric))),
    ...(run.plan.model === 'open' && !speaksForRun(run, dropped) ? [none({ kind: 'run' }, 'dropped')] : []),
    ...(run.thresholds.some((threshold) => isOfRun(threshold, ['idleIterations']))
      ? []
      : [none({ kind: 'run' }, 'idleIterations')]),
    ...ownErrors(run),
  ];
}

/** Of any run, one that is only measured too: errors of the scenario's own, and failed checks. */
export function ownErrors(run: RunData): Threshold[] {
  const named = (...metrics: string[]) => run.thresholds.some((threshold) => isOfRun(threshold, metrics));
  return [
    ...(named('exceptions', 'iterationsFailed') ? [] : [none({ kind: 'run' }, 'exceptions')]),
    ...(named('checks') ? [] : [...run.checks.keys()].flatMap((name) => checkLimit(run, name))),
  ];
}

function checkLimit({ thresholds }: RunData, name: string): Threshold[] {
  if (thresholds.some(({ scope }) => scope.kind === 'check' && scope.name === name)) return [];
  const target = { comparison: '==', value: 1, text: '100%' } as const;
  return [{ scope: { kind: 'check', name }, metric: 'rate', target, implied: true }];
}

/** The whole run, or where some endpoints have limits of their own that speak of it, each of the others. */
function unspokenScopes(run: RunData, loss: Loss): Scope[] {
  if (speaksForRun(run, loss)) return [];
  const isSpoken = (name: string) =>
    run.thresholds.some(
      (threshold) => threshold.scope.kind === 'endpoint' && threshold.scope.name === name && speaks(threshold, loss),
    );
  const names = [...run.endpoints.keys()];
  const unspoken = names.filter((name) => !isSpoken(name));
  if (unspoken.length === names.length || countOf(run.endpoints.values(), loss) !== run.counts[loss.metric])
    return [{ kind: 'run' }];
  return unspoken.map((name) => ({ kind: 'endpoint', name }));
}

/** What was cut off before its endpoint was known is in no row. */
function countOf(endpoints: Iterable<EndpointData>, { metric }: Loss): number {
  let sum = 0;
  for (const { counts } of endpoints) sum += counts[metric];
  return sum;
}

function speaksForRun(run: RunData, loss: Loss): boolean {
  return run.thresholds.some((threshold) => threshold.scope.kind === 'run' && speaks(threshold, loss));
}

/** A limit on a part of the time says nothing of the rest; one on every window leaves no rest. */
function speaks({ metric, window }: Threshold, { spokenBy }: Loss): boolean {
  return spokenBy.includes(metric) && (window === undefined || window.kind === 'every');
}

function isOfRun({ scope, metric }: Threshold, metrics: readonly string[]): boolean {
  return scope.kind === 'run' && metrics.includes(metric);
}

function none(scope: Scope, metric: string): Threshold {
  return { scope, metric, target: { comparison: '==', value: 0, text: '0' }, implied: true };
}
