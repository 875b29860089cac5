/**
 * One run as the page receives it: plain JSON with every figure worked out. A finished run comes from its summary and
 * its judgement, a running one from its latest snapshot; the page draws both alike.
 */
import { apdexScore, finished, type RequestCounts, successRateOf } from '../../load/measure/counts.ts';
import { metricValue } from '../../load/measure/custom-metric.ts';
import type { Exemplar } from '../../load/measure/exemplar.ts';
import { type ExemplarLinks, linksOf } from '../../load/measure/trace-links.ts';
import type { LatencyStats } from '../../load/measure/histogram.ts';
import { type ExtrasSummary, summarizeExtras } from '../../load/measure/extras-summary.ts';
import { type EndpointData, type RunData, windowPrecision } from '../../load/measure/run-data.ts';
import { newestSecond } from '../../load/measure/snapshot.ts';
import { SparseHistogram } from '../../load/measure/sparse-histogram.ts';
import type {
  EndpointSummary,
  ErrorSummary,
  GeneratorVerdict,
  PeerSummary,
  RunEvent,
  RunSummary,
  TargetSummary,
  Verdict,
} from '../../load/measure/summary.ts';
import { coresOf, lostGenerators } from '../../load/measure/segment-place.ts';
import type { ResourceSummary } from '../../load/measure/resource-series.ts';
import { judgeGenerator } from '../../load/verdict/generator-health.ts';
import type { JudgedThreshold } from '../../load/verdict/judge.ts';
import type { LimitSoFar } from './live/limits-so-far.ts';
import type { ReportedRun } from '../reported-run.ts';
import { besideWords } from '../words/beside.ts';
import { coresWords } from '../words/cores.ts';
import { networkWords } from '../words/network.ts';
import { usersNotes } from '../words/users.ts';
import { sloWords } from '../words/slos.ts';
import { steadinessWords } from '../words/steadiness.ts';
import { type ChartData, chartDataOf, chartDataOfEnded, endpointPoints } from './chart-data/chart-data.ts';
import { percentilesOf } from './chart-data/latency-columns.ts';
import { type ProbeView, probeViews } from './probe-view.ts';

/** How a run stands. */
export type RunState =
  | { readonly kind: 'judged'; readonly verdict: Verdict; readonly reason: string }
  | { readonly kind: 'running'; readonly elapsedSec: number; readonly plannedSec?: number };

/** Milliseconds; each absent where it was not measured. */
export type LatencyFigures = Partial<LatencyStats>;

