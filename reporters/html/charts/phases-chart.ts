/** Mean time per request spent in each phase, one bar per endpoint. */
import { phaseNames } from '../../../load/measure/samples/phases.ts';
import { formatCount } from '../../../load/measure/units.ts';
import type { PhaseRow } from '../chart-data/phase-rows.ts';
import { type DrawnChart, fontFamily, tooltip } from './chart-option.ts';
import { formatTick } from './latency-chart.ts';
import type { Palette } from './palette.ts';
import { shorten } from './shorten.ts';

/** Bars at most: the table beside the chart names all endpoints. */
export const maxPhaseBars = 25;
const longestLabel = 34;

export function phasesChart(rows: readonly PhaseRow[], palette: Palette): DrawnChart {
  const slowestFirst = [...rows].sort((a, b) => totalMs(b) - totalMs(a)).slice(0, maxPhaseBars);
  return {
    animation: false,
    textStyle: { fontFamily, color: palette.text },
    grid: { left: 8, right: 20, top: 6, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: { ...tooltip(palette), axisPointer: { type: 'none' } },
    xAxis: {
      type: 'value',
      splitNumber: 4,
      axisLabel: { color: palette.faint, fontSize: 11, formatter: formatTick, hideOverlap: true },
      splitLine: { lineStyle: { color: palette.grid } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: slowestFirst.map(({ endpoint }) => endpoint),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: palette.text, fontSize: 11, formatter: (name: string) => shorten(name, longestLabel) },
    },
    series: (['blocked', ...phaseNames] as const).map((phase) => ({
      type: 'bar' as const,
      name: phase,
      stack: 'phases',
      barMaxWidth: 16,
      emphasis: { disabled: true },
      itemStyle: { color: palette.phases[phase], borderColor: palette.background, borderWidth: 1 },
      data: slowestFirst.map(({ meanMs }) => meanMs[phase] ?? '-'),
    })),
  };
}

function totalMs({ meanMs }: PhaseRow): number {
  return Object.values(meanMs).reduce((sum, ms) => sum + ms, 0);
}

/** What the chart leaves out, in words; empty if nothing. */
export function phasesLeftOut(rows: readonly PhaseRow[]): string {
  return rows.length > maxPhaseBars ? `the ${maxPhaseBars} slowest of ${formatCount(rows.length)} endpoints` : '';
}
