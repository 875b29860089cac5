/**
 * A run on the wire: what a worker attaches to its test as `_load-run`, and what a reporter reads, at once or after
 * blob reports were merged. Plain JSON; the many small windows inside it are deflated.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import type { ApdexCounts, RequestCounts } from './counts.ts';
import { CustomMetrics, type EncodedMetric } from './custom-metric.ts';
import type { Exemplar } from './exemplar.ts';
import { type EncodedHistogram, LatencyHistogram } from './histogram.ts';
import { phaseNames, type PhaseName } from './samples/phases.ts';
import type { ResourceSeries } from './resource-series.ts';
import {
  emptyEndpoint,
  emptyRunData,
  type EndpointData,
  type EndpointWindow,
  type ErrorGroup,
  type RunData,
  type RunPlan,
  type RunWindow,
  type SegmentData,
  windowPrecision,
} from './run-data.ts';
import { isEmptyNetwork, type LookupFailures, type NetworkData, type PeerCounts } from './network.ts';
import { type EncodedSparse, SparseHistogram } from './sparse-histogram.ts';
import type { Threshold } from './threshold.ts';

/** Changed whenever an old reader would misread a new payload. */
export const payloadSchema = 'playload.run/2';
/** The attachment's name; a leading underscore keeps it out of Playwright's HTML report. */
export const payloadAttachment = '_load-run';

export interface RunPayload {
  readonly schema: typeof payloadSchema;
  readonly plan: RunPlan;
  readonly segments: readonly SegmentData[];
  readonly thresholds: readonly Threshold[];
  readonly counts: RequestCounts;
  readonly iterations: { readonly started: number; readonly failed: number; readonly unfinished: number };
  readonly idleIterations?: number;
  readonly exceptions: number;
  readonly checks: Readonly<Record<string, { readonly passed: number; readonly failed: number }>>;
  readonly groups: Readonly<Record<string, EncodedHistogram>>;
  readonly metrics: Readonly<Record<string, EncodedMetric>>;
  readonly endpoints: readonly EncodedEndpoint[];
  readonly lag?: EncodedHistogram;
  readonly errors: readonly ErrorGroup[];
  /** Deflated base64 JSON of the run's windows. */
  readonly windows: string;
  readonly apdex: ApdexCounts;
  readonly exemplars: readonly Exemplar[];
  readonly resources: readonly ResourceSeries[];
  readonly accounting: readonly string[];
  /** Absent when all requests were counted. */
  readonly uncounted?: Readonly<Record<string, number>>;
  /** Absent in a run whose connections are not ours. */
  readonly network?: EncodedNetwork;
}

interface EncodedNetwork extends Pick<NetworkData, 'staleConnections' | 'retryAfter'> {
  readonly lookupFailures: readonly (readonly [name: string, LookupFailures])[];
  readonly peers: readonly PeerCounts[];
}

