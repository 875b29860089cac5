/**
 * Everything a run measured, in the form that merges: counters, histograms and one-second windows, never samples and
 * never percentiles. Its size goes with endpoints × seconds, not with requests.
 */
import { addRows, otherChecks, otherEndpoints, otherGroups, otherTags, type RowKind } from './bounded-rows.ts';
import { addCheck, type CheckData, emptyCheck } from './check-data.ts';
import { addCounts, type ApdexCounts, emptyTally, type Tally } from './counts.ts';
import { CustomMetrics } from './custom-metric.ts';
import { Exemplars } from './exemplar.ts';
import { addGroup, emptyGroup, type GroupData } from './group-data.ts';
import type { GeneratorSecond } from './generator-series.ts';
import { LatencyHistogram } from './histogram.ts';
import { addProbe, emptyProbe, type ProbeData } from './probe-data.ts';
import type { ResourceSeries } from './resource-series.ts';
import { addExtras, type RowExtras } from './row-extras.ts';
import { addNetwork, emptyNetwork, type NetworkData } from './network.ts';
import {
  addFineWindow,
  addRunWindow,
  emptyFineWindow,
  emptyRunWindow,
  type FineWindow,
  type RunWindow,
  windowPrecision,
} from './run-window.ts';
import { phaseNames, type PhaseName } from './samples/phases.ts';
import { SparseHistogram } from './sparse-histogram.ts';
import type { Threshold } from './threshold.ts';
import { addUncounted, type UncountedRequests } from './uncounted.ts';
import { addUserBook, emptyUserBook, type UserBook } from './user-book.ts';

export type Model = 'open' | 'closed';

/** What a run was asked to do; the same in all its segments. */
export interface RunPlan {
  /** The name given to this run, where a test has several. */
  readonly name?: string;
  /** Which load of its test, from 0. */
  readonly index: number;
  /** The profile in words: `500/s for 30s`. */
  readonly profile: string;
  readonly model: Model;
  readonly warmUpMs: number;
  /** Length of the measured part, where the profile knows it. */
  readonly plannedMs?: number;
  /** The parts of a load that changes, in words; absent where it holds one level. */
  readonly stages?: readonly Stage[];
  /** Starts per second asked for, as corner points of straight lines; the whole load, not one segment's. Open model only. */
  readonly askedRate?: readonly { readonly atMs: number; readonly perSec: number }[];
  /** The part without ramps. */
  readonly steady?: { readonly fromMs: number; readonly toMs: number };
  /** Apdex threshold T in milliseconds, where one was given. */
  readonly apdexMs?: number;
  /** Only measured, by wish: without thresholds it neither fails nor says that anything is good. */
  readonly unjudged?: boolean;
  /** A step of a search, which counts errors of the scenario's own too, and says itself what came of it. */
  readonly isStep?: true;
  /** Each segment has a server of its own, by wish. */
  readonly servers?: 'per-shard';
  /** Whether a saturated generator makes the run invalid, or is only noted. */
  readonly whenSaturated: 'invalid' | 'warn';
  /** Played once, as a functional test: nothing of it tells how fast anything is, or how much there was. */
  readonly once?: true;
  /** Made smaller from outside than its spec says. */
  readonly shrunk?: ShrunkPlan;
  /** Templates of links to the traces and the logs of single requests, secrets masked. */
  readonly traceUrl?: string;
  readonly logsUrl?: string;
  /** Requests that the run does not count are meant; otherwise they make it invalid. */
  readonly uncounted?: 'allowed';
}

/** A part of a load: `0 to 100/s`. */
export interface Stage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly words: string;
}

/** How much smaller a load was made, as shares of what its spec says. */
export interface ShrunkPlan {
  /** Of users, rates and counts; absent where they are as they were. */
  readonly scale?: number;
  /** Of its time; likewise. */
  readonly stretch?: number;
  /** Of its iterations in all; absent where that is not certain. */
  readonly countFactor?: number;
  /** Of its iterations a second; likewise. */
  readonly rateFactor?: number;
}

