/**
 * A run on the wire: what a worker attaches to its test as `_load-run`, and what a reporter reads, at once or after
 * blob reports were merged. Plain JSON; the many small windows inside it are deflated. It is read in two steps: opened,
 * which finds whatever is amiss, then added to a run, without a copy of its histograms in between.
 */
import { deflateSync, inflateSync } from 'node:zlib';
import { mergedNames, type RowKind } from './bounded-rows.ts';
import { addCounts, type ApdexCounts, type RequestCounts } from './counts.ts';
import { CustomMetrics, type EncodedMetric } from './custom-metric.ts';
import type { GroupData } from './group-data.ts';
import type { Exemplar } from './exemplar.ts';
import type { EncodedHistogram, OpenedHistogram } from './histogram.ts';
import { decodeHistogram, openHistogram } from './open-histogram.ts';
import { phaseNames, type PhaseName } from './samples/phases.ts';
import type { ResourceSeries } from './resource-series.ts';
import {
  addRunData,
  emptyEndpoint,
  emptyEndpointWindow,
  emptyRunData,
  type EndpointData,
  endpointRows,
  entry,
  errorKey,
  type ErrorGroup,
  lose,
  type RunData,
  type RunPlan,
  type RunWindow,
  type SegmentData,
  tagRows,
} from './run-data.ts';
import { isEmptyNetwork, type LookupFailures, type NetworkData, type PeerCounts } from './network.ts';
import { type FineWindow, windowPrecision } from './run-window.ts';
import { type EncodedSparse, SparseHistogram } from './sparse-histogram.ts';
import type { Threshold } from './threshold.ts';
import { isEmptyUserBook, type UserBook, type UserCounts, userStages } from './user-book.ts';
import type { ProbeData } from './probe-data.ts';
import { decodeExtras, type EncodedExtras, encodeExtras } from './encoded-extras.ts';
import { addExtras, type RowExtras } from './row-extras.ts';
import { VarintReader, VarintWriter } from './varints.ts';

/** Changed whenever an old reader would misread a new payload. */
export const payloadSchema = 'playload.run/5';
/** The attachment's name; a leading underscore keeps it out of Playwright's HTML report. */
export const payloadAttachment = '_load-run';

export interface RunPayload {
  readonly schema: typeof payloadSchema;
  readonly plan: RunPlan;
  readonly segments: readonly SegmentData[];
  readonly thresholds: readonly Threshold[];
  readonly counts: RequestCounts;
  readonly iterations: { readonly started: number; readonly failed: number; readonly unfinished: number };
  /** Absent where none ended well. */
  readonly iterationMs?: EncodedHistogram;
  readonly idleIterations?: number;
  readonly exceptions: number;
  readonly checks: Readonly<Record<string, { readonly passed: number; readonly failed: number }>>;
  readonly groups: Readonly<Record<string, EncodedGroup>>;
  readonly metrics: Readonly<Record<string, EncodedMetric>>;
  readonly endpoints: readonly EncodedEndpoint[];
  /** Absent without tags. */
  readonly tags?: readonly EncodedEndpoint[];
  readonly lag?: EncodedHistogram;
  readonly errors: readonly ErrorGroup[];
  /** Deflated base64 JSON of the run's windows. */
  readonly windows: string;
  /** The same of its fine windows; absent where it has none. */
  readonly fine?: string;
  readonly apdex: ApdexCounts;
  readonly exemplars: readonly Exemplar[];
  readonly resources: readonly ResourceSeries[];
  readonly accounting: readonly string[];
  /** Absent when all requests were counted. */
  readonly uncounted?: Readonly<Record<string, number>>;
  /** Absent in a run whose connections are not ours. */
  readonly network?: EncodedNetwork;
  /** Absent where users had no life of their own. */
  readonly users?: EncodedUsers;
  /** Absent where no page was probed. */
  readonly probes?: Readonly<Record<string, ProbeData>>;
}

type EncodedUsers = Readonly<
  Record<keyof UserBook, Pick<UserCounts, 'begun' | 'failed'> & { readonly ms?: EncodedHistogram }>
