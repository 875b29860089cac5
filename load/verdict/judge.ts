/**
 * The verdict on a run: its thresholds held against the merged numbers, once, and the question whether those numbers
 * say anything at all. Workers and reporters call the same function, so they cannot disagree.
 */
import { finished } from '../measure/counts.ts';
import type { RunData } from '../measure/run-data.ts';
import type { GeneratorVerdict, ThresholdSummary, Verdict } from '../measure/summary.ts';
import { stopReasons } from '../measure/stop-reason.ts';
import { type Comparison, describeScope, type Limit, type Threshold } from '../measure/threshold.ts';
import { judgeGenerator } from './generator-health.ts';
import { observed } from './observed.ts';
import { unreachable } from '../unreachable.ts';
import { formatValue, metricUnitOf, type Unit, unitOf } from './metric.ts';
import { uncountedReason } from './uncounted.ts';

export interface JudgedThreshold extends ThresholdSummary {
  readonly unit: Unit;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** One sentence for people. */
  readonly reason: string;
  /** Worst first. */
  readonly thresholds: readonly JudgedThreshold[];
  readonly generator: GeneratorVerdict;
}

export function judgeRun(run: RunData): Judgement {
  const thresholds = [...run.thresholds, ...impliedThresholds(run)]
    .map((threshold) => judgeThreshold(run, threshold))
    .sort(worstFirst);
  const generator = judgeGenerator(run);
  return { ...verdictOf(run, thresholds, generator), thresholds, generator };
}

/** The worst of several, in the order: incomplete, invalid, failed, acceptable, passed. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return severity.find((verdict) => verdicts.includes(verdict)) ?? 'passed';
}

const severity: readonly Verdict[] = ['incomplete', 'invalid', 'failed', 'acceptable', 'passed'];

function verdictOf(
  run: RunData,
  thresholds: readonly JudgedThreshold[],
  generator: GeneratorVerdict,
): { verdict: Verdict; reason: string } {
  const interrupted = run.segments.find((segment) => segment.stopped === stopReasons.interrupted);
  if (interrupted !== undefined) return { verdict: 'incomplete', reason: 'the run was interrupted before its end' };
  if (run.accounting.length > 0)
    return { verdict: 'invalid', reason: `the accounting does not add up: ${run.accounting.join('; ')}` };
  const uncounted = uncountedReason(run);
  if (uncounted !== undefined) return { verdict: 'invalid', reason: uncounted };
  if (run.plan.unjudged === true && run.thresholds.length === 0) {
    const slipped = thresholds.some(({ verdict }) => verdict === 'failed');
    return slipped ? thresholdVerdict(thresholds) : { verdict: 'passed', reason: 'measured, not judged' };
  }
  const stopped = run.segments.find((segment) => cutsShort(run, segment.stopped));
  if (stopped !== undefined)
    return { verdict: 'failed', reason: `the run was stopped early: ${stopped.stopped ?? ''}` };
  if (finished(run.counts) === 0)
    return { verdict: 'failed', reason: 'no request came to an end, so nothing was measured' };
  if (generator.verdict === 'saturated' && run.plan.whenSaturated === 'invalid') {
    return { verdict: 'invalid', reason: `the load generator was the bottleneck: ${generator.reason}` };
  }
  if (run.thresholds.length === 0) {
    return {
      verdict: 'failed',
      reason: 'no threshold was set: say what is good enough with `expect(run).toMeet({ … })`',
    };
  }
  return thresholdVerdict(thresholds);
}

/** Less was sent than asked for; whoever says how much may stay `unfinished` has said that of the graceful stop. */
function cutsShort(run: RunData, stopped: string | undefined): boolean {
  if (stopped !== stopReasons.overdue) return stopped !== undefined;
  return !run.thresholds.some(({ scope, metric }) => scope.kind === 'run' && metric === 'unfinished');
}