export interface EncodedEndpoint {
  readonly name: string;
  readonly counts: RequestCounts;
  readonly statuses: Readonly<Record<string, number>>;
  readonly service?: EncodedHistogram;
  readonly response?: EncodedHistogram;
  readonly failures?: EncodedHistogram;
  readonly phases: Partial<Record<PhaseName, EncodedHistogram>>;
  readonly blockedMs: number;
  readonly windows: string;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

type EncodedEndpointWindow = readonly [
  second: number,
  ok: number,
  failed: number,
  sumMs: number,
  latency: EncodedSparse,
];
type EncodedRunWindow = readonly [
  second: number,
  ...numbers: [number, number, number, number, number],
  errors: Record<string, number>,
];

export function encodeRun(run: RunData): RunPayload {
  return {
    schema: payloadSchema,
    plan: run.plan,
    segments: run.segments,
    thresholds: run.thresholds,
    counts: run.counts,
    iterations: run.iterations,
    idleIterations: run.idleIterations,
    exceptions: run.exceptions,
    checks: Object.fromEntries(run.checks),
    groups: Object.fromEntries([...run.groups].flatMap(([name, group]) => pair(name, group.encode()))),
    metrics: run.metrics.encode(),
    endpoints: [...run.endpoints].map(([name, endpoint]) => encodeEndpoint(name, endpoint)),
    ...optional('lag', run.lag.encode()),
    errors: [...run.errors.values()],
    windows: pack([...run.windows].map(encodeRunWindow)),
    apdex: run.apdex,
    exemplars: run.exemplars.list(),
    resources: run.resources,
    accounting: run.accounting,
    ...(run.uncounted.size > 0 && { uncounted: Object.fromEntries(run.uncounted) }),
    ...(!isEmptyNetwork(run.network) && { network: encodeNetwork(run.network) }),
  };
}

/** Reads a payload. Throws `TypeError` for one of another schema. */
export function decodeRun(payload: RunPayload): RunData {
  const schema: string = payload.schema;
  if (schema !== payloadSchema) {
    throw new TypeError(
      `a run of schema \`${schema}\` cannot be read, \`${payloadSchema}\` can: use one version of playload for workers and merge`,
    );
  }
  const run = emptyRunData(payload.plan);
  run.segments.push(...payload.segments);
  run.thresholds.push(...payload.thresholds);
  Object.assign(run.counts, payload.counts);
  Object.assign(run.iterations, payload.iterations);
  run.idleIterations = payload.idleIterations ?? 0;
  run.exceptions = payload.exceptions;
  for (const [name, check] of Object.entries(payload.checks)) run.checks.set(name, { ...check });
  for (const [name, group] of Object.entries(payload.groups)) run.groups.set(name, LatencyHistogram.decode(group));
  run.metrics.add(CustomMetrics.decode(payload.metrics));
  for (const endpoint of payload.endpoints) run.endpoints.set(endpoint.name, decodeEndpoint(endpoint));
  run.lag.add(LatencyHistogram.decode(payload.lag));
  for (const group of payload.errors) run.errors.set(`${group.kind} ${group.endpoint}`, { ...group });
  for (const window of unpack<EncodedRunWindow>(payload.windows)) run.windows.set(window[0], decodeRunWindow(window));
  Object.assign(run.apdex, payload.apdex);
  run.exemplars.addAll(payload.exemplars);
  run.resources.push(...payload.resources);
  run.accounting.push(...payload.accounting);
  for (const [row, count] of Object.entries(payload.uncounted ?? {})) run.uncounted.set(row, count);
  if (payload.network !== undefined) decodeNetwork(payload.network, run.network);
  return run;
}

function encodeNetwork({ staleConnections, retryAfter, lookupFailures, peers }: NetworkData): EncodedNetwork {
  return { staleConnections, retryAfter, lookupFailures: [...lookupFailures], peers: [...peers.values()] };
}

function decodeNetwork(encoded: EncodedNetwork, into: NetworkData): void {
  into.staleConnections = encoded.staleConnections;
  Object.assign(into.retryAfter, encoded.retryAfter);
  for (const [name, failures] of encoded.lookupFailures) into.lookupFailures.set(name, { ...failures });
  for (const peer of encoded.peers) into.peers.set(`${peer.host} ${peer.address}`, { ...peer });
}

function encodeEndpoint(name: string, endpoint: EndpointData): EncodedEndpoint {
  return {
    name,
    counts: endpoint.counts,
    statuses: Object.fromEntries(endpoint.statuses),
    ...optional('service', endpoint.service.encode()),
    ...optional('response', endpoint.response.encode()),
    ...optional('failures', endpoint.failures.encode()),
    phases: Object.fromEntries(phaseNames.flatMap((phase) => pair(phase, endpoint.phases[phase].encode()))),
    blockedMs: Math.round(endpoint.blockedMs * 1_000) / 1_000,
    windows: pack([...endpoint.windows].map(encodeEndpointWindow)),
    bytesSent: endpoint.bytesSent,
    bytesReceived: endpoint.bytesReceived,
  };
}

function decodeEndpoint(encoded: EncodedEndpoint): EndpointData {
  const endpoint = emptyEndpoint();
  Object.assign(endpoint.counts, encoded.counts);
  for (const [status, count] of Object.entries(encoded.statuses)) endpoint.statuses.set(status, count);
  endpoint.service.add(LatencyHistogram.decode(encoded.service));
  endpoint.response.add(LatencyHistogram.decode(encoded.response));
  endpoint.failures.add(LatencyHistogram.decode(encoded.failures));
  for (const phase of phaseNames) endpoint.phases[phase].add(LatencyHistogram.decode(encoded.phases[phase]));
  for (const window of unpack<EncodedEndpointWindow>(encoded.windows))
    endpoint.windows.set(window[0], decodeEndpointWindow(window));
  endpoint.blockedMs = encoded.blockedMs;
  endpoint.bytesSent = encoded.bytesSent;
  endpoint.bytesReceived = encoded.bytesReceived;
  return endpoint;
}

function encodeEndpointWindow([second, { ok, failed, sumMs, latency }]: [
  number,
  EndpointWindow,
]): EncodedEndpointWindow {
  return [second, ok, failed, Math.round(sumMs * 1_000) / 1_000, latency.encode()];
}

function decodeEndpointWindow([, ok, failed, sumMs, latency]: EncodedEndpointWindow): EndpointWindow {
  return { ok, failed, sumMs, latency: SparseHistogram.decode(latency, windowPrecision) };
}

function encodeRunWindow([second, window]: [number, RunWindow]): EncodedRunWindow {
  const { scheduled, dropped, completed, inFlight, users, errors } = window;
  return [second, scheduled, dropped, completed, inFlight, users, Object.fromEntries(errors)];
}

function decodeRunWindow([, scheduled, dropped, completed, inFlight, users, errors]: EncodedRunWindow): RunWindow {
  return { scheduled, dropped, completed, inFlight, users, errors: new Map(Object.entries(errors)) };
}

function pack(rows: readonly unknown[]): string {
  return deflateSync(JSON.stringify(rows)).toString('base64');
}

function unpack<Row>(packed: string): Row[] {
  return JSON.parse(inflateSync(Buffer.from(packed, 'base64')).toString('utf8')) as Row[];
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  return value === undefined ? {} : ({ [key]: value } as Record<Key, Value>);
}

function pair<Value>(name: string, value: Value | undefined): [string, Value][] {
  return value === undefined ? [] : [[name, value]];
}
