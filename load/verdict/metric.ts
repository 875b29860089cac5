/**
 * The metrics that a limit can name: one row each says what is read, of what, in which unit, and what a limit on it
 * means to the judge. Parsing, judging, explaining and printing read this table, so a name cannot mean two things.
 */
import { percentOf } from '../measure/custom-metric.ts';
import { accountedFor, apdexScore, finished, type RequestCounts, successRateOf } from '../measure/counts.ts';
import { phaseNames } from '../measure/samples/phases.ts';
import { overall, type RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import { isEmptyUserBook, userErrorKind, userFailures } from '../measure/user-book.ts';
import type { Unit } from '../measure/units.ts';
import type { EndpointLimits, LatencyLimits, MetricLimits, NetworkLimits, RunLimits, WindowLimits } from './limits.ts';
import type { LatencyGroup, PlainMetric } from './metric-row.ts';
import { failedConnects, leastShare, lookupFailures } from './network.ts';
import {
  numberMetrics,
  type NumberOfStreams,
  streamGroups,
  streamMetrics,
  type TimeOfStreams,
  timingGroupOf,
} from './stream-metrics.ts';

const isException = (kind: string) => kind === 'exception';
const isOfUser = (kind: string) => kind === userErrorKind;
const isOfRequest = (kind: string) => !isException(kind) && !isOfUser(kind);

const ofAny = (counts: RequestCounts, value: number) => (counts.scheduled === 0 ? undefined : value);
const ofIterations = ({ iterations }: RunData, value: number) => (iterations.started === 0 ? undefined : value);

type PlainName = Exclude<
  keyof RunLimits,
  | keyof LatencyLimits
  | ('serviceTime' | 'responseTime' | 'phases' | 'lag' | 'network' | 'serverTiming')
  | (TimeOfStreams | NumberOfStreams)
>;

/** What the types of the limits allow, the row must bear out: a limit on a window needs a reading of windows. */
type Placed<Name extends PlainName> = {
  readonly of: Name extends keyof EndpointLimits ? 'endpoint' : 'run';
} & (Name extends keyof WindowLimits ? Required<Pick<PlainMetric, 'inWindow'>> : { readonly inWindow?: undefined });

const plain = {
  successRate: {
    unit: 'share',
    of: 'endpoint',
    inOnce: true,
    tells: 'good',
    read: (_, counts) => successRateOf(counts),
    inWindow: ({ ok, failed }) => (ok + failed === 0 ? undefined : ok / (ok + failed)),
    errors: isOfRequest,
  },
  errorRate: {
    unit: 'share',
    of: 'endpoint',
    inOnce: true,
    tells: 'bad',
    read: (_, counts) => {
      const all = accountedFor(counts);
      return all === 0 ? undefined : (all - counts.ok) / all;
    },
    inWindow: ({ ok, failed }) => (ok + failed === 0 ? undefined : failed / (ok + failed)),
    errors: isOfRequest,
  },
  throughput: {
    unit: 'perSec',
    of: 'endpoint',
    tells: 'work',
    read: (run, counts) => {
      const durationMs = durationMsOfRun(run);
      return finished(counts) === 0 || durationMs === 0 ? undefined : (counts.ok * 1_000) / durationMs;
    },
    inWindow: ({ ok, lengthMs }) => (ok * 1_000) / lengthMs,
  },
  requests: {
    unit: 'count',
    of: 'endpoint',
    tells: 'work',
    read: (_, counts) => finished(counts),
    inWindow: ({ ok, failed }) => ok + failed,
  },
  failed: {
    unit: 'count',
    of: 'endpoint',
    inOnce: true,
    tells: 'bad',
    read: (_, counts) => ofAny(counts, counts.failed),
    impliedUnless: ['failed', 'successRate', 'errorRate'],
    errors: isOfRequest,
  },
  timedOut: {
    unit: 'count',
    of: 'endpoint',
    inOnce: true,
    tells: 'bad',
    read: (_, counts) => ofAny(counts, counts.timedOut),
    impliedUnless: ['timedOut', 'successRate', 'errorRate'],
    errors: (kind) => kind === 'timeout',
  },
  unfinished: {
    unit: 'count',
    of: 'endpoint',
    inOnce: true,
    tells: 'bad',
    read: (_, counts) => ofAny(counts, counts.unfinished),
    impliedUnless: ['unfinished'],
    errors: (kind) => kind === 'unfinished',
  },
  dropped: {
    unit: 'count',
    of: 'run',
    openOnly: true,
    tells: 'bad',
    read: (_, counts) => ofAny(counts, counts.dropped),
    impliedUnless: ['dropped'],
  },
  iterations: { unit: 'count', of: 'run', tells: 'work', read: ({ iterations }) => iterations.started },
  iterationsFailed: {
    unit: 'count',
    of: 'run',
    inOnce: true,
    tells: 'bad',
    read: (run) => ofIterations(run, run.iterations.failed),
    errors: isException,
  },
  idleIterations: {
    unit: 'count',
    of: 'run',
    inOnce: true,
    read: (run) => ofIterations(run, run.idleIterations),
    impliedUnless: ['idleIterations'],
  },
  exceptions: {
    unit: 'count',
    of: 'run',
    inOnce: true,
    tells: 'bad',
    read: (run) => ofIterations(run, run.exceptions),
    impliedUnless: ['exceptions', 'iterationsFailed'],
    errors: isException,
  },
  userFailures: {
    unit: 'count',
    of: 'run',
    inOnce: true,
    tells: 'bad',
    isOf: ({ users }) => !isEmptyUserBook(users),
    read: ({ users }) => (isEmptyUserBook(users) ? undefined : userFailures(users)),
    impliedUnless: ['userFailures'],
    errors: isOfUser,
  },
  checks: { unit: 'share', of: 'run', inOnce: true, tells: 'good', read: checkRate },
  apdex: { unit: 'number', of: 'run', read: ({ apdex }) => apdexScore(apdex) },
  ...streamMetrics,
} as const satisfies { readonly [Name in PlainName]: PlainMetric & Placed<Name> };

/** Without an address nothing is known of the connections: they are not ours, or there were none. */
const ofNetwork = ({ network }: RunData, value: number) => (network.peers.size === 0 ? undefined : value);

const network = {
  staleConnections: {
    unit: 'share',
    of: 'run',
    read: (run, counts) =>
      finished(counts) === 0 ? undefined : ofNetwork(run, run.network.staleConnections / finished(counts)),
  },
  retryAfter: { unit: 'count', of: 'run', read: (run) => ofNetwork(run, run.network.retryAfter.waits) },
  lookupFailures: { unit: 'count', of: 'run', read: (run) => ofNetwork(run, lookupFailures(run.network)) },
  failedConnects: { unit: 'count', of: 'run', read: (run) => ofNetwork(run, failedConnects(run.network)) },
  leastShare: { unit: 'share', of: 'run', read: (run) => leastShare(run.network) },
} as const satisfies { readonly [Name in keyof NetworkLimits]-?: PlainMetric & { readonly of: 'run' } };

/** In the order in which they are named to people. */
export const plainMetrics: ReadonlyMap<string, PlainMetric> = new Map([
  ...Object.entries<PlainMetric>(plain),
  ...numberMetrics,
  ...Object.entries<PlainMetric>(network).map(([name, metric]) => [`network.${name}`, metric] as const),
]);

/** Those that must be 0 where no limit speaks of them. */
export const impliedMetrics = [...plainMetrics].flatMap(
  ([name, { of, openOnly = false, impliedUnless, isOf = () => true, isOfRow = () => true }]) =>
    impliedUnless === undefined ? [] : [{ name, of, openOnly, impliedUnless, isOf, isOfRow }],
);

function checkRate({ checks }: RunData): number | undefined {
  let [passed, total] = [0, 0];
  for (const check of checks.values()) {
    passed += check.passed;
    total += check.passed + check.failed;
  }
  return total === 0 ? undefined : passed / total;
}

const phase = (name: (typeof phaseNames)[number]): LatencyGroup => ({
  of: 'endpoint',
  read: (run, endpoint) => endpoint?.phases[name] ?? overall(run, ({ phases }) => phases[name]),
});

/** Groups of latencies: `serviceTime.p99`, `phases.waiting.p95`. */
export const latencyGroups: ReadonlyMap<string, LatencyGroup> = new Map<string, LatencyGroup>([
  ['serviceTime', { of: 'endpoint', read: (run, endpoint) => endpoint?.service ?? overall(run, 'service') }],
  [
    'responseTime',
    { of: 'endpoint', openOnly: true, read: (run, endpoint) => endpoint?.response ?? overall(run, 'response') },
  ],
  ['lag', { of: 'run', openOnly: true, read: (run) => run.lag }],
  ...phaseNames.map((name) => [`phases.${name}`, phase(name)] as const),
  ...Object.entries(streamGroups),
]);

/** A group of that table, or one that the server names: `serverTiming.db`. Undefined if there is none. */
export function latencyGroupOf(name: string): LatencyGroup | undefined {
  return latencyGroups.get(name) ?? timingGroupOf(name);
}

/** Typed by what may be written: a statistic that the editor takes is judged, and one that it does not is refused. */
const latencyUnits: Readonly<Record<keyof LatencyLimits, Unit>> = {
  min: 'ms',
  mean: 'ms',
  p50: 'ms',
  p75: 'ms',
  p90: 'ms',
  p95: 'ms',
  p99: 'ms',
  p999: 'ms',
  p9999: 'ms',
  max: 'ms',
  stdev: 'ms',
};

/** `min` to `stdev`, as they are written. */
export const latencyStatistics: readonly string[] = Object.keys(latencyUnits);

function isLatencyWord(word: string): word is keyof LatencyLimits {
  return Object.hasOwn(latencyUnits, word);
}

/** A metric that is a latency: its group, where it names one, and its statistic. */
export interface LatencyMetric {
  readonly group: string | undefined;
  /** `min`, `mean`, `max`, `stdev` or `p95`. */
  readonly statistic: keyof LatencyLimits;
}

/** `serviceTime.p99` → its parts, `p99` → without a group; undefined for what is no latency. */
export function latencyOf(metric: string): LatencyMetric | undefined {
  const dot = metric.lastIndexOf('.');
  const group = dot === -1 ? undefined : metric.slice(0, dot);
  const statistic = metric.slice(dot + 1);
  if (group !== undefined && latencyGroupOf(group) === undefined) return undefined;
  return isLatencyWord(statistic) ? { group, statistic } : undefined;
}

/** A bare latency is response time in an open model, service time in a closed one. */
export function groupOf({ group }: LatencyMetric, model: RunData['plan']['model']): string {
  return group ?? (model === 'open' ? 'responseTime' : 'serviceTime');
}

/** Of a bare latency or of response time, where the metric is one that lies within the samples: no deviation, no least. */
export function responseStatistic(metric: string): string | undefined {
  const { group = 'responseTime', statistic = 'stdev' } = latencyOf(metric) ?? {};
  const isBound = statistic === 'mean' || statistic === 'max' || percentOf(statistic) !== undefined;
  return group === 'responseTime' && isBound ? statistic : undefined;
}

/** Unit of a run's or an endpoint's metric, or undefined if there is no such metric. */
export function unitOf(metric: string): Unit | undefined {
  const latency = latencyOf(metric);
  return latency === undefined ? plainMetrics.get(metric)?.unit : latencyUnits[latency.statistic];
}

const metricUnits: Readonly<Record<keyof MetricLimits, Unit>> = {
  count: 'count',
  rate: 'share',
  last: 'number',
  min: 'number',
  mean: 'number',
  p50: 'number',
  p75: 'number',
  p90: 'number',
  p95: 'number',
  p99: 'number',
  p999: 'number',
  p9999: 'number',
  max: 'number',
};

/** What may be asked of a custom metric, whatever its kind. */
export const metricStatistics: readonly string[] = Object.keys(metricUnits);

/** Unit of a custom metric's statistic, or undefined if there is no such statistic. */
export function metricUnitOf(statistic: string): Unit | undefined {
  return Object.hasOwn(metricUnits, statistic) ? metricUnits[statistic as keyof MetricLimits] : undefined;
}
