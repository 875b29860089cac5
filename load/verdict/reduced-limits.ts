/**
 * What limits mean to a load that was made smaller from outside. Of one that was played once only what went wrong is
 * judged; of one that was shrunk, amounts are held against limits that are as much smaller, where that is exact.
 */
import type { RunData, RunPlan, ShrunkPlan } from '../measure/run-data.ts';
import type { Limit, Threshold, TimeWindow } from '../measure/threshold.ts';
import { toDigits, type Unit } from '../measure/units.ts';
import { plainMetrics } from './metric.ts';
import { unitFor } from './parse-limits.ts';

/**
 * How a limit is held against a run: as it is or scaled, or not at all. `leniently`: it asks that things go wrong, which a
 * load may bring about and a single call need not, so that it may be met and cannot be missed.
 */
export type Holding =
  { readonly kind: 'judged' | 'leniently'; readonly threshold: Threshold } | { readonly kind: 'unjudged' };

const unjudged: Holding = { kind: 'unjudged' };

export function holdingOf({ plan }: Pick<RunData, 'plan'>, threshold: Threshold): Holding {
  if (threshold.implied === true) return { kind: 'judged', threshold };
  if (plan.once === true) return onceHolding(threshold);
  return plan.shrunk === undefined ? { kind: 'judged', threshold } : shrunkHolding(plan, plan.shrunk, threshold);
}

/** Whether a limit of the user's takes the place of an implied one. One that is not judged leaves it. */
export function speaksUp(run: Pick<RunData, 'plan'>, threshold: Threshold): boolean {
  return run.plan.once !== true || holdingOf(run, threshold).kind !== 'unjudged';
}

function onceHolding(threshold: Threshold): Holding {
  const { scope, metric, window, target, acceptable } = threshold;
  if (window !== undefined || scope.kind === 'metric' || scope.kind === 'probe') return unjudged;
  const { inOnce, tells, unit } = plainMetrics.get(scope.kind === 'check' ? 'checks' : metric) ?? {};
  if (inOnce !== true) return unjudged;
  if (wantsFailures(tells, target)) return { kind: 'leniently', threshold };
  // Nothing is implied of a group: a share of its failures is what would tell of one that the scenario caught.
  if (scope.kind === 'group' && unit === 'share') return { kind: 'judged', threshold };
  // So much of a whole load may go wrong: of a few single calls that says nothing, and the implied limit holds.
  const isTolerant = [target, acceptable].some(
    (limit) => limit !== undefined && allowsFailures({ tells, unit }, limit),
  );
  return isTolerant ? unjudged : { kind: 'judged', threshold };
}

interface Telling {
  readonly tells: 'work' | 'good' | 'bad' | undefined;
  readonly unit: Unit | undefined;
}

function wantsFailures(tells: Telling['tells'], { comparison, value }: Limit): boolean {
  const isLower = comparison === '>' || (comparison === '>=' && value > 0);
  if (tells === 'bad') return isLower || (comparison === '==' && value > 0);
  const isUpper = comparison === '<' || (comparison === '<=' && value < 1);
  return tells === 'good' && (isUpper || (comparison === '==' && value < 1));
}

function allowsFailures({ tells, unit }: Telling, { comparison, value }: Limit): boolean {
  if (tells === 'good') return value < 1;
  return tells === 'bad' && value > (unit === 'count' && comparison === '<' ? 1 : 0);
}

function shrunkHolding(plan: Pick<RunPlan, 'steady'>, shrunk: ShrunkPlan, threshold: Threshold): Holding {
  const { scope, window } = threshold;
  if (scope.kind === 'probe') return { kind: 'judged', threshold }; // its rounds are as they are, whatever runs beside them
  if (window?.kind === 'between' && shrunk.stretch !== undefined && !isSteady(plan, window)) return unjudged; // what was there is somewhere else
  if (!isAmount(threshold) || isNothing(threshold)) return { kind: 'judged', threshold };
  const factor = factorOf(plan, shrunk, threshold);
  // Others of the loads that are judged together may be shrunk otherwise.
  const isExact = factor !== undefined && (scope.kind === 'run' || (factor === 1 && !isOfOthers(threshold)));
  if (isExact) return { kind: 'judged', threshold: scaledBy(threshold, factor) };
  // What a load may have of errors is too much for a smaller one, all the more: nothing goes wrong unjudged.
  return limitsErrors(threshold) ? { kind: 'judged', threshold: scaledBy(threshold, atMost(shrunk)) } : unjudged;
}

function isOfOthers({ scope }: Threshold): boolean {
  return scope.kind === 'metric' || scope.kind === 'loads';
}

function limitsErrors({ scope, metric, target }: Threshold): boolean {
  const isUpper = target.comparison === '<' || target.comparison === '<=';
  return isUpper && scope.kind !== 'metric' && plainMetrics.get(metric)?.tells === 'bad';
}

/** How much more there can be of anything, at most. */
function atMost({ scale = 1, stretch = 1 }: ShrunkPlan): number {
  return Math.max(1, scale * stretch);
}

/** How much is left of what the limit is on; undefined where that is not certain. */
function factorOf(
  plan: Pick<RunPlan, 'steady'>,
  { stretch = 1, countFactor, rateFactor }: ShrunkPlan,
  { metric, window }: Threshold,
): number | undefined {
  if (plainMetrics.get(metric)?.unit === 'perSec') return rateFactor;
  if (window === undefined) return countFactor;
  return rateFactor && rateFactor * (isSteady(plan, window) ? stretch : 1);
}

/** The stretch that holds its level is told of the smaller profile. */
function isSteady({ steady }: Pick<RunPlan, 'steady'>, window: TimeWindow): boolean {
  return window.kind === 'between' && window.fromMs === steady?.fromMs && window.toMs === steady.toMs;
}

function isAmount({ scope, metric }: Threshold): boolean {
  if (scope.kind === 'metric') return metric === 'count';
  const unit = unitFor({ metric, scope });
  return unit === 'count' || unit === 'perSec';
}

/** None of something is none of less, too. */
function isNothing({ target, acceptable }: Threshold): boolean {
  return target.value === 0 && (acceptable === undefined || acceptable.value === 0);
}

function scaledBy(threshold: Threshold, factor: number): Threshold {
  if (factor === 1) return threshold;
  const { target, acceptable } = threshold;
  return {
    ...threshold,
    target: scaled(target, factor),
    ...(acceptable && { acceptable: scaled(acceptable, factor) }),
  };
}

function scaled({ comparison, value, text }: Limit, factor: number): Limit {
  const smaller = toDigits(value * factor, 9);
  return { comparison, value: smaller, text: `${comparison === '==' ? '' : `${comparison} `}${smaller} (of ${text})` };
}
