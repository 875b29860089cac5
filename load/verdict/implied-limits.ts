/**
 * What a spec does not speak of must be clean: the limits that hold for a run without being written. Each gives way to a
 * limit of the user's own that speaks of the same.
 */
import type { RunData } from '../measure/run-data.ts';
import type { Scope, Threshold } from '../measure/threshold.ts';
import { impliedMetrics } from './metric.ts';
import { observed } from './observed.ts';
import { speaksUp } from './reduced-limits.ts';

type Implied = (typeof impliedMetrics)[number];

/** Of a run that is judged: no request lost, no iteration without one, no error of the scenario's own, no failed check. */
export function impliedLimits(judged: RunData): Threshold[] {
  const run = ofSpeakers(judged);
  const losses = impliedMetrics
    .filter(({ name }) => !isOwn(name))
    .filter(({ openOnly, isOf }) => (!openOnly || isOpenLoad(run)) && isOf(run))
    .flatMap((implied) => unspokenScopes(run, implied).map((scope) => none(scope, implied.name)));
  return [...losses, ...ownErrors(run)];
}

/** Errors of the test's own code, which nobody measures. */
function isOwn(name: string): boolean {
  return name === 'exceptions' || name === 'userFailures';
}

/** Of any run, one that is only measured too: errors of the scenario's own, of its users' lives, failed checks and rounds of pages. */
export function ownErrors(judged: RunData): Threshold[] {
  const run = ofSpeakers(judged);
  const own = impliedMetrics.filter(
    (implied) => isOwn(implied.name) && implied.isOf(run) && !speaksForRun(run, implied),
  );
  const checksAreNamed = run.thresholds.some(({ scope, metric }) => isWhole(scope) && metric === 'checks');
  return [
    ...own.map(({ name }) => none({ kind: 'run' }, name)),
    ...(checksAreNamed ? [] : [...run.checks.keys()].flatMap((name) => checkLimit(run, name))),
    ...[...run.probes.keys()].flatMap((name) => failedRoundsLimit(run, name)),
  ];
}

/** What is played once has no clock that would drop anything. */
function isOpenLoad({ plan }: RunData): boolean {
  return plan.model === 'open' && plan.once !== true;
}

/** With those limits alone that are judged, or mean that things go wrong. */
function ofSpeakers(run: RunData): RunData {
  return run.plan.once === true
    ? { ...run, thresholds: run.thresholds.filter((threshold) => speaksUp(run, threshold)) }
    : run;
}

function checkLimit({ thresholds }: RunData, name: string): Threshold[] {
  if (thresholds.some(({ scope }) => scope.kind === 'check' && scope.name === name)) return [];
  const target = { comparison: '==', value: 1, text: '100%' } as const;
  return [{ scope: { kind: 'check', name }, metric: 'rate', target, implied: true }];
}

function failedRoundsLimit({ thresholds }: RunData, name: string): Threshold[] {
  const isSpoken = thresholds.some(
    ({ scope, metric }) => scope.kind === 'probe' && scope.name === name && metric === 'failedRounds',
  );
  return isSpoken ? [] : [none({ kind: 'probe', name }, 'failedRounds')];
}

/** The whole run, or where some endpoints have limits of their own that speak of it, each of the others. */
function unspokenScopes(run: RunData, implied: Implied): Scope[] {
  if (speaksForRun(run, implied)) return [];
  if (implied.of === 'run') return [{ kind: 'run' }];
  const isSpoken = (name: string) =>
    run.thresholds.some(
      (threshold) => threshold.scope.kind === 'endpoint' && threshold.scope.name === name && speaks(threshold, implied),
    );
  const names = [...run.endpoints].flatMap(([name, row]) => (implied.isOfRow(row) ? [name] : []));
  const unspoken = names.filter((name) => !isSpoken(name));
  // What was cut off before its endpoint was known is in no row.
  const inRows = names.reduce(
    (sum, name) => sum + (observed(run, none({ kind: 'endpoint', name }, implied.name)) ?? 0),
    0,
  );
  if (unspoken.length === names.length || inRows !== observed(run, none({ kind: 'run' }, implied.name)))
    return [{ kind: 'run' }];
  // A row of sockets that were opened before the run has no requests to speak of.
  return unspoken
    .map((name): Scope => ({ kind: 'endpoint', name }))
    .filter((scope) => observed(run, none(scope, implied.name)) !== undefined);
}

function speaksForRun(run: RunData, implied: Implied): boolean {
  return run.thresholds.some((threshold) => isWhole(threshold.scope) && speaks(threshold, implied));
}

/** A limit on several loads speaks of each of them. */
function isWhole({ kind }: Scope): boolean {
  return kind === 'run' || kind === 'loads';
}

/** A limit on a part of the time says nothing of the rest; one on every window leaves no rest. */
function speaks({ metric, window }: Threshold, { impliedUnless }: Implied): boolean {
  return impliedUnless.some((name) => name === metric) && (window === undefined || window.kind === 'every');
}

function none(scope: Scope, metric: string): Threshold {
  return { scope, metric, target: { comparison: '==', value: 0, text: '0' }, implied: true };
}
