/**
 * A page beside a load, round by round: idle rounds in a strip of their own at the left, since they may lie minutes
 * before the load, and those under load on the time that all charts share.
 */
import type { LineSeriesOption } from 'echarts';
import type { ChartData } from '../chart-data/chart-data.ts';
import type { ProbeColumns, ProbeLine } from '../chart-data/probe-columns.ts';
import type { Column } from '../chart-data/time-axis.ts';
import { type ChartOption, type DrawnChart, gridMargin, lineOf, timeChart } from './chart-option.ts';
import { formatTick } from './latency-chart.ts';
import type { Palette } from './palette.ts';
import { shorten } from './shorten.ts';

export interface ProbeChartParts {
  readonly frame: Pick<ChartData, 'axis' | 'warmUpSec'>;
  readonly probe: ProbeColumns;
  readonly palette: Palette;
  /** In pixels. */
  readonly width: number;
}

/** Told apart by their shape too. */
const symbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect'];
const longestName = 40;
/** Rounds beyond which each is no dot of its own. */
const mostDots = 90;

/** Between the strip of the idle rounds and the load. */
const stripGap = 14;

/** What the idle rounds take at the left, in pixels. */
export function idleWidth({ lines, failedIdle }: ProbeColumns, width: number): number {
  const some = failedIdle.length > 0 || lines.some(({ idle }) => idle.length > 0);
  return some ? Math.min(110, Math.round(width * 0.16)) + stripGap : 0;
}

export function probeChart({ frame, probe, palette, width }: ProbeChartParts): DrawnChart {
  const { axis, warmUpSec } = frame;
  const strip = idleWidth(probe, width);
  const scale = scaleOf(probe.lines);
  const atSec = (at: number) => probe.atSec[at] ?? 0;
  const load = probe.lines.map((line, at) => roundsOf(line, { at, palette, column: line.load, place: atSec }));
  const chart = timeChart({
    palette,
    axis,
    ...(warmUpSec !== undefined && { warmUpSec }),
    series: [...load, failedRounds(probe.failedLoad.map(atSec), palette)],
    format: formatTick,
    ...scale,
  });
  const idleRounds = Math.max(
    0,
    ...probe.lines.map(({ idle }) => idle.length),
    ...probe.failedIdle.map((at) => at + 1),
  );
  if (strip === 0) return chart;
  const idle = [
    ...probe.lines.map((line, at) => roundsOf(line, { at, palette, column: line.idle, place: (round) => round + 1 })),
    failedRounds(
      probe.failedIdle.map((at) => at + 1),
      palette,
    ),
  ].map((series) => ({ ...series, xAxisIndex: 1, yAxisIndex: 1, data: asIdle(series.data) }));
  return {
    ...chart,
    grid: [
      { ...gridMargin, left: gridMargin.left + strip },
      {
        ...gridMargin,
        right: 'auto',
        width: strip - stripGap,
        show: true,
        backgroundColor: palette.shade,
        borderWidth: 0,
      },
    ],
    xAxis: [chart.xAxis ?? {}, stripAxis(idleRounds, palette)].flat(),
    yAxis: axesBesides(chart.yAxis),
    series: [...chart.series, ...idle],
  };
}

/** The labels stand at the left of all, on the strip; the load has the same scale without them. */
function axesBesides(axis: DrawnChart['yAxis']): NonNullable<ChartOption['yAxis']> {
  const [shown = {}] = [axis ?? {}].flat();
  return [
    { ...shown, axisLabel: { show: false } },
    { ...shown, gridIndex: 1 },
  ] as NonNullable<ChartOption['yAxis']>;
}

function stripAxis(rounds: number, palette: Palette): object {
  return {
    type: 'value',
    gridIndex: 1,
    min: 0.5,
    max: Math.max(1, rounds) + 0.5,
    axisLine: { lineStyle: { color: palette.grid } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      color: palette.faint,
      fontSize: 11,
      customValues: [(Math.max(1, rounds) + 1) / 2],
      formatter: () => 'idle',
    },
    axisPointer: { label: { show: false } },
  };
}

interface RoundsParts {
  readonly at: number;
  readonly palette: Palette;
  readonly column: Column;
  readonly place: (round: number) => number;
}

function roundsOf({ name, kind }: ProbeLine, { at, palette, column, place }: RoundsParts): LineSeriesOption {
  const isControl = kind === 'control';
  const color = isControl ? palette.second : (palette.lines[at % palette.lines.length] ?? palette.accent);
  const line = lineOf(
    { name: shorten(name, longestName), color, width: isControl ? 1 : kind === 'lcp' ? 2.25 : 1.5, dashed: isControl },
    column.map((value, round) => [place(round), value]),
  );
  if (isControl) return line;
  return { ...line, symbol: symbols[at % symbols.length] ?? 'circle', symbolSize: column.length > mostDots ? 2 : 6 };
}

/** At the foot of the frame, where no figure is. */
function failedRounds(places: readonly number[], palette: Palette): LineSeriesOption {
  return {
    type: 'line',
    name: places.length === 0 ? '' : 'failed round',
    symbol: 'path://M0 0L2 0L5 3L8 0L10 0L6 4L10 8L8 8L5 5L2 8L0 8L4 4Z',
    symbolSize: 9,
    showAllSymbol: true,
    emphasis: { disabled: true },
    itemStyle: { color: palette.limit },
    lineStyle: { width: 0 },
    data: places.map((place) => [place, 0]),
  };
}

/** Marked, so that whoever reads a point knows where it is. */
function asIdle(data: LineSeriesOption['data']): NonNullable<LineSeriesOption['data']> {
  return (data ?? []).map((point) => [...(point as (string | number)[]), 'idle']);
}

/** Top and steps of a scale that both frames share. */
function scaleOf(lines: readonly ProbeLine[]): { readonly max: number; readonly interval: number } {
  const high = lines
    .flatMap(({ idle, load }) => [...idle, ...load])
    .reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
  if (high <= 0) return { max: 1, interval: 0.5 };
  const power = 10 ** Math.floor(Math.log10(high / 4));
  const step = ([1, 2, 2.5, 5, 10].find((each) => each * power * 4 >= high) ?? 10) * power;
  return { max: Math.ceil((high * 1.02) / step) * step, interval: step };
}
