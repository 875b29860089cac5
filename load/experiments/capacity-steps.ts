/** The steps of a search for a breaking point as a table and as a chart: what each level of load got out of the server. */
import { formatLevel, type LevelOf } from '../analysis/breaking-point.ts';
import type { StepPurpose } from '../analysis/breaking-point-search.ts';
import type { StepOutcome } from '../analysis/load-step.ts';
import type { ScalingPoint } from '../analysis/scalability-law.ts';
import { median } from '../analysis/statistics/quantile.ts';
import type { LoadRun } from '../load-run.ts';
import { cells, type FindingChart, type FindingLine, type FindingTable } from '../measure/finding.ts';
import { finished, lostOf } from '../measure/counts.ts';
import { unreachable } from '../unreachable.ts';

/**
 * One level of load, once: what was asked, and what came of it. Latencies are response time, in a closed model service
 * time.
 */
export interface CapacityStep {
  /** Arrivals per second, or users. */
  readonly level: number;
  /** What the search wanted to know by it. */
  readonly purpose: StepPurpose;
  /** Whether the server sustained it. */
  readonly outcome: StepOutcome;
  /** Answered well, per second. */
  readonly throughputPerSec?: number;
  /** Of these, those within the latency limits of the SLO. Absent where it has none. */
  readonly goodputPerSec?: number;
  /** Median. */
  readonly p50Ms?: number;
  /** 95th percentile. */
  readonly p95Ms?: number;
  /** 99th percentile. */
  readonly p99Ms?: number;
  /** Share of the requests that did not succeed, 0 to 1. */
  readonly errorRate?: number;
  /** Mean requests under way, by Little's law. */
  readonly inFlight?: number;
  /** Of the generator's event loop, 0 to 1. */
  readonly eventLoop?: number;
}

type Judged = Pick<CapacityStep, 'level' | 'purpose' | 'outcome' | 'goodputPerSec'>;

export function capacityStep(run: LoadRun, judged: Judged): CapacityStep {
  const { requests, throughputPerSec, responseMs, serviceMs, durationMs } = run;
  const latency = responseMs ?? serviceMs;
  const all = finished(requests);
  const { eluMean } = run.judgement.generator;
  return {
    ...judged,
    ...(throughputPerSec !== undefined && { throughputPerSec }),
    ...(latency !== undefined && { p50Ms: latency.p50, p95Ms: latency.p95, p99Ms: latency.p99 }),
    ...(all > 0 && { errorRate: lostOf(requests) / all }),
    ...(latency !== undefined && durationMs > 0 && { inFlight: (latency.count * latency.mean) / durationMs }),
    ...(eluMean !== undefined && { eventLoop: eluMean }),
  };
}

/** What the law of scalability is fitted to: loads at which the generator was no limit. */
export function scalingPoints(steps: readonly CapacityStep[]): ScalingPoint[] {
  return steps.flatMap(({ inFlight, throughputPerSec, outcome }) =>
    inFlight === undefined || throughputPerSec === undefined || outcome.kind === 'generator-bound'
      ? []
      : [{ inFlight, throughputPerSec }],
  );
}

export function capacityTable(steps: readonly CapacityStep[], of: LevelOf): FindingTable {
  return {
    columns: [
      { name: of, unit: of === 'rate' ? 'perSec' : 'users' },
      { name: 'step', unit: 'text' },
      { name: 'outcome', unit: 'text' },
      { name: 'throughput', unit: 'perSec' },
      { name: 'goodput', unit: 'perSec' },
      { name: 'p50', unit: 'ms' },
      { name: 'p95', unit: 'ms' },
      { name: 'p99', unit: 'ms' },
      { name: 'errors', unit: 'share' },
      { name: 'in flight', unit: 'number' },
      { name: 'event loop', unit: 'share' },
    ],
    rows: steps.map(({ level, purpose, outcome, ...measured }) => ({
      [of]: level,
      step: purpose,
      outcome: outcomeWords(outcome),
      ...cells({
        throughput: measured.throughputPerSec,
        goodput: measured.goodputPerSec,
        p50: measured.p50Ms,
        p95: measured.p95Ms,
        p99: measured.p99Ms,
        errors: measured.errorRate,
        'in flight': measured.inFlight,
        'event loop': measured.eventLoop,
      }),
    })),
  };
}

/** `holds`, `breaks: latency and backlog`, `generator`. */
function outcomeWords(outcome: StepOutcome): string {
  switch (outcome.kind) {
    case 'sustained':
      return 'holds';
    case 'broken':
      return `breaks: ${outcome.by.join(' and ')}`;
    case 'generator-bound':
      return 'generator';
    default:
      return unreachable(outcome);
  }
}

export interface CapacityMarks {
  readonly sustained?: number;
  readonly failed?: number;
  /** The latency limit that a request has to keep, where there is one. */
  readonly limitMs?: number;
}

/** Latency and throughput over the level; of several steps at one level their median. */
export function capacityChart(steps: readonly CapacityStep[], of: LevelOf, marks: CapacityMarks): FindingChart {
  const line = (
    name: string,
    axis: FindingLine['axis'],
    read: (step: CapacityStep) => number | undefined,
  ): FindingLine[] => {
    const points = pointsOf(steps, read);
    return points.length === 0 ? [] : [{ name, axis, style: 'line', points }];
  };
  const { sustained, failed, limitMs } = marks;
  return {
    x: { name: of === 'rate' ? 'arrivals per second' : 'users', unit: of === 'rate' ? 'perSec' : 'users' },
    left: { name: 'latency', unit: 'ms' },
    right: { name: 'answered', unit: 'perSec' },
    lines: [
      ...line('p50', 'left', ({ p50Ms }) => p50Ms),
      ...line('p95', 'left', ({ p95Ms }) => p95Ms),
      ...line('throughput', 'right', ({ throughputPerSec }) => throughputPerSec),
      ...line('goodput', 'right', ({ goodputPerSec }) => goodputPerSec),
    ],
    marks: [
      ...(limitMs === undefined ? [] : [{ on: 'left' as const, at: limitMs, name: 'SLO' }]),
      ...(sustained === undefined
        ? []
        : [{ on: 'x' as const, at: sustained, name: `sustains ${formatLevel(sustained, of)}` }]),
      ...(failed === undefined ? [] : [{ on: 'x' as const, at: failed, name: `fails ${formatLevel(failed, of)}` }]),
    ],
  };
}

function pointsOf(
  steps: readonly CapacityStep[],
  read: (step: CapacityStep) => number | undefined,
): [level: number, value: number][] {
  const values = new Map<number, number[]>();
  for (const step of steps) {
    const value = read(step);
    if (value !== undefined) values.set(step.level, [...(values.get(step.level) ?? []), value]);
  }
  return [...values].map(([level, all]): [number, number] => [level, median(all) ?? 0]).toSorted(([a], [b]) => a - b);
}
