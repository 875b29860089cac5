/**
 * Did a run hold one state while its load held its level? A percentile of a run that was still warming up, or that slowed
 * down as it went on, mixes two states and is none of either. It is told, and never judged: only who measured knows
 * whether it matters.
 */
import { settling, type Settling } from '../analysis/statistics/mser.ts';
import { median } from '../analysis/statistics/quantile.ts';
import { mad, madToSigma } from '../analysis/statistics/spread.ts';
import { theilSen } from '../analysis/statistics/theil-sen.ts';
import { type RunData, windowPrecision } from '../measure/run-data.ts';
import { SparseHistogram } from '../measure/sparse-histogram.ts';
import type { Steadiness } from '../measure/steadiness.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import { formatDuration, formatMs, formatPercent, toDigits } from '../measure/units.ts';
import { littlesLaw } from './littles-law.ts';

export const steadinessLimits = {
  /** Windows below which nothing is said, and above which they are made longer. */
  leastWindows: 20,
  mostWindows: 150,
  /** Requests that a window needs on average, for its median to be one. */
  requestsPerWindow: 10,
  /** Share by which a level has to differ, or to change over the run. */
  change: 0.1,
  /** Milliseconds likewise: below that it is the machine's affair. */
  changeMs: 0.5,
  /** Share of the windows up to which a beginning is a warm-up. */
  warmUpShare: 1 / 3,
  /** Confidence of the trend's interval. */
  confidence: 0.99,
  /** Spread of the throughput, as a share of its median and in times of what chance alone would give. */
  swing: 0.1,
  swingOfChance: 2,
} as const;

/** Absent where the load held no level, or not for long enough to tell. */
export function steadinessOf(run: RunData): Steadiness | undefined {
  const accounting = littlesLaw(run);
  const windows = windowsOf(run);
  if (windows === undefined && accounting === undefined) return undefined;
  return { ...(windows === undefined ? tooShort : judge(windows)), ...(accounting !== undefined && { accounting }) };
}

const tooShort = {
  verdict: 'unjudged',
  reason: 'too short a run, or too few requests, to tell whether it was steady',
} as const;

interface Windows {
  readonly lengthMs: number;
  /** From the start of the measured part. */
  readonly fromMs: number;
  /** Response time in an open model, service time in a closed one. */
  readonly p50Ms: readonly number[];
  /** Requests that came to an end. */
  readonly completed: readonly number[];
}

/**
 * Of equal length, as many as there are whole ones while the load held its level; those in which nothing was answered
 * are left out.
 */
function windowsOf(run: RunData): Windows | undefined {
  const { steady } = run.plan;
  if (steady === undefined) return undefined;
  const first = Math.ceil(steady.fromMs / 1_000);
  const seconds = Math.floor(Math.min(steady.toMs, durationMsOfRun(run)) / 1_000) - first;
  const length = lengthOf(run, first, seconds);
  const windows = filled(run, { first, length, count: Math.max(0, Math.floor(seconds / length)) });
  const answered = windows.flatMap(({ latency, completed }) => {
    const p50Ms = latency.percentile(50);
    return p50Ms === undefined ? [] : [{ p50Ms, completed }];
  });
  if (answered.length < steadinessLimits.leastWindows) return undefined;
  return {
    lengthMs: length * 1_000,
    fromMs: first * 1_000,
    p50Ms: answered.map(({ p50Ms }) => p50Ms),
    completed: answered.map(({ completed }) => completed),
  };
}

/** Whole seconds: few enough windows, with enough requests in each. */
function lengthOf(run: RunData, first: number, seconds: number): number {
  const { mostWindows, requestsPerWindow } = steadinessLimits;
  let requests = 0;
  for (let second = first; second < first + seconds; second += 1) requests += run.windows.get(second)?.completed ?? 0;
  return Math.max(
    1,
    Math.ceil(seconds / mostWindows),
    Math.ceil((requestsPerWindow * seconds) / Math.max(1, requests)),
  );
}

interface Grid {
  readonly first: number;
  readonly length: number;
  readonly count: number;
}

/** In one walk over the seconds, of which a long run of many endpoints has many. */
function filled({ endpoints, windows }: RunData, { first, length, count }: Grid) {
  const all = Array.from({ length: count }, () => ({ latency: new SparseHistogram(windowPrecision), completed: 0 }));
  for (const endpoint of endpoints.values())
    for (const [second, { latency }] of endpoint.windows)
      all[Math.floor((second - first) / length)]?.latency.add(latency);
  for (const [second, { completed }] of windows) {
    const window = all[Math.floor((second - first) / length)];
    if (window !== undefined) window.completed += completed;
  }
  return all;
}