/** One generator's share of a run. */
export interface SegmentData {
  /** The same for all segments of one run of the suite; others are refused. */
  readonly runId: string;
  readonly index: number;
  readonly of: number;
  /** Which core of its machine, where the load was dealt to several. */
  readonly core?: SegmentCore;
  /** How `cores: 'auto'` came to how many there are, where it did. */
  readonly coresWhy?: string;
  /** Generators of the same machine that did not come through, a sentence each; the first core tells. */
  readonly lost?: readonly string[];
  readonly startedAtEpochMs: number;
  readonly durationMs: number;
  /** Why the run ended before its profile did, if it did. */
  readonly stopped?: string;
  /** What befell the generator or its machine meanwhile, a sentence each. */
  readonly incidents?: readonly string[];
  /** What its scenarios did beside their requests that takes a generator's time, in words, where that is known. */
  readonly burden?: string;
  readonly generator: readonly GeneratorSecond[];
  readonly pid: number;
  /** The servers it was aimed at, where anything says so. */
  readonly target?: SegmentTarget;
  /** How far this machine's clock is ahead, where its runner knows: the start is told without it. */
  readonly clockOffsetMs?: number;
  /** The same for all segments that were asked to do the same by the same spec. */
  readonly planHash?: string;
  readonly commit?: string;
  /** What of its machine decides how fast it is, in words. */
  readonly environment?: string;
}

export interface SegmentCore {
  /** From 0. */
  readonly index: number;
  readonly of: number;
  /** How much later it began than the first of them, milliseconds of the machine's monotonic clock. */
  readonly lateMs: number;
}

export interface SegmentTarget {
  /** Of what was called; of `baseURL` where nothing was. */
  readonly origins: readonly string[];
  /** Whether this process's own Playwright started a server. */
  readonly ownServer: boolean;
  /** What the answers of each origin call their version, where they do. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Whose loopback is meant; absent where the origins are the same servers for everyone. */
  readonly machine?: string;
}

export interface ErrorGroup {
  readonly kind: string;
  readonly endpoint: string;
  count: number;
  readonly sample: string;
  /** What tells it from others of its kind, without what differs each time; absent where its endpoint does. */
  readonly shape?: string;
  /** Head of the first answer's body, one line without secrets. */
  readonly body?: string;
  /** When the first and the last of them were due, in milliseconds of the measured part; absent where nothing tells. */
  fromMs?: number;
  toMs?: number;
}

/** A second of one endpoint, by intended start: a stall is seen in the second that suffered it. */
export interface EndpointWindow {
  ok: number;
  /** All others: failed, timed out, cut off at the end. */
  failed: number;
  /** Response time in an open model, service time in a closed one; milliseconds. Of the same requests as the endpoint's. */
  readonly latency: SparseHistogram;
  sumMs: number;
}

export interface EndpointData extends RowExtras {
  readonly counts: Tally;
  readonly statuses: Map<string, number>;
  /**
   * Of the requests that were answered well, timed out or were cut off at the end: the last two by their age, which is
   * a lower bound. A failure that came quickly improves no percentile, so failures are apart.
   */
  readonly service: LatencyHistogram;
  readonly response: LatencyHistogram;
  /** Of the requests that failed: response time in an open model, service time in a closed one. */
  readonly failures: LatencyHistogram;
  /** The least age, from its call, of those that timed out or were cut off; absent where there were none. */
  leastLostMs?: number;
  readonly phases: Record<PhaseName, LatencyHistogram>;
  /**
   * Time before the first byte was sent that was neither name lookup nor connecting nor TLS, summed: the wait for a
   * free connection, and in an open model our own lag. With it the phases of all requests in the histograms add up to
   * their time from the intended start, or from the call in a closed model.
   */
  blockedMs: number;
  /** By second; negative ones belong to the warm-up. */
  readonly windows: Map<number, EndpointWindow>;
  bytesSent: number;
  bytesReceived: number;
}

export { emptyRunWindow, type RunWindow, windowPrecision };

