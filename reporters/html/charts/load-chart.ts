/** How many requests were in flight and how many users were at work: the most at once in each second. */
import { formatCount } from '../../../load/measure/units.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import { alongAxis, type DrawnChart, lineOf, timeChart } from './chart-option.ts';
import type { Palette } from './palette.ts';

export function loadChart(data: ChartData, palette: Palette): DrawnChart {
  const { axis, load } = data;
  const series = [lineOf({ name: 'in flight', color: palette.accent, area: true }, alongAxis(axis, load.inFlight))];
  if (load.users !== undefined)
    series.push(lineOf({ name: 'users', color: palette.second, width: 2 }, alongAxis(axis, load.users)));
  return timeChart({
    palette,
    axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    series,
    format: formatCount,
    whole: true,
  });
}
