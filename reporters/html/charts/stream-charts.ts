/** Streams and sockets over time: how much comes and goes, and how long one waits for it. */
import type { LineSeriesOption } from 'echarts';
import { carries, percents } from '../../../load/measure/carried.ts';
import { formatCount } from '../../../load/measure/units.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import { streamPercentiles } from '../chart-data/shown-percentiles.ts';
import type { SocketColumns } from '../chart-data/socket-columns.ts';
import type { StreamColumns, StreamTimeColumns } from '../chart-data/stream-columns.ts';
import { type Column, isPartial, type TimeAxis } from '../chart-data/time-axis.ts';
import { alongAxis, type DrawnChart, lineOf, linesOf, timeChart } from './chart-option.ts';
import { formatDecade, formatTick, levels, needsLogScale } from './latency-chart.ts';
import type { Palette } from './palette.ts';
import { formatRateTick } from './rate-chart.ts';

/** The frame of the run's own charts, so that all show the same time. */
type Frame = Pick<ChartData, 'axis' | 'warmUpSec'>;

/** Events per second, and tokens where any were counted. */
export function eventsChart(frame: Frame, streams: StreamColumns, palette: Palette): DrawnChart {
  const [first, second] = palette.lines;
  return timeChart({
    ...frameOf(frame, palette),
    series: [
      ...rateLines({ name: 'events', color: first, area: true }, streams.axis, streams.eventsPerSec),
      ...(streams.tokensPerSec === undefined
        ? []
        : rateLines({ name: 'tokens', color: second }, streams.axis, streams.tokensPerSec)),
    ],
    format: formatRateTick,
  });
}

/** Time to the first event, or the gaps, with the limits on them as lines. */
export function streamTimeChart(
  frame: Frame,
  { axis, columns }: { readonly axis: TimeAxis; readonly columns: StreamTimeColumns },
  palette: Palette,
): DrawnChart {
  const colors = { p50: palette.percentiles[0], p99: palette.percentiles[3] };
  const lines: LineSeriesOption[] = streamPercentiles.flatMap((name) =>
    linesOf(
      { name, color: colors[name] },
      alongAxis(axis, columns[name]),
      (point) => !carries(percents[name], columns.counts[point] ?? 0),
    ),
  );
  const [first, ...rest] = lines;
  const log = needsLogScale(streamPercentiles.map((name) => columns[name]));
  return timeChart({
    ...frameOf(frame, palette),
    series: first === undefined ? [] : [{ ...first, markLine: levels(columns.limits, palette) }, ...rest],
    format: log ? formatDecade : formatTick,
    log,
  });
}

/** Messages per second, both ways. */
export function messagesChart(frame: Frame, sockets: SocketColumns, palette: Palette): DrawnChart {
  const [first, second] = palette.lines;
  return timeChart({
    ...frameOf(frame, palette),
    series: [
      ...rateLines({ name: 'received', color: first, area: true }, sockets.axis, sockets.receivedPerSec),
      ...rateLines({ name: 'sent', color: second }, sockets.axis, sockets.sentPerSec),
    ],
    format: formatRateTick,
  });
}

/** The most that were open at once in each second. */
export function openSocketsChart(frame: Frame, { axis, open }: SocketColumns, palette: Palette): DrawnChart {
  return timeChart({
    ...frameOf(frame, palette),
    series: [lineOf({ name: 'open', color: palette.accent, area: true }, alongAxis(axis, open))],
    format: formatCount,
    whole: true,
  });
}

function frameOf({ axis, warmUpSec }: Frame, palette: Palette) {
  return { palette, axis, ...(warmUpSec !== undefined && { warmUpSec }) };
}

function rateLines(
  line: { readonly name: string; readonly color: string; readonly area?: boolean },
  axis: TimeAxis,
  perSec: Column,
): LineSeriesOption[] {
  return linesOf({ width: 1.75, ...line }, alongAxis(axis, perSec), (point) => isPartial(axis, point));
}