>;

interface EncodedGroup extends Pick<GroupData, 'started' | 'failed'> {
  readonly durations?: EncodedHistogram;
}

interface EncodedNetwork extends Pick<NetworkData, 'staleConnections' | 'retryAfter' | 'invalidTraceparents'> {
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
  readonly leastLostMs?: number;
  readonly phases: Partial<Record<PhaseName, EncodedHistogram>>;
  readonly blockedMs: number;
  /** Deflated base64 varints, as `packWindows` writes them. */
  readonly windows: string;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Of its streams, sockets and server timing; absent where it has none. */
  readonly extras?: EncodedExtras;
}

type EncodedRunWindow = readonly [
  second: number,
  ...numbers: [number, number, number, number, number],
  errors: Record<string, number>,
  statuses?: Record<string, number>,
];
type EncodedFineWindow = readonly [EncodedRunWindow, EncodedSparse];

export function encodeRun(run: RunData): RunPayload {
  return {
    schema: payloadSchema,
    plan: run.plan,
    segments: run.segments,
    thresholds: run.thresholds,
    counts: run.counts,
    iterations: run.iterations,
    ...optional('iterationMs', run.iterationMs.encode()),
    idleIterations: run.idleIterations,
    exceptions: run.exceptions,
    checks: Object.fromEntries(run.checks),
    groups: Object.fromEntries([...run.groups].map(([name, group]) => [name, encodeGroup(group)])),
    metrics: run.metrics.encode(),
    endpoints: [...run.endpoints].map(([name, endpoint]) => encodeEndpoint(name, endpoint)),
    ...(run.tags.size > 0 && { tags: [...run.tags].map(([name, tag]) => encodeEndpoint(name, tag)) }),
    ...optional('lag', run.lag.encode()),
    errors: [...run.errors.values()],
    windows: pack([...run.windows].map(encodeRunWindow)),
    ...(run.fine.size > 0 && { fine: pack([...run.fine].map(encodeFineWindow)) }),
    apdex: run.apdex,
    exemplars: run.exemplars.list(),
    resources: run.resources,
    accounting: run.accounting,
    ...(run.uncounted.size > 0 && { uncounted: Object.fromEntries(run.uncounted) }),
    ...(!isEmptyNetwork(run.network) && { network: encodeNetwork(run.network) }),
    ...(!isEmptyUserBook(run.users) && {
      users: { setUp: encodeUsers(run.users.setUp), tearDown: encodeUsers(run.users.tearDown) },
    }),
    ...(run.probes.size > 0 && { probes: Object.fromEntries(run.probes) }),
  };
}

/** A payload that is unpacked: all that could be amiss with it was found. */
export interface OpenedRun {
  /** All but the rows. */
  readonly rest: RunData;
  readonly endpoints: readonly OpenedEndpoint[];
  readonly tags: readonly OpenedEndpoint[];
}

type Histograms = 'service' | 'response' | 'failures';

interface OpenedEndpoint extends Omit<EncodedEndpoint, Histograms | 'phases' | 'windows' | 'extras'> {
  readonly extras: RowExtras | undefined;
  readonly times: Readonly<Record<Histograms, OpenedHistogram | undefined>>;
  readonly phases: Readonly<Record<PhaseName, OpenedHistogram | undefined>>;
  readonly windows: Uint8Array;
}

/** Throws `TypeError` for a payload of another schema. */
export function requireSchema(payload: Pick<RunPayload, 'schema'>): void {
  const schema: string = payload.schema;
  if (schema !== payloadSchema) {
    throw new TypeError(
      `a run of schema \`${schema}\` cannot be read, \`${payloadSchema}\` can: use one version of playload for workers and merge`,
    );
  }
}

/** Throws `TypeError` for a payload of another schema, and some error for one that is damaged. */
export function openRun(payload: RunPayload): OpenedRun {
  requireSchema(payload);
  const { endpoints, tags = [] } = payload;
  return { rest: decodeRest(payload), endpoints: endpoints.map(openEndpoint), tags: tags.map(openEndpoint) };
}

