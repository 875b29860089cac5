/** One row for each second of each run, as spreadsheets and data frames read it (RFC 4180); what was not measured is empty. */
import type { RunData } from '../../load/measure/run-data.ts';
import { windowPrecision } from '../../load/measure/run-data.ts';
import { SparseHistogram } from '../../load/measure/sparse-histogram.ts';
import type { ReportedRun } from '../reported-run.ts';
import { csvRows, type CsvValue } from './csv-rows.ts';
import { runLabels } from './run-labels.ts';

/** Negative seconds are warm-up. Latencies are milliseconds: response time in an open model, service time in a closed one. */
export const csvColumns = [
  'project',
  'run',
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
] as const;

export function csvSeries(runs: readonly ReportedRun[]): string {
  const rows = runs.flatMap(({ summary, data }) => {
    const { project, run } = runLabels(summary);
    return secondsOf(data).map((second) => [project, run, ...secondValues(data, second)]);
  });
  return csvRows([csvColumns, ...rows]);
}

function secondsOf(data: RunData): number[] {
  const seconds = new Set(data.windows.keys());
  for (const { windows } of data.endpoints.values()) for (const second of windows.keys()) seconds.add(second);
  return [...seconds].sort((a, b) => a - b);
}

function secondValues(data: RunData, second: number): CsvValue[] {
  const window = data.windows.get(second);
  const latency = new SparseHistogram(windowPrecision);
  const sums = { ok: 0, failed: 0, ms: 0 };
  for (const { windows } of data.endpoints.values()) {
    const part = windows.get(second);
    if (part === undefined) continue;
    latency.add(part.latency);
    sums.ok += part.ok;
    sums.failed += part.failed;
    sums.ms += part.sumMs;
  }
  const mean = latency.count === 0 ? undefined : sums.ms / latency.count;
  return [
    second,
    window?.scheduled,
    window?.dropped,
    window?.completed,
    sums.ok,
    sums.failed,
    window?.inFlight,
    window?.users,
    ...[mean, ...[50, 90, 95, 99].map((percent) => latency.percentile(percent))].map(rounded),
    ...processValues(data, second).map(rounded),
  ];
}

/** Generators: the busiest. Watched processes: memory together, CPU together, from the last reading of the second. */
function processValues(data: RunData, second: number): (number | undefined)[] {
  const generators = data.segments.flatMap(({ generator }) => generator.filter((row) => row.second === second));
  const readings = data.resources.flatMap(({ samples }) =>
    samples.filter(({ atMs }) => Math.floor(atMs / 1_000) === second).slice(-1),
  );
  return [
    highest(generators.flatMap(({ elu }) => elu ?? [])),
    highest(generators.flatMap(({ cpuPercent }) => cpuPercent ?? [])),
    total(readings.map(({ rssMb }) => rssMb)),
    total(readings.flatMap(({ cpuPercent }) => cpuPercent ?? [])),
  ];
}

function highest(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.max(...values);
}

function total(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value * 1_000) / 1_000;
}
