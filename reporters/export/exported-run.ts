/** A run as its families see it: what it is called, and when its points are. */
import type { LatencyHistogram } from '../../load/measure/histogram.ts';
import type { RunData } from '../../load/measure/run-data.ts';
import type { ReportedRun } from '../reported-run.ts';
import { durationBoundsSec, cumulativeCounts } from './duration-buckets.ts';
import { type Intervals, intervalsOf } from './intervals.ts';
import type { Distribution, Labels, Series } from './metric-family.ts';
import { runLabels } from './run-labels.ts';

export interface ExportedRun extends ReportedRun {
  /** `project` and `run`; no two runs have the same, since one series cannot have two values at one moment. */
  readonly labels: Labels;
  readonly intervals: Intervals;
}

export function exportedRuns(runs: readonly ReportedRun[]): ExportedRun[] {
  const times = new Map<string, number>();
  const distributions = runs.reduce((sum, { data }) => sum + distributionsOf(data), 0);
  return runs.map((run) => {
    const { project, run: name } = runLabels(run.summary);
    const key = JSON.stringify([project, name]);
    const time = (times.get(key) ?? 0) + 1;
    times.set(key, time);
    const labels = { project, run: time === 1 ? name : `${name} (${time})` };
    return { ...run, labels, intervals: intervalsOf(run, distributions) };
  });
}

/** Nothing where it called several: whose a request was is not known then. */
export function serverOf({ summary: { targets = [] } }: ReportedRun): { readonly server?: string } {
  const [target, ...others] = targets;
  if (target === undefined || others.length > 0 || !URL.canParse(target.origin)) return {};
  const { protocol, hostname, port } = new URL(target.origin);
  return { server: `${hostname}:${port || (/^(?:https|wss):$/.test(protocol) ? 443 : 80)}` };
}

function distributionsOf({ endpoints, tags }: RunData): number {
  return endpoints.size + tags.size;
}

/** Known only when all is over: a counter that rises there from 0, or a gauge. */
export function atEnd<Value>({ intervals }: ExportedRun, labels: Labels, value: Value): Series<Value> {
  const { startMs, endsMs } = intervals;
  return { labels, startMs, points: [{ atMs: endsMs.at(-1) ?? startMs, value }] };
}

/** None where it was not measured. */
export function gaugeAtEnd(run: ExportedRun, labels: Labels, value: number | undefined): Series<number>[] {
  return value === undefined ? [] : [atEnd(run, labels, value)];
}

/** None without latencies. */
export function distributionOf(histogram: LatencyHistogram): Distribution | undefined {
  const { count, mean = 0, min = 0, max = 0 } = histogram.stats() ?? {};
  if (count === undefined) return undefined;
  return {
    count,
    sum: (mean * count) / 1_000,
    upTo: cumulativeCounts(histogram).slice(0, durationBoundsSec.length),
    min: min / 1_000,
    max: max / 1_000,
  };
}

/** Each name once: the second of a name gets a number. */
export function distinctNames<Named extends { readonly name: string }>(all: readonly Named[]): [string, Named][] {
  const times = new Map<string, number>();
  return all.map((each) => {
    const time = (times.get(each.name) ?? 0) + 1;
    times.set(each.name, time);
    return [time === 1 ? each.name : `${each.name} (${time})`, each];
  });
}
