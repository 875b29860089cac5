/**
 * What the charts of a run draw, worked out of its histograms and windows: columns of finite numbers with gaps, small
 * enough to be embedded in a page. The page itself computes no percentile.
 */
import { overall, type RunData } from '../../../load/measure/run-data.ts';
import { type Distribution, distributionOf } from './distribution.ts';
import { type HeatCells, heatCells } from './heat-cells.ts';
import { latencyColumns, mergedByPoint, mergedTogether } from './latency-columns.ts';
import { type LimitLine, limitLines } from './limit-lines.ts';
import { type PhaseRow, phaseRows } from './phase-rows.ts';
import { type ProbeColumns, probeColumns } from './probe-columns.ts';
import { type GeneratorColumns, generatorColumns, type ProcessColumns, processColumns } from './process-columns.ts';
import {
  errorColumns,
  type KindColumn,
  type LoadColumns,
  loadColumns,
  type RateColumns,
  rateColumns,
  statusColumns,
} from './rate-columns.ts';
import { maxPoints, timeAxisOf } from './run-axis.ts';
import { type Course, courseOf } from './run-course.ts';
import { type LatencyColumns, shownPercentiles } from './shown-percentiles.ts';
import { type SocketColumns, socketColumns } from './socket-columns.ts';
import { type StreamColumns, streamColumns } from './stream-columns.ts';
import { secondOf, type TimeAxis } from './time-axis.ts';

/** Points of an endpoint's own small chart, and columns of the heat map, at most. */
export const endpointPoints = 120;
export const heatPoints = 150;

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
  readonly errors: readonly KindColumn[];
  /** Answers by status, where there are several. */
  readonly statuses: readonly KindColumn[];
  /** What the load went through; absent where it held one level. */
  readonly stages?: readonly StageSpan[];
  readonly load: LoadColumns;
  readonly heat: HeatCells;
  readonly distribution?: Distribution;
  readonly phases: readonly PhaseRow[];
  readonly generator: readonly GeneratorColumns[];
  readonly processes: readonly ProcessColumns[];
  /** Axis of the endpoints' charts, which are small. */
  readonly endpointAxis: TimeAxis;
  readonly endpoints: readonly EndpointColumns[];
  /** Each absent where the run had none. */
  readonly streams?: StreamColumns;
  readonly sockets?: SocketColumns;
  readonly probes?: readonly ProbeColumns[];
}

/** A stretch of the load, on the axis. */
export interface StageSpan {
  readonly fromSec: number;
  readonly toSec: number;
  readonly words: string;
}

const ended = new WeakMap<RunData, ChartData>();

/** Of a run that grows no more: worked out once, for its picture and for the page. */
export function chartDataOfEnded(run: RunData): ChartData {
  const known = ended.get(run) ?? chartDataOf(run);
  ended.set(run, known);
  return known;
}

export interface ChartDataOptions {
  /** With a lower limit of points there is less to merge, which is most of the work. */
  readonly limit?: number;
  /** The newest point is still being filled: it has no rate yet. */
  readonly running?: boolean;
}

export function chartDataOf(run: RunData, { limit = maxPoints, running = false }: ChartDataOptions = {}): ChartData {
  const course = courseOf(run);
  const axis = timeAxisOf(run, limit, course);
  const heatAxis = timeAxisOf(run, Math.min(limit, heatPoints), course);
  const endpointAxis = timeAxisOf(run, Math.min(limit, endpointPoints));
  const perEndpoint = [...run.endpoints].map(([endpoint, data]) => ({
    endpoint,
    histograms: mergedByPoint(endpointAxis, [data]),
  }));
  // Where the axes are the same, what was merged for the endpoints need not be merged from the seconds again.
  const merged = (wanted: TimeAxis) =>
    course.grain === 'second' && wanted.stepSec === endpointAxis.stepSec
      ? mergedTogether(
          endpointAxis,
          perEndpoint.map(({ histograms }) => histograms),
        )
      : mergedByPoint(wanted, course.rows);
  const overTime = merged(axis);
  const time = run.plan.model === 'open' ? 'response' : 'service';
  const distribution = distributionOf(overall(run, time));
  return {
    time,
    axis,
    ...(run.plan.warmUpMs > 0 && axis.fromSec < 0 && { warmUpSec: -axis.fromSec }),
    latency: latencyColumns(overTime),
    limits: run.thresholds.flatMap((threshold) =>
      limitLines(threshold, { group: `${time}Time`, shown: shownPercentiles, bare: true }),
    ),
    ...ratesOf(run, { course, axis, running }),
    load: loadColumns(course, axis),
    ...stagesOf(run, axis),
    heat: heatCells(heatAxis, heatAxis.stepSec === axis.stepSec ? overTime : merged(heatAxis)),
    ...(distribution !== undefined && { distribution }),
    phases: phaseRows(run),
    generator: generatorColumns(run, axis),
    processes: run.resources.map((series) => processColumns(series, maxPoints)),
    endpointAxis,
    endpoints: perEndpoint.map(({ endpoint, histograms }) => ({ endpoint, ...latencyColumns(histograms) })),
    ...besideRequests(run, course.grain === 'second' ? axis : timeAxisOf(run, limit), running),
  };
}

/** What is kept by the second alone. */
function besideRequests(
  run: RunData,
  axis: TimeAxis,
  running: boolean,
): Pick<ChartData, 'streams' | 'sockets' | 'probes'> {
  const known = running ? knownPart(axis) : axis;
  const [streams, sockets, probes] = [streamColumns(run, known), socketColumns(run, known), probeColumns(run)];
  return {
    ...(streams !== undefined && { streams }),
    ...(sockets !== undefined && { sockets }),
    ...(probes.length > 0 && { probes }),
  };
}

/** What has not happened yet is no drop of the rate. */
function knownPart(axis: TimeAxis): TimeAxis {
  return { ...axis, endSec: Math.min(axis.endSec, secondOf(axis, axis.points - 1)) };
}

function ratesOf(
  run: RunData,
  { course, axis, running }: { readonly course: Course; readonly axis: TimeAxis; readonly running: boolean },
): Pick<ChartData, 'rate' | 'errors' | 'statuses'> {
  const known = running ? knownPart(axis) : axis;
  return {
    rate: rateColumns(course, known, run.plan.askedRate),
    errors: errorColumns(course, known),
    statuses: statusColumns(course, known),
  };
}

function stagesOf({ plan }: RunData, axis: TimeAxis): Pick<ChartData, 'stages'> {
  const stages = (plan.stages ?? []).flatMap(({ fromMs, toMs, words }) => {
    const [fromSec, toSec] = [fromMs / 1_000, Math.min(axis.endSec, toMs / 1_000)];
    return fromSec < toSec ? [{ fromSec, toSec, words }] : [];
  });
  return stages.length > 0 ? { stages } : {};
}
