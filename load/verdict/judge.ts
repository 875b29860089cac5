/**
 * The verdict on a run: its thresholds held against the merged numbers, once, and the question whether those numbers
 * say anything at all. Workers and reporters call the same function, so they cannot disagree.
 */
import { accountedFor, finished, type RequestCounts } from '../measure/counts.ts';
import type { RunData } from '../measure/run-data.ts';
import { loadsTogether } from '../measure/loads-together.ts';
import { lostGenerators } from '../measure/segment-place.ts';
import type { GeneratorVerdict, ThresholdSummary, Verdict } from '../measure/summary.ts';
import { stopReasons } from '../measure/stop-reason.ts';
import { type Comparison, describeScope, type Limit, type Scope, type Threshold } from '../measure/threshold.ts';
import { formatCount } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';
import { holdAFortiori } from './a-fortiori.ts';
import { culpritOf } from './culprit.ts';
import { judgeGenerator } from './generator-health.ts';
import { impliedLimits, ownErrors } from './implied-limits.ts';
import { type JudgedThreshold, missedWords } from './judged-threshold.ts';
import { mainErrorOf } from './main-error.ts';
import { unitOf } from './metric.ts';
import { observe } from './observed.ts';
import { ownDelay } from './own-delay.ts';
import { ownShortage } from './own-shortage.ts';
import { slowedPage } from './slowed-page.ts';
import { uncountedReason } from './uncounted.ts';
import { unitFor } from './parse-limits.ts';
import { reasonOf } from './reason.ts';
import { type Holding, holdingOf } from './reduced-limits.ts';
import { byVerdict } from './verdict-order.ts';
import type { Observation } from './windows.ts';

export type { JudgedThreshold };

/** What came of a run: its thresholds, and whether its numbers say anything at all. */
export interface Judgement {
  /** The headline: of several, the worst. */
  readonly verdict: Verdict;
  /** One sentence for people. */
  readonly reason: string;
  /** Worst first. */
  readonly thresholds: readonly JudgedThreshold[];
  /** How much the numbers are to be trusted. */
  readonly generator: GeneratorVerdict;
}

export function judgeRun(run: RunData): Judgement {
  const implied = isStep(run) ? [] : isOnlyMeasured(run) ? ownErrors(run) : impliedLimits(run);
  const thresholds = [...run.thresholds, ...implied]
    .map((threshold) => judgeThreshold(run, threshold))
    .sort((a, b) => byVerdict(a.verdict, b.verdict));
  const generator = judgeGenerator(run);
  return { ...verdictOf(run, thresholds, generator), thresholds, generator };
}

type Reasoned = Pick<Judgement, 'verdict' | 'reason'>;

/** Without a limit, and by wish: there is nothing to pass. */
function isOnlyMeasured({ plan, thresholds }: RunData): boolean {
  return plan.unjudged === true && thresholds.length === 0;
}

/** Whatever went wrong in it, a search has made it part of its answer. */
function isStep(run: RunData): boolean {
  return run.plan.isStep === true && isOnlyMeasured(run);
}

function verdictOf(run: RunData, thresholds: readonly JudgedThreshold[], generator: GeneratorVerdict): Reasoned {
  const void_ = whyVoid(run);
  if (void_ !== undefined) return void_;
  if (isStep(run)) return measuredVerdict(run, { thresholds, missed: [], generator });
  if (finished(run.counts) === 0)
    return { verdict: 'failed', reason: `no request came to an end, so nothing was measured${mainErrorOf(run)}` };
  const missed = thresholds.filter(({ verdict }) => verdict === 'failed');
  const shortage = ownShortage(run);
  if (shortage !== undefined) return { verdict: 'invalid', reason: `${shortage}${besides(missed)}` };
  const slowed = slowedPage(run);
  if (slowed !== undefined) return { verdict: 'invalid', reason: `${slowed}${besides(missed)}` };
  if (isOnlyMeasured(run)) return measuredVerdict(run, { thresholds, missed, generator });
  const stopped = run.segments.find((segment) => cutsShort(run, segment.stopped));
  const isSaturated = generator.verdict === 'saturated' && run.plan.whenSaturated === 'invalid';
  const isProof = missed.length === 0 && holdAFortiori(run, run.thresholds);
  if (isSaturated && run.counts.ok > 0 && !isProof) return invalidBecause(generator, missed);
  if (stopped !== undefined)
    return { verdict: 'failed', reason: `the run was stopped early: ${stopped.stopped ?? ''}${besides(missed)}` };
  if (run.thresholds.length === 0) {
    return {
      verdict: 'failed',
      reason: 'no threshold was set: say what is good enough with `expect(run).toMeet({ … })`',
    };
  }
  const delays = run.plan.whenSaturated === 'invalid' ? ownDelays(run, missed.length) : undefined;
  if (delays !== undefined) return { verdict: 'invalid', reason: delays };
  const { verdict, reason } = reducedVerdict(run, thresholds);
  if (!isSaturated || !isProof) return { verdict, reason };
  return {
    verdict,
    reason: `${reason}, though the load generator was the bottleneck, which can only have made these numbers worse: ${generator.reason}`,
  };
}

