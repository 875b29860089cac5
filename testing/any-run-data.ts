/**
 * Any run there may be, for properties: every field of everything that is measured, filled at random. A field that is
 * added to one of these types and left out here does not compile.
 */
import fc from 'fast-check';
import { anyProbe, anyRowExtras } from './any-row-extras.ts';
import {
  objectOf,
  maybe,
  few,
  mapOf,
  recordOf,
  text,
  name,
  count,
  ms,
  second,
  histogram,
  windowHistogram,
} from './any-values.ts';
import type { ApdexCounts, Tally } from '../load/measure/counts.ts';
import { CustomMetrics } from '../load/measure/custom-metric.ts';
import { type Exemplar, Exemplars } from '../load/measure/exemplar.ts';
import type { GeneratorSecond } from '../load/measure/generator-series.ts';
import { LatencyHistogram } from '../load/measure/histogram.ts';
import type { GroupData } from '../load/measure/group-data.ts';
import type { HttpDetails } from '../load/measure/samples/http.ts';
import type { MeasuredDetails } from '../load/measure/samples/measured.ts';
import type { InvalidTraceparents, LookupFailures, NetworkData, PeerCounts } from '../load/measure/network.ts';
import type { PhaseName } from '../load/measure/samples/phases.ts';
import type { ResourceSample, ResourceSeries } from '../load/measure/resource-series.ts';
import {
  type EndpointData,
  type EndpointWindow,
  type ErrorGroup,
  errorKey,
  type RunData,
  type RunPlan,
  type ShrunkPlan,
  type RunWindow,
  type SegmentCore,
  type SegmentData,
  type SegmentTarget,
} from '../load/measure/run-data.ts';
import type { TraceContext } from '../load/measure/trace-context.ts';
import type { UserBook, UserCounts } from '../load/measure/user-book.ts';
import type { FineWindow } from '../load/measure/run-window.ts';
import { SparseHistogram } from '../load/measure/sparse-histogram.ts';
import type { Limit, Scope, Threshold, TimeWindow } from '../load/measure/threshold.ts';

const counts = objectOf<Tally>({
  scheduled: count,
  started: count,
  ok: count,
  failed: count,
  timedOut: count,
  dropped: count,
  unfinished: count,
});

const phases = objectOf<Record<PhaseName, LatencyHistogram>>({
  dns: histogram,
  connect: histogram,
  tls: histogram,
  waiting: histogram,
  receiving: histogram,
  running: histogram,
});

const endpoint = objectOf<EndpointData>({
  counts,
  statuses: mapOf(fc.constantFrom('200', '404', '503'), count),
  service: histogram,
  response: histogram,
  failures: histogram,
  leastLostMs: maybe(ms),
  phases,
  blockedMs: ms,
  windows: mapOf(second, objectOf<EndpointWindow>({ ok: count, failed: count, latency: windowHistogram, sumMs: ms })),
  bytesSent: count,
  bytesReceived: count,
  ...anyRowExtras,
});

const window = objectOf<RunWindow>({
  scheduled: count,
  dropped: count,
  completed: count,
  inFlight: count,
  users: count,
  errors: mapOf(name, count),
  statuses: mapOf(name, count),
});

const fineWindow = objectOf<FineWindow>({
  scheduled: count,
  dropped: count,
  completed: count,
  inFlight: count,
  users: count,
  errors: mapOf(name, count),
  statuses: mapOf(name, count),
  latency: windowHistogram,
});

const plan = objectOf<RunPlan>({
  name: maybe(text),
  index: count,
  profile: text,
  model: fc.constantFrom('open', 'closed'),
  warmUpMs: ms,
  plannedMs: maybe(ms),
  askedRate: maybe(few(fc.record({ atMs: ms, perSec: count }, { noNullPrototype: true }))),
  stages: maybe(few(fc.record({ fromMs: ms, toMs: ms, words: text }, { noNullPrototype: true }))),
  steady: maybe(fc.record({ fromMs: ms, toMs: ms }, { noNullPrototype: true })),
  apdexMs: maybe(ms),
  unjudged: maybe(fc.boolean()),
  isStep: maybe(fc.constant(true)),
  servers: maybe(fc.constant('per-shard')),
  whenSaturated: fc.constantFrom('invalid', 'warn'),
  uncounted: maybe(fc.constant('allowed')),
  traceUrl: maybe(text),
  logsUrl: maybe(text),
  once: maybe(fc.constant(true)),
  shrunk: maybe(
    objectOf<ShrunkPlan>({ scale: maybe(ms), stretch: maybe(ms), countFactor: maybe(ms), rateFactor: maybe(ms) }),
  ),
});

