/**
 * What lets one cursor stand in all charts of a run. A cursor comes to the others by the number of a point of its first
 * line, and is lost where that line has a gap there or ends sooner. So each chart has a first line that is not seen,
 * with a point for each moment of the run, at the place of the chart's own that is nearest.
 */
import type * as echarts from 'echarts/core';
import type { LineSeriesOption } from 'echarts';
import { middleOf, type TimeAxis } from '../chart-data/time-axis.ts';
import type { ChartOption, DrawnChart, Series } from '../charts/chart-option.ts';

const anchorId = 'anchor';

/** The middle of each point of an axis, in seconds. */
export function momentsOf(axis: TimeAxis): number[] {
  return Array.from({ length: axis.points }, (_, point) => middleOf(axis, point));
}

/** None where there is nothing to stand at. */
export function anchorsOf({ series }: DrawnChart, moments: readonly number[] = []): LineSeriesOption[] {
  const own = series.flatMap(pointsOf);
  const [low, high] = [Math.min(...own.map(({ y }) => y)), Math.max(...own.map(({ y }) => y))];
  const places = [...new Set(own.map(({ x }) => x))].sort((a, b) => a - b);
  if (places.length === 0) return [];
  return [
    {
      type: 'line',
      id: anchorId,
      name: '',
      silent: true,
      symbol: 'none',
      lineStyle: { width: 0 },
      data: moments.map((moment) => [nearest(places, moment), (low + high) / 2]),
    },
  ];
}

/** How many series of a chart are before its own. */
export function anchorsIn(chart: echarts.ECharts): number {
  const [first] = [(chart.getOption() as ChartOption).series ?? []].flat();
  return first?.id === anchorId ? 1 : 0;
}

/** On the time that all charts share. */
function pointsOf({ data, xAxisIndex = 0 }: Series): { readonly x: number; readonly y: number }[] {
  if (xAxisIndex !== 0 || !Array.isArray(data)) return [];
  return data.flatMap((point: unknown) => {
    const [x, y] = valuesOf(point);
    return typeof x === 'number' && typeof y === 'number' ? [{ x, y }] : [];
  });
}

/** A point is its values, or has them beside its looks. */
function valuesOf(point: unknown): readonly unknown[] {
  const values = Array.isArray(point) ? (point as unknown) : (point as { readonly value?: unknown } | null)?.value;
  return Array.isArray(values) ? (values as unknown[]) : [];
}

/** Of rising places. */
function nearest(places: readonly number[], to: number): number {
  const at = places.findIndex((place) => place >= to);
  if (at === -1) return places.at(-1) ?? to;
  const [low, high] = [places[at - 1] ?? places[at] ?? to, places[at] ?? to];
  return to - low < high - to ? low : high;
}
