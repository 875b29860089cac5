/** What stands under the cursor of each kind of chart. */
import { formatCount, formatMs, formatPercent } from '../../../load/measure/units.ts';
import { formatSecond } from '../charts/chart-option.ts';
import { type ChartData } from '../chart-data/chart-data.ts';
import { type Distribution } from '../chart-data/distribution.ts';
import { rowEdgeMs } from '../chart-data/heat-cells.ts';
import type { ChartSpec } from './chart-figure.ts';

type TipOf = ChartSpec['tip'];

/** Values of lines over time. A wide point says which stretch it stands for. */
export function timeTip(stepSec: number, format: (value: number) => string): TipOf {
  return (points) => {
    const [first] = points;
    const middle = Number(first?.values[0]);
    if (first === undefined || !Number.isFinite(middle)) return undefined;
    const from = Math.floor(middle / stepSec) * stepSec;
    const rows = points.flatMap(({ name, values, color }) =>
      typeof values[1] === 'number' ? [{ name, value: format(values[1]), color }] : [],
    );
    return {
      head: stepSec === 1 ? formatSecond(from) : `${formatSecond(from)} to ${formatSecond(from + stepSec)}`,
      rows,
    };
  };
}

/** Readings have their own moment. */
export function momentTip(format: (value: number) => string): TipOf {
  return (points) => {
    const moment = Number(points[0]?.values[0]);
    if (!Number.isFinite(moment)) return undefined;
    const rows = points.flatMap(({ name, values, color }) =>
      typeof values[1] === 'number' ? [{ name, value: format(values[1]), color }] : [],
    );
    return { head: formatSecond(Math.round(moment)), rows };
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
