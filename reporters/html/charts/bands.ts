/** Stretches of time that a chart shades and names at its top: the warm-up, the stages of a load, what happened. */
import type { MarkAreaComponentOption } from 'echarts';
import type { RunEvent } from '../../../load/measure/summary.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import { gridMargin } from './chart-option.ts';
import type { Palette } from './palette.ts';

export interface Band {
  readonly fromSec: number;
  readonly toSec: number;
  /** Stands above the chart; absent where there is no room for it. */
  readonly name?: string;
  readonly color: string;
  readonly nameColor: string;
  /** Names of one row stand beside each other; 0 is the lowest. */
  readonly row: number;
}

export const bandRowHeight = 14;
const letterWidth = 6.2;
/** What lasts no longer than a pixel is seen too. */
const leastWidth = 2;

interface BandParts {
  readonly data: Pick<ChartData, 'axis' | 'stages'>;
  readonly palette: Palette;
  /** Of the whole chart, in pixels. */
  readonly width: number;
}

/** Every second stage is shaded, and each is named where its words fit. */
export function stageBands({ data, palette, width }: BandParts, row: number): Band[] {
  const scale = pixelsPerSec(data.axis, width);
  return (data.stages ?? []).map(({ fromSec, toSec, words }, at) => ({
    fromSec,
    toSec,
    ...(words.length * letterWidth <= (toSec - fromSec) * scale && { name: words }),
    color: at % 2 === 0 ? 'transparent' : palette.shade,
    nameColor: palette.faint,
    row,
  }));
}

/** What lasts nearly as long as the run tells no stretch of it from another: it keeps its number, and shades nothing. */
const longestShare = 0.9;

/** Each has its number in the list of events; those that stand close together share a name: `2–4`. */
export function eventBands(events: readonly RunEvent[], { data: { axis }, palette, width }: BandParts): Band[] {
  const scale = pixelsPerSec(axis, width);
  const stretches = events.map(({ fromMs, toMs = fromMs }) => {
    const fromSec = Math.min(axis.endSec - leastWidth / scale, Math.max(axis.fromSec, fromMs / 1_000));
    return { fromSec, toSec: Math.min(axis.endSec, Math.max(toMs / 1_000, fromSec + leastWidth / scale)) };
  });
  const names = eventNames(stretches.map(({ fromSec, toSec }) => ((fromSec + toSec) / 2) * scale));
  const longest = longestShare * axis.endSec; // the run itself begins at 0, after its warm-up
  return stretches.map((stretch, at) => {
    const name = names.get(at);
    const color = stretch.toSec - stretch.fromSec >= longest ? 'transparent' : palette.event;
    return { ...stretch, ...(name !== undefined && { name }), color, nameColor: palette.limit, row: 0 };
  });
}

interface NameGroup {
  readonly members: readonly number[];
  readonly centre: number;
}

/** The numbers of events by the one that carries their name: no two names write over each other, wherever they stand. */
function eventNames(centres: readonly number[]): ReadonlyMap<number, string> {
  let groups: NameGroup[] = centres
    .map((centre, at) => ({ members: [at], centre }))
    .sort((a, b) => a.centre - b.centre);
  for (let before = 0; before !== groups.length;) {
    before = groups.length;
    groups = groups.reduce<NameGroup[]>((placed, next) => {
      const last = placed.at(-1);
      if (last === undefined || !overlap(last, next)) return [...placed, next];
      return [...placed.slice(0, -1), { members: [...last.members, ...next.members], centre: last.centre }];
    }, []);
  }
  return new Map(groups.map(({ members }) => [members[0] ?? 0, rangesOf(members)]));
}

function overlap(left: NameGroup, right: NameGroup): boolean {
  const letters = rangesOf(left.members).length + rangesOf(right.members).length;
  return right.centre - left.centre < (letters / 2 + 2) * letterWidth;
}

/** `1–3, 5`. */
function rangesOf(members: readonly number[]): string {
  const sorted = [...members].sort((a, b) => a - b);
  return sorted
    .flatMap((at, index) => (index > 0 && sorted[index - 1] === at - 1 ? [] : [rangeFrom(sorted, index)]))
    .join(', ');
}

function rangeFrom(sorted: readonly number[], index: number): string {
  const first = sorted[index] ?? 0;
  const next = sorted.findIndex((at, place) => place > index && at !== first + place - index);
  const last = sorted[(next === -1 ? sorted.length : next) - 1] ?? first;
  return last === first ? String(first + 1) : `${first + 1}–${last + 1}`;
}

function pixelsPerSec(axis: ChartData['axis'], width: number): number {
  return (width - gridMargin.left - gridMargin.right) / Math.max(1e-3, axis.endSec - axis.fromSec);
}

/** Rows of names above the chart. */
export function bandRows(bands: readonly Band[]): number {
  return bands.reduce((rows, { row }) => Math.max(rows, row + 1), 0);
}

export function bandAreas(bands: readonly Band[]): NonNullable<MarkAreaComponentOption['data']> {
  return bands.map(({ fromSec, toSec, name, color, nameColor, row }) => [
    {
      name: name ?? '',
      xAxis: fromSec,
      itemStyle: { color },
      label: {
        show: name !== undefined,
        position: 'top' as const,
        distance: 3 + row * bandRowHeight,
        color: nameColor,
        fontSize: 11,
      },
    },
    { xAxis: toSec },
  ]);
}