/** With what its streams, its sockets and its server told, where there was any. */
export interface EndpointRow extends ExtrasSummary {
  readonly name: string;
  readonly requests: RequestCounts;
  readonly successRate?: number;
  readonly throughputPerSec?: number;
  readonly latency: LatencyFigures;
  readonly statuses: Readonly<Record<string, number>>;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/** Requests and measured calls that have a tag. */
export type TagRow = Omit<EndpointRow, 'bytesSent' | 'bytesReceived' | 'statuses' | keyof ExtrasSummary>;

export interface RunView {
  /** In the address of the page; the same whenever this load runs again. */
  readonly id: string;
  readonly title: readonly string[];
  readonly project: string;
  readonly file?: string;
  readonly line?: number;
  readonly tags: readonly string[];
  readonly owners: readonly string[];
  /** The servers that were called. */
  readonly targets: readonly TargetSummary[];
  readonly profile: string;
  readonly model: 'open' | 'closed';
  readonly state: RunState;
  readonly startedAt?: string;
  readonly durationMs?: number;
  /** From how many cores it was sent, in words; absent where it was one. */
  readonly cores?: string;
  readonly requests: RequestCounts;
  /** With the time that those took that ended well. */
  readonly iterations: RunSummary['iterations'];
  /** What happened, in order of time. */
  readonly events: readonly RunEvent[];
  readonly successRate?: number;
  readonly throughputPerSec?: number;
  /** Response time in an open model, service time in a closed one. */
  readonly latency: LatencyFigures;
  /** The other one, and the generator's own error bar; open model only. */
  readonly serviceMs?: LatencyStats;
  readonly lagMs?: LatencyStats;
  readonly apdex?: number;
  readonly thresholds: readonly JudgedThreshold[];
  /** While it goes on: how it stands to the limits that it had the last time. */
  readonly soFar?: readonly LimitSoFar[];
  readonly checks: readonly { readonly name: string; readonly passed: number; readonly failed: number }[];
  readonly metrics: readonly MetricRow[];
  readonly groups: readonly { readonly name: string; readonly failed: number; readonly latency: LatencyFigures }[];
  readonly endpoints: readonly EndpointRow[];
  /** Of requests and measured calls. */
  readonly requestTags: readonly TagRow[];
  readonly errors: readonly ErrorSummary[];
  readonly exemplars: readonly (Exemplar & { readonly links?: ExemplarLinks })[];
  readonly generator?: GeneratorVerdict;
  readonly resources: readonly ResourceSummary[];
  readonly notes: readonly string[];
  /** The addresses that the load went to. */
  readonly peers: readonly PeerSummary[];
  /** Pages beside the load; absent where there were none. */
  readonly probes?: readonly ProbeView[];
  readonly charts: ChartData;
  readonly baseline?: BaselineView;
}

export interface MetricRow {
  readonly name: string;
  readonly kind: string;
  readonly figures: readonly (readonly [name: string, value: number, unit: 'number' | 'share' | 'count'])[];
}

/** The figures of the earlier run that this one is held against. */
export interface BaselineView {
  /** Which run it was: when it started, and of which commit. */
  readonly label: string;
  readonly requests: RequestCounts;
  readonly successRate?: number;
  readonly throughputPerSec?: number;
  readonly latency: LatencyFigures;
  readonly endpoints: readonly BaselineEndpoint[];
}

export interface BaselineEndpoint {
  readonly name: string;
  readonly successRate?: number;
  readonly throughputPerSec?: number;
  readonly latency: LatencyFigures;
}

export function viewOfRun({ summary, data, judgement }: ReportedRun, baseline?: BaselineView): RunView {
  const cores = coresWords(summary);
  return {
    ...identityOf(summary),
    state: { kind: 'judged', verdict: judgement.verdict, reason: judgement.reason },
    startedAt: summary.startedAt,
    durationMs: summary.durationMs,
    ...(cores !== undefined && { cores }),
    requests: summary.requests,
    iterations: summary.iterations,
    events: summary.events ?? [],
    ...ratesOf(summary),
    latency: latencyOf(summary),
    ...(summary.model === 'open' && summary.serviceMs !== undefined && { serviceMs: summary.serviceMs }),
    ...(summary.lagMs !== undefined && { lagMs: summary.lagMs }),
    ...apdexOf(data),
    thresholds: judgement.thresholds,
    ...tablesOf(data),
    endpoints: summary.endpoints.map((endpoint) => endpointRow(endpoint, summary.model, data)),
    requestTags: (summary.requestTags ?? []).map(({ name, requests, ...tag }) => ({
      name,
      requests,
      ...ratesOf(tag),
      latency: (summary.model === 'open' ? tag.responseMs : tag.serviceMs) ?? {},
    })),
    errors: summary.errors,
    exemplars: data.exemplars.list().map((exemplar) => ({ ...exemplar, links: linksOf(exemplar, data.plan) })),
    generator: judgement.generator,
    resources: summary.resources,
    charts: chartDataOfEnded(data),
    notes: [
      ...tablesOf(data).notes,
      ...(summary.coresWhy === undefined ? [] : [`cores: ${summary.coresWhy}`]),
      ...sloWords(summary),
      ...steadinessWords(summary),
      ...usersNotes(summary),
      ...networkWords(summary.network),
      ...(summary.beside === undefined ? [] : [besideWords(summary.beside)]),
    ],
    peers: summary.network?.peers ?? [],
    ...(summary.probes !== undefined && { probes: probeViews(summary.probes) }),
    ...(baseline !== undefined && { baseline }),
  };
}

export function baselineView(summary: RunSummary, label: string): BaselineView {
  return {
    label,
    requests: summary.requests,
    ...ratesOf(summary),
    latency: latencyOf(summary),
    endpoints: summary.endpoints.map((endpoint) => ({
      name: endpoint.name,
      ...ratesOf(endpoint),
      latency: (summary.model === 'open' ? endpoint.responseMs : endpoint.serviceMs) ?? {},
    })),
  };
}

/**
 * A run that is still going. Its latencies come from the one-second windows, which are within 0.4 %. `charts` may be some
 * seconds older than the figures, since they cost most.
 */
export function viewOfRunning(
  data: RunData,
  test: { readonly id: string; readonly title: readonly string[]; readonly project: string },
  charts: ChartData = runningCharts(data),
): RunView {
  const newest = newestSecond(data);
  const elapsedSec = Math.max(0, charts.axis.endSec, data.windows.size === 0 ? 0 : newest + 1);
  const endpoints = [...data.endpoints].map(([name, endpoint]) => ({
    name,
    endpoint,
    all: latencySoFar(endpoint, newest),
  }));
  const whole = new SparseHistogram(windowPrecision);
  for (const { all } of endpoints) whole.add(all);
  const cores = coresWords({ cores: coresOf(data) });
  return {
    id: test.id,
    title: test.title,
    project: test.project,
    tags: [],
    owners: [],
    targets: [],
    profile: data.plan.profile,
    model: data.plan.model,
    state: {
      kind: 'running',
      elapsedSec,
      ...(data.plan.plannedMs !== undefined && { plannedSec: data.plan.plannedMs / 1_000 }),
    },
    ...(cores !== undefined && { cores }),
    requests: data.counts,
    iterations: { started: data.iterations.started, failed: data.iterations.failed },
    events: [],
    ...shares(data.counts, elapsedSec),
    latency: { ...percentilesOf(whole), count: whole.count },
    thresholds: [],
    ...tablesOf(data),
    endpoints: endpoints.map(({ name, endpoint, all }) => ({
      name,
      requests: endpoint.counts,
      ...shares(endpoint.counts, elapsedSec),
      latency: { ...percentilesOf(all), count: all.count },
      statuses: Object.fromEntries(endpoint.statuses),
      bytesSent: endpoint.bytesSent,
      bytesReceived: endpoint.bytesReceived,
      ...summarizeExtras(endpoint, elapsedSec * 1_000),
    })),
    requestTags: [],
    errors: [...data.errors.values()].sort((a, b) => b.count - a.count),
    exemplars: [],
    ...(data.segments.length > 0 && { generator: judgeGenerator(data) }),
    resources: [],
    notes: [...lostGenerators(data), ...tablesOf(data).notes],
    peers: [],
    charts,
  };
}

/** Of a run that goes on: with fewer points, so that less has to be merged. */
export function runningCharts(data: RunData): ChartData {
  return chartDataOf(data, { limit: endpointPoints, running: true });
}

/** Seconds whose latencies came so long ago that none is told again, summed up once. */
const settled = new WeakMap<EndpointData, { readonly latency: SparseHistogram; throughSecond: number }>();
const settledAfterSeconds = 20;

function latencySoFar(endpoint: EndpointData, newest: number): SparseHistogram {
  const known = settled.get(endpoint) ?? { latency: new SparseHistogram(windowPrecision), throughSecond: -1 };
  settled.set(endpoint, known);
  const settles = newest - settledAfterSeconds;
  const open: SparseHistogram[] = [];
  for (const [second, { latency }] of endpoint.windows) {
    if (second <= known.throughSecond) continue;
    if (second <= settles) known.latency.add(latency);
    else if (second >= 0) open.push(latency);
  }
  known.throughSecond = Math.max(known.throughSecond, settles);
  const all = new SparseHistogram(windowPrecision);
  for (const latency of [known.latency, ...open]) all.add(latency);
  return all;
}

function identityOf(summary: RunSummary) {
  const { id, title, project, file, line, tags, profile, model, owners = [], targets = [] } = summary;
  return { id, title, project, file, line, tags, owners, targets, profile, model };
}

function latencyOf({ model, serviceMs, responseMs }: Pick<RunSummary, 'model' | 'serviceMs' | 'responseMs'>) {
  return (model === 'open' ? responseMs : serviceMs) ?? {};
}

function ratesOf({ successRate, throughputPerSec }: Pick<RunSummary, 'successRate' | 'throughputPerSec'>) {
  return {
    ...(successRate !== undefined && { successRate }),
    ...(throughputPerSec !== undefined && { throughputPerSec }),
  };
}

function shares(counts: RequestCounts, elapsedSec: number): { successRate?: number; throughputPerSec?: number } {
  const successRate = successRateOf(counts);
  return ratesOf({
    ...(successRate !== undefined && { successRate }),
    ...(elapsedSec > 0 && finished(counts) > 0 && { throughputPerSec: counts.ok / elapsedSec }),
  });
}

function endpointRow(endpoint: EndpointSummary, model: RunSummary['model'], data: RunData): EndpointRow {
  const measured = data.endpoints.get(endpoint.name);
  return {
    name: endpoint.name,
    requests: endpoint.requests,
    ...ratesOf(endpoint),
    latency: (model === 'open' ? endpoint.responseMs : endpoint.serviceMs) ?? {},
    statuses: endpoint.statuses,
    bytesSent: measured?.bytesSent ?? 0,
    bytesReceived: measured?.bytesReceived ?? 0,
    ...extrasOf(endpoint),
  };
}

function extrasOf({ stream, socket, serverTimingMs }: ExtrasSummary): ExtrasSummary {
  return {
    ...(stream !== undefined && { stream }),
    ...(socket !== undefined && { socket }),
    ...(serverTimingMs !== undefined && { serverTimingMs }),
  };
}

function apdexOf({ apdex }: RunData): { apdex?: number } {
  const score = apdexScore(apdex);
  return score === undefined ? {} : { apdex: score };
}

function tablesOf(data: RunData): Pick<RunView, 'checks' | 'metrics' | 'groups' | 'notes'> {
  return {
    checks: [...data.checks].map(([name, check]) => ({ name, ...check })),
    metrics: data.metrics.entries().map(([name, metric]) => ({
      name,
      kind: metric.kind,
      figures: statisticsOf(metric.kind).flatMap((statistic) => {
        const value = metricValue(metric, statistic);
        const unit = statistic === 'rate' ? 'share' : statistic === 'count' ? 'count' : 'number';
        return value === undefined || !Number.isFinite(value) ? [] : [[statistic, value, unit] as const];
      }),
    })),
    groups: [...data.groups].flatMap(([name, group]) => {
      const latency = group.durations.stats();
      return latency === undefined && group.failed === 0
        ? []
        : [{ name, failed: group.failed, latency: latency ?? {} }];
    }),
    notes: [
      ...data.accounting,
      ...new Set(data.segments.flatMap(({ stopped }) => (stopped === undefined ? [] : [`stopped early: ${stopped}`]))),
      ...data.segments.flatMap(({ incidents = [] }) => incidents.map((what) => `the load generator: ${what}`)),
    ],
  };
}

function statisticsOf(kind: string): string[] {
  if (kind === 'counter') return ['count'];
  if (kind === 'rate') return ['rate', 'count'];
  if (kind === 'gauge') return ['last', 'min', 'max'];
  return ['count', 'mean', 'min', 'p50', 'p90', 'p95', 'p99', 'max'];
}
