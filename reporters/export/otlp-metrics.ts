/**
 * Results as OTLP/HTTP JSON (`ExportMetricsServiceRequest`), with the names of OpenTelemetry's HTTP client conventions
 * where they have one. Temporality is cumulative, which Prometheus takes without further settings.
 */
import type { LatencyHistogram } from '../../load/measure/histogram.ts';
import type { EndpointSummary, FindingSummary, NetworkSummary, RunSummary } from '../../load/measure/summary.ts';
import type { ReportedRun } from '../reported-run.ts';
import { cumulativeCounts, durationBoundsSec } from './duration-buckets.ts';
import { exportedFigures, labelledFindings, type LabelledFinding } from './finding-labels.ts';
import { outcomes, runLabels, withoutEndpoint } from './run-labels.ts';

type Attribute = { readonly key: string; readonly value: { readonly stringValue: string } };
type Point = Readonly<Record<string, unknown>>;

/** Protobuf's enumeration `AggregationTemporality`. */
const cumulative = 2;

export function otlpMetrics(runs: readonly ReportedRun[], findings: readonly FindingSummary[] = []): unknown {
  const metrics = [
    histogram('http.client.request.duration', 's', 'Latency of requests.', runs.flatMap(durationPoints)),
    sum('playload.requests', '{request}', 'Requests by what became of them.', runs.flatMap(requestPoints)),
    sum('playload.tagged.requests', '{request}', 'Requests by tag and what became of them.', runs.flatMap(tagPoints)),
    histogram('playload.tagged.request.duration', 's', 'Latency of requests by tag.', runs.flatMap(tagDurationPoints)),
    sum('playload.errors', '{error}', 'Failures by kind.', runs.flatMap(errorPoints)),
    sum(
      'playload.resent_requests',
      '{request}',
      'Requests sent once more.',
      runs.flatMap(networkPoints(({ staleConnections }) => staleConnections)),
    ),
    sum(
      'playload.retry_after',
      '{answer}',
      'Answers with Retry-After waited out.',
      runs.flatMap(networkPoints(({ retryAfter }) => retryAfter?.waits ?? 0)),
    ),
    sum('playload.lookup_failures', '{lookup}', 'Lookups that failed, by name.', runs.flatMap(lookupPoints)),
    sum('playload.peer.requests', '{request}', 'Requests by address.', runs.flatMap(peerPoints('requests'))),
    sum(
      'playload.peer.connections',
      '{connection}',
      'Connections by address.',
      runs.flatMap(peerPoints('connections')),
    ),
    sum(
      'playload.peer.failed_connects',
      '{attempt}',
      'Failed connects by address.',
      runs.flatMap(peerPoints('failedConnects')),
    ),
    gauge('playload.throughput', '{request}/s', 'Successful requests per second.', runs.flatMap(throughputPoints)),
    gauge('playload.verdict', '1', '1 with the verdict of the run as attribute.', runs.flatMap(verdictPoints)),
    ...findingMetrics(runs, findings),
  ];
  return {
    resourceMetrics: [
      {
        resource: { attributes: attributes({ 'service.name': 'playload' }) },
        scopeMetrics: [{ scope: { name: 'playload' }, metrics: metrics.filter((metric) => metric !== undefined) }],
      },
    ],
  };
}

function durationPoints({ summary, data }: ReportedRun): Point[] {
  return summary.endpoints.flatMap((endpoint) => {
    const measured = data.endpoints.get(endpoint.name);
    const latencies = data.plan.model === 'open' ? measured?.response : measured?.service;
    return latencies === undefined || latencies.count === 0
      ? []
      : [durationPoint(summary, endpointAttributes(summary, endpoint), latencies)];
  });
}

function tagDurationPoints({ summary, data }: ReportedRun): Point[] {
  return [...data.tags].flatMap(([tag, { response, service }]) => {
    const latencies = data.plan.model === 'open' ? response : service;
    return latencies.count === 0 ? [] : [durationPoint(summary, tagAttributes(summary, tag), latencies)];
  });
}

