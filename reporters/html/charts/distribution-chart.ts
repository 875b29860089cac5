/** The latencies of the whole run on a log axis, with their percentiles. */
import type { LineSeriesOption } from 'echarts';
import { formatMs, formatPercent } from '../../../load/measure/units.ts';
import type { Distribution } from '../chart-data/distribution.ts';
import { type DrawnChart, fontFamily, gridMargin, tooltip } from './chart-option.ts';
import { formatDecade } from './latency-chart.ts';
import type { Palette } from './palette.ts';

export interface DistributionChartParts {
  readonly distribution: Distribution;
  readonly palette: Palette;
  /** In pixels. */
  readonly width: number;
}

/** Percentiles that get a line. */
const marked = ['p50', 'p95', 'p99', 'max'];
const rowHeight = 13;
const labelWidth = 30;

export function distributionChart({ distribution, palette, width }: DistributionChartParts): DrawnChart {
  const edges = distribution.edgesMs;
  const low = edges.reduce((least, ms) => Math.min(least, ms));
  const high = edges.reduce((most, ms) => Math.max(most, ms));
  const scale = (width - gridMargin.left - gridMargin.right) / Math.log(((high * 1.15) / low) * 1.15);
  const labels = labelRows(distribution, scale);
  const rows = labels.reduce((most, { row }) => Math.max(most, row + 1), 1);
  return {
    animation: false,
    textStyle: { fontFamily, color: palette.text },
    grid: { ...gridMargin, top: 8 + rows * rowHeight },
    tooltip: tooltip(palette),
    xAxis: {
      type: 'log',
      min: low / 1.15,
      max: high * 1.15,
      axisLine: { lineStyle: { color: palette.grid } },
      axisTick: { show: false },
      splitLine: { lineStyle: { color: palette.grid } },
      axisLabel: {
        color: palette.faint,
        fontSize: 11,
        formatter: formatDecade,
        showMinLabel: false,
        showMaxLabel: false,
        hideOverlap: true,
        ...finerLabels(low, high),
      },
      axisPointer: { label: { show: false } },
    },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 3,
      ...shareAxis(distribution),
      axisLine: { show: false },
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: {
        color: palette.faint,
        fontSize: 11,
        formatter: (share: number) => (share === 0 ? '0' : formatPercent(Number(share.toPrecision(2)))),
      },
    },
    series: [
      {
        ...outline('requests', distribution, palette.accent),
        markLine: percentileLines(labels, palette),
      },
    ],
  };
}

interface LogLabels {
  readonly customValues?: number[];
  readonly showMinLabel?: boolean;
  readonly showMaxLabel?: boolean;
}

/** Between fewer than two powers of ten, 2 and 5 of each are labelled too; where that are fewer than two, even steps. */
export function finerLabels(low: number, high: number): LogLabels {
  if (Math.log10(high / low) >= 2) return {};
  const decade = Math.floor(Math.log10(low));
  const values = [0, 1, 2].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** (decade + power)));
  const shown = values.filter((ms) => ms >= low && ms <= high);
  const customValues = shown.length > 1 || high <= low ? shown : evenSteps(low, high);
  return { customValues, showMinLabel: true, showMaxLabel: true }; // none of these is an end of the axis
}

/** Multiples of 1, 2 or 5 times a power of ten, three at least. */
function evenSteps(low: number, high: number): number[] {
  const power = 10 ** Math.floor(Math.log10((high - low) / 3));
  const step = power * ([5, 2].find((factor) => factor * power <= (high - low) / 3) ?? 1);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

/** No share is above 1: a step that holds nearly all ends the axis there. */
function shareAxis({ counts, count }: Distribution): { readonly max?: number; readonly interval?: number } {
  const most = counts.reduce((peak, each) => Math.max(peak, each), 0);
  return most / count > 0.9 ? { max: 1, interval: 0.25 } : {};
}

/** Share of the requests per step, as the outline of a histogram: it begins and ends on the axis. */
function outline(name: string, { edgesMs, counts, count }: Distribution, color: string): LineSeriesOption {
  const first = edgesMs[0] ?? 1;
  const points: [number, number][] = [
    [first * 0.999, 0],
    ...counts.map((each, at): [number, number] => [edgesMs[at] ?? first, each / count]),
  ];
  points.push([edgesMs.at(-1) ?? first, 0]);
  return {
    type: 'line',
    name,
    step: 'end',
    symbol: 'none',
    emphasis: { disabled: true },
    itemStyle: { color },
    lineStyle: { color, width: 1.5 },
    areaStyle: { color, opacity: 0.18 },
    data: points,
  };
}

type PlacedLabel = Distribution['percentiles'][number] & { readonly row: number };

/** Each in the lowest row in which it stands clear of those before it. */
export function labelRows({ percentiles }: Pick<Distribution, 'percentiles'>, pixelsPerE: number): PlacedLabel[] {
  const ends: number[] = [];
  return percentiles
    .filter(({ name }) => marked.includes(name))
    .map((each) => {
      const x = Math.log(each.ms) * pixelsPerE;
      const free = ends.findIndex((end) => x - labelWidth / 2 >= end);
      const row = free === -1 ? ends.length : free;
      ends[row] = x + labelWidth / 2;
      return { ...each, row };
    });
}

function percentileLines(labels: readonly PlacedLabel[], palette: Palette): NonNullable<LineSeriesOption['markLine']> {
  return {
    silent: true,
    symbol: 'none',
    data: labels.map(({ name, ms, row, unsure }) => ({
      xAxis: ms,
      lineStyle: { color: palette.second, type: unsure === true ? 'dotted' : 'solid', width: 1 },
      label: {
        formatter: name,
        position: 'end',
        color: palette.faint,
        fontSize: 11,
        distance: 3 + row * rowHeight,
      },
      name: formatMs(ms),
    })),
  };
}
