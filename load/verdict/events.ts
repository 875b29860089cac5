/**
 * What happened in a run, and when, told from its merged numbers: a time line for people. A healthy run has none: what
 * differs from second to second by chance is no event.
 */
import { median } from '../analysis/statistics/quantile.ts';
import { mad, madToSigma } from '../analysis/statistics/spread.ts';
import { busyElu } from '../measure/generator-series.ts';
import type { RunData } from '../measure/run-data.ts';
import { durationMsOfRun, type RunEvent } from '../measure/summary.ts';
import { formatCount, formatMb, formatMs } from '../measure/units.ts';
import { mainErrors, nameWords } from './error-words.ts';
import type { Judgement } from './judge.ts';
import type { JudgedThreshold } from './judged-threshold.ts';
import { cpuLimitOf, cpuReadings, fallsOf, fallWords, whose } from './meanwhile.ts';
import { latencyOf } from './metric.ts';
import { spanOf, stretchesOf, type Timed, valuesOverTime } from './stretches.ts';
import { momentWords, spanWords } from './when.ts';
import { type Span, sumsOf } from './windows.ts';

/** Nobody reads more. */
const mostEvents = 20;
const mostEndpoints = 5;
const mostStretches = 3;

export const eventLimits = {
  /** Windows that a latency needs before one of them can be told from the others, and requests that each needs. */
  leastWindows: 8,
  requestsPerWindow: 50,
  /** A band is left where a window is so many times the median, and so many robust deviations of its logarithm away. */
  factor: 3,
  deviations: 5,
  /** Share of slow requests that is usual at a p95. */
  leastShare: 0.05,
  /** Of a single window. */
  factorAlone: 5,
  deviationsAlone: 8,
  /** Memory has risen where it is so many times what it was, and so many MB more. */
  rise: 2,
  riseMb: 200,
  /** Readings in a row from which a process or a generator is at its limit. */
  readings: 2,
} as const;

/** In order of time, and within the run. */
export function runEvents(
  run: RunData,
  { thresholds, generator }: Pick<Judgement, 'thresholds' | 'generator'>,
): RunEvent[] {
  const runMs = durationMsOfRun(run);
  const known: readonly RunEvent[] = [
    ...stops(run, runMs),
    ...errors(run, runMs),
    ...latencies(run, thresholds, runMs),
    ...generators(run, generator, runMs),
    ...run.resources.flatMap((series) => [...memories(series, runMs), ...cpus(series, runMs)]),
    ...drops(run, runMs),
  ];
  return known
    .slice(0, mostEvents)
    .map((event) => within(event, runMs))
    .sort((a, b) => a.fromMs - b.fromMs);
}

function within({ fromMs, toMs, ...event }: RunEvent, runMs: number): RunEvent {
  const clamped = (ms: number) => Math.round(Math.min(Math.max(0, ms), runMs));
  return { ...event, fromMs: clamped(fromMs), ...(toMs !== undefined && { toMs: clamped(toMs) }) };
}

function stops({ segments }: RunData, runMs: number): RunEvent[] {
  const stopped = segments.find((segment) => segment.stopped !== undefined);
  if (stopped?.stopped === undefined) return [];
  return [{ kind: 'stopped', fromMs: runMs, sentence: `the run was stopped early: ${stopped.stopped}` }];
}

interface Second extends Span {
  readonly count: number;
}

function errors(run: RunData, runMs: number): RunEvent[] {
  const worst = [...run.endpoints]
    .map(([name, { windows }]) => ({ name, seconds: seconds(windows, ({ failed }) => failed) }))
    .filter(({ seconds: all }) => all.length > 0)
    .sort((a, b) => total(b.seconds) - total(a.seconds))
    .slice(0, mostEndpoints);
  return [...worst.flatMap(({ name, seconds: all }) => errorsOf(run, name, all, runMs)), ...exceptions(run, runMs)];
}

function errorsOf(run: RunData, name: string, all: readonly Second[], runMs: number): RunEvent[] {
  const found = mainErrors(run, { explains: (kind) => kind !== 'exception', endpoint: name });
  const stretches = largest(all, runMs);
  return stretches.map(({ span, count }) => {
    const words =
      stretches.length === 1 && found !== undefined
        ? `${found.kinds} on ${nameWords(name)}`
        : `${formatCount(count)} of ${formatCount(sent(run, name, span))} requests failed on ${nameWords(name)}`;
    return { kind: 'errors', ...span, subject: name, sentence: `${words}, ${spanWords(span, runMs)}` };
  });
}

function sent(run: RunData, name: string, span: Span): number {
  const { ok, failed } = sumsOf(run, name, span);
  return ok + failed;
}

function exceptions(run: RunData, runMs: number): RunEvent[] {
  const found = mainErrors(run, { explains: (kind) => kind === 'exception' })?.culprit;
  if (found?.at === undefined) return [];
  const toMs = Math.max(found.at.toMs, found.at.fromMs);
  return [
    {
      kind: 'errors',
      ...found.at,
      toMs: Math.min(toMs, runMs),
      subject: found.name,
      sentence: `${found.name}: ${found.words}`,
    },
  ];
}

