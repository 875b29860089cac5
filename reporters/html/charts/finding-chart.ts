/** The chart of a finding: lines, points and bars on two value axes, with their intervals, marks and spans. */
import type { BarSeriesOption, CustomSeriesOption, LineSeriesOption } from 'echarts';
import type { FindingUnit } from '../../../load/measure/finding.ts';
import { formatCount, formatNumber } from '../../../load/measure/units.ts';
import { findingValue } from '../../words/findings.ts';
import type { FindingAxis, FindingColumn, FindingColumns } from '../chart-data/finding-columns.ts';
import {
  type ChartOption,
  type DrawnChart,
  fontFamily,
  formatSecond,
  gridMargin,
  labelledSeconds,
  tooltip,
} from './chart-option.ts';
import { formatTick } from './latency-chart.ts';
import type { Palette } from './palette.ts';
import { formatRateTick } from './rate-chart.ts';
import { shorten } from './shorten.ts';

/** With more points than this a line has no symbols. */
const mostSymbols = 60;
/** Names of marks that stand close together are written above one another, in so many rows. */
const markRows = 3;
const rowHeight = 13;
const longestName = 34;
/** Room for the name of an axis, and for the labels of a second one. */
const nameRoom = 18;

export function findingChart(columns: FindingColumns, palette: Palette): DrawnChart {
  const { left, right } = columns;
  const colors = lineColors(columns, palette);
  const upright = columns.marks.filter(({ on }) => on === 'x').length;
  return {
    animation: false,
    textStyle: { fontFamily, color: palette.text },
    grid: {
      left: gridMargin.left + nameRoom,
      right: right === undefined ? gridMargin.right : gridMargin.left + nameRoom,
      top: gridMargin.top + rowHeight * Math.min(markRows, upright),
      bottom: gridMargin.bottom + nameRoom,
    },
    tooltip: tooltip(palette),
    xAxis: xScale(columns, palette),
    yAxis: [valueScale(left, palette), ...(right === undefined ? [] : [valueScale(right, palette, true)])],
    series: [
      ...columns.lines.map((line, at) => seriesOf(line, colors[at] ?? palette.accent)),
      ...columns.lines.flatMap((line, at) => whiskers(line, colors[at] ?? palette.accent)),
      frame(columns, palette),
    ],
  };
}

/** Lines of the left axis go from light to dark as percentiles do; those of the right one have hues of their own. */
export function lineColors({ lines }: Pick<FindingColumns, 'lines'>, palette: Palette): string[] {
  const hues = {
    left: [palette.percentiles[1], palette.percentiles[3], palette.percentiles[0], palette.percentiles[2]],
    right: palette.series.filter((color) => color !== palette.limit),
  };
  const used = { left: 0, right: 0 };
  return lines.map(({ axis }) => hues[axis][used[axis]++ % hues[axis].length] ?? palette.accent);
}

function seriesOf(line: FindingColumn, color: string): BarSeriesOption | LineSeriesOption {
  return line.style === 'bars' ? barsOf(line, color) : lineOf(line, color);
}

function barsOf(line: FindingColumn, color: string): BarSeriesOption {
  return { type: 'bar', ...placed(line), barMaxWidth: 28, barMinWidth: 2, itemStyle: { color, opacity: 0.55 } };
}

function lineOf(line: FindingColumn, color: string): LineSeriesOption {
  const { axis, style, points } = line;
  return {
    type: 'line',
    ...placed(line),
    symbol: axis === 'left' ? 'circle' : 'diamond',
    symbolSize: style === 'points' ? 7 : points.length > mostSymbols ? 0 : 5,
    showAllSymbol: true,
    itemStyle: { color },
    lineStyle: { color, width: style === 'points' ? 0 : 1.75, ...(axis === 'right' && { type: [6, 3] }) },
  };
}

function placed({ name, axis, points }: FindingColumn) {
  return {
    name,
    yAxisIndex: axis === 'left' ? 0 : 1,
    emphasis: { disabled: true },
    encode: { x: 0, y: 1 },
    data: points.map((point) => [...point]),
  };
}

