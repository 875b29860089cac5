/** Results in Prometheus' text format 0.0.4, for the node exporter's textfile collector, a push gateway or a scrape. */
import { findingOrder } from '../../load/measure/finding.ts';
import type { LatencyHistogram } from '../../load/measure/histogram.ts';
import type { FindingSummary, NetworkSummary } from '../../load/measure/summary.ts';
import { verdictOrder } from '../../load/verdict/verdict-order.ts';
import type { ReportedRun } from '../reported-run.ts';
import { cumulativeCounts, durationBoundsSec } from './duration-buckets.ts';
import { type ExportedFigure, exportedFigures, labelledFindings } from './finding-labels.ts';
import { outcomes, runLabels, withoutEndpoint } from './run-labels.ts';

type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly name: string;
  readonly type: 'histogram' | 'counter' | 'gauge';
  readonly help: string;
  readonly lines: readonly string[];
}

export function prometheusText(runs: readonly ReportedRun[], findings: readonly FindingSummary[] = []): string {
  return [...families(runs), ...findingFamilies(findings)]
    .filter(({ lines }) => lines.length > 0)
    .map(({ name, type, help, lines }) => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n'))
    .join('');
}

function families(runs: readonly ReportedRun[]): Family[] {
  const perRun: PerRun = (lines) => runs.flatMap((run) => lines(run, { ...runLabels(run.summary) }));
  return [
    {
      name: 'http_client_request_duration_seconds',
      type: 'histogram',
      help: 'Latency of requests: response time in an open model, service time in a closed one.',
      lines: perRun(durationLines),
    },
    {
      name: 'playload_requests_total',
      type: 'counter',
      help: 'Requests by what became of them.',
      lines: perRun(({ summary }, labels) => [
        ...summary.endpoints.flatMap(({ name, requests }) =>
          outcomes.map((outcome) =>
            sample('playload_requests_total', { ...labels, endpoint: name, outcome }, requests[outcome]),
          ),
        ),
        ...withoutEndpoint.map((outcome) =>
          sample('playload_requests_total', { ...labels, outcome }, summary.requests[outcome]),
        ),
      ]),
    },
    {
      name: 'playload_tagged_requests_total',
      type: 'counter',
      help: 'Requests and measured calls that have a tag, by what became of them.',
      lines: perRun(({ summary }, labels) =>
        (summary.requestTags ?? []).flatMap(({ name, requests }) =>
          outcomes.map((outcome) =>
            sample('playload_tagged_requests_total', { ...labels, tag: name, outcome }, requests[outcome]),
          ),
        ),
      ),
    },
    {
      name: 'playload_tagged_request_duration_seconds',
      type: 'histogram',
      help: 'Latency of requests and measured calls that have a tag, as of all.',
      lines: perRun(tagLines),
    },
    {
      name: 'playload_errors_total',
      type: 'counter',
      help: 'Failed requests and errors of scenarios by kind.',
      lines: perRun(({ summary }, labels) =>
        summary.errors.map(({ kind, endpoint, count }) =>
          sample('playload_errors_total', { ...labels, endpoint, error_type: kind }, count),
        ),
      ),
    },
    ...networkFamilies(perRun),
    {
      name: 'playload_throughput_per_second',
      type: 'gauge',
      help: 'Successful requests per second of the measured part.',
      lines: perRun(({ summary: { throughputPerSec } }, labels) =>
        throughputPerSec === undefined ? [] : [sample('playload_throughput_per_second', labels, throughputPerSec)],
      ),
    },
    {
      name: 'playload_run_verdict',
      type: 'gauge',
      help: '1 for the verdict of the run, 0 for the others.',
      lines: perRun(({ summary }, labels) =>
        verdictOrder.map((verdict) =>
          sample('playload_run_verdict', { ...labels, verdict }, summary.verdict === verdict ? 1 : 0),
        ),
      ),
    },
  ];
}

function tagLines({ data }: ReportedRun, labels: Labels): string[] {
  return [...data.tags].flatMap(([tag, { response, service }]) => {
    const histogram = data.plan.model === 'open' ? response : service;
    return histogramLines('playload_tagged_request_duration_seconds', { ...labels, tag }, histogram);
  });
}

function durationLines({ summary, data }: ReportedRun, labels: Labels): string[] {
  return summary.endpoints.flatMap((endpoint) => {
    const measured = data.endpoints.get(endpoint.name);
    const histogram = data.plan.model === 'open' ? measured?.response : measured?.service;
    if (histogram === undefined) return [];
    return histogramLines('http_client_request_duration_seconds', { ...labels, endpoint: endpoint.name }, histogram);
  });
}

type PerRun = (lines: (run: ReportedRun, labels: Labels) => string[]) => string[];

/** What the connections went through, where they are ours. */
function networkFamilies(perRun: PerRun): Family[] {
  const family = (name: string, help: string, figure: (network: NetworkSummary) => number): Family => ({
    name,
    type: 'counter',
    help,
    lines: perRun(({ summary: { network } }, labels) =>
      network === undefined ? [] : [sample(name, labels, figure(network))],
    ),
  });
  return [
    family(
      'playload_resent_requests_total',
      'Requests sent once more: their connection was closed by the server, or they were refused unread.',
      ({ staleConnections }) => staleConnections,
    ),
    family(
      'playload_retry_after_total',
      'Answers with Retry-After that were waited out.',
      ({ retryAfter }) => retryAfter?.waits ?? 0,
    ),
    {
      name: 'playload_lookup_failures_total',
      type: 'counter',
      help: 'Lookups of a name that failed while its last addresses were used.',
      lines: perRun(({ summary: { network } }, labels) =>
        (network?.lookupFailures ?? []).map(({ host, count }) =>
          sample('playload_lookup_failures_total', { ...labels, host }, count),
        ),
      ),
    },
    ...peerFamilies(perRun),
  ];
}

/** What each address had of the load. */
function peerFamilies(perRun: PerRun): Family[] {
  const family = (what: 'connections' | 'requests' | 'failedConnects', name: string, help: string): Family => ({
    name,
    type: 'counter',
    help,
    lines: perRun(({ summary: { network } }, labels) =>
      (network?.peers ?? []).map((peer) =>
        sample(name, { ...labels, host: peer.host, address: peer.address }, peer[what]),
      ),
    ),
  });
  return [
    family('requests', 'playload_peer_requests_total', 'Requests by address, redirects and repetitions too.'),
    family('connections', 'playload_peer_connections_total', 'Connections that carried a request, by address.'),
    family('failedConnects', 'playload_peer_failed_connects_total', 'Attempts to connect that failed, by address.'),
  ];
}

/**
 * A gauge for each figure, `playload_finding_sustained`, and one for the verdict, apart: a label that changes ends a
 * series.
 */
function findingFamilies(findings: readonly FindingSummary[]): Family[] {
  const labelled = labelledFindings(findings).map(({ finding, labels }) => ({
    finding,
    labels: withoutEmpty({ ...labels }),
  }));
  const lines = new Map<string, string[]>();
  for (const { finding, labels } of labelled) {
    for (const figure of exportedFigures(finding)) {
      const name = figureMetric(figure);
      lines.set(name, [...(lines.get(name) ?? []), sample(name, labels, figure.value)]);
    }
  }
  const figures = [...lines].map(([name, own]): Family => ({
    name,
    type: 'gauge',
    help: 'A figure of a finding.',
    lines: own,
  }));
  const verdicts: Family = {
    name: 'playload_finding_verdict',
    type: 'gauge',
    help: '1 for the verdict of the finding, 0 for the others.',
    lines: labelled.flatMap(({ finding, labels }) =>
      findingOrder.map((verdict) =>
        sample('playload_finding_verdict', { ...labels, verdict }, finding.verdict === verdict ? 1 : 0),
      ),
    ),
  };
  return [...figures, verdicts];
}

/** An empty label is the same as none. */
function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, text]) => text !== ''));
}

/** The unit ends the name, as OpenMetrics wants it. */
function figureMetric({ name, unit }: ExportedFigure): string {
  return ['playload_finding', name, unit.suffix].filter((part) => part !== '').join('_');
}

function histogramLines(name: string, labels: Labels, histogram: LatencyHistogram): string[] {
  const { count, mean } = histogram.stats() ?? {};
  if (count === undefined || mean === undefined) return [];
  const counts = cumulativeCounts(histogram);
  return [
    ...durationBoundsSec.map((bound, at) =>
      sample(`${name}_bucket`, { ...labels, le: String(bound) }, counts[at] ?? 0),
    ),
    sample(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    sample(`${name}_sum`, labels, (mean * count) / 1_000),
    sample(`${name}_count`, labels, count),
  ];
}

function sample(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
