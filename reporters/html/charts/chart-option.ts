/**
 * The frame that all charts share: fonts, grid, the time axis, legend and tooltip, so that charts above one another
 * line up and mean the same second at the same place.
 */
import type {
  BarSeriesOption,
  ComposeOption,
  CustomSeriesOption,
  DataZoomComponentOption,
  GridComponentOption,
  LegendComponentOption,
  LineSeriesOption,
  MarkAreaComponentOption,
  MarkLineComponentOption,
  TooltipComponentOption,
} from 'echarts';
import { formatDuration } from '../../../load/measure/units.ts';
import { type Column, middleOf, roundSec, type TimeAxis } from '../chart-data/time-axis.ts';
import type { Palette } from './palette.ts';

export type ChartOption = ComposeOption<
  | LineSeriesOption
  | BarSeriesOption
  | CustomSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | TooltipComponentOption
  | DataZoomComponentOption
  | MarkLineComponentOption
  | MarkAreaComponentOption
>;
/** A chart with the parts that a page adds to. */
export type DrawnChart = Omit<ChartOption, 'tooltip' | 'grid' | 'series'> & {
  readonly tooltip: TooltipComponentOption;
  readonly grid: GridComponentOption | GridComponentOption[];
  readonly series: Series[];
};
export type Series = LineSeriesOption | BarSeriesOption | CustomSeriesOption;

/** Single quotes: the SVG renderer puts it into an attribute as it is. */
export const fontFamily =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif";

/** Room at the left for the labels of the value axis; the same in all charts, so that their seconds line up. */
export const gridMargin = { left: 64, right: 20, top: 14, bottom: 26 } as const;

/** A chart of figures over time. */
export interface TimeChart {
  readonly palette: Palette;
  readonly axis: Pick<TimeAxis, 'fromSec' | 'endSec'>;
  readonly warmUpSec?: number;
  /** Stretches that are marked, with the rows that their names take. */
  readonly marked?: { readonly areas: NonNullable<MarkAreaComponentOption['data']>; readonly top: number };
  readonly series: readonly Series[];
  /** How values of the axis are printed. */
  readonly format: (value: number) => string;
  readonly log?: boolean;
  /** Values are counted, so that no label stands between two whole numbers. */
  readonly whole?: boolean;
  /** Top of the axis where it is known: 1 of a share. */
  readonly max?: number;
  /** Between two labels; half of `max` where nothing is said. */
  readonly interval?: number;
  /** Low, so that few labels have room. */
  readonly flat?: boolean;
}

export function timeChart(chart: TimeChart): DrawnChart {
  const { palette, series, format } = chart;
  return {
    animation: false,
    textStyle: { fontFamily, color: palette.text },
    grid: { ...gridMargin, top: gridMargin.top + (chart.marked?.top ?? 0) },
    tooltip: tooltip(palette),
    xAxis: timeScale(chart),
    yAxis: valueScale(palette, format, chart),
    series: withMarks(series, chart),
  };
}

function timeScale({ palette, axis }: Pick<TimeChart, 'palette' | 'axis'>): NonNullable<ChartOption['xAxis']> {
  return {
    type: 'value',
    min: axis.fromSec,
    max: axis.endSec > axis.fromSec ? axis.endSec : axis.fromSec + 1,
    axisLine: { lineStyle: { color: palette.grid } },
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      color: palette.faint,
      fontSize: 11,
      hideOverlap: true,
      customValues: labelledSeconds(axis.fromSec, axis.endSec),
      formatter: (second: number) => formatSecond(second),
    },
    axisPointer: { label: { show: false } },
  };
}

function valueScale(
  palette: Palette,
  format: (value: number) => string,
  {
    log = false,
    whole = false,
    max,
    interval,
    flat = false,
  }: Pick<TimeChart, 'log' | 'whole' | 'max' | 'interval' | 'flat'>,
): NonNullable<ChartOption['yAxis']> {
  const shared = {
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: palette.grid } },
    axisLabel: { color: palette.faint, fontSize: 11, hideOverlap: true, formatter: format },
    splitNumber: flat ? 2 : 4,
  };
  return log
    ? { type: 'log', logBase: 10, ...shared }
    : {
        type: 'value',
        min: 0,
        ...(whole && { minInterval: 1 }),
        ...(max !== undefined && { max, interval: interval ?? max / 2 }),
        ...shared,
      };
}

