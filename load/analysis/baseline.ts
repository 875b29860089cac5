/**
 * A run held against the accepted runs of the same load: a prediction limit for the next run, from how far those lay
 * apart. It is blind to whatever is smaller than that, and says from where on it sees.
 */
import type { BaselineLatency, BaselineRun } from '../measure/baseline.ts';
import { normalQuantile } from './statistics/normal.ts';
import { mean, stdev } from './statistics/spread.ts';
import { studentQuantile } from './statistics/student.ts';

/** What is gated: the more is, the more false alarms there are. The rest is told. */
export type BaselineMetric = 'p95' | 'errorRate';

/** One metric of the run: a latency in milliseconds, or a share of 1. */
export interface BaselineStanding {
  readonly now: number;
  /** Of the accepted runs: the geometric mean of latencies, the mean of shares. */
  readonly usual: number;
  /** What the run may be at most. */
  readonly limit: number;
  readonly kind: 'worse' | 'alike' | 'better';
}

export interface BaselineComparison {
  /** How many accepted runs it rests on, at least 1. */
  readonly runs: number;
  /** So few that their spread is not known, and only a coarse limit holds. */
  readonly isShort: boolean;
  /** Absent where too few requests were answered to tell. */
  readonly p95?: BaselineStanding;
  readonly errorRate: BaselineStanding;
}

export interface BaselineRule {
  /** Runs from which on their spread makes the limit. */
  readonly enoughRuns: number;
  /** Share of equal runs that stay below the limit of a single comparison. */
  readonly confidence: number;
  /** What is no change, however little the runs lie apart: a share of the usual latency, and milliseconds. */
  readonly fine: { readonly share: number; readonly ms: number; readonly errors: number };
  /** The same while there are fewer than enough runs. */
  readonly coarse: { readonly share: number; readonly ms: number; readonly errors: number };
  /** Requests that a p95 needs at least: five lie above it. */
  readonly leastRequests: number;
  /** Of so many the median tells: were they as ever, half of them would lie above a p95 less than once in 10,000 times. */
  readonly leastForMedian: number;
  /** So many failed requests are chance, however few there were (the rule of three). */
  readonly chanceFailures: number;
}

export const defaultBaselineRule: BaselineRule = {
  enoughRuns: 5,
  confidence: 0.99,
  fine: { share: 0.1, ms: 0.5, errors: 0.005 },
  coarse: { share: 0.5, ms: 5, errors: 0.02 },
  leastRequests: 100,
  leastForMedian: 10,
  chanceFailures: 3,
};

/** Undefined where there is no accepted run. */
export function compareWithBaseline(
  past: readonly BaselineRun[],
  now: BaselineRun,
  rule: BaselineRule = defaultBaselineRule,
): BaselineComparison | undefined {
  if (past.length === 0) return undefined;
  const p95 = p95Standing(past, now, rule);
  return {
    runs: past.length,
    isShort: past.length < rule.enoughRuns,
    ...(p95 !== undefined && { p95 }),
    errorRate: errorStanding(past, now, rule),
  };
}

/** What is worse by its limit. */
export function worseMetrics({ p95, errorRate }: BaselineComparison): BaselineMetric[] {
  return [
    ...(p95?.kind === 'worse' ? (['p95'] as const) : []),
    ...(errorRate.kind === 'worse' ? (['errorRate'] as const) : []),
  ];
}

/** The normal prediction interval of the next run, of logarithms: latencies of equal runs differ by a factor. */
function p95Standing(past: readonly BaselineRun[], now: BaselineRun, rule: BaselineRule): BaselineStanding | undefined {
  const { latencyMs } = now;
  const logs = past.flatMap((run) => (run.latencyMs === undefined ? [] : [Math.log(run.latencyMs.p95)]));
  const centre = mean(logs);
  if (latencyMs === undefined || centre === undefined) return undefined;
  const { share, ms } = leastChange(logs.length, rule);
  const factor = Math.exp(Math.max(predictionReach(logs, rule), Math.log1p(share)));
  const usual = Math.exp(centre);
  const limit = Math.max(usual * factor, usual + ms);
  if (!isEnough(latencyMs, limit, rule)) return undefined;
  const kind = kindOf(latencyMs.p95, Math.min(usual / factor, usual - ms), limit);
  return { now: latencyMs.p95, usual, limit, kind };
}

/** A server so slow that few requests come to an end at all is no question of their number. */
function isEnough(
  { count, p50 }: Pick<BaselineLatency, 'count' | 'p50'>,
  limit: number,
  { leastRequests, leastForMedian }: BaselineRule,
): boolean {
  return count >= leastRequests || (count >= leastForMedian && p50 > limit);
}

/** Shares near 0 have no logarithm; beside the spread of the runs, chance in so few requests has a part (binomial). */
function errorStanding(past: readonly BaselineRun[], now: BaselineRun, rule: BaselineRule): BaselineStanding {
  const rates = past.map(({ errorRate }) => errorRate);
  const usual = mean(rates) ?? 0;
  const { requests, errorRate } = now;
  const chance = normalQuantile(rule.confidence) * Math.sqrt((usual * (1 - usual)) / requests);
  const reach = Math.max(
    predictionReach(rates, rule),
    leastChange(rates.length, rule).errors,
    chance,
    rule.chanceFailures / requests,
  );
  const limit = Math.min(1, usual + reach);
  return { now: errorRate, usual, limit, kind: kindOf(errorRate, usual - reach, limit) };
}

function leastChange(runs: number, { enoughRuns, fine, coarse }: BaselineRule): BaselineRule['fine'] {
  return runs < enoughRuns ? coarse : fine;
}

/** t · s · √(1 + 1/k): how far the next of equal runs may lie above the mean of k. */
function predictionReach(values: readonly number[], { enoughRuns, confidence }: BaselineRule): number {
  const runs = values.length;
  if (runs < enoughRuns) return 0;
  const spread = stdev(values) ?? 0;
  return spread === 0 ? 0 : quantileOf(confidence, runs - 1) * spread * Math.sqrt(1 + 1 / runs);
}

/** Each takes a search, and there are few. */
const quantiles = new Map<string, number>();

function quantileOf(confidence: number, df: number): number {
  const key = `${confidence} ${df}`;
  const known = quantiles.get(key) ?? studentQuantile(confidence, df);
  quantiles.set(key, known);
  return known;
}

function kindOf(now: number, low: number, limit: number): BaselineStanding['kind'] {
  if (now > limit) return 'worse';
  return now < low ? 'better' : 'alike';
}
