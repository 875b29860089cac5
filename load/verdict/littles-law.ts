/**
 * Little's law as a check of the books: requests under way = throughput × time of each (Little 1961). How many were under
 * way at most in each second is counted apart from how long each of them took, so latencies that add up to more than that
 * were counted twice, or measured by a clock that jumped.
 */
import { overall, type RunData } from '../measure/run-data.ts';
import { formatNumber } from '../measure/units.ts';

/** Share by which more may be told than was under way. */
export const littleTolerance = 0.05;

/**
 * What does not add up, in words. Only the sure side is looked at: the most that were under way in a second are never
 * fewer than were on average. Requests that failed count for nothing, since their response times hold our own lag.
 */
export function littlesLaw(run: RunData): string | undefined {
  const { count = 0, mean = 0 } = overall(run, 'service').stats() ?? {};
  const seconds = measuredSeconds(run);
  const told = (count * mean) / 1_000 / Math.max(1, seconds);
  const underWay = sumOfMost(run, seconds) / Math.max(1, seconds);
  if (underWay < 1 || told <= underWay * (1 + littleTolerance)) return undefined;
  return `latencies add up to ${formatNumber(told)} requests under way on average, but no more than ${formatNumber(underWay)} were (Little's law)`;
}

function measuredSeconds({ windows }: RunData): number {
  let last = -1;
  for (const second of windows.keys()) last = Math.max(last, second);
  return last + 1;
}

/** What a second began with was under way in the one before, whose own look may have come late. */
const looksBack = 2;

function sumOfMost({ windows }: RunData, seconds: number): number {
  let sum = 0;
  for (let second = 0; second < seconds; second += 1) {
    let most = 0;
    for (let back = 0; back <= looksBack; back += 1) most = Math.max(most, windows.get(second - back)?.inFlight ?? 0);
    sum += most;
  }
  return sum;
}