export interface RunData {
  readonly plan: RunPlan;
  readonly segments: SegmentData[];
  readonly thresholds: Threshold[];
  readonly counts: Tally;
  readonly iterations: { started: number; failed: number; unfinished: number };
  /** From start to end, pauses included, of the iterations that ended well. */
  readonly iterationMs: LatencyHistogram;
  /** Iterations that ended well and had sent no request. */
  idleIterations: number;
  /** Failures of the scenario's own code: anything it threw that was no failed request. */
  exceptions: number;
  readonly checks: Map<string, CheckData>;
  readonly groups: Map<string, GroupData>;
  readonly metrics: CustomMetrics;
  readonly endpoints: Map<string, EndpointData>;
  /** Under `key=value`: requests that have the tag. */
  readonly tags: Map<string, EndpointData>;
  readonly lag: LatencyHistogram;
  readonly errors: Map<string, ErrorGroup>;
  readonly windows: Map<number, RunWindow>;
  /** By 10 ms of the measured part; of a run that is over within seconds, else empty. */
  readonly fine: Map<number, FineWindow>;
  readonly apdex: ApdexCounts;
  readonly exemplars: Exemplars;
  readonly resources: ResourceSeries[];
  /** Sums that did not hold when the run ended; empty when the books balance. */
  readonly accounting: string[];
  /** Requests of the measured part that went past the books. */
  readonly uncounted: UncountedRequests;
  /** What the connections went through beside the requests. */
  readonly network: NetworkData;
  /** Of the users' lives beside their iterations. */
  readonly users: UserBook;
  /** Pages beside the load, by the probe's name. */
  readonly probes: Map<string, ProbeData>;
}

/** Under which an error stands in `RunData.errors`: the same in all segments. */
export function errorKey({ kind, endpoint, shape }: Pick<ErrorGroup, 'kind' | 'endpoint' | 'shape'>): string {
  return `${kind} ${shape ?? endpoint}`;
}

/** Widens the time in which an error was seen. */
export function seeError(group: ErrorGroup, { fromMs, toMs }: Pick<ErrorGroup, 'fromMs' | 'toMs'>): void {
  if (fromMs !== undefined) group.fromMs = Math.min(group.fromMs ?? fromMs, fromMs);
  if (toMs !== undefined) group.toMs = Math.max(group.toMs ?? toMs, toMs);
}

export function emptyRunData(plan: RunPlan): RunData {
  return {
    plan,
    segments: [],
    thresholds: [],
    counts: emptyTally(),
    iterations: { started: 0, failed: 0, unfinished: 0 },
    iterationMs: new LatencyHistogram(),
    idleIterations: 0,
    exceptions: 0,
    checks: new Map(),
    groups: new Map(),
    metrics: new CustomMetrics(),
    endpoints: new Map(),
    tags: new Map(),
    lag: new LatencyHistogram(),
    errors: new Map(),
    windows: new Map(),
    fine: new Map(),
    apdex: { satisfied: 0, tolerating: 0, frustrated: 0 },
    exemplars: new Exemplars(),
    resources: [],
    accounting: [],
    uncounted: new Map(),
    network: emptyNetwork(),
    users: emptyUserBook(),
    probes: new Map(),
  };
}

export function emptyEndpoint(): EndpointData {
  return {
    counts: emptyTally(),
    statuses: new Map(),
    service: new LatencyHistogram(),
    response: new LatencyHistogram(),
    failures: new LatencyHistogram(),
    phases: emptyPhases(),
    blockedMs: 0,
    windows: new Map(),
    bytesSent: 0,
    bytesReceived: 0,
  };
}

function emptyPhases(): Record<PhaseName, LatencyHistogram> {
  const phases: Partial<Record<PhaseName, LatencyHistogram>> = {};
  for (const phase of phaseNames) phases[phase] = new LatencyHistogram();
  return phases as Record<PhaseName, LatencyHistogram>; // one for each name
}

export function emptyEndpointWindow(): EndpointWindow {
  return { ok: 0, failed: 0, latency: new SparseHistogram(windowPrecision), sumMs: 0 };
}

