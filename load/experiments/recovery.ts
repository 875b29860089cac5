/**
 * `load.recovery`: how long a server needs after a stress until it answers as before it. A probe at one steady rate runs
 * all the time, in an open model, so that a server that is slow cannot slow it down; the stress comes and goes beside it.
 */
import { cpuReturn, type CpuRecovery, type CpuRecoveryOptions } from '../analysis/cpu-recovery.ts';
import { describeCpuRecovery, describeMemoryGrowth, describeRecovery } from '../analysis/findings.ts';
import { memoryGrowth, type MemoryGrowth, type MemoryGrowthOptions } from '../analysis/memory-growth.ts';
import { defaultRecoveryOptions, type Recovery, type RecoveryOptions } from '../analysis/recovery.ts';
import { phasesOfStress, recoveryOfRun, spanBeside, type StressSpan } from '../analysis/recovery-of-run.ts';
import { type LoadRun, partOf } from '../load-run.ts';
import { cells, type Finding, type FindingVerdict } from '../measure/finding.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import { lostOf } from '../measure/counts.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import type { RunData } from '../measure/run-data.ts';
import { type Duration, durationMsOf, formatDuration, formatMs, parseRate, type RateText } from '../measure/units.ts';
import { throwProblems, unknownOptions } from '../options-error.ts';
import { arrivals } from '../profile/arrivals.ts';
import type { Profile } from '../profile/profile.ts';
import type { Scenario } from '../run/scenario.ts';
import { judgeGenerator } from '../verdict/generator-health.ts';
import { type ExperimentOptions, indexesOf, type Laboratory } from './experiment.ts';
import { durationIn, lengthIn, noNumbers, problemsOf } from './question.ts';
import { recoveryChart, recoveryTable } from './recovery-chart.ts';

/** What is asked of the server's return. */
export type RecoveryQuestion<Row = undefined> = {
  /** Requests per second that look how the server does, all the time. It must bear them easily. */
  readonly probe: RateText;
  /** What the server is put under; it knows how long it lasts. */
  readonly stress: Profile;
  /** What the stress does. Without it, what the probe does. */
  readonly stressing?: Scenario<Row>;
  /** How long the probe runs alone before the stress: what the server is to come back to. */
  readonly before?: Duration;
  /** How long after the stress the server may need; later is a failure. */
  readonly within?: Duration;
  /** Tells several of one test apart. */
  readonly name?: string;
  /** How the CPU of the server's process has to come back, where it is known; `false` does not ask. */
  readonly cpu?: Partial<Omit<CpuRecoveryOptions, 'deadline'>> | false;
  /** How its memory has to settle; without a `limitMb` it may grow by anything. `false` does not ask. */
  readonly memory?: Partial<MemoryGrowthOptions> | false;
} & Partial<RecoveryOptions>;

/** The answer. */
export interface RecoveryFound {
  readonly verdict: FindingVerdict;
  /** `recovered after 3.2s (± 1s): p95 10.0 ms before, limit 15.0 ms; …`. */
  readonly sentence: string;
  /** Milliseconds from the last start of the stress until the server answered as before. Absent when it did not in time. */
  readonly recoveredAfterMs?: number;
  /** In full. */
  readonly recovery: Recovery;
  /** Of the server's process; absent where it is not known, or was not asked for. */
  readonly cpu?: CpuRecovery;
  /** Likewise. */
  readonly memory?: MemoryGrowth;
  /** What looked on. */
  readonly probe: LoadRun;
  readonly stress: LoadRun;
}

export const defaultRecovery = { before: '12s', within: '30s', warmUp: '2s' } as const;

/** The garbage of the probe saws at the memory's level: the tail is compared by up to ten readings, with twice the slack. */
function memoryBesideAProbe(withinMs: number): Partial<MemoryGrowthOptions> {
  const edgeReadings = Math.max(3, Math.min(10, Math.floor(withinMs / 2_000)));
  return { limitMb: Infinity, edgeReadings, settledMb: 10, settledShare: 0.1 };
}

/** The stress begins in the middle of a window, so that `before` holds all the windows it should. */
const slackMs = 500;

