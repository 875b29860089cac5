/** What stands under the cursor of each kind of chart. */
import { carries, percents, unsureMark } from '../../../load/measure/carried.ts';
import { formatCount, formatMs, formatPercent, formatRate } from '../../../load/measure/units.ts';
import { formatSecond } from '../charts/chart-option.ts';
import { type ChartData } from '../chart-data/chart-data.ts';
import { type Distribution } from '../chart-data/distribution.ts';
import { rowEdgeMs } from '../chart-data/heat-cells.ts';
import { type LatencyColumns, shownPercentiles } from '../chart-data/shown-percentiles.ts';
import { type Column, coveredSec, pointOf, roundSec, secondOf, type TimeAxis } from '../chart-data/time-axis.ts';
import type { ChartSpec } from './chart-figure.ts';

type TipOf = ChartSpec['tip'];

/** A line of a tip. */
export interface TipRow {
  readonly name: string;
  readonly value: string;
}

/** What there is of a point of the axis; its head says which stretch of time that is. */
export function timeTip(axis: TimeAxis, rowsOf: (point: number) => readonly TipRow[]): TipOf {
  return (points) => {
    const at = Number(points[0]?.values[0]);
    if (!Number.isFinite(at)) return undefined;
    const point = Math.min(pointOf(axis, at), axis.points - 1);
    const from = secondOf(axis, point);
    const to = roundSec(from + coveredSec(axis, point));
    const rows = rowsOf(point).map((row) => {
      const color = points.find(({ name }) => name === row.name)?.color;
      return { ...row, ...(color !== undefined && { color }) };
    });
    return { head: to - from === 1 ? formatSecond(from) : `${formatSecond(from)} to ${formatSecond(to)}`, rows };
  };
}

/** Percentiles, how sure each is, and of how many requests they are. */
export function latencyRows(columns: LatencyColumns): (point: number) => TipRow[] {
  return (point) => {
    const number = columns.counts[point] ?? 0;
    const rows = shownPercentiles.flatMap((name): TipRow[] => {
      const value = columns[name][point];
      if (value === null || value === undefined) return [];
      return [{ name, value: carries(percents[name], number) ? formatMs(value) : `${unsureMark}${formatMs(value)}` }];
    });
    return [...rows, { name: 'of', value: number === 1 ? '1 request' : `${formatCount(number)} requests` }];
  };
}

/** Rates, each with the number that it was worked out of. */
export function rateRows(
  axis: TimeAxis,
  columns: readonly { readonly name: string; readonly perSec: Column | undefined; readonly counted?: false }[],
): (point: number) => TipRow[] {
  return (point) =>
    columns.flatMap(({ name, perSec, counted }): TipRow[] => {
      const rate = perSec?.[point];
      if (rate === null || rate === undefined) return [];
      const number = formatCount(Math.round(rate * coveredSec(axis, point)));
      return [{ name, value: counted === false ? formatRate(rate) : `${formatRate(rate)} (${number})` }];
    });
}

export function figureRows(
  columns: readonly { readonly name: string; readonly values: Column | undefined }[],
  format: (value: number) => string,
): (point: number) => TipRow[] {
  return (point) =>
    columns.flatMap(({ name, values }): TipRow[] => {
      const value = values?.[point];
      return value === null || value === undefined ? [] : [{ name, value: format(value) }];
    });
}

/** Readings have their own moment. */
export function momentTip(stepSec: number, format: (value: number) => string): TipOf {
  return (points) => {
    const moment = Number(points[0]?.values[0]);
    if (!Number.isFinite(moment)) return undefined;
    const rows = points.flatMap(({ name, values, color }) =>
      typeof values[1] === 'number' && name !== '' ? [{ name, value: format(values[1]), color }] : [],
    );
    return { head: formatSecond(Number(moment.toFixed(stepSec < 1 ? 2 : 0))), rows };
  };
}

export function heatTip({ heat }: ChartData): TipOf {
  return ([point]) => {
    if (point === undefined) return undefined;
    const [second, row, count] = point.values.map(Number);
    if (second === undefined || row === undefined || count === undefined) return undefined;
    const [low, high] = [rowEdgeMs(heat.firstRow + row), rowEdgeMs(heat.firstRow + row + 1)];
    return {
      head:
        heat.stepSec === 1 ? formatSecond(second) : `${formatSecond(second)} to ${formatSecond(second + heat.stepSec)}`,
      rows: [{ name: `${formatMs(low)} to ${formatMs(high)}`, value: `${formatCount(count)} requests` }],
    };
  };
}

export function distributionTip({ edgesMs, counts, count }: Distribution): TipOf {
  return ([point]) => {
    const ms = Number(point?.values[0]);
    const at = edgesMs.findLastIndex((edge) => edge <= ms);
    const [low, high, here] = [edgesMs[at], edgesMs[at + 1], counts[at]];
    if (low === undefined || high === undefined || here === undefined) return undefined;
    const upTo = counts.slice(0, at + 1).reduce((sum, each) => sum + each, 0);
    return {
      head: `${formatMs(low)} to ${formatMs(high)}`,
      rows: [
        { name: 'requests', value: formatCount(here) },
        { name: 'share', value: formatPercent(here / count) },
        { name: 'up to here', value: formatPercent(upTo / count) },
      ],
    };
  };
}

export function phaseTip(): TipOf {
  return (points) => {
    const [first] = points;
    if (first === undefined) return undefined;
    const rows = points.flatMap(({ name, values, color }) =>
      typeof values[0] === 'number' ? [{ name, value: formatMs(values[0]), color }] : [],
    );
    return { head: first.category.length > 80 ? `${first.category.slice(0, 79)}…` : first.category, rows };
  };
}
