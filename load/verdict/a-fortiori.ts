/**
 * Limits that a saturated generator met all the same. Where its own fault can only have made a number worse, a limit
 * that is met holds the more for a healthy one: such a run is proof, though its generator was not.
 *
 * Open model, every arrival sent, one request each: starting late makes no answer earlier (departures of a queue are
 * monotone in its arrivals), and response times count from when a request was due, so they are upper bounds. Service
 * times and phases are not: a request sent late may find a calmer server.
 * Closed model: users who wait for their generator send less than they would, so no latency is proof. What was
 * answered was answered: a lower limit on throughput is, and so are the losses at that throughput.
 */
import type { RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import type { Comparison, Threshold } from '../measure/threshold.ts';
import { plainMetrics, responseStatistic } from './metric.ts';

/** Furthest that the generator may have fallen behind, as a share of the run: the rate asked for was sent. */
export const furthestBehind = 0.05;

/** Whether each of the limits, all of them met, holds a fortiori. */
export function holdAFortiori(run: RunData, thresholds: readonly Threshold[]): boolean {
  if (thresholds.length === 0 || run.segments.some(({ stopped }) => stopped !== undefined)) return false;
  if (run.plan.model === 'closed')
    return thresholds.some(isFloorOfThroughput) && thresholds.every((each) => isFloor(each) || isLoss(each));
  return wasSentAsAsked(run) && thresholds.every((each) => isFloor(each) || isLoss(each) || isUpperResponse(each));
}

/** All that was due was sent, near enough to its time, and what was sent counts from when it was due. */
function wasSentAsAsked(run: RunData): boolean {
  const { counts, iterations } = run;
  const furthestMs = run.lag.stats()?.max ?? Infinity;
  return (
    counts.dropped === 0 &&
    counts.unfinished === 0 &&
    counts.started === iterations.started &&
    furthestMs <= furthestBehind * durationMsOfRun(run)
  );
}

function isFloorOfThroughput({ scope, window, metric, target }: Threshold): boolean {
  return scope.kind === 'run' && window === undefined && metric === 'throughput' && isLower(target.comparison);
}

function isFloor({ scope, metric, target }: Threshold): boolean {
  return (
    (scope.kind === 'run' || scope.kind === 'endpoint') &&
    plainMetrics.get(metric)?.tells === 'work' &&
    isLower(target.comparison)
  );
}

/** What went wrong, by an upper limit; also what went well, by a lower one. `==` is met at its best end, 100 % or 0. */
function isLoss({ scope, metric, target: { comparison, value } }: Threshold): boolean {
  if (scope.kind === 'metric' || scope.kind === 'loads' || scope.kind === 'probe') return false; // of others' generators, too
  const tells = metric === 'rate' ? 'good' : plainMetrics.get(metric)?.tells; // `rate` is of a check
  if (tells === 'good') return isLower(comparison) || (comparison === '==' && value === 1);
  return tells === 'bad' && (!isLower(comparison) || value === 0) && (comparison !== '==' || value === 0);
}

function isUpperResponse({ scope, metric, target: { comparison } }: Threshold): boolean {
  if (scope.kind !== 'run' && scope.kind !== 'endpoint') return false;
  if (comparison !== '<' && comparison !== '<=') return false;
  return responseStatistic(metric) !== undefined;
}

function isLower(comparison: Comparison): boolean {
  return comparison === '>' || comparison === '>=';
}