const known = {
  probe: true,
  stress: true,
  stressing: true,
  before: true,
  within: true,
  name: true,
  cpu: true,
  memory: true,
  window: true,
  tolerance: true,
  floor: true,
  holdWindows: true,
  errorRateMargin: true,
  maxBaselineErrorRate: true,
  minBaselineWindows: true,
  minRequestsPerWindow: true,
} as const satisfies Record<keyof RecoveryQuestion, true>;

export async function findRecovery<Row>(
  laboratory: Laboratory,
  question: RecoveryQuestion<Row>,
  { scenario, options }: { readonly scenario: Scenario<Row>; readonly options: ExperimentOptions<Row> },
): Promise<RecoveryFound> {
  const asked = read(question);
  const { warmUp = defaultRecovery.warmUp, observe, ...both } = options;
  const ofLoad = (part: string) =>
    ({
      name: question.name === undefined ? part : `${question.name}, ${part}`,
      unjudged: true,
      whenSaturated: 'warn',
    }) as const;
  const quietMs = (durationMsOf(observe?.before ?? '0s') ?? 0) + (durationMsOf(warmUp) ?? 0);
  const probing = arrivals(question.probe).for(`${asked.probeMs}ms`);
  const words = `recovery${question.name === undefined ? '' : ` of ${question.name}`}: ${question.stress.describe()} beside ${question.probe}`;
  const [probe, stress] = await laboratory.step(words, async () =>
    Promise.all([
      laboratory.load(probing, scenario, { ...both, warmUp, ...(observe && { observe }), ...ofLoad('probe') }),
      laboratory.load(question.stress, question.stressing ?? scenario, {
        ...both,
        warmUp: '0s',
        startAfter: `${quietMs + asked.beforeMs + slackMs}ms`,
        ...ofLoad('stress'),
      }),
    ]),
  );
  const found = judge({ probe, stress }, asked);
  laboratory.tell(findingOf(found, asked));
  return found;
}

interface Asked {
  readonly name: string | undefined;
  readonly beforeMs: number;
  readonly withinMs: number;
  readonly windowMs: number;
  readonly probeMs: number;
  readonly cpu: Partial<CpuRecoveryOptions> | undefined;
  readonly memory: Partial<MemoryGrowthOptions> | undefined;
  readonly rules: RecoveryOptions;
}

/** Throws an `OptionsError` for all that is wrong with the question, before a request is sent. */
function read<Row>(question: RecoveryQuestion<Row>): Asked {
  const { probe, stress, before = defaultRecovery.before, within = defaultRecovery.within, name } = question;
  const rules = rulesOf(question);
  const { holdWindows, errorRateMargin, maxBaselineErrorRate, minBaselineWindows, minRequestsPerWindow } = rules;
  const problems = [
    ...unknownOptions('load.recovery', question, known),
    ...noNumbers({
      tolerance: rules.tolerance,
      holdWindows,
      errorRateMargin,
      maxBaselineErrorRate,
      minBaselineWindows,
      minRequestsPerWindow,
    }),
  ];
  const stressMs = lengthIn(problems, 'stress', stress);
  const windowMs = durationIn(problems, { option: 'window', given: rules.window, leastMs: 1_000 });
  if (windowMs % 1_000 !== 0) problems.push(`\`window\` counts whole seconds, got ${rules.window}`);
  durationIn(problems, { option: 'floor', given: rules.floor });
  const beforeMs = durationIn(problems, { option: 'before', given: before, leastMs: minBaselineWindows * windowMs });
  const withinMs = durationIn(problems, { option: 'within', given: within, leastMs: windowMs });
  problems.push(...tooThin(probe, windowMs, minRequestsPerWindow));
  throwProblems(problems);
  return {
    name,
    beforeMs,
    withinMs,
    windowMs,
    probeMs: beforeMs + slackMs + stressMs + withinMs + (holdWindows + 1) * windowMs,
    cpu: question.cpu === false ? undefined : { ...question.cpu, deadline: `${withinMs}ms` },
    memory: question.memory === false ? undefined : { ...memoryBesideAProbe(withinMs), ...question.memory },
    rules,
  };
}