type Opinion = Pick<Steadiness, 'verdict' | 'reason'>;

function judge(windows: Windows): Opinion {
  const { p50Ms } = windows;
  const begin = shiftOf(p50Ms);
  const isWarmUp = begin !== undefined && !begin.isAtEdge && begin.cut <= steadinessLimits.warmUpShare * p50Ms.length;
  const settled = isWarmUp ? from(windows, begin.cut) : windows;
  const unsteady =
    (isWarmUp ? undefined : lateSettling(begin, windows)) ?? drift(settled) ?? lastPart(settled) ?? swing(settled);
  if (unsteady !== undefined) return { verdict: 'unsteady', reason: unsteady };
  if (isWarmUp) return { verdict: 'warming-up', reason: warmUp(begin, windows) };
  const length = formatDuration(p50Ms.length * windows.lengthMs);
  return { verdict: 'steady', reason: `p50 held ${formatMs(median(p50Ms) ?? 0)} for ${length}` };
}

function from({ lengthMs, fromMs, p50Ms, completed }: Windows, cut: number): Windows {
  return { lengthMs, fromMs: fromMs + cut * lengthMs, p50Ms: p50Ms.slice(cut), completed: completed.slice(cut) };
}

/** A beginning at another level than the rest, by more than noise and by enough to matter. */
function shiftOf(values: readonly number[]): Settling | undefined {
  const found = settling(values);
  return found?.isClear === true && matters(found.before - found.after, found.after) ? found : undefined;
}

function matters(changeMs: number, ofMs: number): boolean {
  const { change, changeMs: least } = steadinessLimits;
  return Math.abs(changeMs) > Math.max(change * ofMs, least);
}

function warmUp({ cut, before, after }: Settling, { lengthMs, fromMs }: Windows): string {
  const length = formatDuration(cut * lengthMs);
  const where = fromMs === 0 ? `the first ${length}` : `the ${length} from ${formatDuration(fromMs)} on`;
  return `${where} ran at a p50 of ${formatMs(before)}, the rest at ${formatMs(after)}: a \`warmUp\` longer by that keeps them out`;
}

function lateSettling(begin: Settling | undefined, { lengthMs, fromMs }: Windows): string | undefined {
  if (begin === undefined) return undefined;
  const { cut, before, after, isAtEdge } = begin;
  const when = formatDuration(fromMs + cut * lengthMs);
  const words = isAtEdge ? 'and had not settled halfway' : 'which is late for a warm-up';
  return `p50 was ${formatMs(before)} until ${when} and ${formatMs(after)} afterwards, ${words}: its percentiles mix both`;
}

function drift({ p50Ms }: Windows): string | undefined {
  const trend = theilSen(
    p50Ms.map((y, x) => ({ x, y })),
    steadinessLimits.confidence,
  );
  if (trend === undefined || trend.low * trend.high <= 0) return undefined;
  const begin = Math.max(0, trend.intercept);
  const end = trend.intercept + trend.slope * (p50Ms.length - 1);
  if (!matters(end - begin, median(p50Ms) ?? 0)) return undefined;
  const verb = end > begin ? 'rose' : 'fell';
  return `p50 ${verb} from ${formatMs(begin)} to ${formatMs(Math.max(0, end))} while the load held its level: its percentiles are of no state`;
}

/** The same look from the end: a level that is left late is no trend. */
function lastPart({ p50Ms, lengthMs }: Windows): string | undefined {
  const found = shiftOf(p50Ms.toReversed());
  if (found === undefined) return undefined;
  const { cut, before, after } = found;
  return `p50 was ${formatMs(after)} and in the last ${formatDuration(cut * lengthMs)} ${formatMs(before)}: its percentiles mix both`;
}

/** By medians, so that one stall is none; counts that come by chance spread by the root of their number. */
function swing({ completed }: Windows): string | undefined {
  const middle = median(completed) ?? 0;
  const spread = madToSigma * (mad(completed) ?? 0);
  const { swing: most, swingOfChance, requestsPerWindow } = steadinessLimits;
  if (middle < requestsPerWindow || spread <= most * middle || spread <= swingOfChance * Math.sqrt(middle))
    return undefined;
  return `its throughput swung by ${formatPercent(toDigits(spread / middle, 3))} from one window to the next`;
}
