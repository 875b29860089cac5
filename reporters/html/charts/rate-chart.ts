/** What was asked for and what was achieved, per second. A gap between the two is the run's own news. */
import { formatCount } from '../../../load/measure/units.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import { isPartial } from '../chart-data/time-axis.ts';
import { alongAxis, type DrawnChart, lineOf, linesOf, timeChart } from './chart-option.ts';
import type { Palette } from './palette.ts';

export function rateChart(data: ChartData, palette: Palette): DrawnChart {
  const { axis, rate } = data;
  const partial = (point: number) => isPartial(axis, point);
  const series = [
    ...linesOf(
      { name: 'requests completed', color: palette.accent, width: 2, area: true },
      alongAxis(axis, rate.completed),
      partial,
    ),
    ...linesOf(
      { name: 'iterations started', color: palette.percentiles[1], width: 1 },
      alongAxis(axis, rate.started),
      partial,
    ),
  ];
  if (rate.asked !== undefined)
    series.push(lineOf({ name: 'asked', color: palette.second, dashed: true }, alongAxis(axis, rate.asked)));
  if (rate.dropped !== undefined)
    series.push(lineOf({ name: 'dropped', color: palette.limit }, alongAxis(axis, rate.dropped)));
  return timeChart({
    palette,
    axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    series,
    format: formatRateTick,
  });
}

/** Labels of the axis: `0`, `2.5/s`, `60/s`, `1,200/s`. */
export function formatRateTick(perSecond: number): string {
  if (perSecond === 0) return '0';
  return `${perSecond >= 1_000 ? formatCount(perSecond) : Number(perSecond.toPrecision(3))}/s`;
}
