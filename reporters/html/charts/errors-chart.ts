/** Errors per second by kind, stacked: how many, of what, since when. */
import type { ChartData } from '../chart-data/chart-data.ts';
import { alongAxis, type DrawnChart, timeChart } from './chart-option.ts';
import type { Palette } from './palette.ts';
import { formatRateTick } from './rate-chart.ts';

export function errorsChart(data: ChartData, palette: Palette): DrawnChart {
  const { axis, errors } = data;
  return timeChart({
    palette,
    axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    series: errors.map(({ kind, perSec }, at) => ({
      type: 'bar' as const,
      name: kind,
      stack: 'errors',
      barCategoryGap: '10%',
      barMaxWidth: 12,
      emphasis: { disabled: true },
      itemStyle: { color: palette.series[at % palette.series.length] ?? palette.limit },
      data: alongAxis(axis, perSec).map(([second, value]) => [second, value === 0 || value === null ? '-' : value]),
    })),
    format: formatRateTick,
  });
}