type RenderItem = NonNullable<CustomSeriesOption['renderItem']>;

/** Intervals as upright lines with a cap at each end. They go with their line when the legend puts it away. */
function whiskers({ name, axis, points }: FindingColumn, color: string): CustomSeriesOption[] {
  const known = points.flatMap(([x, , low, high]) => (low === undefined || high === undefined ? [] : [[x, low, high]]));
  if (known.length === 0) return [];
  return [
    {
      type: 'custom',
      name,
      yAxisIndex: axis === 'left' ? 0 : 1,
      encode: { x: 0, y: [1, 2] },
      tooltip: { show: false },
      silent: true,
      z: 3,
      renderItem: whisker(color),
      data: known,
    },
  ];
}

const capWidth = 4;

function whisker(color: string): RenderItem {
  return (_params, api) => {
    const [x = 0, bottom = 0] = api.coord([api.value(0), api.value(1)]);
    const [, top = 0] = api.coord([api.value(0), api.value(2)]);
    const style = { stroke: color, lineWidth: 1.25 };
    const line = (x1: number, y1: number, x2: number, y2: number) =>
      ({ type: 'line', shape: { x1, y1, x2, y2 }, style }) as const;
    return {
      type: 'group',
      children: [
        line(x, bottom, x, top),
        line(x - capWidth, bottom, x + capWidth, bottom),
        line(x - capWidth, top, x + capWidth, top),
      ],
    };
  };
}

/** Marks and spans, carried by a series without a name, whose invisible points keep the marks of the left axis in view. */
function frame({ x, marks, spans }: FindingColumns, palette: Palette): LineSeriesOption {
  const across = marks.filter(({ on }) => on === 'left');
  return {
    type: 'line',
    name: '',
    silent: true,
    symbol: 'none',
    lineStyle: { width: 0 },
    tooltip: { show: false },
    data: across.map(({ at }) => [x.min, at]),
    markLine: {
      silent: true,
      symbol: 'none',
      data: [
        ...across.map(({ at, name }) => ({
          yAxis: at,
          lineStyle: { color: palette.limit, type: 'solid' as const, width: 1.25 },
          label: {
            position: 'insideEndTop' as const,
            color: palette.limit,
            fontSize: 11,
            formatter: literal(name),
          },
        })),
        ...uprightMarks({ x, marks }, palette),
      ],
    },
    markArea: {
      silent: true,
      itemStyle: { color: palette.shade },
      label: { position: 'insideTop', color: palette.faint, fontSize: 11 },
      data: spans.map(({ from, to, name }) => [{ name: literal(name), xAxis: from }, { xAxis: to }]),
    },
  };
}

function uprightMarks({ x, marks }: Pick<FindingColumns, 'x' | 'marks'>, palette: Palette) {
  const upright = marks.filter(({ on }) => on === 'x').sort((a, b) => a.at - b.at);
  return upright.map(({ at, name }, row) => ({
    xAxis: at,
    lineStyle: { color: palette.second, type: 'solid' as const, width: 1 },
    label: {
      position: 'end' as const,
      color: palette.faint,
      fontSize: 11,
      distance: 3 + rowHeight * (row % markRows),
      align: sideOf(shareOf(x, at)),
      formatter: literal(name),
    },
  }));
}

/** Where along the axis, 0 to 1. */
function shareOf({ min, max, log }: FindingColumns['x'], at: number): number {
  return log ? Math.log(at / min) / Math.log(max / min) : (at - min) / (max - min);
}

/** A name at the edge of the chart is written inwards. */
function sideOf(share: number): 'left' | 'center' | 'right' {
  return share < 0.25 ? 'left' : share > 0.75 ? 'right' : 'center';
}

/** A brace would begin a placeholder. */
function literal(name: string): string {
  return shorten(name, longestName).replaceAll('{', '(').replaceAll('}', ')');
}

