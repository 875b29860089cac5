/**
 * MSER-5: how much of the beginning of a series to leave out so that the rest tells its level best, which is where it has
 * settled (White, Cobb & Spratt 2000; Hoad, Robinson & Davies 2010).
 */
import { median } from './quantile.ts';
import { mean, stdev } from './spread.ts';
import { studentQuantile } from './student.ts';

/** Values to a batch, whose means are looked at: noise from one value to the next is evened out. */
export const mserBatch = 5;
/** Fewer have no beginning and rest. */
const leastBatches = 4;

/** Where a series settles, and at what. */
export type Settling = {
  /** Values before it had settled. */
  readonly cut: number;
  /** As many as it may be, half of all: most likely it has not settled at all. */
  readonly isAtEdge: boolean;
  /** Medians of the values before and after, which one wild value does not move. */
  readonly before: number;
  readonly after: number;
  /** Whether they differ by more than the noise of the rest explains, with a chance of one in a thousand (Student's t). */
  readonly isClear: boolean;
};

/**
 * The cut d that minimises Σ (y − mean)² / (n − d)² over what is left, d up to half of the batches, then within its last
 * batch. What is left over behind the last whole batch is not looked at. Nothing for fewer than 20 values, and where nothing
 * is to be cut.
 */
export function settling(values: readonly number[]): Settling | undefined {
  const means = batchMeans(values);
  if (means.length < leastBatches) return undefined;
  const cut = bestCut(means, 0, Math.floor(means.length / 2));
  if (cut === 0) return undefined;
  const [head, rest] = [means.slice(0, cut), means.slice(cut)];
  const at = bestCut(values, (cut - 1) * mserBatch + 1, cut * mserBatch);
  const error = (stdev(rest) ?? 0) * Math.sqrt(1 / head.length + 1 / rest.length);
  return {
    cut: at,
    isAtEdge: cut === Math.floor(means.length / 2),
    before: median(values.slice(0, at)) ?? 0,
    after: median(values.slice(at)) ?? 0,
    isClear: Math.abs((mean(head) ?? 0) - (mean(rest) ?? 0)) > error * studentQuantile(0.9995, rest.length - 1),
  };
}

function batchMeans(values: readonly number[]): number[] {
  return Array.from(
    { length: Math.floor(values.length / mserBatch) },
    (_, at) => mean(values.slice(at * mserBatch, (at + 1) * mserBatch)) ?? 0,
  );
}

/**
 * Of the cuts from `least` to `most`. By sums from the end, of differences from the last value: far from zero no digits
 * are lost.
 */
function bestCut(values: readonly number[], least: number, most: number): number {
  const origin = values.at(-1) ?? 0;
  let [count, sum, squares] = [0, 0, 0];
  let best = { cut: most, score: Infinity };
  for (let cut = values.length - 1; cut >= least; cut -= 1) {
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
