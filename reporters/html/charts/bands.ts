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

/** Each has its number in the list of events; those that stand close together share a name: `2–4`. */
export function eventBands(events: readonly RunEvent[], { data: { axis }, palette, width }: BandParts): Band[] {
  const scale = pixelsPerSec(axis, width);
  const bands = events.map(({ fromMs, toMs = fromMs }) => {
    const fromSec = Math.min(axis.endSec - leastWidth / scale, Math.max(axis.fromSec, fromMs / 1_000));
    return { fromSec, toSec: Math.min(axis.endSec, Math.max(toMs / 1_000, fromSec + leastWidth / scale)) };
  });
  const names: (string | undefined)[] = bands.map(() => undefined);
  for (let first = 0; first < bands.length;) {
    let last = first;
    const centre = (at: number) => (((bands[at]?.fromSec ?? 0) + (bands[at]?.toSec ?? 0)) / 2) * scale;
    while (last + 1 < bands.length && Math.abs(centre(last + 1) - centre(first)) < 3 * letterWidth) last += 1;
    names[first] = last === first ? String(first + 1) : `${first + 1}–${last + 1}`;
    first = last + 1;
  }
  return bands.map((band, at) => {
    const name = names[at];
    return { ...band, ...(name !== undefined && { name }), color: palette.event, nameColor: palette.limit, row: 0 };
  });
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
