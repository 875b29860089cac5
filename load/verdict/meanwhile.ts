/**
 * What stood beside a trouble at the time: a watched process at its limit, one that was lost, the load generator at its own.
 * These are facts of the same seconds, and no more: whether one is for the other they do not tell.
 */
import { busyElu } from '../measure/generator-series.ts';
import { plainLine } from '../measure/plain-line.ts';
import type { ResourceSample, ResourceSeries } from '../measure/resource-series.ts';
import type { RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import { formatMb } from '../measure/units.ts';
import { momentWords } from './when.ts';
import type { Span } from './windows.ts';

/** Percent of its cores from which a process is at its limit. */
const cpuLimitPercent = 95;
/** Percent of a core beyond which a process plainly uses several: then all of the machine's are its limit. */
const severalCoresPercent = 150;

/** A fall of memory is one where so much of it is gone at once. */
const fallen = { share: 0.5, mb: 20 } as const;

/** One fact each, the most telling first; empty where nothing is known. */
export function meanwhile(run: RunData, span: Span): string[] {
  const runMs = durationMsOfRun(run);
  return [
    ...run.resources.flatMap((series) => [...lossWords(series, span, runMs), ...cpuWords(series, span)]),
    ...generatorWords(run, span),
  ];
}

/** `the server's`. */
export function whose({ name }: Pick<ResourceSeries, 'name'>): string {
  return name === 'server' ? "the server's" : `${plainLine(name)}'s`;
}

function cpuWords(series: ResourceSeries, { fromMs, toMs }: Span): string[] {
  const readings = cpuReadings(series).filter((each) => each.toMs > fromMs && each.fromMs < toMs);
  const weighed = readings.map(({ fromMs: from, toMs: to }) => Math.min(to, toMs) - Math.max(from, fromMs));
  const all = weighed.reduce((sum, ms) => sum + ms, 0);
  if (all === 0) return [];
  const mean = readings.reduce((sum, { percent }, at) => sum + percent * (weighed[at] ?? 0), 0) / all;
  return mean < cpuLimitOf(series) ? [] : [`${whose(series)} CPU was ${Math.round(mean)} %`];
}

/** A process that runs on one core is at its limit there, whatever the others do. */
export function cpuLimitOf(series: ResourceSeries): number {
  const percents = cpuReadings(series)
    .map(({ percent }) => percent)
    .sort((a, b) => a - b);
  const usual = percents[Math.floor(percents.length / 2)] ?? 0;
  return cpuLimitPercent * (usual > severalCoresPercent ? series.cores : 1);
}

/** CPU under load, each with the time that it is of. */
export function cpuReadings({ samples }: ResourceSeries): (Span & { readonly percent: number })[] {
  return samples.flatMap(({ phase, atMs, cpuPercent }, at) => {
    const before = samples[at - 1]?.atMs;
    if (phase !== 'load' || cpuPercent === undefined || before === undefined || atMs <= 0) return [];
    return [{ fromMs: Math.max(0, before), toMs: atMs, percent: cpuPercent }];
  });
}

function lossWords(series: ResourceSeries, { fromMs, toMs }: Span, runMs: number): string[] {
  const last = series.samples.at(-1);
  const fall = fallsOf(series).find(({ atMs }) => atMs > fromMs && atMs <= toMs + 1_000);
  return [
    ...(series.ended !== undefined && last !== undefined && last.atMs >= fromMs - 2_000 && last.atMs <= toMs + 2_000
      ? [
          `${whose(series)} process ${series.ended === 'exited' ? 'ended' : 'was restarted'} after ${momentWords(last.atMs, runMs)}`,
        ]
      : []),
    ...(fall === undefined ? [] : [`${fallWords(series, fall)} at ${momentWords(fall.atMs, runMs)}`]),
  ];
}

export interface Fall {
  readonly atMs: number;
  readonly fromMb: number;
  readonly toMb: number;
}

/** Readings at which most of the memory of the one before is gone: a process that was restarted behind its number. */
export function fallsOf({ samples }: ResourceSeries): Fall[] {
  return samples.flatMap(({ atMs, rssMb, phase }: ResourceSample, at) => {
    const before = samples[at - 1];
    if (before === undefined || phase !== 'load' || atMs <= 0) return [];
    const lost = before.rssMb - rssMb;
    return lost > fallen.mb && lost > fallen.share * before.rssMb ? [{ atMs, fromMb: before.rssMb, toMb: rssMb }] : [];
  });
}

export function fallWords(series: ResourceSeries, { fromMb, toMb }: Fall): string {
  return `${whose(series)} memory fell from ${formatMb(fromMb)} to ${formatMb(toMb)}`;
}

function generatorWords({ segments }: RunData, { fromMs, toMs }: Span): string[] {
  const busy = segments
    .flatMap(({ generator }) => generator)
    .filter(
      ({ second, elu }) => elu !== undefined && second * 1_000 < toMs && (second + 1) * 1_000 > fromMs && second >= 0,
    )
    .map(({ elu = 0 }) => elu);
  if (busy.length === 0) return [];
  const mean = busy.reduce((sum, elu) => sum + elu, 0) / busy.length;
  return mean < busyElu ? [] : [`the load generator was ${Math.round(mean * 100)} % busy`];
}