const generatorSecond = objectOf<GeneratorSecond>({
  second,
  elu: maybe(ms),
  cpuPercent: maybe(ms),
  rssMb: maybe(ms),
  ranPercent: maybe(ms),
  waitPercent: maybe(ms),
  psiPercent: maybe(ms),
  throttled: maybe(count),
  gcMs: maybe(ms),
});

export const anySegment = objectOf<SegmentData>({
  runId: text,
  index: count,
  of: count,
  core: maybe(objectOf<SegmentCore>({ index: count, of: count, lateMs: ms })),
  coresWhy: maybe(text),
  lost: maybe(few(text)),
  startedAtEpochMs: count,
  durationMs: ms,
  stopped: maybe(text),
  incidents: maybe(few(text)),
  burden: maybe(text),
  generator: few(generatorSecond),
  pid: count,
  target: maybe(
    objectOf<SegmentTarget>({
      origins: few(text),
      ownServer: fc.boolean(),
      versions: maybe(recordOf(text)),
      machine: maybe(text),
    }),
  ),
  clockOffsetMs: maybe(ms),
  planHash: maybe(text),
  environment: maybe(text),
  commit: maybe(text),
});

const limit = objectOf<Limit>({ comparison: fc.constantFrom('<', '<=', '>', '>=', '=='), value: ms, text });
const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant<Scope>({ kind: 'run' }),
  fc.record(
    { kind: fc.constantFrom('endpoint', 'check', 'metric', 'group', 'tag'), name: text },
    { noNullPrototype: true },
  ),
  fc.record({ kind: fc.constant('loads'), name: text, loads: few(count) }, { noNullPrototype: true }),
);
const timeWindow: fc.Arbitrary<TimeWindow> = fc.oneof(
  fc.record({ kind: fc.constant('between'), fromMs: ms, toMs: ms, text }, { noNullPrototype: true }),
  fc.record({ kind: fc.constant('every'), lengthMs: ms.map((length) => length + 1), text }, { noNullPrototype: true }),
);

export const anyThreshold = objectOf<Threshold>({
  scope,
  window: maybe(timeWindow),
  metric: text,
  target: limit,
  acceptable: maybe(limit),
  slo: maybe(text),
  implied: maybe(fc.constant(true)),
});

type HttpExemplar = Exclude<Exemplar, MeasuredDetails>;

const why = fc.constantFrom('slow', 'failed');
const exemplarKind = maybe(fc.constantFrom('reset', 'timeout'));

const exemplar: fc.Arbitrary<Exemplar> = fc.oneof(
  objectOf<HttpExemplar>({
    why,
    kind: exemplarKind,
    endpoint: text,
    method: text,
    url: text,
    atMs: ms,
    serviceMs: ms,
    status: maybe(count),
    message: maybe(text),
    phases: recordOf(ms),
    requestHeaders: recordOf(text),
    requestBody: maybe(text),
    responseHeaders: recordOf(text),
    responseBody: maybe(text),
    stream: maybe(text),
    startedAt: maybe(text),
    trace: maybe(objectOf<TraceContext>({ traceId: text, spanId: text, sampled: fc.boolean() })),
    invalidTraceparent: maybe(text),
  }),
  objectOf<Exclude<Exemplar, HttpDetails>>({
    why,
    kind: exemplarKind,
    endpoint: text,
    measured: text,
    atMs: ms,
    serviceMs: ms,
    message: maybe(text),
  }),
);

const exemplars = few(exemplar).map((all) => {
  const kept = new Exemplars();
  kept.addAll(all);
  return kept;
});