function tagPoints({ summary }: ReportedRun): Point[] {
  return (summary.requestTags ?? []).flatMap(({ name, requests }) =>
    outcomes.map((outcome) =>
      numberPoint(summary, tagAttributes(summary, name, { 'playload.outcome': outcome }), requests[outcome]),
    ),
  );
}

function tagAttributes(summary: RunSummary, tag: string, more: Readonly<Record<string, string>> = {}): Attribute[] {
  return runAttributes(summary, { 'playload.tag': tag, ...more });
}

function durationPoint(summary: RunSummary, labels: readonly Attribute[], latencies: LatencyHistogram): Point {
  const { count = 0, mean = 0, min, max } = latencies.stats() ?? {};
  const upTo = [...cumulativeCounts(latencies), count];
  return {
    ...timesOf(summary),
    attributes: labels,
    count: String(count),
    sum: (mean * count) / 1_000,
    ...(min !== undefined && { min: min / 1_000 }),
    ...(max !== undefined && { max: max / 1_000 }),
    explicitBounds: durationBoundsSec,
    bucketCounts: upTo.map((value, at) => String(value - (upTo[at - 1] ?? 0))),
  };
}

function requestPoints({ summary }: ReportedRun): Point[] {
  const unknown = withoutEndpoint.map((outcome) =>
    numberPoint(summary, runAttributes(summary, { 'playload.outcome': outcome }), summary.requests[outcome]),
  );
  const others = summary.endpoints.flatMap((endpoint) =>
    outcomes.map((outcome) => {
      const labels = endpointAttributes(summary, endpoint, { 'playload.outcome': outcome });
      return numberPoint(summary, labels, endpoint.requests[outcome]);
    }),
  );
  return [...others, ...unknown];
}

function errorPoints({ summary }: ReportedRun): Point[] {
  return summary.errors.map(({ kind, endpoint, count }) =>
    numberPoint(summary, endpointAttributes(summary, { name: endpoint }, { 'error.type': errorType(kind) }), count),
  );
}

/** One figure of a run's connections, where they are ours. */
function networkPoints(figure: (network: NetworkSummary) => number): (run: ReportedRun) => Point[] {
  return ({ summary }) =>
    summary.network === undefined ? [] : [numberPoint(summary, runAttributes(summary), figure(summary.network))];
}

function lookupPoints({ summary }: ReportedRun): Point[] {
  return (summary.network?.lookupFailures ?? []).map(({ host, count }) =>
    numberPoint(summary, runAttributes(summary, { 'server.address': host }), count),
  );
}

/** `server.address` has the port too where it is the name that was called: one name on two ports is two servers. */
function peerPoints(what: 'connections' | 'requests' | 'failedConnects'): (run: ReportedRun) => Point[] {
  return ({ summary }) =>
    (summary.network?.peers ?? []).map((peer) =>
      numberPoint(
        summary,
        runAttributes(summary, { 'server.address': peer.host, 'network.peer.address': peer.address }),
        peer[what],
      ),
    );
}

/** The conventions take the bare status code for a failed answer. */
function errorType(kind: string): string {
  return kind.replace(/^HTTP (?=\d{3}$)/, '');
}

function throughputPoints({ summary }: ReportedRun): Point[] {
  const { throughputPerSec } = summary;
  return throughputPerSec === undefined
    ? []
    : [{ ...timesOf(summary), attributes: runAttributes(summary), asDouble: throughputPerSec }];
}

function verdictPoints({ summary }: ReportedRun): Point[] {
  return [numberPoint(summary, runAttributes(summary, { 'playload.verdict': summary.verdict }), 1)];
}