/**
 * Adds a run to what was merged so far, its rows' windows so many seconds later. Throws, with nothing added, where a
 * metric is of another kind.
 */
export function addOpenedRun(into: RunData, { rest, endpoints, tags }: OpenedRun, laterSeconds = 0): void {
  addRunData(into, rest);
  addOpened(into.endpoints, endpoints, { kind: endpointRows, laterSeconds });
  addOpened(into.tags, tags, { kind: tagRows, laterSeconds });
}

interface Placing {
  readonly kind: RowKind<EndpointData>;
  readonly laterSeconds: number;
}

function addOpened(into: RunData['endpoints'], rows: readonly OpenedEndpoint[], { kind, laterSeconds }: Placing): void {
  const names = rows.map(({ name }) => name);
  const nameIn = mergedNames(into, names, kind);
  for (const row of rows) addEndpoint(entry(into, nameIn(row.name), emptyEndpoint), row, laterSeconds);
}

function decodeRest(payload: RunPayload): RunData {
  const run = emptyRunData(payload.plan);
  run.segments.push(...payload.segments);
  run.thresholds.push(...payload.thresholds);
  Object.assign(run.counts, payload.counts);
  Object.assign(run.iterations, payload.iterations);
  run.iterationMs.add(decodeHistogram(payload.iterationMs));
  run.idleIterations = payload.idleIterations ?? 0;
  run.exceptions = payload.exceptions;
  for (const [name, check] of Object.entries(payload.checks)) run.checks.set(name, { ...check });
  for (const [name, group] of Object.entries(payload.groups))
    run.groups.set(name, { ...group, durations: decodeHistogram(group.durations) });
  run.metrics.add(CustomMetrics.decode(payload.metrics));
  run.lag.add(decodeHistogram(payload.lag));
  for (const group of payload.errors) run.errors.set(errorKey(group), { ...group });
  for (const window of unpack<EncodedRunWindow>(payload.windows)) run.windows.set(window[0], decodeRunWindow(window));
  for (const [window, latency] of payload.fine === undefined ? [] : unpack<EncodedFineWindow>(payload.fine))
    run.fine.set(window[0], decodeFineWindow(window, latency));
  Object.assign(run.apdex, payload.apdex);
  run.exemplars.addAll(payload.exemplars);
  run.resources.push(...payload.resources);
  run.accounting.push(...payload.accounting);
  for (const [row, count] of Object.entries(payload.uncounted ?? {})) run.uncounted.set(row, count);
  if (payload.network !== undefined) decodeNetwork(payload.network, run.network);
  for (const stage of userStages) {
    const { begun, failed, ms } = payload.users?.[stage] ?? { begun: 0, failed: 0 };
    Object.assign(run.users[stage], { begun, failed });
    run.users[stage].ms.add(decodeHistogram(ms));
  }
  for (const [name, probe] of Object.entries(payload.probes ?? {}))
    run.probes.set(name, { ...probe, rounds: [...probe.rounds] });
  return run;
}

function encodeUsers({ begun, failed, ms }: UserCounts): EncodedUsers['setUp'] {
  return { begun, failed, ...optional('ms', ms.encode()) };
}

function encodeGroup({ started, failed, durations }: GroupData): EncodedGroup {
  return { started, failed, ...optional('durations', durations.encode()) };
}

function encodeNetwork({ lookupFailures, peers, ...plain }: NetworkData): EncodedNetwork {
  return { ...plain, lookupFailures: [...lookupFailures], peers: [...peers.values()] };
}

function decodeNetwork(encoded: EncodedNetwork, into: NetworkData): void {
  into.staleConnections = encoded.staleConnections;
  Object.assign(into.retryAfter, encoded.retryAfter);
  if (encoded.invalidTraceparents !== undefined) into.invalidTraceparents = { ...encoded.invalidTraceparents };
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
    ...optional('leastLostMs', endpoint.leastLostMs),
    phases: Object.fromEntries(phaseNames.flatMap((phase) => pair(phase, endpoint.phases[phase].encode()))),
    blockedMs: Math.round(endpoint.blockedMs * 1_000) / 1_000,
    windows: packWindows(endpoint.windows),
    bytesSent: endpoint.bytesSent,
    bytesReceived: endpoint.bytesReceived,
    ...optional('extras', encodeExtras(endpoint)),
  };
}

