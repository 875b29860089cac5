/**
 * What the chart of a finding draws: its points as finite numbers on axes whose ends are known, each line under a name
 * of its own.
 */
import type { FindingChart, FindingLine, FindingUnit } from '../../../load/measure/finding.ts';

/** `x`, `y` and, where it is known, the interval of `y`. */
export type FindingPoint = FindingLine['points'][number];

export interface FindingColumn {
  /** As the legend and the tooltip call it: no two are alike. */
  readonly name: string;
  readonly axis: FindingLine['axis'];
  readonly style: FindingLine['style'];
  readonly points: readonly FindingPoint[];
}

export interface FindingAxis {
  readonly name: string;
  readonly unit: FindingUnit;
}

export interface FindingColumns {
  readonly x: FindingAxis & { readonly log: boolean; readonly min: number; readonly max: number };
  /** `fromZero` is false where the values lie so close together that an axis from 0 would show a level line. */
  readonly left: FindingAxis & { readonly fromZero: boolean };
  readonly right?: FindingAxis & { readonly fromZero: boolean };
  readonly lines: readonly FindingColumn[];
  readonly marks: FindingChart['marks'];
  readonly spans: NonNullable<FindingChart['spans']>;
}

/** A mark so much above all that was measured would press it onto the floor: it is then left out. */
const farOff = 5;
/** From this share of the highest value on, the lowest one has an axis that does not begin at 0. */
const closeTogether = 0.75;

/** Undefined where there is nothing to draw. */
export function findingColumns({ x, left, right, lines, marks, spans = [] }: FindingChart): FindingColumns | undefined {
  const log = x.log === true;
  const drawn = named(lines.map((line) => ({ ...line, points: line.points.filter((point) => canStand(point, log)) })));
  const xs = drawn.flatMap(({ points }) => points.map(([at]) => at));
  if (xs.length === 0) return undefined;
  const known = (at: number) => Number.isFinite(at) && (!log || at > 0);
  const upright = marks.filter(({ on, at }) => on === 'x' && known(at));
  const stretches = spans.filter(({ from, to }) => known(from) && known(to) && from < to);
  const across = marks.filter(({ on, at }) => on === 'left' && Number.isFinite(at) && isNear(at, drawn));
  const ends = [...xs, ...upright.map(({ at }) => at), ...stretches.flatMap(({ from, to }) => [from, to])];
  const bars = drawn.some(({ style, points }) => style === 'bars' && points.length > 0);
  return {
    x: { name: x.name, unit: x.unit, log, ...widened(lowest(ends), highest(ends), { log, bars }) },
    left: { ...left, fromZero: startsAtZero(drawn, 'left', across) },
    ...(right !== undefined && { right: { ...right, fromZero: startsAtZero(drawn, 'right', []) } }),
    lines: drawn,
    marks: [...across, ...upright],
    spans: stretches,
  };
}

/** Of several lines at one `x`: each place on the axis at which there is a point, in rising order. */
export function placesOf(lines: readonly Pick<FindingColumn, 'points'>[]): number[] {
  return [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
}

function canStand(point: FindingPoint, log: boolean): boolean {
  return point.every(Number.isFinite) && (!log || point[0] > 0);
}

/** A second line of the same name gets a number. */
function named(lines: readonly FindingColumn[]): FindingColumn[] {
  const times = new Map<string, number>();
  return lines.map((line) => {
    const time = (times.get(line.name) ?? 0) + 1;
    times.set(line.name, time);
    return time === 1 ? line : { ...line, name: `${line.name} (${time})` };
  });
}

function valuesOn(lines: readonly FindingColumn[], axis: FindingLine['axis']): number[] {
  return lines
    .filter((line) => line.axis === axis)
    .flatMap(({ points }) => points.flatMap(([, value, low = value, high = value]) => [value, low, high]));
}

function isNear(at: number, lines: readonly FindingColumn[]): boolean {
  const values = valuesOn(lines, 'left');
  return values.length === 0 || at <= farOff * highest(values) || highest(values) <= 0;
}

function startsAtZero(
  lines: readonly FindingColumn[],
  axis: FindingLine['axis'],
  marks: readonly { readonly at: number }[],
): boolean {
  if (lines.some((line) => line.axis === axis && line.style === 'bars')) return true;
  const values = [...valuesOn(lines, axis), ...marks.map(({ at }) => at)];
  if (values.length === 0) return true;
  const [low, high] = [lowest(values), highest(values)];
  return low >= 0 && (low === high || low < closeTogether * high);
}

/** A little air, so that neither a bar nor a single point stands on the edge. */
function widened(low: number, high: number, { log, bars }: { readonly log: boolean; readonly bars: boolean }) {
  if (log) return { min: low / 1.15, max: high * 1.15 };
  if (low === high) return { min: low - (Math.abs(low) * 0.1 || 1), max: high + (Math.abs(high) * 0.1 || 1) };
  const air = (high - low) * (bars ? 0.06 : 0.02);
  return { min: low - air, max: high + air };
}

/** A spread of thousands of values would be too many arguments. */
function lowest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value));
}

function highest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value));
}
