/** What a user may ask of a page that was looked at beside a load, as types. */
import type { CountLimit, LatencyLimit, NumberLimit } from './limits.ts';

/** Limits on the rounds of a page under load, each round a value: `{ p75: '< 2.5s' }`. Percentiles by nearest rank. */
export interface PageTimeLimits {
  /** The quickest round. */
  readonly min?: LatencyLimit;
  /** Median. */
  readonly p50?: LatencyLimit;
  /** 75th percentile, by which web.dev/vitals judges a page. */
  readonly p75?: LatencyLimit;
  /** 95th percentile; of fewer than 20 rounds it is the slowest. */
  readonly p95?: LatencyLimit;
  /** The slowest round. */
  readonly max?: LatencyLimit;
}

/** The same of a figure without a unit. */
export interface PageShiftLimits {
  /** The least. */
  readonly min?: NumberLimit;
  /** Median. */
  readonly p50?: NumberLimit;
  /** 75th percentile, by which web.dev/vitals judges a page. */
  readonly p75?: NumberLimit;
  /** 95th percentile; of fewer than 20 rounds it is the greatest. */
  readonly p95?: NumberLimit;
  /** The greatest. */
  readonly max?: NumberLimit;
}

/** Limits on what a load adds: the median under load less the median before it. */
export interface PageAddedLimits {
  /** To the largest contentful paint. */
  readonly lcp?: LatencyLimit;
  /** To the interaction to next paint. */
  readonly inp?: LatencyLimit;
  /** To the layout shift, without a unit. */
  readonly cls?: NumberLimit;
  /** To the time to first byte. */
  readonly ttfb?: LatencyLimit;
  /** To each action, by the name it was given. */
  readonly actions?: Readonly<Record<string, LatencyLimit>>;
}

/**
 * What `expect(ux).toMeet({ … })` takes of a page beside a load. Bare metrics are of the rounds under load; without one there
 * is no data, which fails. The vitals are those of web.dev/vitals, as npm's `web-vitals` takes them; of several documents in
 * a round the worst counts.
 */
export interface ProbeLimits {
  /** Largest Contentful Paint (web.dev/lcp): from the navigation to the largest image or text shown. Good is 2.5 s at p75. */
  readonly lcp?: PageTimeLimits;
  /** Interaction to Next Paint (web.dev/inp): the slowest click, tap or key to the next frame. Good is 200 ms at p75. */
  readonly inp?: PageTimeLimits;
  /** Cumulative Layout Shift (web.dev/cls), without a unit: how much what is shown jumps about. Good is 0.1 at p75. */
  readonly cls?: PageShiftLimits;
  /** Time to First Byte (web.dev/ttfb): from the navigation to the first byte of the document. Good is 800 ms at p75. */
  readonly ttfb?: PageTimeLimits;
  /** Each action, by the name it was given: from its call to its end. */
  readonly actions?: Readonly<Record<string, PageTimeLimits>>;
  /** What the load added to the rounds before it. */
  readonly added?: PageAddedLimits;
  /** Rounds that did not come through, those before the load too; `0` where nothing is said. */
  readonly failedRounds?: CountLimit;
}