function openEndpoint(encoded: EncodedEndpoint): OpenedEndpoint {
  const { service, response, failures, phases, windows, extras, ...plain } = encoded;
  return {
    ...plain,
    extras: extras === undefined ? undefined : decodeExtras(extras),
    times: { service: openHistogram(service), response: openHistogram(response), failures: openHistogram(failures) },
    phases: Object.fromEntries(phaseNames.map((phase) => [phase, openHistogram(phases[phase])])) as Record<
      PhaseName,
      OpenedHistogram | undefined
    >,
    windows: inflateSync(Buffer.from(windows, 'base64')),
  };
}

function addEndpoint(endpoint: EndpointData, opened: OpenedEndpoint, laterSeconds: number): void {
  addCounts(endpoint.counts, opened.counts);
  for (const [status, count] of Object.entries(opened.statuses))
    endpoint.statuses.set(status, (endpoint.statuses.get(status) ?? 0) + count);
  endpoint.service.addOpened(opened.times.service);
  endpoint.response.addOpened(opened.times.response);
  endpoint.failures.addOpened(opened.times.failures);
  lose(endpoint, opened.leastLostMs);
  for (const phase of phaseNames) endpoint.phases[phase].addOpened(opened.phases[phase]);
  addWindows(endpoint.windows, opened.windows, laterSeconds);
  endpoint.blockedMs += opened.blockedMs;
  endpoint.bytesSent += opened.bytesSent;
  endpoint.bytesReceived += opened.bytesReceived;
  if (opened.extras !== undefined) addExtras(endpoint, opened.extras, laterSeconds);
}

/** Of each window its second, from that of the one before, then `ok`, `failed`, the sum in microseconds and the histogram. */
function packWindows(windows: EndpointData['windows']): string {
  const writer = new VarintWriter();
  let before = 0;
  for (const [second, { ok, failed, sumMs, latency }] of windows) {
    writer.writeSigned(second - before);
    writer.write(ok);
    writer.write(failed);
    writer.write(Math.round(sumMs * 1_000));
    latency.writeTo(writer);
    before = second;
  }
  return deflateSync(writer.bytes).toString('base64');
}

function addWindows(into: EndpointData['windows'], packed: Uint8Array, laterSeconds: number): void {
  const reader = new VarintReader(packed);
  for (let second = laterSeconds; !reader.isDone;) {
    second += reader.readSigned();
    const window = entry(into, second, emptyEndpointWindow);
    window.ok += reader.read();
    window.failed += reader.read();
    window.sumMs += reader.read() / 1_000;
    window.latency.addFrom(reader);
  }
}

function encodeRunWindow([second, window]: [number, RunWindow]): EncodedRunWindow {
  const { scheduled, dropped, completed, inFlight, users, errors, statuses } = window;
  const counts = [scheduled, dropped, completed, inFlight, users] as const;
  return [second, ...counts, Object.fromEntries(errors), Object.fromEntries(statuses)];
}

function encodeFineWindow([at, window]: [number, FineWindow]): EncodedFineWindow {
  return [encodeRunWindow([at, window]), window.latency.encode()];
}

function decodeFineWindow(window: EncodedRunWindow, latency: EncodedSparse): FineWindow {
  return { ...decodeRunWindow(window), latency: SparseHistogram.decode(latency, windowPrecision) };
}

function decodeRunWindow([, ...window]: EncodedRunWindow): RunWindow {
  const [scheduled, dropped, completed, inFlight, users, errors, statuses = {}] = window;
  const kinds = { errors: new Map(Object.entries(errors)), statuses: new Map(Object.entries(statuses)) };
  return { scheduled, dropped, completed, inFlight, users, ...kinds };
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