function rulesOf<Row>(question: RecoveryQuestion<Row>): RecoveryOptions {
  const { defaults, given } = { defaults: defaultRecoveryOptions, given: question };
  return {
    window: given.window ?? defaults.window,
    tolerance: given.tolerance ?? defaults.tolerance,
    floor: given.floor ?? defaults.floor,
    holdWindows: given.holdWindows ?? defaults.holdWindows,
    errorRateMargin: given.errorRateMargin ?? defaults.errorRateMargin,
    maxBaselineErrorRate: given.maxBaselineErrorRate ?? defaults.maxBaselineErrorRate,
    minBaselineWindows: given.minBaselineWindows ?? defaults.minBaselineWindows,
    minRequestsPerWindow: given.minRequestsPerWindow ?? defaults.minRequestsPerWindow,
  };
}

function tooThin(probe: RateText, windowMs: number, least: number): string[] {
  let perWindow = Number.NaN;
  const problems = problemsOf('probe', () => {
    const { count, perMs } = parseRate(probe);
    perWindow = (count * windowMs) / perMs;
  });
  if (perWindow < least)
    problems.push(
      `\`probe\` of ${probe} puts ${perWindow} requests into a window of ${formatDuration(windowMs)}, a p95 needs ${least}: probe faster or take longer windows`,
    );
  return problems;
}

function judge(runs: { readonly probe: LoadRun; readonly stress: LoadRun }, asked: Asked): RecoveryFound {
  const [probe, stress] = [partOf(runs.probe).data, partOf(runs.stress).data];
  const span = spanBeside(probe, stress);
  const recovery = recoveryOfRun(probe, { stress: span, withinMs: asked.withinMs, options: asked.rules });
  const server = serverBeside(runs.probe, span);
  const cpu = server && asked.cpu && cpuReturn(server, asked.cpu);
  const memory = server && asked.memory && memoryGrowth(server, asked.memory);
  const voided = whyVoid({ probe, stress, span });
  return {
    verdict: voided === undefined ? verdictOf({ recovery, cpu, memory }) : 'invalid',
    sentence: voided ?? sentenceOf({ recovery, cpu, memory }),
    ...(recovery.kind === 'recovered' && voided === undefined && { recoveredAfterMs: recovery.afterMs }),
    recovery,
    ...(cpu && { cpu }),
    ...(memory && { memory }),
    ...runs,
  };
}

function serverBeside(probe: LoadRun, span: StressSpan): ResourceSeries | undefined {
  const server = probe.resources.find(({ name }) => name === 'server');
  return server && phasesOfStress(server, { ...span, endMs: probe.durationMs });
}

/** What makes the whole worth nothing: a probe that did not run through, no stress, or a generator that was late by itself. */
function whyVoid({
  probe,
  stress,
  span,
}: {
  readonly probe: RunData;
  readonly stress: RunData;
  readonly span: StressSpan;
}): string | undefined {
  const { plannedMs = 0 } = probe.plan;
  const cut = probe.segments.find(({ durationMs, stopped }) => stopped !== undefined && durationMs < plannedMs);
  if (cut !== undefined)
    return `the probe was stopped after ${formatDuration(Math.round(cut.durationMs))}: ${cut.stopped ?? ''}`;
  if (stress.counts.started === 0) return 'the stress sent no request';
  const { verdict, reason } = judgeGenerator(outside(probe, span));
  return verdict === 'saturated' ? `before or after the stress the generator could not keep up: ${reason}` : undefined;
}

/** The probe's generator apart from the stress, which may well have been too much for it: those seconds are not judged. */
function outside(probe: RunData, { fromMs, toMs }: StressSpan): RunData {
  const isCalm = (second: number): boolean => (second + 1) * 1_000 <= fromMs || second * 1_000 >= toMs;
  return {
    ...probe,
    lag: new LatencyHistogram(), // of the whole run, the stress included
    segments: probe.segments.map((segment) => ({
      ...segment,
      generator: segment.generator.filter(({ second }) => second >= 0 && isCalm(second)),
    })),
  };
}

type Judged = {
  readonly recovery: Recovery;
  readonly cpu: CpuRecovery | undefined;
  readonly memory: MemoryGrowth | undefined;
};

