/** Requests: how long they took, what became of them, by endpoint, by tag, and over time. */
import type { EndpointData } from '../../load/measure/run-data.ts';
import type { EndpointSummary } from '../../load/measure/summary.ts';
import { plainLine } from '../words/plain-text.ts';
import { atEnd, distributionOf, type ExportedRun, gaugeAtEnd, serverOf } from './exported-run.ts';
import { addedUp, distributionsUpTo } from './intervals.ts';
import type { Distribution, Family, Labels, Series } from './metric-family.ts';
import { outcomes, withoutEndpoint } from './run-labels.ts';

export function requestFamilies(runs: readonly ExportedRun[]): Family[] {
  return [
    {
      name: 'http_client_request_duration_seconds',
      otel: 'http.client.request.duration',
      unit: 's',
      type: 'histogram',
      help: 'Latency of requests: response time in an open model, service time in a closed one.',
      series: runs.flatMap((run) => rowsOf(run.data.endpoints, 'endpoint').flatMap(durationsOf(run))),
    },
    {
      name: 'playload_requests',
      otel: 'playload.requests',
      unit: '{request}',
      type: 'counter',
      help: 'Requests by what became of them.',
      series: runs.flatMap((run) => [
        ...run.summary.endpoints.flatMap((row) =>
          outcomesOf(run, row, { endpoint: row.name }, run.data.endpoints.get(row.name)),
        ),
        ...withoutEndpoint.map((outcome) => withoutRow(run, outcome)),
      ]),
    },
    {
      name: 'playload_responses',
      otel: 'playload.responses',
      unit: '{response}',
      type: 'counter',
      help: 'Answers by their status.',
      series: runs.flatMap(responsesOf),
    },
    ...tagFamilies(runs),
    ...errorFamilies(runs),
    ...figureFamilies(runs),
  ];
}

function tagFamilies(runs: readonly ExportedRun[]): Family[] {
  return [
    {
      name: 'playload_tagged_requests',
      otel: 'playload.tagged.requests',
      unit: '{request}',
      type: 'counter',
      help: 'Requests and measured calls that have a tag, by what became of them.',
      series: runs.flatMap((run) =>
        (run.summary.requestTags ?? []).flatMap((row) =>
          outcomesOf(run, row, { tag: row.name }, run.data.tags.get(row.name)),
        ),
      ),
    },
    {
      name: 'playload_tagged_request_duration_seconds',
      otel: 'playload.tagged.request.duration',
      unit: 's',
      type: 'histogram',
      help: 'Latency of requests and measured calls that have a tag, as of all.',
      series: runs.flatMap((run) => rowsOf(run.data.tags, 'tag').flatMap(durationsOf(run))),
    },
  ];
}

function errorFamilies(runs: readonly ExportedRun[]): Family[] {
  return [
    {
      name: 'playload_errors',
      otel: 'playload.errors',
      unit: '{error}',
      type: 'counter',
      help: 'Failed requests and errors of scenarios by kind.',
      series: runs.flatMap(errorsOf),
    },
    {
      name: 'playload_failures',
      otel: 'playload.failures',
      unit: '{request}',
      type: 'counter',
      help: 'Failed requests by kind as time went on, in the second in which they were due.',
      series: runs.flatMap(failuresOf),
    },
  ];
}

function figureFamilies(runs: readonly ExportedRun[]): Family[] {
  return [
    {
      name: 'playload_latency_seconds',
      otel: 'playload.latency',
      unit: 's',
      type: 'gauge',
      help: 'Percentiles of the whole run, to three digits; without an endpoint those of all.',
      series: runs.flatMap((run) => [
        ...statsOf(run, run.summary, {}),
        ...run.summary.endpoints.flatMap((row) => statsOf(run, row, { endpoint: row.name })),
      ]),
    },
    {
      name: 'playload_throughput_per_second',
      otel: 'playload.throughput',
      unit: '{request}/s',
      type: 'gauge',
      help: 'Successful requests per second of the measured part.',
      series: runs.flatMap((run) => gaugeAtEnd(run, run.labels, run.summary.throughputPerSec)),
    },
    {
      name: 'playload_success_ratio',
      otel: 'playload.success',
      unit: '1',
      type: 'gauge',
      help: 'Share of the requests that succeeded.',
      series: runs.flatMap((run) => gaugeAtEnd(run, run.labels, run.summary.successRate)),
    },
  ];
}