/** Every limit that was missed was missed by our own lag; one that was not is the server's. */
function ownDelays(run: RunData, missed: number): string | undefined {
  const own = run.thresholds
    .filter((threshold) => judgeThreshold(run, threshold).verdict === 'failed')
    .flatMap((threshold) => ownDelay(run, threshold) ?? []);
  return own.length > 0 && own.length === missed
    ? `the load generator was late, and the server was not: ${own.join('; ')}`
    : undefined;
}

/** What takes all meaning from the numbers, whatever they are. */
function whyVoid(run: RunData): Reasoned | undefined {
  const lost = lostGenerators(run);
  if (lost.length > 0) return { verdict: 'incomplete', reason: lost.join('; ') };
  if (run.segments.some(({ stopped }) => stopped === stopReasons.interrupted))
    return { verdict: 'incomplete', reason: 'the run was interrupted before its end' };
  if (run.accounting.length > 0)
    return { verdict: 'invalid', reason: `the accounting does not add up: ${run.accounting.join('; ')}` };
  const uncounted = uncountedReason(run);
  return uncounted === undefined ? undefined : { verdict: 'invalid', reason: uncounted };
}

/** A limit that a saturated generator missed says nothing of the server; it is told all the same. */
function invalidBecause(generator: GeneratorVerdict, missed: readonly JudgedThreshold[]): Reasoned {
  return { verdict: 'invalid', reason: `the load generator was the bottleneck: ${generator.reason}${besides(missed)}` };
}

function besides(missed: readonly JudgedThreshold[]): string {
  const [first] = missed;
  if (first === undefined) return '';
  const more = missed.length === 1 ? '' : `, and ${missed.length - 1} more`;
  return `; missed besides: ${missedWords(first)}${more}`;
}

/** Nothing was promised, so nothing is passed; what went wrong is told, and errors of the scenario's own still fail. */
function measuredVerdict(
  run: RunData,
  {
    thresholds,
    missed,
    generator,
  }: {
    readonly thresholds: readonly JudgedThreshold[];
    readonly missed: readonly JudgedThreshold[];
    readonly generator: GeneratorVerdict;
  },
): Reasoned {
  if (generator.verdict === 'saturated' && run.plan.whenSaturated === 'invalid')
    return invalidBecause(generator, missed);
  if (missed.length > 0) return thresholdVerdict(run, thresholds);
  const { ok, dropped, scheduled } = run.counts;
  const checksFailed = [...run.checks.values()].reduce((sum, { failed }) => sum + failed, 0);
  const all = accountedFor(run.counts);
  const stopped = run.segments.find((segment) => segment.stopped !== undefined)?.stopped;
  const notes = [
    ...(stopped === undefined ? [] : [`stopped early: ${stopped}`]),
    ...(ok === all
      ? []
      : [`${formatCount(all - ok)} of ${formatCount(all)} requests did not succeed${mainErrorOf(run)}`]),
    ...(scheduled === 0 ? ['no request was sent'] : []),
    ...(dropped === 0 ? [] : [`${formatCount(dropped)} arrivals were dropped`]),
    ...(run.exceptions === 0 ? [] : [`errors of the scenario's own: ${formatCount(run.exceptions)}`]),
    ...(checksFailed === 0 ? [] : [`failed checks: ${formatCount(checksFailed)}`]),
    ...(generator.verdict === 'saturated' ? [`the load generator was the bottleneck: ${generator.reason}`] : []),
  ];
  return { verdict: 'measured', reason: ['measured, not judged', ...notes].join('; ') };
}

/** Less was sent than asked for; whoever says how much may stay `unfinished` has said that of the graceful stop. */
function cutsShort(run: RunData, stopped: string | undefined): boolean {
  if (stopped !== stopReasons.overdue) return stopped !== undefined;
  return !run.thresholds.some(({ metric }) => metric === 'unfinished');
}