function thresholdVerdict(thresholds: readonly JudgedThreshold[]): { verdict: Verdict; reason: string } {
  const failed = thresholds.filter(({ verdict }) => verdict === 'failed');
  const acceptable = thresholds.filter(({ verdict }) => verdict === 'acceptable');
  const [worst] = failed;
  if (worst !== undefined) {
    return {
      verdict: 'failed',
      reason: `${failed.length} of ${thresholds.length} thresholds missed, first ${describeThreshold(worst)}`,
    };
  }
  const [tolerated] = acceptable;
  if (tolerated !== undefined) {
    return {
      verdict: 'acceptable',
      reason: `${acceptable.length} of ${thresholds.length} thresholds met only as acceptable, first ${describeThreshold(tolerated)}`,
    };
  }
  return {
    verdict: 'passed',
    reason: thresholds.length === 1 ? 'its threshold is met' : `all ${thresholds.length} thresholds met`,
  };
}

/** `GET /api/v1/health p95: expected < 100 ms, got 312 ms`. */
export function describeThreshold({ scope, metric, expected, actual, unit }: JudgedThreshold): string {
  return `${scope} ${metric}: expected ${expected}, got ${actual === undefined ? 'no data' : formatValue(actual, unit)}`;
}

/** A failed check and an error in the scenario's own code fail a run, unless a threshold says how many may. */
function impliedThresholds(run: RunData): Threshold[] {
  const named = (metrics: readonly string[]) =>
    run.thresholds.some(({ scope, metric }) => scope.kind === 'run' && metrics.includes(metric));
  const implied: Threshold[] = [];
  if (run.exceptions > 0 && !named(['exceptions', 'iterationsFailed'])) {
    implied.push({ scope: { kind: 'run' }, metric: 'exceptions', target: { comparison: '==', value: 0, text: '0' } });
  }
  if (run.idleIterations > 0 && !named(['idleIterations'])) {
    implied.push({
      scope: { kind: 'run' },
      metric: 'idleIterations',
      target: { comparison: '==', value: 0, text: '0' },
    });
  }
  if (named(['checks'])) return implied;
  for (const name of run.checks.keys()) {
    const judged = run.thresholds.some(({ scope }) => scope.kind === 'check' && scope.name === name);
    if (!judged)
      implied.push({
        scope: { kind: 'check', name },
        metric: 'rate',
        target: { comparison: '==', value: 1, text: '100%' },
      });
  }
  return implied;
}

/** One threshold against the numbers as they are. */
export function judgeThreshold(run: RunData, threshold: Threshold): JudgedThreshold {
  const { scope, metric, target, acceptable } = threshold;
  const actual = observed(run, threshold);
  return {
    metric,
    scope: describeScope(threshold),
    expected: acceptable === undefined ? target.text : `${target.text} (acceptable ${acceptable.text})`,
    ...(actual !== undefined && { actual: Math.round(actual * 1e6) / 1e6 }),
    verdict:
      actual === undefined
        ? 'failed'
        : meets(actual, target)
          ? 'passed'
          : acceptable !== undefined && meets(actual, acceptable)
            ? 'acceptable'
            : 'failed',
    unit:
      (scope.kind === 'metric' ? metricUnitOf(metric) : scope.kind === 'check' ? 'share' : unitOf(metric)) ?? 'number',
  };
}

function meets(actual: number, { comparison, value }: Limit): boolean {
  return compare(actual, comparison, value);
}

function compare(actual: number, comparison: Comparison, value: number): boolean {
  switch (comparison) {
    case '<':
      return actual < value;
    case '<=':
      return actual <= value;
    case '>':
      return actual > value;
    case '>=':
      return actual >= value;
    case '==':
      return actual === value;
    default:
      return unreachable(comparison);
  }
}

function worstFirst(a: JudgedThreshold, b: JudgedThreshold): number {
  return severity.indexOf(a.verdict) - severity.indexOf(b.verdict);
}
