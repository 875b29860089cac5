/**
 * The result contract, `load-results/summary.json`, schema `playload.summary/2`: what other programs read of a run.
 * It holds every field of `playload.summary/1`.
 * Absent means not measured; never 0 and never null. The JSON Schema beside this file says the same to machines.
 */
import { finished, type RequestCounts, successRateOf } from './counts.ts';
import type { LatencyHistogram, LatencyStats } from './histogram.ts';
import { type ResourceSummary, summarizeResource } from './resource-series.ts';
import { type EndpointData, overall, type RunData } from './run-data.ts';

export const summarySchema = 'playload.summary/2';
/** Schemas that this version can read. */
export const readableSummarySchemas: readonly string[] = ['playload.summary/1', summarySchema];

/**
 * `passed`: every target met. `acceptable`: some met only their acceptable limit. `failed`: a threshold missed, without
 * data, or a check failed. `invalid`: the generator was the bottleneck or the books do not balance, so the numbers say
 * nothing of the server. `incomplete`: a segment is missing, doubled or foreign, or the run was cut short. `measured`:
 * not judged, by wish, which is never counted as passed.
 */
export type Verdict = 'passed' | 'acceptable' | 'measured' | 'failed' | 'invalid' | 'incomplete';

export interface Summary {
  readonly schema: typeof summarySchema;
  readonly verdict: Verdict;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly segments: { readonly expected: number; readonly present: readonly number[] };
  readonly environment: Environment;
  /** There while the tests still run, and for good where they came to no end: the file of a run that was killed says so. */
  readonly unfinished?: Unfinished;
  readonly runs: readonly RunSummary[];
}

/** Which process was to finish the results, and why they are not finished. */
export interface Unfinished {
  readonly reason: string;
  readonly command: string;
  readonly host: string;
  readonly pid: number;
  /** When that process began, in the words of its system: another process may get its number. */
  readonly processStart?: string;
}

export interface Environment {
  readonly node: string;
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly commit?: string;
}

export interface RunSummary {
  /** File and titles, as Playwright shows them; the run's own name last where the test has several. */
  readonly title: readonly string[];
  readonly file: string;
  readonly line: number;
  readonly project: string;
  readonly tags: readonly string[];
  readonly profile: string;
  readonly model: 'open' | 'closed';
  readonly verdict: Verdict;
  readonly reason: string;
  /** Its test is marked `test.fail()`: it has no part in the overall verdict. */
  readonly expectedToFail?: true;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly requests: RequestCounts;
  readonly iterations: { readonly started: number; readonly failed: number };
  readonly checks: { readonly passed: number; readonly failed: number };
  readonly successRate?: number;
  readonly throughputPerSec?: number;
  readonly serviceMs?: LatencyStats;
  readonly responseMs?: LatencyStats;
  /** Of the requests that failed, which are in neither of the two above: response time in an open model, else service time. */
  readonly failureMs?: LatencyStats;
  readonly lagMs?: LatencyStats;
  readonly endpoints: readonly EndpointSummary[];
  readonly errors: readonly ErrorSummary[];
  readonly thresholds: readonly ThresholdSummary[];
  readonly generator: GeneratorVerdict;
  readonly resources: readonly ResourceSummary[];
  /** Tests without a load that ran on the same machine while this load lasted: they took part of it. */
  readonly beside?: readonly string[];
}

export interface EndpointSummary {
  readonly name: string;
  readonly requests: RequestCounts;
  readonly successRate?: number;
  readonly throughputPerSec?: number;
  readonly serviceMs?: LatencyStats;
  readonly responseMs?: LatencyStats;
  readonly failureMs?: LatencyStats;
  readonly statuses: Readonly<Record<string, number>>;
}

export interface ErrorSummary {
  readonly kind: string;
  readonly count: number;
  readonly endpoint: string;
  /** First line of the first message. */
  readonly sample: string;
}

export interface ThresholdSummary {
  readonly metric: string;
  readonly scope: string;
  /** As its author wrote it; with both limits, `< 50ms (acceptable < 100ms)`. */
  readonly expected: string;
  /** In the metric's unit: milliseconds, a share of 1, per second, or a count. Absent without data. */
  readonly actual?: number;
  readonly verdict: 'passed' | 'acceptable' | 'failed';
  /** Of several windows the worst, in milliseconds of the measured part. */
  readonly at?: { readonly fromMs: number; readonly toMs: number };
  /** Nobody wrote it: what a spec does not speak of has to be clean. */
  readonly implied?: true;
}

