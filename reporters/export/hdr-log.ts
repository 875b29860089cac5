/**
 * An HdrHistogram log (format 1.3, V2 compressed histograms): one interval per endpoint of each run, in microseconds;
 * requests that failed have one of their own.
 * HistogramLogProcessor, HistogramLogAnalyzer and hdr-histogram-js open it.
 */
import type { EncodedHistogram } from '../../load/measure/histogram.ts';
import type { ReportedRun } from '../reported-run.ts';
import { runLabels } from './run-labels.ts';

/** Intervals must rise in time, so runs are sorted by their start. Response time in an open model, service time in a closed one. */
export function hdrLog(runs: readonly ReportedRun[]): string {
  const sorted = [...runs].sort((a, b) => startMs(a) - startMs(b));
  const base = sorted[0] === undefined ? 0 : startMs(sorted[0]);
  const head = [
    '#[Latencies of load tests, in microseconds; Interval_Max in milliseconds]',
    '#[Histogram log format version 1.3]',
    `#[StartTime: ${seconds(base)} (seconds since epoch), ${new Date(base).toISOString()}]`,
    `#[BaseTime: ${seconds(base)} (seconds since epoch)]`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ];
  return [...head, ...sorted.flatMap((run) => intervals(run, base)), ''].join('\n');
}

function intervals(run: ReportedRun, baseMs: number): string[] {
  const { data, summary } = run;
  const { project, run: title } = runLabels(summary);
  const interval = (name: string, encoded: EncodedHistogram | undefined): string[] => {
    if (encoded === undefined) return [];
    const tag = tagOf([project, title, name].join('/'));
    const times = [seconds(startMs(run) - baseMs), seconds(summary.durationMs), seconds(encoded.maxUs)];
    return [`Tag=${tag},${times.join(',')},${encoded.hdr}`];
  };
  return [...data.endpoints].flatMap(([name, { response, service, failures }]) => [
    ...interval(name, (data.plan.model === 'open' ? response : service).encode()),
    ...interval(`${name}/failures`, failures.encode()),
  ]);
}

function startMs({ summary }: ReportedRun): number {
  return Date.parse(summary.startedAt);
}

/** Thousandths as a whole and three digits: milliseconds to seconds, microseconds to milliseconds. */
function seconds(thousandths: number): string {
  return (thousandths / 1_000).toFixed(3);
}

/** The format ends a tag at a comma or a white space. */
function tagOf(name: string): string {
  return name.replace(/[\s,]+/g, '_');
}