/** A gauge for each figure, `playload.finding.sustained`, and one for the verdict. */
function findingMetrics(runs: readonly ReportedRun[], findings: readonly FindingSummary[]): (Point | undefined)[] {
  const labelled = labelledFindings(findings);
  const figures = new Map<string, { readonly name: string; readonly unit: string; readonly points: Point[] }>();
  for (const each of labelled) {
    for (const { name, unit, value } of exportedFigures(each.finding)) {
      const key = `${name} ${unit.ucum}`;
      const known = figures.get(key) ?? { name, unit: unit.ucum, points: [] };
      figures.set(key, known);
      known.points.push({ ...endOf(runs, each.finding), attributes: findingAttributes(each), asDouble: value });
    }
  }
  return [
    ...[...figures.values()].map(({ name, unit, points }) =>
      gauge(`playload.finding.${name}`, unit, 'A figure of a finding.', points),
    ),
    gauge(
      'playload.finding.verdict',
      '1',
      '1 with the verdict of the finding as attribute.',
      labelled.map((each) => ({
        ...endOf(runs, each.finding),
        attributes: findingAttributes(each, { 'playload.verdict': each.finding.verdict }),
        asInt: '1',
      })),
    ),
  ];
}

function findingAttributes({ labels }: LabelledFinding, more: Readonly<Record<string, string>> = {}): Attribute[] {
  const { project, test, kind, name } = labels;
  return attributes({
    'playload.test': test,
    'playload.project': project,
    'playload.finding.kind': kind,
    ...(name !== '' && { 'playload.finding.name': name }),
    ...more,
  });
}

/** A finding is known when the last of its runs has ended, or the last of all where it rests on none. */
function endOf(runs: readonly ReportedRun[], finding: FindingSummary): Point {
  const own = finding.runs.flatMap((at) => runs[at] ?? []);
  const ends = (own.length > 0 ? own : runs).map(
    ({ summary }) => Date.parse(summary.startedAt) + Math.round(summary.durationMs),
  );
  return { timeUnixNano: nanoseconds(ends.reduce((latest, end) => Math.max(latest, end), 0)) };
}

function numberPoint(summary: RunSummary, labels: readonly Attribute[], value: number): Point {
  return { ...timesOf(summary), attributes: labels, asInt: String(value) };
}

/** A cumulative series begins with the run and is read at its end. */
function timesOf({ startedAt, durationMs }: RunSummary): Point {
  const startMs = Date.parse(startedAt);
  return { startTimeUnixNano: nanoseconds(startMs), timeUnixNano: nanoseconds(startMs + Math.round(durationMs)) };
}

function nanoseconds(ms: number): string {
  return String(BigInt(ms) * 1_000_000n);
}

/** `GET /api/v1/workflows/:id` is method and template; any other name is a name, that of a GraphQL operation too. */
function endpointAttributes(
  summary: RunSummary,
  { name }: Pick<EndpointSummary, 'name'>,
  more: Readonly<Record<string, string>> = {},
): Attribute[] {
  const [, method, template] = /^([A-Z]+) (\/\S*)$/.exec(name) ?? [];
  const known: Record<string, string> =
    method === undefined || template === undefined
      ? { 'playload.endpoint': name }
      : { 'http.request.method': method, 'url.template': template };
  return runAttributes(summary, { ...known, ...more });
}

function runAttributes(summary: RunSummary, more: Readonly<Record<string, string>> = {}): Attribute[] {
  const { run, project } = runLabels(summary);
  return attributes({ 'playload.run': run, 'playload.project': project, ...more });
}

function attributes(values: Readonly<Record<string, string>>): Attribute[] {
  return Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

function sum(name: string, unit: string, description: string, dataPoints: readonly Point[]): Point | undefined {
  if (dataPoints.length === 0) return undefined;
  return { name, unit, description, sum: { dataPoints, aggregationTemporality: cumulative, isMonotonic: true } };
}

function gauge(name: string, unit: string, description: string, dataPoints: readonly Point[]): Point | undefined {
  return dataPoints.length === 0 ? undefined : { name, unit, description, gauge: { dataPoints } };
}

function histogram(name: string, unit: string, description: string, dataPoints: readonly Point[]): Point | undefined {
  if (dataPoints.length === 0) return undefined;
  return { name, unit, description, histogram: { dataPoints, aggregationTemporality: cumulative } };
}
