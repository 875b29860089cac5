/**
 * Whether a process' CPU returns to its idle baseline after load, and how fast. It reads the series of one process
 * that was sampled before, under and after load.
 */
import type { ResourcePhase, ResourceSeries } from '../measure/resource-series.ts';
import { type Duration, parseDurationMs } from '../measure/units.ts';
import { median } from './statistics/quantile.ts';
import { mad, madToSigma } from './statistics/spread.ts';

/** What counts as idle again. */
export type CpuRecoveryOptions = {
  /** How far above the baseline is still idle, in percentage points of one core. */
  readonly marginPoints: number;
  /** The same as a share of the baseline. */
  readonly marginShare: number;
  /** So many readings in a row must have their median within the limit. */
  readonly holdReadings: number;
  /** Fewer readings before the load are not enough data. */
  readonly minBaselineReadings: number;
  /** Recovery must begin within this time after the load. */
  readonly deadline: Duration;
};

export const defaultCpuRecoveryOptions: CpuRecoveryOptions = {
  marginPoints: 5,
  marginShare: 0.25,
  holdReadings: 5,
  minBaselineReadings: 10,
  deadline: '30s',
};

type Observed = {
  /** Idle before the load, in percent of one core. */
  readonly baselinePercent: number;
  /** Up to which it counts as idle again. */
  readonly limitPercent: number;
  /** How far above idle it ended, in percentage points of one core. */
  readonly residualPoints: number;
};

/** Whether and when a process' CPU was idle again. */
export type CpuRecovery =
  | ({
      readonly kind: 'recovered';
      /** From the end of the load to the first reading that held. */
      readonly afterMs: number;
      /** Time between two readings: the answer is no finer. */
      readonly resolutionMs: number;
    } & Observed)
  | ({
      readonly kind: 'not-recovered';
      /** How long it was watched after the load. */
      readonly watchedMs: number;
    } & Observed)
  | {
      readonly kind: 'process-ended';
      /** Whether its id belongs to another process now. */
      readonly how: 'exited' | 'restarted';
    }
  | {
      readonly kind: 'not-enough-data';
      /** What is missing, in words. */
      readonly reason: string;
    };

const residualReadings = 10;

/**
 * First reading after the load that is itself, and with it the median of `holdReadings`, within max(b + points, b(1 + share), b + 3σ);
 * b and σ are median and scaled median absolute deviation of the idle readings. The first reading after the load is
 * not judged: answers may still have been under way in it. Throws an `OptionsError` for what is no duration.
 */
export function cpuReturn(series: ResourceSeries, options: Partial<CpuRecoveryOptions> = {}): CpuRecovery {
  const settings = { ...defaultCpuRecoveryOptions, ...options };
  const deadlineMs = parseDurationMs(settings.deadline, 'deadline');
  if (series.ended) return { kind: 'process-ended', how: series.ended };
  const idle = readings(series, 'baseline').map(({ cpuPercent }) => cpuPercent);
  const tail = readings(series, 'after');
  const judged = tail.slice(1);
  const reason = whyNotDecidable(idle.length, judged.length, settings);
  const baselinePercent = median(idle);
  if (reason !== undefined || baselinePercent === undefined)
    return { kind: 'not-enough-data', reason: reason ?? 'no idle reading' };
  const limitPercent = limitOf(baselinePercent, idle, settings);
  const ended = median(judged.slice(-residualReadings).map(({ cpuPercent }) => cpuPercent)) ?? baselinePercent;
  const observed = { baselinePercent, limitPercent, residualPoints: ended - baselinePercent };
  const endMs = endOfLoad(series);
  const found = judged.find((reading, at) => {
    if (reading.cpuPercent > limitPercent || reading.fromMs - endMs > deadlineMs) return false;
    const stretch = judged.slice(at, at + settings.holdReadings).map(({ cpuPercent }) => cpuPercent);
    const level = stretch.length === settings.holdReadings ? median(stretch) : undefined;
    return level !== undefined && level <= limitPercent;
  });
  const last = tail.at(-1);
  if (!found) return { kind: 'not-recovered', watchedMs: last ? last.atMs - endMs : 0, ...observed };
  return { kind: 'recovered', afterMs: found.fromMs - endMs, resolutionMs: found.atMs - found.fromMs, ...observed };
}

type Reading = { readonly fromMs: number; readonly atMs: number; readonly cpuPercent: number };

/** The readings of a phase that carry a CPU figure, each with the time its window began. */
function readings(series: ResourceSeries, phase: ResourcePhase): Reading[] {
  return series.samples.flatMap((sample, at) => {
    const fromMs = series.samples[at - 1]?.atMs;
    if (sample.phase !== phase || sample.cpuPercent === undefined || fromMs === undefined) return [];
    return [{ fromMs, atMs: sample.atMs, cpuPercent: sample.cpuPercent }];
  });
}

/** The last reading under load was taken as the load ended. */
function endOfLoad(series: ResourceSeries): number {
  return series.samples.findLast((sample) => sample.phase !== 'after')?.atMs ?? 0;
}

function limitOf(baseline: number, idle: readonly number[], { marginPoints, marginShare }: CpuRecoveryOptions): number {
  const sigma = madToSigma * (mad(idle) ?? 0);
  return Math.max(baseline + marginPoints, baseline * (1 + marginShare), baseline + 3 * sigma);
}

function whyNotDecidable(
  idle: number,
  judged: number,
  { minBaselineReadings, holdReadings }: CpuRecoveryOptions,
): string | undefined {
  if (idle < minBaselineReadings)
    return `${idle} CPU readings were taken while idle, ${minBaselineReadings} are needed`;
  if (judged < holdReadings) return `${judged} CPU readings can be judged after the load, ${holdReadings} are needed`;
  return undefined;
}