/** The value under the key, made first if need be. */
export function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Notes the age of a request that timed out or was cut off. */
export function lose(endpoint: EndpointData, ageMs: number | undefined): void {
  if (ageMs !== undefined) endpoint.leastLostMs = Math.min(endpoint.leastLostMs ?? ageMs, ageMs);
}

/** All endpoints' requests in one histogram: of service or response time, those that failed, or what is read of each. */
export function overall(
  run: Pick<RunData, 'endpoints'>,
  time: 'service' | 'response' | 'failures' | ((endpoint: EndpointData) => LatencyHistogram),
): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const endpoint of run.endpoints.values()) all.add(typeof time === 'string' ? endpoint[time] : time(endpoint));
  return all;
}

/**
 * Adds a segment to what was merged so far. Whether the two belong together is for the caller to know; throws, with
 * nothing added, where a metric is of another kind.
 */
export function addRunData(into: RunData, from: RunData): void {
  into.metrics.add(from.metrics);
  into.segments.push(...from.segments);
  for (const threshold of from.thresholds) {
    if (!into.thresholds.some((known) => JSON.stringify(known) === JSON.stringify(threshold)))
      into.thresholds.push(threshold);
  }
  addCounts(into.counts, from.counts);
  into.iterations.started += from.iterations.started;
  into.iterations.failed += from.iterations.failed;
  into.iterations.unfinished += from.iterations.unfinished;
  into.iterationMs.add(from.iterationMs);
  into.idleIterations += from.idleIterations;
  into.exceptions += from.exceptions;
  addRows(into.checks, from.checks, { others: otherChecks, empty: emptyCheck, add: addCheck });
  addRows(into.groups, from.groups, { others: otherGroups, empty: emptyGroup, add: addGroup });
  addRows(into.endpoints, from.endpoints, endpointRows);
  addRows(into.tags, from.tags, tagRows);
  into.lag.add(from.lag);
  for (const group of from.errors.values()) addError(into.errors, group);
  for (const [second, window] of from.windows) addRunWindow(entry(into.windows, second, emptyRunWindow), window);
  for (const [at, window] of from.fine) addFineWindow(entry(into.fine, at, emptyFineWindow), window);
  into.apdex.satisfied += from.apdex.satisfied;
  into.apdex.tolerating += from.apdex.tolerating;
  into.apdex.frustrated += from.apdex.frustrated;
  into.exemplars.addAll(from.exemplars.list());
  into.resources.push(...from.resources);
  into.accounting.push(...from.accounting);
  addUncounted(into.uncounted, from.uncounted);
  addNetwork(into.network, from.network);
  addUserBook(into.users, from.users);
  for (const [name, probe] of from.probes)
    addProbe(
      entry(into.probes, name, () => emptyProbe(probe.everyMs)),
      probe,
    );
}

export const endpointRows: RowKind<EndpointData> = { others: otherEndpoints, empty: emptyEndpoint, add: addEndpoint };
export const tagRows: RowKind<EndpointData> = { ...endpointRows, others: otherTags };

function addEndpoint(into: EndpointData, from: EndpointData): void {
  addCounts(into.counts, from.counts);
  for (const [status, count] of from.statuses) into.statuses.set(status, (into.statuses.get(status) ?? 0) + count);
  into.service.add(from.service);
  into.response.add(from.response);
  into.failures.add(from.failures);
  lose(into, from.leastLostMs);
  for (const phase of phaseNames) into.phases[phase].add(from.phases[phase]);
  into.blockedMs += from.blockedMs;
  for (const [second, window] of from.windows) {
    const mine = entry(into.windows, second, emptyEndpointWindow);
    mine.ok += window.ok;
    mine.failed += window.failed;
    mine.latency.add(window.latency);
    mine.sumMs += window.sumMs;
  }
  into.bytesSent += from.bytesSent;
  into.bytesReceived += from.bytesReceived;
  addExtras(into, from);
}

function addError(into: RunData['errors'], group: ErrorGroup): void {
  const mine = entry(into, errorKey(group), () => ({ ...group, count: 0 }));
  mine.count += group.count;
  seeError(mine, group);
}
