/** Percentiles of the latency over time, with the thresholds as lines and, where there is one, the baseline's p95 beside them. */
import type { LineSeriesOption } from 'echarts';
import { formatMs } from '../../../load/measure/units.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import type { LimitLine } from '../chart-data/limit-lines.ts';
import { shownPercentiles } from '../chart-data/shown-percentiles.ts';
import type { Column } from '../chart-data/time-axis.ts';
import { carries, percents } from '../../../load/measure/carried.ts';
import type { RunEvent } from '../../../load/measure/summary.ts';
import { bandAreas, bandRowHeight, bandRows, eventBands, stageBands } from './bands.ts';
import { alongAxis, type DrawnChart, linesOf, timeChart } from './chart-option.ts';
import type { Palette } from './palette.ts';

/** From this ratio of highest to lowest on, a linear axis would press most curves onto its floor. */
const logFromRatio = 50;

export interface LatencyChartParts {
  readonly data: ChartData;
  readonly palette: Palette;
  /** The p95 of the earlier run as a whole, in milliseconds. */
  readonly baselineP95Ms?: number;
  /** Marked by their numbers. */
  readonly events?: readonly RunEvent[];
  /** In pixels: names that do not fit are left out. */
  readonly width?: number;
}

/** Where nobody says how wide the chart will be. */
const usualWidth = 860;

export function latencyChart(parts: LatencyChartParts): DrawnChart {
  const { data, palette, baselineP95Ms } = parts;
  const lines: LineSeriesOption[] = shownPercentiles.flatMap((name, at) =>
    linesOf(
      { name, color: palette.percentiles[at] ?? palette.accent, width: name === 'p95' ? 2.25 : 1.5 },
      alongAxis(data.axis, data.latency[name]),
      (point) => !carries(percents[name], data.latency.counts[point] ?? 0),
    ),
  );
  const [first, ...rest] = lines;
  const series =
    first === undefined ? [] : [{ ...first, markLine: levels(data.limits, palette, baselineP95Ms) }, ...rest];
  const log = needsLogScale(shownPercentiles.map((name) => data.latency[name]));
  const marked = marksOf(parts);
  return timeChart({
    palette,
    axis: data.axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    marked,
    series,
    format: log ? formatDecade : formatTick,
    log,
  });
}

function marksOf({ data, palette, events = [], width = usualWidth }: LatencyChartParts) {
  const found = eventBands(events, { data, palette, width });
  const bands = [...stageBands({ data, palette, width }, bandRows(found)), ...found];
  return { areas: bandAreas(bands), top: bandRows(bands) * bandRowHeight };
}

/** Limits as lines across the chart, and the p95 of an earlier run. */
export function levels(
  lines: readonly LimitLine[],
  palette: Palette,
  baselineP95Ms?: number,
): NonNullable<LineSeriesOption['markLine']> {
  const limits = lines.map((limit) => ({
    ms: limit.ms,
    color: limit.kind === 'target' ? palette.limit : palette.acceptable,
    dashed: limit.kind === 'acceptable',
    text: limitText(limit),
    position: 'insideEndTop' as const,
  }));
  const baseline =
    baselineP95Ms === undefined
      ? []
      : [
          {
            ms: baselineP95Ms,
            color: palette.second,
            dashed: true,
            text: `p95 of the baseline ${formatMs(baselineP95Ms)}`,
            position: 'insideMiddleTop' as const,
          },
        ];
  return {
    silent: true,
    symbol: 'none',
    data: [...limits, ...baseline].map(({ ms, color, dashed, text, position }) => ({
      yAxis: ms,
      lineStyle: { color, type: dashed ? 'dashed' : 'solid', width: 1.25 },
      label: { position, color, fontSize: 11, formatter: text },
    })),
  };
}

function limitText({ metric, comparison, ms, kind }: LimitLine): string {
  return `${metric} ${comparison} ${formatMs(ms)}${kind === 'acceptable' ? ' acceptable' : ''}`;
}

export function needsLogScale(columns: readonly Column[]): boolean {
  const values = columns.flatMap((column) => column.filter((ms) => ms !== null && ms > 0)) as number[];
  if (values.length === 0) return false;
  const low = values.reduce((least, ms) => Math.min(least, ms));
  const high = values.reduce((most, ms) => Math.max(most, ms));
  return high / low > logFromRatio;
}

/** Labels of a linear axis: `0`, `250 ms`, `1.5 s`. */
export function formatTick(ms: number): string {
  if (ms === 0) return '0';
  return ms >= 1_000 ? `${Number((ms / 1_000).toPrecision(4))} s` : `${Number(ms.toPrecision(4))} ms`;
}

/** Labels of a log axis: powers of ten alone. */
export function formatDecade(ms: number): string {
  return formatTick(Number(ms.toPrecision(6)));
}