function drops({ windows }: RunData, runMs: number): RunEvent[] {
  return largest(
    seconds(windows, ({ dropped }) => dropped),
    runMs,
  ).map(({ span, count }) => ({
    kind: 'dropped',
    ...span,
    sentence: `${formatCount(count)} arrival${count === 1 ? ' was' : 's were'} dropped, ${spanWords(span, runMs)}`,
  }));
}

function seconds<Window>(windows: ReadonlyMap<number, Window>, count: (window: Window) => number): Second[] {
  return [...windows]
    .flatMap(([second, window]) =>
      second >= 0 && count(window) > 0
        ? [{ fromMs: second * 1_000, toMs: (second + 1) * 1_000, count: count(window) }]
        : [],
    )
    .sort((a, b) => a.fromMs - b.fromMs);
}

function total(all: readonly Second[]): number {
  return all.reduce((sum, { count }) => sum + count, 0);
}

/** Seconds that are nearly neighbours are one stretch: in a long run, what comes again within a twentieth of it. */
function largest(all: readonly Second[], runMs: number): { readonly span: Span; readonly count: number }[] {
  const gapMs = Math.max(2_000, runMs / 20);
  const stretches: Second[][] = [];
  for (const second of all) {
    const last = stretches.at(-1)?.at(-1);
    if (last === undefined || second.fromMs - last.toMs > gapMs) stretches.push([]);
    stretches.at(-1)?.push(second);
  }
  return stretches
    .map((stretch) => ({
      span: { fromMs: stretch[0]?.fromMs ?? 0, toMs: Math.min(runMs, stretch.at(-1)?.toMs ?? 0) },
      count: total(stretch),
    }))
    .sort((a, b) => b.count - a.count)
    .slice(0, mostStretches);
}

/** By what was usual in it, or where that tells nothing, by a limit of the run that was missed for a part of the time. */
function latencies(run: RunData, thresholds: Judgement['thresholds'], runMs: number): RunEvent[] {
  const missed = thresholds.find((threshold) => isLatencyOfRun(threshold) && threshold.culprit?.at !== undefined);
  const statistic = missed?.metric ?? 'p95';
  const windows = [...run.endpoints.values()].map((row) => row.windows);
  const values = valuesOverTime(windows, statistic, eventLimits.requestsPerWindow);
  const left = values.length < eventLimits.leastWindows ? [] : leavings(values);
  if (left.length === 0) return missed === undefined ? [] : beyond(missed, runMs);
  const usualMs = usualOf(values).value;
  return left.flatMap((stretch) => {
    const span = spanOf(stretch);
    return span === undefined ? [] : [latencyEvent(run, { statistic, stretch, span, usualMs, runMs })];
  });
}

/** Of the times that are kept by the second. */
function isLatencyOfRun({ scope, metric, verdict }: JudgedThreshold): boolean {
  const latency = latencyOf(metric);
  return scope === 'run' && verdict === 'failed' && latency !== undefined && latency.group === undefined;
}

function leavings(values: readonly Timed[]): Timed[][] {
  const { value: usualMs, deviations } = usualOf(values);
  const isOut = ({ value }: Timed): boolean =>
    value > eventLimits.factor * usualMs && deviations(value) > eventLimits.deviations;
  const isFarOut = ({ value }: Timed): boolean =>
    value > eventLimits.factorAlone * usualMs && deviations(value) > eventLimits.deviationsAlone;
  const isMore = moreSlowOnes(values, 2 * usualMs);
  return stretchesOf(values, (value) => isOut(value) && isMore(value))
    .filter((stretch) => stretch.length > 1 || stretch.some(isFarOut))
    .sort((a, b) => b.length - a.length)
    .slice(0, mostStretches);
}

/**
 * Whether more of a window's requests are slow than chance gives: beside it a percentile may jump for nothing, where a kind
 * of request that is slow always is nearly as frequent as those that the percentile leaves out.
 */
function moreSlowOnes(values: readonly Timed[], slowMs: number): (value: Timed) => boolean {
  const usual = Math.max(eventLimits.leastShare, median(values.map((value) => value.shareAbove(slowMs))) ?? 0);
  return ({ count, shareAbove }) =>
    shareAbove(slowMs) > usual + eventLimits.deviations * Math.sqrt((usual * (1 - usual)) / count);
}

/** What was beyond its limit all the time has left no band. */
function beyond({ metric, expected, culprit }: JudgedThreshold, runMs: number): RunEvent[] {
  const at = culprit?.at;
  if (culprit === undefined || at === undefined || at.toMs - at.fromMs >= 0.9 * runMs) return [];
  const sentence = `${metric} of ${nameWords(culprit.name)} was beyond its limit (${expected}), ${spanWords(at, runMs)}`;
  return [{ kind: 'latency', ...at, subject: culprit.name, sentence }];
}

interface Leaving {
  readonly statistic: string;
  readonly stretch: readonly Timed[];
  readonly span: Span;
  readonly usualMs: number;
  readonly runMs: number;
}

