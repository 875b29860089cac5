/**
 * MSER-5: how much of the beginning of a series to leave out so that the rest tells its level best, which is where it has
 * settled (White, Cobb & Spratt 2000; Hoad, Robinson & Davies 2010).
 */
import { median } from './quantile.ts';
import { mad, madToSigma, mean, stdev } from './spread.ts';
import { studentQuantile } from './student.ts';

/** Values to a batch, whose means are looked at: noise from one value to the next is evened out. */
export const mserBatch = 5;
/** Fewer have no beginning and rest. */
const leastBatches = 4;
/** Closer to the level of the rest than so many of its standard deviations is at it, */
const withinSigmas = 3;
/** and so is what is closer than this share of how far the beginning is from it on average. */
const withinShare = 0.05;
/** So many of the rest's standard deviations away is clear, however few batches there are, */
const clearSigmas = 10;
/** unless one of the rest gets this share of the way. */
const clearShare = 0.5;

/** Where a series settles, and at what. */
export type Settling = {
  /** Values before it had settled. */
  readonly cut: number;
  /** As many as it may be, half of all: most likely it has not settled at all. */
  readonly isAtEdge: boolean;
  /** Medians of the values before and after, which one wild value does not move. */
  readonly before: number;
  readonly after: number;
  /**
   * Whether they differ by more than the noise of the rest explains, with a chance of one in a thousand (Student's t), or
   * by ten times its robust deviation while no batch of the rest gets halfway.
   */
  readonly isClear: boolean;
};

/**
 * The cut d that minimises Σ (y − mean)² / (n − d)² over what is left, d up to half of the batches; then back to the last
 * value of that beginning which is not yet at the level of the rest: what is left over of a batch by noise alone is none of
 * it. What is left over behind the last whole batch is not looked at. Nothing for fewer than 20 values, and where nothing
 * is to be cut.
 */
export function settling(values: readonly number[]): Settling | undefined {
  const means = batchMeans(values);
  if (means.length < leastBatches) return undefined;
  const cut = bestCut(means);
  if (cut === 0) return undefined;
  const edge = Math.floor(means.length / 2);
  const at = endOfBeginning(values, cut * mserBatch, cut === edge ? 0 : withinSigmas);
  return {
    cut: at,
    isAtEdge: at > (edge - 1) * mserBatch,
    before: median(values.slice(0, at)) ?? 0,
    after: median(values.slice(at)) ?? 0,
    isClear:
      isBeyondChance(means.slice(0, cut), means.slice(cut)) || isFarAway(values, means, Math.ceil(at / mserBatch)),
  };
}

function endOfBeginning(values: readonly number[], cut: number, sigmas: number): number {
  const rest = values.slice(cut);
  const level = median(rest) ?? 0;
  const shift = Math.abs((mean(values.slice(0, cut)) ?? 0) - level);
  const noise = Math.max(sigmas * madToSigma * (mad(rest) ?? 0), withinShare * shift);
  const last = values.slice(0, cut).findLastIndex((value) => Math.abs(value - level) > noise);
  return last === -1 ? cut : last + 1;
}

function isBeyondChance(head: readonly number[], rest: readonly number[]): boolean {
  const error = (stdev(rest) ?? 0) * Math.sqrt(1 / head.length + 1 / rest.length);
  return Math.abs((mean(head) ?? 0) - (mean(rest) ?? 0)) > error * studentQuantile(0.9995, rest.length - 1);
}

/** By medians: a stall in one of a few batches leaves Student's t no say. */
function isFarAway(values: readonly number[], means: readonly number[], cut: number): boolean {
  const rest = values.slice(cut * mserBatch);
  const level = median(rest) ?? 0;
  const away = Math.abs((median(values.slice(0, cut * mserBatch)) ?? 0) - level);
  if (away <= clearSigmas * madToSigma * (mad(rest) ?? 0)) return false;
  return means.slice(cut).every((each) => Math.abs(each - level) < clearShare * away);
}

function batchMeans(values: readonly number[]): number[] {
  return Array.from(
    { length: Math.floor(values.length / mserBatch) },
    (_, at) => mean(values.slice(at * mserBatch, (at + 1) * mserBatch)) ?? 0,
  );
}

/** By sums from the end, of differences from the last value: far from zero no digits are lost. */
function bestCut(values: readonly number[]): number {
  const origin = values.at(-1) ?? 0;
  const most = Math.floor(values.length / 2);
  let [count, sum, squares] = [0, 0, 0];
  let best = { cut: most, score: Infinity };
  for (let cut = values.length - 1; cut >= 0; cut -= 1) {
    const value = (values[cut] ?? 0) - origin;
    count += 1;
    sum += value;
    squares += value * value;
    if (cut > most) continue;
    const score = Math.max(0, squares - (sum * sum) / count) / (count * count);
    if (score <= best.score) best = { cut, score };
  }
  return best.cut;
}