/** What was not judged is told, so that no silence is a pass; of a run played once nobody takes the verdict for a load's. */
function reducedVerdict(run: RunData, thresholds: readonly JudgedThreshold[]): Reasoned {
  const judged = thresholds.filter(({ verdict }) => verdict !== 'measured');
  const left = thresholds.length - judged.length;
  const { verdict, reason } =
    judged.every(({ implied }) => implied) && judged.every(isPassed)
      ? { verdict: 'passed' as const, reason: 'nothing failed' }
      : thresholdVerdict(run, judged);
  const words = `${run.plan.once === true ? 'once: ' : ''}${reason}${left === 0 ? '' : `; ${left} not judged`}`;
  return { verdict, reason: words };
}

const isPassed = ({ verdict }: JudgedThreshold): boolean => verdict === 'passed';

function thresholdVerdict(run: RunData, thresholds: readonly JudgedThreshold[]): Reasoned {
  const failed = thresholds.filter(({ verdict }) => verdict === 'failed');
  const acceptable = thresholds.filter(({ verdict }) => verdict === 'acceptable');
  const told = thresholds.filter(({ implied, verdict }) => implied !== true || verdict === 'failed');
  // One without data has a reason too, which another tells.
  const worst = failed.find(({ actual }) => actual !== undefined) ?? failed[0];
  if (worst !== undefined) {
    const reason = reasonOf(run, { threshold: worst, count: failed.length, of: told.length, how: 'missed' });
    return { verdict: 'failed', reason };
  }
  const [tolerated] = acceptable;
  if (tolerated !== undefined) {
    const reason = reasonOf(run, {
      ...{ threshold: tolerated, count: acceptable.length, of: told.length, how: 'met only as acceptable' },
    });
    return { verdict: 'acceptable', reason };
  }
  return {
    verdict: 'passed',
    reason: told.length === 1 ? 'its threshold is met' : `all ${told.length} thresholds met`,
  };
}

/** One threshold against the numbers as they are. */
export function judgeThreshold(run: RunData, asked: Threshold): JudgedThreshold {
  const holding = holdingOf(run, asked);
  const threshold = holding.kind === 'unjudged' ? asked : holding.threshold;
  const { metric, target, acceptable } = threshold;
  const { value: actual, at }: Observation = lacksGoodAnswer(run, threshold)
    ? { value: undefined }
    : observe(run, threshold);
  const verdict = thresholdOutcome(actual, { run, holding });
  const isMissed = (verdict === 'failed' || verdict === 'acceptable') && actual !== undefined;
  const limit = verdict === 'failed' ? (acceptable ?? target) : target;
  const culprit = isMissed ? culpritOf(run, threshold, { limit, at }) : undefined;
  return {
    metric,
    scope: describeScope(threshold),
    expected: acceptable === undefined ? target.text : `${target.text} (acceptable ${acceptable.text})`,
    ...(actual !== undefined && { actual: Math.round(actual * 1e6) / 1e6 }),
    verdict,
    unit: unitFor(threshold) ?? 'number',
    ...(at !== undefined && { at }),
    ...(threshold.implied === true && { implied: true }),
    ...(culprit !== undefined && { culprit }),
  };
}

function thresholdOutcome(
  actual: number | undefined,
  { run: { plan }, holding }: { readonly run: Pick<RunData, 'plan'>; readonly holding: Holding },
): ThresholdSummary['verdict'] {
  if (holding.kind === 'unjudged') return 'measured';
  const { target, acceptable } = holding.threshold;
  if (actual === undefined) return plan.once === true && holding.threshold.implied !== true ? 'measured' : 'failed';
  if (meets(actual, target)) return 'passed';
  if (acceptable !== undefined && meets(actual, acceptable)) return 'acceptable';
  return holding.kind === 'leniently' ? 'measured' : 'failed';
}

/** A latency of which no request was answered well says nothing: timeouts alone are no service. */
function lacksGoodAnswer(run: RunData, { scope, metric }: Threshold): boolean {
  if (unitOf(metric) !== 'ms' || metric.startsWith('lag.')) return false;
  return countsOf(run, scope)?.ok === 0;
}

/** Of the requests that are judged; undefined where they are none. */
function countsOf(run: RunData, scope: Scope): RequestCounts | undefined {
  switch (scope.kind) {
    case 'run':
      return run.counts;
    case 'endpoint':
      return run.endpoints.get(scope.name)?.counts;
    case 'tag':
      return run.tags.get(scope.name)?.counts;
    case 'loads':
      return loadsTogether(run, scope.loads)?.counts;
    case 'check':
    case 'metric':
    case 'group':
    case 'probe':
      return undefined;
    default:
      return unreachable(scope);
  }
}

export function meets(actual: number, { comparison, value }: Limit): boolean {
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
