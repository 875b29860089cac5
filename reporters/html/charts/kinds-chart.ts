/** What there was of each kind per second, stacked: errors, or answers by status. */
import type { ChartData } from '../chart-data/chart-data.ts';
import type { KindColumn } from '../chart-data/rate-columns.ts';
import { isPartial } from '../chart-data/time-axis.ts';
import { alongAxis, type DrawnChart, timeChart } from './chart-option.ts';
import type { Palette } from './palette.ts';
import { formatRateTick } from './rate-chart.ts';

export function errorsChart(data: ChartData, palette: Palette): DrawnChart {
  return kindsChart(data, palette, data.errors, palette.series);
}

/** Those that say that all is well are blue. */
export function statusesChart(data: ChartData, palette: Palette): DrawnChart {
  const good = [palette.accent, palette.percentiles[0], palette.percentiles[1]];
  const used = { good: 0, bad: 0 };
  const colors = data.statuses.map(({ kind }) =>
    /^[123]\d\d$/.test(kind)
      ? (good[used.good++ % good.length] ?? palette.accent)
      : (palette.series[used.bad++ % palette.series.length] ?? palette.limit),
  );
  return kindsChart(data, palette, data.statuses, colors);
}

function kindsChart(
  data: ChartData,
  palette: Palette,
  kinds: readonly KindColumn[],
  colors: readonly string[],
): DrawnChart {
  const { axis } = data;
  return timeChart({
    palette,
    axis,
    ...(data.warmUpSec !== undefined && { warmUpSec: data.warmUpSec }),
    series: kinds.map(({ kind, perSec }, at) => ({
      type: 'bar' as const,
      name: kind,
      stack: 'kinds',
      barCategoryGap: '10%',
      barMaxWidth: 12,
      emphasis: { disabled: true },
      itemStyle: { color: colors[at % colors.length] ?? palette.limit },
      data: alongAxis(axis, perSec).map(([second, value], point) => ({
        value: [second, value === 0 || value === null ? '-' : value],
        ...(isPartial(axis, point) && { itemStyle: { opacity: 0.5 } }),
      })),
    })),
    format: formatRateTick,
  });
}
