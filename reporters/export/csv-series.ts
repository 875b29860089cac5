/**
 * One row for each second of each run, of each of its endpoints and of each tag of its requests, as spreadsheets and data
 * frames read it (RFC 4180); what was not measured, or is not known of a part, is empty.
 */
import type { EndpointData, EndpointWindow, RunData } from '../../load/measure/run-data.ts';
import { windowPrecision } from '../../load/measure/run-data.ts';
import { SparseHistogram } from '../../load/measure/sparse-histogram.ts';
import type { ReportedRun } from '../reported-run.ts';
import { plainLine } from '../words/plain-text.ts';
import { csvRows, type CsvValue } from './csv-rows.ts';
import { runLabels } from './run-labels.ts';

/**
 * `time` is the wall clock at the second's begin, in UTC; negative seconds are warm-up. Latencies are milliseconds:
 * response time in an open model, service time in a closed one. `tags` are the test's, without their `@`. Events and tokens of
 * streams and messages of WebSockets are of the second in which they came; empty where a part had none.
 */
export const csvColumns = [
  'time',
  'project',
  'run',
  'tags',
  'endpoint',
  'request_tag',
  'second',
  'scheduled',
  'dropped',
  'completed',
  'ok',
  'failed',
  'in_flight',
  'users',
  'mean_ms',
  'p50_ms',
  'p90_ms',
  'p95_ms',
  'p99_ms',
  'generator_elu',
  'generator_cpu_percent',
  'process_rss_mb',
  'process_cpu_percent',
  'events',
  'tokens',
  'messages_sent',
  'messages_received',
] as const;

/** In the place of an endpoint: all of them. */
const all = '*';

export function csvSeries(runs: readonly ReportedRun[]): string {
  return csvRows([csvColumns, ...runs.flatMap(rowsOfRun)]);
}

function rowsOfRun({ summary, data }: ReportedRun): CsvValue[][] {
  const { project, run } = runLabels(summary);
  const startMs = Date.parse(summary.startedAt);
  const head = (second: number, endpoint: string, tag?: string): CsvValue[] => [
    new Date(startMs + second * 1_000).toISOString(),
    project,
    run,
    summary.tags.map((tag) => plainLine(tag).replace(/^@/, '')).join(' '),
    endpoint,
    tag,
    second,
  ];
  const processes = processesBySecond(data);
  return [
    ...secondsOf(data).map((second) => [
      ...head(second, all),
      ...secondOfRun(data, second),
      ...(processes.get(second) ?? emptyProcesses).map(rounded),
      ...messagesOf([...data.endpoints.values()], second),
    ]),
    ...[...data.endpoints].flatMap(([name, row]) =>
      secondsOfPart(row).map(([second, cells]) => [...head(second, name), ...cells]),
    ),
    ...[...data.tags].flatMap(([name, row]) =>
      secondsOfPart(row).map(([second, cells]) => [...head(second, all, name), ...cells]),
    ),
  ];
}

/** A stream may have events in seconds in which no request ended. */
function secondsOfPart(row: EndpointData): [number, CsvValue[]][] {
  return inOrder([row]).map((second) => [
    second,
    [...figures(row.windows.get(second) ?? nothing()), ...emptyProcesses, ...messagesOf([row], second)],
  ]);
}

function inOrder(rows: readonly EndpointData[], more: Iterable<number> = []): number[] {
  const seconds = new Set(more);
  for (const { windows, stream, socket } of rows)
    for (const each of [windows, stream?.windows, socket?.windows])
      for (const second of each?.keys() ?? []) seconds.add(second);
  return [...seconds].sort((a, b) => a - b);
}

function nothing(): EndpointWindow {
  return { ok: 0, failed: 0, sumMs: 0, latency: new SparseHistogram(windowPrecision) };
}

function messagesOf(rows: readonly EndpointData[], second: number): CsvValue[] {
  const streams = rows.flatMap(({ stream }) => stream?.windows.get(second) ?? []);
  const sockets = rows.flatMap(({ socket }) => socket?.windows.get(second) ?? []);
  const sum = <Window>(windows: readonly Window[], count: (window: Window) => number) =>
    windows.length === 0 ? undefined : windows.reduce((all, window) => all + count(window), 0);
  return [
    sum(streams, ({ events }) => events),
    sum(streams, ({ tokens }) => tokens),
    sum(sockets, ({ sent }) => sent),
    sum(sockets, ({ received }) => received),
  ];
}

function secondsOf(data: RunData): number[] {
  return inOrder([...data.endpoints.values()], data.windows.keys());
}

function secondOfRun(data: RunData, second: number): CsvValue[] {
  const window = data.windows.get(second);
  const whole = { ok: 0, failed: 0, sumMs: 0, latency: new SparseHistogram(windowPrecision) };
  for (const { windows } of data.endpoints.values()) {
    const part = windows.get(second);
    if (part === undefined) continue;
    whole.latency.add(part.latency);
    whole.ok += part.ok;
    whole.failed += part.failed;
    whole.sumMs += part.sumMs;
  }
  return figures({ ...window, ...whole });
}

interface Figures extends EndpointWindow {
  readonly scheduled?: number;
  readonly dropped?: number;
  readonly completed?: number;
  readonly inFlight?: number;
  readonly users?: number;
}

function figures({ latency, ok, failed, sumMs, ...run }: Figures): CsvValue[] {
  const mean = latency.count === 0 ? undefined : sumMs / latency.count;
  return [
    run.scheduled,
    run.dropped,
    run.completed,
    ok,
    failed,
    run.inFlight,
    run.users,
    ...[mean, ...latency.percentiles([50, 90, 95, 99])].map(rounded),
  ];
}

/** Event loop and CPU of the generator, memory and CPU of the watched processes. */
type Figure = number | undefined;
type Processes = readonly [elu: Figure, cpu: Figure, rssMb: Figure, processCpu: Figure];
const emptyProcesses: Processes = [undefined, undefined, undefined, undefined];

/** Generators: the busiest. Watched processes: memory together, CPU together, from the last reading of the second. */
function processesBySecond({ segments, resources }: RunData): Map<number, Processes> {
  const bySecond = new Map<number, Processes>();
  for (const { generator } of segments)
    for (const { second, elu, cpuPercent } of generator) {
      const [knownElu, knownCpu, rss, cpu] = bySecond.get(second) ?? emptyProcesses;
      bySecond.set(second, [higher(knownElu, elu), higher(knownCpu, cpuPercent), rss, cpu]);
    }
  for (const { samples } of resources) {
    const last = new Map(samples.map((sample) => [Math.floor(sample.atMs / 1_000), sample]));
    for (const [second, { rssMb, cpuPercent }] of last) {
      const [elu, cpu, knownRss, knownCpu] = bySecond.get(second) ?? emptyProcesses;
      bySecond.set(second, [elu, cpu, total(knownRss, rssMb), total(knownCpu, cpuPercent)]);
    }
  }
  return bySecond;
}

function higher(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}

function total(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a + b;
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1_000) / 1_000;
}
