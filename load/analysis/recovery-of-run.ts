/**
 * The recovery of a server as one probe saw it that ran before, during and after a stress, and the phases of its
 * process.
 */
import type { ResourceSample, ResourceSeries } from '../measure/resource-series.ts';
import type { RunData } from '../measure/run-data.ts';
import { durationMsOfRun } from '../measure/summary.ts';
import { parseDurationMs } from '../measure/units.ts';
import { defaultRecoveryOptions, type Recovery, type RecoveryOptions, timeToRecovery } from './recovery.ts';
import { recoveryWindows } from './recovery-windows.ts';

/** When it began, and when it last started a request, on the axis of the probe's run. */
export type StressSpan = { readonly fromMs: number; readonly toMs: number };

/**
 * When a load started its requests, on the axis of another run of the same test: from where it began to its last start,
 * which its profile says, or whatever ended it before.
 */
export function spanBeside(probe: RunData, stress: RunData): StressSpan {
  const { plannedMs = Infinity } = stress.plan;
  const begins = stress.segments.map(({ startedAtEpochMs }) => startedAtEpochMs);
  const ends = stress.segments.map(
    ({ startedAtEpochMs, durationMs }) => startedAtEpochMs + Math.min(durationMs, plannedMs),
  );
  const zeroMs = Math.min(...probe.segments.map(({ startedAtEpochMs }) => startedAtEpochMs));
  return { fromMs: Math.round(Math.min(...begins) - zeroMs), toMs: Math.round(Math.max(...ends) - zeroMs) };
}

export type RecoveryOfRunParts = {
  readonly stress: StressSpan;
  /** Later than this after the end of the stress is no recovery. */
  readonly withinMs: number;
  readonly options?: Partial<RecoveryOptions>;
};

/**
 * `timeToRecovery` by the windows of the probe, counted from the moment in which the stress ended: the window that it ended
 * in is the first that may hold. The answer is never above the true one by more than a window.
 */
export function recoveryOfRun(probe: RunData, { stress, withinMs, options = {} }: RecoveryOfRunParts): Recovery {
  const { window, holdWindows } = { ...defaultRecoveryOptions, ...options };
  const windowMs = parseDurationMs(window, 'window');
  const windowS = windowMs / 1_000;
  const fromMs = Math.floor(stress.toMs / 1_000) * 1_000;
  const toMs = Math.min(durationMsOfRun(probe), stress.toMs + withinMs + holdWindows * windowMs);
  const recovery = timeToRecovery({
    baseline: recoveryWindows(probe, { fromMs: 0, toMs: stress.fromMs, windowS }),
    after: recoveryWindows(probe, { fromMs, toMs, windowS }),
    options,
  });
  if (recovery.kind === 'not-enough-data') return recovery;
  const sinceEnd = (ms: number): number => Math.max(0, ms - (stress.toMs - fromMs));
  const { drainedAfterMs } = recovery;
  const seen = {
    ...observedOf(recovery),
    ...(drainedAfterMs !== undefined && { drainedAfterMs: sinceEnd(drainedAfterMs) }),
  };
  return recovery.kind === 'recovered' && sinceEnd(recovery.afterMs) <= withinMs
    ? { kind: 'recovered', afterMs: sinceEnd(recovery.afterMs), resolutionMs: windowMs, ...seen }
    : { kind: 'not-recovered', watchedMs: withinMs, ...seen };
}

function observedOf({
  baselineP95Ms,
  limitMs,
  peakP95Ms,
  residualRatio,
}: Exclude<Recovery, { kind: 'not-enough-data' }>) {
  return {
    baselineP95Ms,
    limitMs,
    ...(peakP95Ms !== undefined && { peakP95Ms }),
    ...(residualRatio !== undefined && { residualRatio }),
  };
}

/** The readings of a process beside a probe, with the phases that the stress makes of them: before, under and after it. */
export function phasesOfStress(
  series: ResourceSeries,
  { fromMs, toMs, endMs }: StressSpan & { readonly endMs: number },
): ResourceSeries {
  const phaseOf = (atMs: number): ResourceSample['phase'] =>
    atMs <= fromMs ? 'baseline' : atMs <= toMs ? 'load' : 'after';
  return {
    ...series,
    samples: series.samples
      .filter(({ atMs }) => atMs >= 0 && atMs <= endMs)
      .map((sample) => ({ ...sample, phase: phaseOf(sample.atMs) })),
  };
}