function latencyEvent(run: RunData, { statistic, stretch, span, usualMs, runMs }: Leaving): RunEvent {
  const worst = Math.max(...stretch.map(({ value }) => value));
  const [slowest] = [...run.endpoints.keys()]
    .map((name) => ({ name, ms: sumsOf(run, name, span).latency.percentile(95) ?? 0 }))
    .sort((a, b) => b.ms - a.ms);
  const where = slowest === undefined || run.endpoints.size === 1 ? '' : `, slowest ${nameWords(slowest.name)}`;
  return {
    kind: 'latency',
    ...span,
    ...(slowest !== undefined && { subject: slowest.name }),
    sentence: `${statistic} rose to ${formatMs(worst)}, usually ${formatMs(usualMs)}, ${spanWords(span, runMs)}${where}`,
  };
}

/** Of logarithms: no latency is steadier than to a fiftieth. */
const leastSpread = 0.02;

/** Latencies are told apart by their ratios, so their spread is one of logarithms. */
function usualOf(values: readonly Timed[]): { readonly value: number; readonly deviations: (value: number) => number } {
  const logs = values.map(({ value }) => Math.log(Math.max(value, 1e-3)));
  const middle = median(logs) ?? 0;
  const spread = Math.max((mad(logs) ?? 0) * madToSigma, leastSpread);
  return { value: Math.exp(middle), deviations: (value) => (Math.log(Math.max(value, 1e-3)) - middle) / spread };
}

function cpus(series: RunData['resources'][number], runMs: number): RunEvent[] {
  const limit = cpuLimitOf(series);
  return stretchesOf(cpuReadings(series), ({ percent }) => percent >= limit)
    .filter((stretch) => stretch.length >= eventLimits.readings)
    .sort((a, b) => b.length - a.length)
    .slice(0, mostStretches)
    .flatMap((stretch) => {
      const span = spanOf(stretch);
      if (span === undefined || span.fromMs >= runMs) return [];
      const most = Math.round(Math.max(...stretch.map(({ percent }) => percent)));
      const sentence = `${whose(series)} CPU was at its limit, up to ${most} %, ${spanWords(span, runMs)}`;
      return [{ kind: 'cpu' as const, ...span, subject: series.name, sentence }];
    });
}

function memories(series: RunData['resources'][number], runMs: number): RunEvent[] {
  const { name: subject, samples, ended } = series;
  const loaded = samples.filter(({ phase, atMs }) => phase === 'load' && atMs >= 0 && atMs <= runMs);
  const falls = fallsOf(series).map((fall) => ({
    ...{ kind: 'memory' as const, fromMs: fall.atMs, subject },
    sentence: `${fallWords(series, fall)}, at ${momentWords(fall.atMs, runMs)}`,
  }));
  const last = samples.at(-1);
  const end =
    ended === undefined || last === undefined || last.atMs < 0 || last.atMs > runMs
      ? []
      : [
          {
            ...{ kind: 'memory' as const, fromMs: last.atMs, subject },
            sentence: `${whose(series)} process ${ended === 'exited' ? 'ended' : 'was restarted'} after ${momentWords(last.atMs, runMs)}`,
          },
        ];
  const first = loaded[0];
  const peak = loaded.reduce((high, each) => (each.rssMb > high.rssMb ? each : high), first ?? { atMs: 0, rssMb: 0 });
  const hasRisen =
    first !== undefined && peak.rssMb > eventLimits.rise * first.rssMb && peak.rssMb > first.rssMb + eventLimits.riseMb;
  const rise = !hasRisen
    ? []
    : [
        {
          ...{ kind: 'memory' as const, fromMs: first.atMs, toMs: peak.atMs, subject },
          sentence: `${whose(series)} memory rose from ${formatMb(first.rssMb)} to ${formatMb(peak.rssMb)}, until ${momentWords(peak.atMs, runMs)}`,
        },
      ];
  return [...falls.slice(0, mostStretches), ...end, ...rise];
}

function generators({ segments }: RunData, { verdict, reason }: Judgement['generator'], runMs: number): RunEvent[] {
  const busy = segments.flatMap(({ generator, index }) =>
    stretchesOf(
      generator
        .filter(({ second }) => second >= 0)
        .map(({ second, elu = 0 }) => ({ fromMs: second * 1_000, toMs: (second + 1) * 1_000, elu })),
      ({ elu }) => elu >= busyElu,
    )
      .filter((stretch) => stretch.length >= eventLimits.readings)
      .flatMap((stretch) => {
        const span = spanOf(stretch);
        const most = Math.max(...stretch.map(({ elu }) => elu));
        const who = segments.length === 1 ? 'the load generator' : `load generator ${index + 1}`;
        if (span === undefined || span.fromMs >= runMs) return [];
        return [
          {
            kind: 'generator' as const,
            ...span,
            sentence: `${who} was up to ${Math.round(most * 100)} % busy, ${spanWords(span, runMs)}`,
          },
        ];
      }),
  );
  if (busy.length > 0 || verdict !== 'saturated') return busy.slice(0, mostStretches);
  return [{ kind: 'generator', fromMs: 0, toMs: runMs, sentence: `the load generator was the bottleneck: ${reason}` }];
}