/**
 * `healthy`, or why the numbers deserve less trust: `saturated` (it was the bottleneck), `suspect` (it came close),
 * `noisy` (the machine was busy with other things), `unjudged` (too short a run to tell).
 */
export interface GeneratorVerdict {
  readonly verdict: 'healthy' | 'suspect' | 'noisy' | 'saturated' | 'unjudged';
  /** Event-loop utilisation, 0 to 1. */
  readonly eluMean?: number;
  /** Percent of one core. */
  readonly cpuPercent?: number;
  readonly lagP99Ms?: number;
  readonly reason: string;
}

/** The figures of a run that need no judgement. */
export type RunFigures = Omit<
  RunSummary,
  | 'title'
  | 'file'
  | 'line'
  | 'project'
  | 'tags'
  | 'verdict'
  | 'reason'
  | 'thresholds'
  | 'generator'
  | 'beside'
  | 'expectedToFail'
>;

/** Length of the measured part: from the earliest start of a segment to the latest end, by wall clock. */
export function durationMsOfRun(run: RunData): number {
  const earliest = Math.min(...run.segments.map((segment) => segment.startedAtEpochMs));
  return Math.max(0, ...run.segments.map((segment) => segment.startedAtEpochMs - earliest + segment.durationMs));
}

export function figuresOf(run: RunData): RunFigures {
  const durationMs = durationMsOfRun(run);
  const started = Math.min(...run.segments.map((segment) => segment.startedAtEpochMs));
  const checks = [...run.checks.values()];
  return {
    profile: run.plan.profile,
    model: run.plan.model,
    startedAt: new Date(Number.isFinite(started) ? started : 0).toISOString(),
    durationMs: round(durationMs),
    requests: { ...run.counts },
    iterations: { started: run.iterations.started, failed: run.iterations.failed },
    checks: {
      passed: checks.reduce((sum, check) => sum + check.passed, 0),
      failed: checks.reduce((sum, check) => sum + check.failed, 0),
    },
    ...ratesOf(run.counts, durationMs),
    ...latency('serviceMs', overall(run, 'service')),
    ...latency('responseMs', overall(run, 'response')),
    ...latency('failureMs', overall(run, 'failures')),
    ...latency('lagMs', run.lag),
    endpoints: [...run.endpoints].map(([name, endpoint]) => summarizeEndpoint(name, endpoint, durationMs)),
    errors: [...run.errors.values()]
      .map(({ kind, count, endpoint, sample }) => ({ kind, count, endpoint, sample }))
      .sort((a, b) => b.count - a.count),
    resources: run.resources.map(summarizeResource),
  };
}

function summarizeEndpoint(name: string, endpoint: EndpointData, durationMs: number): EndpointSummary {
  return {
    name,
    requests: { ...endpoint.counts },
    ...ratesOf(endpoint.counts, durationMs),
    ...latency('serviceMs', endpoint.service),
    ...latency('responseMs', endpoint.response),
    ...latency('failureMs', endpoint.failures),
    statuses: Object.fromEntries(endpoint.statuses),
  };
}

/** Throughput is vegeta's: successful requests over the time from the first start to the last response. */
function ratesOf(counts: RequestCounts, durationMs: number): { successRate?: number; throughputPerSec?: number } {
  const rate = successRateOf(counts);
  return {
    ...(rate !== undefined && { successRate: rate }),
    ...(durationMs > 0 && finished(counts) > 0 && { throughputPerSec: round((counts.ok * 1_000) / durationMs) }),
  };
}

function latency<Key extends string>(key: Key, histogram: LatencyHistogram): Partial<Record<Key, LatencyStats>> {
  const stats = histogram.stats();
  return stats === undefined ? {} : ({ [key]: roundedStats(stats) } as Record<Key, LatencyStats>);
}

function roundedStats(stats: LatencyStats): LatencyStats {
  const { count, min, mean, p50, p90, p95, p99, p999, max, stdev } = stats;
  return {
    count,
    min: round(min),
    mean: round(mean),
    p50: round(p50),
    p90: round(p90),
    p95: round(p95),
    p99: round(p99),
    p999: round(p999),
    max: round(max),
    stdev: round(stdev),
  };
}

/** Microseconds are what is measured; digits beyond them would be invented. */
function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
