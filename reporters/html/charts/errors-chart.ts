/** Errors per second by kind, stacked: how many, of what, since when. */
import { formatRate } from '../../../load/measure/units.ts';
import type { ChartData } from '../chart-data/chart-data.ts';
import { alongAxis, type ChartOption, timeChart } from './chart-option.ts';
import type { Palette } from './palette.ts';

export function errorsChart(data: ChartData, palette: Palette): ChartOption {
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
    format: (value) => (value === 0 ? '0' : formatRate(value)),
  });
}