function rowsOf(rows: ReadonlyMap<string, EndpointData>, label: string): (readonly [Labels, EndpointData])[] {
  return [...rows].map(([name, row]) => [{ [label]: plainLine(name) }, row] as const);
}

function durationsOf(run: ExportedRun): (row: readonly [Labels, EndpointData]) => Series<Distribution>[] {
  const { data, intervals, labels } = run;
  return ([own, { windows, response, service }]) => {
    const total = distributionOf(data.plan.model === 'open' ? response : service);
    if (total === undefined) return [];
    const points = distributionsUpTo(windows, intervals);
    return [{ labels: { ...labels, ...own }, startMs: intervals.startMs, points, total, ...serverOf(run) }];
  };
}

/**
 * A second knows how many went well and how many did not, and not which way the latter failed: where it was one way for
 * all of them they rise as they happened, else at the end.
 */
function outcomesOf(
  run: ExportedRun,
  row: EndpointSummary,
  own: Labels,
  data: EndpointData | undefined,
): Series<number>[] {
  const { labels, intervals } = run;
  const { failed, timedOut, unfinished } = row.requests;
  const oneWay = [failed, timedOut, unfinished].filter((count) => count > 0).length <= 1;
  return outcomes.map((outcome) => {
    const series = {
      ...atEnd(run, { ...labels, ...mapped(own), outcome }, row.requests[outcome]),
      ...serverOf(run),
    };
    if (data === undefined || !(outcome === 'ok' || (oneWay && row.requests[outcome] > 0))) return series;
    const points = addedUp(data.windows, (window) => (outcome === 'ok' ? window.ok : window.failed), intervals);
    return points.at(-1)?.value === row.requests[outcome] ? { ...series, points } : series;
  });
}

function withoutRow(run: ExportedRun, outcome: (typeof withoutEndpoint)[number]): Series<number> {
  const series = atEnd(run, { ...run.labels, outcome }, run.summary.requests[outcome]);
  if (outcome !== 'dropped') return series;
  return { ...series, points: addedUp(run.data.windows, ({ dropped }) => dropped, run.intervals) };
}

function responsesOf(run: ExportedRun): Series<number>[] {
  return run.summary.endpoints.flatMap(({ name, statuses }) =>
    Object.entries(statuses).map(([status, count]) => ({
      ...atEnd(run, { ...run.labels, endpoint: plainLine(name), status }, count),
      ...serverOf(run),
    })),
  );
}

/** Kinds and endpoints may look alike once they are one line each: they are then one series. */
function errorsOf(run: ExportedRun): Series<number>[] {
  const sums = new Map<string, { readonly labels: Labels; count: number }>();
  for (const { kind, endpoint, count } of run.summary.errors) {
    const labels = { ...run.labels, endpoint: plainLine(endpoint), error_type: plainLine(kind) };
    const key = JSON.stringify(labels);
    const known = sums.get(key) ?? { labels, count: 0 };
    sums.set(key, known);
    known.count += count;
  }
  return [...sums.values()].map(({ labels, count }) => atEnd(run, labels, count));
}

function failuresOf(run: ExportedRun): Series<number>[] {
  const { data, labels, intervals } = run;
  const kinds = new Set<string>();
  for (const [second, { errors }] of data.windows) if (second >= 0) for (const kind of errors.keys()) kinds.add(kind);
  return [...kinds].map((kind) => ({
    labels: { ...labels, error_type: plainLine(kind) },
    startMs: intervals.startMs,
    points: addedUp(data.windows, ({ errors }) => errors.get(kind) ?? 0, intervals),
  }));
}

/** The label `quantile` is for summaries alone. */
const stats = ['p50', 'p90', 'p95', 'p99', 'max'] as const;

function statsOf(
  run: ExportedRun,
  { serviceMs, responseMs }: Pick<EndpointSummary, 'serviceMs' | 'responseMs'>,
  own: Labels,
): Series<number>[] {
  const latency = responseMs ?? serviceMs;
  if (latency === undefined) return [];
  return stats.map((stat) => atEnd(run, { ...run.labels, ...mapped(own), stat }, latency[stat] / 1_000));
}

function mapped(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, plainLine(text)]));
}
