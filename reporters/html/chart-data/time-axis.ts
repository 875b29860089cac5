/**
 * The seconds of a run as points of a chart. A long run has more seconds than a chart has room for, so neighbours
 * share a point; whatever is shown of it is then computed from all of its seconds together.
 */
/** A figure per point; null where nothing was measured, which a chart shows as a gap. */
export type Column = (number | null)[];

export interface TimeAxis {
  /** Start of the first point, in seconds from the start of the measured part; negative in a warm-up. */
  readonly fromSec: number;
  /** Seconds that share a point. */
  readonly stepSec: number;
  readonly points: number;
  /** End of the run, which may lie within the last point. */
  readonly endSec: number;
}

/** The point that a second belongs to; outside the axis it is negative or too large. */
export function pointOf(axis: TimeAxis, second: number): number {
  return Math.floor((second - axis.fromSec) / axis.stepSec + 1e-9);
}

/** Start of a point, in seconds. */
export function secondOf(axis: TimeAxis, point: number): number {
  return roundSec(axis.fromSec + point * axis.stepSec);
}

/** Without the dust of binary fractions: three times 0.1 is 0.3. */
export function roundSec(second: number): number {
  return Math.round(second * 1e6) / 1e6;
}

/** Seconds of a point that belong to the run: fewer than `stepSec` where it began or ended in between. */
export function coveredSec(axis: TimeAxis, point: number): number {
  const from = secondOf(axis, point);
  return Math.max(0, Math.min(from + axis.stepSec, axis.endSec) - from);
}

/** Whether the run ended within the point: what it holds is of less time than that of the others. */
export function isPartial(axis: TimeAxis, point: number): boolean {
  return coveredSec(axis, point) < axis.stepSec - 1e-6;
}

/** Middle of the part of a point that belongs to the run, so that a wide point is not drawn too early. */
export function middleOf(axis: TimeAxis, point: number): number {
  return roundSec(secondOf(axis, point) + coveredSec(axis, point) / 2);
}

/** A tail shorter than this says nothing of a rate, nor one of a quarter of a short point: one late response would make it a thousand per second. */
const shortestTailSec = 0.25;

/** Counts per point as rates per second. A point's own length counts, not the second's: a run may end in between. */
export function perSecond(axis: TimeAxis, counts: readonly number[]): Column {
  return counts.map((count, point) => {
    const covered = coveredSec(axis, point);
    if (covered <= 0 || (axis.points > 1 && covered < Math.min(shortestTailSec, axis.stepSec / 4))) return null;
    return tidy(count / covered, rateDigits);
  });
}

/** Of a rate, so that the count behind it can be told from it. */
const rateDigits = 7;

/** Four significant digits: what a chart can show, and shorter on the wire. What is no number becomes a gap. */
export function tidy(value: number | undefined, digits = 4): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Number(value.toPrecision(digits));
}

export function emptyColumn(axis: TimeAxis): Column {
  return new Array<number | null>(axis.points).fill(null);
}