export const anyResource = objectOf<ResourceSeries>({
  name: text,
  pid: count,
  cores: count,
  samples: few(
    objectOf<ResourceSample>({
      atMs: ms,
      rssMb: ms,
      cpuPercent: maybe(ms),
      handles: maybe(count),
      phase: fc.constantFrom('baseline', 'load', 'after'),
    }),
  ),
  ended: maybe(fc.constantFrom('exited', 'restarted')),
  missed: maybe(fc.record({ count, reason: text }, { noNullPrototype: true })),
});

/** Under the key that the recorder gives it. */
const errors = few(
  objectOf<ErrorGroup>({
    kind: fc.constantFrom('reset', 'HTTP 500'),
    endpoint: text,
    count,
    sample: text,
    shape: maybe(text),
    body: maybe(text),
    fromMs: maybe(ms),
    toMs: maybe(ms),
  }),
).map((groups) => new Map(groups.map((group) => [errorKey(group), group])));

const metrics = fc.tuple(few(count), few(ms), few(fc.boolean()), few(ms)).map(([counted, gauged, rated, trended]) => {
  const all = new CustomMetrics();
  for (const by of counted) all.count('bought', by);
  gauged.forEach((value, atMs) => all.gauge('stock', value, atMs));
  for (const passed of rated) all.rate('lucky', passed);
  for (const value of trended) all.trend('basket', value);
  return all;
});

const userCounts = objectOf<UserCounts>({ begun: count, failed: count, ms: histogram });

/** Under the key that the network's book gives it. */
const peers = few(
  objectOf<PeerCounts>({
    host: fc.constantFrom('a:80', 'b:443'),
    address: name,
    connections: count,
    requests: count,
    failedConnects: count,
  }),
).map((all) => new Map(all.map((peer) => [`${peer.host} ${peer.address}`, peer])));

const network = objectOf<NetworkData>({
  staleConnections: count,
  retryAfter: fc.tuple(fc.integer({ min: 1, max: 9 }), ms).map(([waits, waitedMs]) => ({ waits, waitedMs })),
  lookupFailures: mapOf(name, objectOf<LookupFailures>({ count, sample: text })),
  invalidTraceparents: maybe(objectOf<InvalidTraceparents>({ count, sample: text })),
  peers,
});

export const anyRunData: fc.Arbitrary<RunData> = objectOf<RunData>({
  plan,
  segments: few(anySegment),
  thresholds: few(anyThreshold),
  counts,
  iterations: fc.record({ started: count, failed: count, unfinished: count }, { noNullPrototype: true }),
  iterationMs: histogram,
  idleIterations: count,
  exceptions: count,
  checks: mapOf(name, fc.record({ passed: count, failed: count }, { noNullPrototype: true })),
  groups: mapOf(name, objectOf<GroupData>({ started: count, failed: count, durations: histogram })),
  metrics,
  endpoints: mapOf(name, endpoint),
  tags: mapOf(name, endpoint),
  lag: histogram,
  errors,
  windows: mapOf(second, window),
  fine: mapOf(fc.nat(299), fineWindow),
  apdex: objectOf<ApdexCounts>({ satisfied: count, tolerating: count, frustrated: count }),
  exemplars,
  resources: few(anyResource),
  accounting: few(text),
  uncounted: mapOf(name, count),
  network,
  users: objectOf<UserBook>({ setUp: userCounts, tearDown: userCounts }),
  probes: mapOf(name, anyProbe),
});

/** A value as it compares, whatever it is made of: nothing that is measured is passed over. */
export function seen(value: unknown): unknown {
  if (value instanceof LatencyHistogram) return { stats: value.stats(), buckets: value.buckets() };
  if (value instanceof SparseHistogram) return { count: value.count, buckets: value.buckets() };
  if (value instanceof CustomMetrics) return seen(new Map(value.entries()));
  if (value instanceof Exemplars) return value.list();
  if (value instanceof Map) return [...value].map(seen).sort(byText);
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError('say above how it compares');
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, seen(each)]));
}

function byText(a: unknown, b: unknown): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