function xScale({ x }: FindingColumns, palette: Palette): NonNullable<ChartOption['xAxis']> {
  const { min, max, unit } = x;
  const shared = {
    min,
    max,
    name: shorten(x.name, longestName),
    nameLocation: 'middle' as const,
    nameGap: 26,
    nameTextStyle: { color: palette.faint, fontSize: 11 },
    axisLine: { lineStyle: { color: palette.grid } },
    axisTick: { show: false },
    axisPointer: { label: { show: false } },
    axisLabel: {
      color: palette.faint,
      fontSize: 11,
      hideOverlap: true,
      showMinLabel: false,
      showMaxLabel: false,
      formatter: (value: number) => axisLabel(value, unit),
      ...timeLabels(x),
    },
  };
  if (x.log) return { type: 'log', logBase: 10, splitLine: { show: false }, ...shared };
  return { type: 'value', splitLine: { show: false }, ...(isWhole(unit) && { minInterval: 1 }), ...shared };
}

interface TimeLabels {
  readonly customValues?: number[];
  readonly showMinLabel?: boolean;
  readonly showMaxLabel?: boolean;
}

/** The first and last of chosen labels are no ends of the axis. */
function timeLabels({ unit, min, max, log }: FindingColumns['x']): TimeLabels {
  if (log || (unit !== 'seconds' && unit !== 'minutes')) return {};
  const seconds = unit === 'seconds' ? 1 : 60;
  const customValues = labelledSeconds(min * seconds, max * seconds).map((second) => second / seconds);
  return { customValues, showMinLabel: true, showMaxLabel: true };
}

function valueScale({ name, unit, fromZero }: NonNullable<FindingColumns['right']>, palette: Palette, second = false) {
  return {
    type: 'value' as const,
    name: shorten(name, longestName),
    nameLocation: 'middle' as const,
    nameGap: gridMargin.left - 8,
    nameTextStyle: { color: palette.faint, fontSize: 11 },
    ...(fromZero ? { min: 0 } : { scale: true }),
    ...(isWhole(unit) && { minInterval: 1 }),
    axisLine: { show: false },
    axisTick: { show: false },
    // Two sets of lines would make a net of them.
    splitLine: { show: !second, lineStyle: { color: palette.grid } },
    axisLabel: {
      color: palette.faint,
      fontSize: 11,
      hideOverlap: true,
      formatter: (value: number) => axisLabel(value, unit),
    },
    splitNumber: 4,
  };
}

function isWhole(unit: FindingUnit): boolean {
  return unit === 'users' || unit === 'pair' || unit === 'count';
}

/** As short as an axis needs it: `0`, `250 ms`, `60/s`, `5 %`. */
export function axisLabel(value: number, unit: FindingUnit): string {
  if (value === 0) return '0';
  const short = Number(value.toPrecision(4));
  if (unit === 'ms') return formatTick(value);
  if (unit === 'perSec') return formatRateTick(value);
  if (unit === 'share') return `${Number((value * 100).toPrecision(5))} %`;
  if (unit === 'mb') return `${Math.abs(value) >= 10_000 ? formatCount(value) : short} MB`;
  if (unit === 'seconds') return formatSecond(short);
  if (unit === 'minutes') return formatSecond(Math.round(value * 60));
  if (unit === 'ratio' || unit === 'number' || unit === 'text') return formatNumber(value);
  return findingValue(value, unit);
}

/**
 * Which lines stand on which axis, where there are two: `latency at the left: p50, p95; answered at the right:
 * throughput`. One has its name in the heading.
 */
export function axesInWords({
  left,
  right,
  lines,
}: Pick<FindingColumns, 'left' | 'right' | 'lines'>): string | undefined {
  if (right === undefined) return undefined;
  const side = ({ name }: FindingAxis, axis: FindingColumn['axis'], where: string): string[] => {
    const own = lines.filter((line) => line.axis === axis).map((line) => shorten(line.name, longestName));
    return own.length === 0 ? [] : [`${shorten(name, longestName)} at the ${where}: ${own.join(', ')}`];
  };
  return [...side(left, 'left', 'left'), ...side(right, 'right', 'right')].join('; ');
}