export function tooltip(palette: Palette): TooltipComponentOption {
  return {
    trigger: 'axis',
    confine: true,
    transitionDuration: 0,
    backgroundColor: palette.background,
    borderColor: palette.grid,
    padding: [6, 10],
    textStyle: { color: palette.text, fontSize: 12, fontFamily },
    axisPointer: { type: 'line', animation: false, lineStyle: { color: palette.second, type: 'solid' } },
  };
}

export interface Line {
  readonly name: string;
  readonly color: string;
  readonly width?: number;
  readonly dashed?: boolean;
  readonly area?: boolean;
}

/** A line over time. A point between two gaps would not be seen as a line, so it is drawn as a dot. */
export function lineOf(line: Line, data: (readonly [second: number, value: number | null])[]): LineSeriesOption {
  const alone = data.map(
    ([, value], at) => value !== null && (data[at - 1]?.[1] ?? null) === null && (data[at + 1]?.[1] ?? null) === null,
  );
  return {
    type: 'line',
    name: line.name,
    symbol: 'circle',
    symbolSize: (_: unknown, { dataIndex }: { dataIndex: number }) => (alone[dataIndex] === true ? 5 : 0),
    showAllSymbol: true,
    connectNulls: false,
    emphasis: { disabled: true },
    itemStyle: { color: line.color },
    lineStyle: { color: line.color, width: line.width ?? 1.5, ...(line.dashed === true && { type: [5, 4] }) },
    ...(line.area === true && { areaStyle: { color: line.color, opacity: 0.14 } }),
    data: data.map(([second, value]) => [second, value ?? '-']),
  };
}

/**
 * The same where some points are less sure than the others: they are dotted, and the way to them. Both halves have one
 * name, so that a legend puts them away together.
 */
export function linesOf(
  line: Line,
  data: (readonly [second: number, value: number | null])[],
  isUnsure: (point: number) => boolean,
): LineSeriesOption[] {
  const unsure = data.map(([, value], at) => value !== null && isUnsure(at));
  if (!unsure.includes(true)) return [lineOf(line, data)];
  const only = (isKept: (at: number) => boolean) =>
    data.map(([second, value], at): [number, number | null] => [second, isKept(at) ? value : null]);
  const dotted = lineOf(
    { ...line, area: false, width: Math.min(1.5, line.width ?? 1.5) },
    only((at) => unsure[at] === true || unsure[at - 1] === true || unsure[at + 1] === true),
  );
  return [
    lineOf(
      line,
      only((at) => unsure[at] !== true),
    ),
    { ...dotted, lineStyle: { ...dotted.lineStyle, type: [1.5, 3], cap: 'round' } },
  ];
}

/** A column with the second of each point. */
export function alongAxis(axis: TimeAxis, column: Column): [second: number, value: number | null][] {
  return column.map((value, point) => [middleOf(axis, point), value]);
}

/** `1m30s` into the measured part; the warm-up counts down to 0. */
export function formatSecond(second: number): string {
  const ms = Math.round(second * 1e6) / 1e3;
  return ms === 0 ? '0' : ms < 0 ? `−${formatDuration(-ms)}` : formatDuration(ms);
}

/** The warm-up as a shaded strip with its name, and whatever else is marked, carried by the first series. */
function withMarks(series: readonly Series[], { palette, warmUpSec, marked }: TimeChart): Series[] {
  const [first, ...rest] = series;
  const areas: NonNullable<MarkAreaComponentOption['data']> = [
    ...(warmUpSec === undefined ? [] : [[{ name: 'warm-up', xAxis: -warmUpSec }, { xAxis: 0 }] as [object, object]]),
    ...(marked?.areas ?? []),
  ];
  if (first === undefined || areas.length === 0) return [...series];
  const markArea: MarkAreaComponentOption = {
    silent: true,
    itemStyle: { color: palette.shade },
    label: { position: 'insideTopLeft', color: palette.faint, fontSize: 11 },
    data: areas,
  };
  return [Object.assign({}, first, { markArea }), ...rest];
}

const labelSteps = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600,
  7_200, 21_600, 43_200, 86_400,
];

/** Round seconds of a stretch of time, about nine of them. */
export function labelledSeconds(fromSec: number, toSec: number): number[] {
  const step = labelSteps.find((each) => (toSec - fromSec) / each <= 9) ?? Math.ceil((toSec - fromSec) / 9);
  const first = Math.ceil(fromSec / step);
  return Array.from({ length: Math.floor(toSec / step) - first + 1 }, (_, at) => roundSec((first + at) * step));
}
