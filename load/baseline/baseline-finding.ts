/** What is told of a run that was held against its baseline, or was recorded in it: the verdict, and a sentence. */
import {
  type BaselineComparison,
  type BaselineStanding,
  defaultBaselineRule,
  worseMetrics,
} from '../analysis/baseline.ts';
import { signed } from '../analysis/findings.ts';
import type { BaselineKey } from '../measure/baseline.ts';
import type { Finding, FindingVerdict } from '../measure/finding.ts';
import { formatCount, formatMs, formatPercent } from '../measure/units.ts';
import { baselineSeries, type BesidePast } from './baseline-series.ts';
import type { Compared, ComparedLoad } from './compare-load.ts';

/** What came of measuring once more, or why that was not done. */
export type Again =
  | { readonly kind: 'not needed' }
  | { readonly kind: 'not done'; readonly why: string }
  | { readonly kind: 'done'; readonly load: ComparedLoad };

export interface ToldParts {
  readonly load: BaselineKey;
  /** Which loads of the test it rests on. */
  readonly runs: readonly number[];
}

/** Nothing could be told, or was recorded, and this is why. */
export function undecidedFinding(words: string, { load, runs }: ToldParts): Finding {
  return { kind: 'baseline', ...named(load), verdict: 'inconclusive', sentence: words, figures: {}, runs };
}

export function comparedFinding(first: Compared, again: Again, { load, runs }: ToldParts): Finding {
  const { verdict, words } = outcomeOf(first, again);
  return { ...baselineSeries(first, againOf(again)), ...named(load), verdict, sentence: words.join('; '), runs };
}

/** Of a run that was recorded as the `kept`th: nothing is asked of it, and how it lay to what was there is told. */
export function recordedFinding(
  told: BesidePast,
  { load, runs, kept }: ToldParts & { readonly kept: number },
): Finding {
  const { now, comparison } = told;
  const p95 = now.latencyMs === undefined ? '' : `: p95 ${formatMs(now.latencyMs.p95)}`;
  const change =
    comparison?.p95 === undefined ? '' : `, ${changeOf(comparison.p95)} against ${lastRuns(comparison.runs)}`;
  return {
    ...baselineSeries(told, undefined),
    ...named(load),
    verdict: 'measured',
    sentence: `recorded as run ${formatCount(kept)} of the baseline in this environment${p95}${change}${tooFew(now)}`,
    runs,
  };
}

/** Said at once, and not when the first run is to be compared. */
function tooFew({ latencyMs }: BesidePast['now']): string {
  const { leastRequests } = defaultBaselineRule;
  if (latencyMs === undefined || latencyMs.count >= leastRequests) return '';
  return `; of ${formatCount(latencyMs.count)} answers nothing can be compared, which takes ${formatCount(leastRequests)}: send more`;
}

function named({ name, nth }: BaselineKey): { readonly name?: string } {
  const words = [...(name === undefined ? [] : [name]), ...(nth === undefined ? [] : [`no. ${nth}`])].join(', ');
  return words === '' ? {} : { name: words };
}

function againOf(again: Again): Compared | undefined {
  return again.kind === 'done' && again.load.kind === 'compared' ? again.load : undefined;
}

interface Outcome {
  readonly verdict: FindingVerdict;
  readonly words: readonly string[];
}

/** Only what is worse twice fails; what could not be measured twice, or is worse in two ways, decides nothing. */
function outcomeOf(first: Compared, again: Again): Outcome {
  const worse = worseMetrics(first.comparison);
  const told = [...standings(first.comparison, againOf(again)?.comparison), ...notes(first)];
  if (worse.length === 0) return heldOutcome(first.comparison, told);
  if (again.kind !== 'done' || again.load.kind !== 'compared')
    return { verdict: 'inconclusive', words: [...told, `not confirmed: ${whyUnconfirmed(again)}`] };
  const worseAgain = worseMetrics(again.load.comparison);
  if (worse.some((metric) => worseAgain.includes(metric))) return { verdict: 'failed', words: told };
  return worseAgain.length === 0
    ? { verdict: 'passed', words: [...told, 'measured again it was within its limit, so it was chance'] }
    : { verdict: 'inconclusive', words: [...told, 'measured again something else was above its limit'] };
}

function heldOutcome({ p95, errorRate }: BaselineComparison, told: readonly string[]): Outcome {
  if (p95 === undefined)
    return {
      verdict: 'inconclusive',
      words: [...told, `a p95 takes ${defaultBaselineRule.leastRequests} requests that are answered: send more`],
    };
  const better = p95.kind === 'better' || errorRate.kind === 'better';
  return {
    verdict: 'passed',
    words: better ? [...told, 'better than its baseline: `LOAD_BASELINE=update` records it'] : told,
  };
}

function whyUnconfirmed(again: Again): string {
  if (again.kind === 'not done') return again.why;
  if (again.kind === 'done' && again.load.kind === 'undecided') return `measured again, ${again.load.words}`;
  return 'it was not measured again';
}

function standings({ runs, p95, errorRate }: BaselineComparison, again: BaselineComparison | undefined): string[] {
  const showsErrors = errorRate.now > 0 || errorRate.usual > 0 || (again?.errorRate.now ?? 0) > 0;
  return [
    ...(p95 === undefined ? [] : [latencyWords(p95, again?.p95, runs)]),
    ...(showsErrors ? [errorWords(errorRate, again?.errorRate)] : []),
  ];
}

/**
 * `p95 157 ms, and 155 ms measured again: +205 % against its last 10 runs (51.4 ms); this baseline sees only more than
 * +11 % (57.0 ms)`.
 */
function latencyWords(standing: BaselineStanding, again: BaselineStanding | undefined, runs: number): string {
  const { now, usual, limit } = standing;
  const second = again === undefined ? '' : `, and ${formatMs(again.now)} measured again`;
  return `p95 ${formatMs(now)}${second}: ${changeOf(standing)} against ${lastRuns(runs)} (${formatMs(usual)}); this baseline sees only more than ${signed(limit / usual - 1)} (${formatMs(limit)})`;
}

function errorWords({ now, usual, limit }: BaselineStanding, again: BaselineStanding | undefined): string {
  const second = again === undefined ? '' : `, and ${formatPercent(again.now)} measured again`;
  return `error rate ${formatPercent(now)}${second}: ${formatPercent(usual)} was usual, limit ${formatPercent(limit)}`;
}

/** What to know of the comparison itself. */
function notes({ past, now, comparison }: Compared): string[] {
  const changed = past.some(({ planHash }) => planHash !== undefined && planHash !== now.planHash);
  return [
    ...(comparison.isShort
      ? [`the baseline is too short to know its spread: ${defaultBaselineRule.enoughRuns} runs tell it`]
      : []),
    ...(changed && now.planHash !== undefined ? ['the spec or the options have changed since'] : []),
  ];
}

function lastRuns(runs: number): string {
  return runs === 1 ? 'the run that was recorded' : `its last ${formatCount(runs)} runs`;
}

function changeOf({ now, usual }: BaselineStanding): string {
  return signed(now / usual - 1);
}
