/**
 * How late a generator started what was due, at the highest percentile of which its arrivals can speak: ten of them
 * have to lie beyond it. What every single one suffered can be said of any number.
 */
import type { LatencyHistogram } from '../measure/histogram.ts';
import { formatCount, formatPercent } from '../measure/units.ts';

/** Samples that have to lie beyond a percentile before it is more than one sample's luck. */
export const samplesBeyond = 10;
const percents = [99, 95, 90, 50] as const;

export interface Lateness {
  /** 0: the least late of all. */
  readonly percent: number;
  readonly lagMs: number;
  /** Whom the figure speaks of: `5.0 % of the requests`, `each of the 12 requests`. */
  readonly words: string;
}

/** Undefined when nothing was due. */
export function latenessOf(lag: LatencyHistogram): Lateness | undefined {
  const percent = percentFor(lag.count);
  const lagMs = percent === 0 ? lag.stats()?.min : lag.percentileMs(percent);
  if (lagMs === undefined) return undefined;
  const words =
    percent === 0
      ? `each of the ${formatCount(lag.count)} requests`
      : `${formatPercent((100 - percent) / 100)} of the requests`;
  return { percent, lagMs, words };
}

/** 99 from 1,000 on, 95 from 200, 90 from 100, 50 from 20; 0 below that. */
export function percentFor(count: number): number {
  return percents.find((percent) => (count * (100 - percent)) / 100 >= samplesBeyond) ?? 0;
}