/** What could not be told of CPU or memory changes nothing; their words say so. */
function verdictOf({ recovery, cpu, memory }: Judged): FindingVerdict {
  if (recovery.kind === 'not-enough-data') return 'invalid';
  const isBack = recovery.kind === 'recovered' && !fellBack(recovery);
  const isCpuBack = cpu === undefined || cpu.kind === 'recovered' || cpu.kind === 'not-enough-data';
  const isSettled = memory === undefined || memory.kind === 'settled' || memory.kind === 'not-enough-data';
  return isBack && isCpuBack && isSettled ? 'passed' : 'failed';
}

/** It held for a while and ended slow all the same. */
function fellBack({ residualRatio, baselineP95Ms, limitMs }: Exclude<Recovery, { kind: 'not-enough-data' }>): boolean {
  return residualRatio !== undefined && residualRatio * baselineP95Ms > limitMs;
}

function sentenceOf({ recovery, cpu, memory }: Judged): string {
  const words = [describeRecovery(recovery)];
  if (recovery.kind !== 'not-enough-data') {
    const { peakP95Ms, residualRatio = 1, drainedAfterMs } = recovery;
    if (recovery.kind === 'recovered' && fellBack(recovery))
      words.push(`it fell back, and ended at ${residualRatio.toFixed(1)} times`);
    if (peakP95Ms !== undefined && peakP95Ms > recovery.limitMs) words.push(`peak ${formatMs(peakP95Ms)}`);
    if (drainedAfterMs !== undefined && drainedAfterMs > 0)
      words.push(`backlog gone after ${formatDuration(Math.round(drainedAfterMs))}`);
  }
  const hasEnded = cpu?.kind === 'process-ended' || memory?.kind === 'process-ended';
  if (cpu !== undefined) words.push(describeCpuRecovery(cpu, 'its level before'));
  if (memory !== undefined && !(hasEnded && cpu !== undefined)) words.push(describeMemoryGrowth(memory));
  return words.join('; ');
}

function findingOf(found: RecoveryFound, asked: Asked): Finding {
  const { verdict, sentence, probe, stress, recovery } = found;
  const span = spanBeside(partOf(probe).data, partOf(stress).data);
  const server = serverBeside(probe, span);
  const shown = { probe: partOf(probe).data, span, server, recovery, windowS: asked.windowMs / 1_000 };
  return {
    kind: 'recovery',
    ...(asked.name !== undefined && { name: asked.name }),
    verdict,
    sentence,
    figures: figuresOf(found, asked, span),
    runs: indexesOf([probe, stress]),
    folds: true,
    table: recoveryTable(shown),
    chart: recoveryChart(shown),
  };
}

function figuresOf(
  { recovery, cpu, memory, stress, recoveredAfterMs }: RecoveryFound,
  { withinMs, windowMs }: Asked,
  { fromMs, toMs }: StressSpan,
): Finding['figures'] {
  const seen = recovery.kind === 'not-enough-data' ? undefined : recovery;
  const ofCpu = cpu?.kind === 'recovered' || cpu?.kind === 'not-recovered' ? cpu : undefined;
  const ofMemory = memory === undefined || 'reason' in memory || 'how' in memory ? undefined : memory;
  const { started } = stress.requests;
  return cells({
    outcome: recovery.kind,
    recoveredAfterMs,
    withinMs,
    resolutionMs: windowMs,
    baselineP95Ms: seen?.baselineP95Ms,
    limitMs: seen?.limitMs,
    peakP95Ms: seen?.peakP95Ms,
    drainedAfterMs: seen?.drainedAfterMs,
    residualRatio: seen?.residualRatio,
    stressFromMs: fromMs,
    stressToMs: toMs,
    stressFailed: started === 0 ? undefined : lostOf(stress.requests) / started,
    cpu: cpu?.kind,
    cpuBeforePercent: ofCpu?.baselinePercent,
    cpuLimitPercent: ofCpu?.limitPercent,
    cpuResidualPoints: ofCpu?.residualPoints,
    cpuRecoveredAfterMs: ofCpu?.kind === 'recovered' ? ofCpu.afterMs : undefined,
    memory: memory?.kind,
    memoryBeforeMb: ofMemory?.baselineMb,
    memoryPeakMb: ofMemory?.peakMb,
    memoryFinalMb: ofMemory?.finalMb,
  });
}
