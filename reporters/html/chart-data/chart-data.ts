/**
 * What the charts of a run draw, worked out of its histograms and windows: columns of finite numbers with gaps, small
 * enough to be embedded in a page. The page itself computes no percentile.
 */
import { overall, type RunData } from '../../../load/measure/run-data.ts';
import type { Comparison, Threshold } from '../../../load/measure/threshold.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import { type HeatCells, heatCells } from './heat-cells.ts';
import { latencyColumns, mergedByPoint, mergedTogether } from './latency-columns.ts';
import { type PhaseRow, phaseRows } from './phase-rows.ts';
import { type GeneratorColumns, generatorColumns, type ProcessColumns, processColumns } from './process-columns.ts';
import {
  type ErrorColumn,
  errorColumns,
  type LoadColumns,
  loadColumns,
  type RateColumns,
  rateColumns,
} from './rate-columns.ts';
import { maxPoints, timeAxisOf } from './run-axis.ts';
import { type LatencyColumns, shownPercentiles } from './shown-percentiles.ts';
import type { TimeAxis } from './time-axis.ts';

/** Points of an endpoint's own small chart, and columns of the heat map, at most. */
export const endpointPoints = 120;
export const heatPoints = 150;

/** A limit on a percentile that the latency chart shows as a line. */
export interface LimitLine {
  readonly metric: string;
  readonly comparison: Comparison;
  readonly ms: number;
  readonly kind: 'target' | 'acceptable';
}

export interface EndpointColumns extends LatencyColumns {
  readonly endpoint: string;
}

export interface ChartData {
  /** Which time the latencies are: from intended start in an open model, from first byte sent in a closed one. */
  readonly time: 'response' | 'service';
  readonly axis: TimeAxis;
  /** End of the warm-up on the axis is 0; absent without one. */
  readonly warmUpSec?: number;
  readonly latency: LatencyColumns;
  readonly limits: readonly LimitLine[];
  readonly rate: RateColumns;
  readonly errors: readonly ErrorColumn[];
  readonly load: LoadColumns;
  readonly heat: HeatCells;
  readonly distribution?: Distribution;
  readonly phases: readonly PhaseRow[];
  readonly generator: readonly GeneratorColumns[];
  readonly processes: readonly ProcessColumns[];
  /** Axis of the endpoints' charts, which are small. */
  readonly endpointAxis: TimeAxis;
  readonly endpoints: readonly EndpointColumns[];
}

const ended = new WeakMap<RunData, ChartData>();

/** Of a run that grows no more: worked out once, for its picture and for the page. */
export function chartDataOfEnded(run: RunData): ChartData {
  const known = ended.get(run) ?? chartDataOf(run);
  ended.set(run, known);
  return known;
}

/** With a lower limit of points there is less to merge, which is most of the work. */
export function chartDataOf(run: RunData, limit = maxPoints): ChartData {
  const axis = timeAxisOf(run, limit);
  const heatAxis = timeAxisOf(run, Math.min(limit, heatPoints));
  const endpointAxis = timeAxisOf(run, Math.min(limit, endpointPoints));
  const perEndpoint = [...run.endpoints].map(([endpoint, data]) => ({
    endpoint,
    histograms: mergedByPoint(endpointAxis, [data]),
  }));
  // Where the axes are the same, what was merged for the endpoints need not be merged from the seconds again.
  const merged = (wanted: TimeAxis) =>
    wanted.stepSec === endpointAxis.stepSec
      ? mergedTogether(
          endpointAxis,
          perEndpoint.map(({ histograms }) => histograms),
        )
      : mergedByPoint(wanted, run.endpoints.values());
  const overTime = merged(axis);
  const time = run.plan.model === 'open' ? 'response' : 'service';
  const distribution = distributionOf(overall(run, time));
  return {
    time,
    axis,
    ...(run.plan.warmUpMs > 0 && axis.fromSec < 0 && { warmUpSec: -axis.fromSec }),
    latency: latencyColumns(overTime),
    limits: run.thresholds.flatMap((threshold) => limitLines(threshold, time)),
    rate: rateColumns(run, axis),
    errors: errorColumns(run, axis),
    load: loadColumns(run, axis),
    heat: heatCells(heatAxis, heatAxis.stepSec === axis.stepSec ? overTime : merged(heatAxis)),
    ...(distribution !== undefined && { distribution }),
    phases: phaseRows(run),
    generator: generatorColumns(run, axis),
    processes: run.resources.map((series) => processColumns(series, maxPoints)),
    endpointAxis,
    endpoints: perEndpoint.map(({ endpoint, histograms }) => ({ endpoint, ...latencyColumns(histograms) })),
  };
}

/** Only limits of the whole run on a percentile that is drawn: a line must belong to a curve. */
function limitLines({ scope, window, metric, target, acceptable }: Threshold, time: ChartData['time']): LimitLine[] {
  const word = metric.startsWith(`${time}Time.`) ? metric.slice(`${time}Time.`.length) : metric;
  if (scope.kind !== 'run' || window !== undefined) return [];
  if (!(shownPercentiles as readonly string[]).includes(word)) return [];
  const line = (kind: LimitLine['kind'], limit: typeof target): LimitLine[] =>
    Number.isFinite(limit.value) ? [{ metric: word, comparison: limit.comparison, ms: limit.value, kind }] : [];
  return [...line('target', target), ...(acceptable === undefined ? [] : line('acceptable', acceptable))];
}
