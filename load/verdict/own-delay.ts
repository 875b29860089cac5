/**
 * Was a response time missed by our own delay alone? A response time is lag + wait + service: how late we started, how
 * long the request waited for its connection, first byte sent to last byte received. A limit which wait + service
 * would surely have met was missed by the generator, not by the server.
 */
import { percentOf } from '../measure/custom-metric.ts';
import type { LatencyHistogram } from '../measure/histogram.ts';
import { overall, type RunData } from '../measure/run-data.ts';
import { describeScope, type Limit, type Threshold } from '../measure/threshold.ts';
import { formatMs } from '../measure/units.ts';
import { responseStatistic } from './metric.ts';

/**
 * Why a missed limit speaks of the generator; undefined if it may speak of the server. Only for upper limits of
 * response times over a whole open run: lag is not kept by the second.
 *
 * Waits are not kept one by one, but their sum is: W = Σ response + Σ failures − Σ lag − Σ service, at least as long as
 * the waits of any endpoint. By Markov's inequality at most W / w requests waited longer than w. So for every s below
 * the limit, at most #(service > s) + W / (limit − s) requests would have missed it without our lag; the limit is met
 * for sure where that is no more than its percentile allows. A server that stalls raises service or waits, and is not
 * excused by it.
 */
export function ownDelay(run: RunData, threshold: Threshold): string | undefined {
  const { scope, window, metric, target, acceptable } = threshold;
  if (run.plan.model !== 'open' || window !== undefined || run.lag.count === 0) return undefined;
  if (scope.kind !== 'run' && scope.kind !== 'endpoint') return undefined;
  const word = responseStatistic(metric);
  const limit = acceptable ?? target;
  if (word === undefined || (limit.comparison !== '<' && limit.comparison !== '<=')) return undefined;
  const service = scope.kind === 'run' ? overall(run, 'service') : run.endpoints.get(scope.name)?.service;
  if (service === undefined || service.count === 0) return undefined;
  const waitsMs = sumOfWaits(run);
  if (!wouldMeet({ service, waitsMs, word, limit })) return undefined;
  const lagMs = word === 'mean' ? run.lag.stats()?.mean : run.lag.percentileMs(percentOf(word) ?? 100);
  return `${describeScope(threshold)} ${metric}: without the generator's own lag (${word} ${formatMs(lagMs ?? 0)}) it would meet ${limit.text}`;
}

/** The sum of all waits of the run, or more: what failed is kept in, though its lag is taken out. */
function sumOfWaits(run: RunData): number {
  const all = sumMs(overall(run, 'response')) + sumMs(overall(run, 'failures'));
  return Math.max(0, all - sumMs(run.lag) - sumMs(overall(run, 'service')));
}

function sumMs(histogram: LatencyHistogram): number {
  const stats = histogram.stats();
  return stats === undefined ? 0 : stats.count * stats.mean;
}

function wouldMeet({
  service,
  waitsMs,
  word,
  limit: { value: limitMs },
}: {
  readonly service: LatencyHistogram;
  readonly waitsMs: number;
  readonly word: string;
  readonly limit: Limit;
}): boolean {
  const { count } = service;
  if (word === 'mean') return (sumMs(service) + waitsMs) / count < limitMs;
  const allowed = Math.floor((count * (100 - (percentOf(word) ?? 100))) / 100 + 1e-9);
  let above = count;
  for (const bucket of service.buckets()) {
    above -= bucket.count;
    const slackMs = limitMs - bucket.ms * bucketWidth;
    if (slackMs <= 0) return false;
    if (above + Math.floor(waitsMs / slackMs) <= allowed) return true;
  }
  return false;
}

/** A bucket's samples are within 0.1 % of what it says. */
const bucketWidth = 1.001;
