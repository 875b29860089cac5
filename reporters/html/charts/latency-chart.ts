/** Percentiles of the latency over time, with the thresholds as lines and, where there is one, the baseline's p95. */
import type { LineSeriesOption } from 'echarts';
import { formatMs } from '../../../load/measure/units.ts';
import type { ChartData, LimitLine } from '../chart-data/chart-data.ts';
import { shownPercentiles } from '../chart-data/latency-columns.ts';
import { alongAxis, type ChartOption, lineOf, timeChart } from './chart-option.ts';
import type { Palette } from './palette.ts';

/** From this ratio of highest to lowest on, a linear axis would press most curves onto its floor. */
const logFromRatio = 50;

export interface LatencyChartParts {
  readonly data: ChartData;
  readonly palette: Palette;
  readonly baseline?: ChartData;
}

export function latencyChart({ data, palette, baseline }: LatencyChartParts): ChartOption {
  const lines: LineSeriesOption[] = shownPercentiles.map((name, at) =>
    lineOf(
      { name, color: palette.percentiles[at] ?? palette.accent, width: name === 'p95' ? 2.25 : 1.5 },
      alongAxis(data.axis, data.latency[name]),
    ),
  );
  if (baseline !== undefined) {
    const line = { name: 'p95, baseline', color: palette.second, dashed: true };
    lines.push(lineOf(line, alongAxis(baseline.axis, baseline.latency.p95)));
  }
  const [first, ...rest] = lines;
  const series = first === undefined ? [] : [{ ...first, markLine: limitLines(data.limits, palette) }, ...rest];
  const log = needsLogScale(data);
  return timeChart({
    palette,
    axis: data.axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    series,
    format: log ? formatDecade : formatTick,
    log,
  });
}

function limitLines(limits: readonly LimitLine[], palette: Palette): NonNullable<LineSeriesOption['markLine']> {
  return {
    silent: true,
    symbol: 'none',
    data: limits.map(({ metric, comparison, ms, kind }) => {
      const color = kind === 'target' ? palette.limit : palette.acceptable;
      return {
        yAxis: ms,
        lineStyle: { color, type: kind === 'target' ? 'solid' : 'dashed', width: 1.25 },
        label: {
          position: 'insideEndTop',
          color,
          fontSize: 11,
          formatter: `${metric} ${comparison} ${formatMs(ms)}${kind === 'acceptable' ? ' acceptable' : ''}`,
        },
      };
    }),
  };
}

function needsLogScale({ latency }: ChartData): boolean {
  const values = shownPercentiles.flatMap((name) => latency[name].filter((ms) => ms !== null && ms > 0)) as number[];
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
