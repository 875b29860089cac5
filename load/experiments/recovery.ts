/**
 * `load.recovery`: how long a server needs after a stress until it answers as before it. A probe at one steady rate runs
 * all the time, in an open model, so that a server that is slow cannot slow it down; the stress comes and goes beside it.
 */
import { cpuReturn, type CpuRecovery } from '../analysis/cpu-recovery.ts';
import { describeCpuRecovery, describeMemoryGrowth, describeRecovery } from '../analysis/findings.ts';
import { memoryGrowth, type MemoryGrowth } from '../analysis/memory-growth.ts';
import type { Recovery } from '../analysis/recovery.ts';
import { phasesOfStress, recoveryOfRun, spanBeside, type StressSpan } from '../analysis/recovery-of-run.ts';
import { type LoadRun, partOf } from '../load-run.ts';
import type { Finding, FindingVerdict } from '../measure/finding.ts';
import { LatencyHistogram } from '../measure/histogram.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import type { RunData } from '../measure/run-data.ts';
import { durationMsOf, formatDuration, formatMs } from '../measure/units.ts';
import { arrivals } from '../profile/arrivals.ts';
import type { LoadOptions } from '../run/load-options.ts';
import { judgeGenerator } from '../verdict/generator-health.ts';
import { mainErrorOf } from '../verdict/main-error.ts';
import {
  type Subject,
  indexesOf,
  type Laboratory,
  partName,
  stepTitle,
  told,
  whyStoppedBefore,
  whyVoidOf,
} from './experiment.ts';
import { recoveryChart, recoveryTable } from './recovery-chart.ts';
import { recoveryFigures, type RecoveryFound } from './recovery-found.ts';
import {
  type AskedRecovery,
  defaultRecovery,
  readRecovery,
  type RecoveryQuestion,
  slackMs,
} from './recovery-question.ts';

/** What `use` says of all loads would shift the stress against the probe. */
const unobserved: NonNullable<LoadOptions['observe']> = { before: '0s', after: '0s' };

export async function findRecovery<Row, State, UserRow>(
  laboratory: Laboratory,
  question: RecoveryQuestion<Row, State, UserRow>,
  { scenario, options }: Subject<Row, State, UserRow>,
): Promise<RecoveryFound> {
  const asked = readRecovery(question);
  const { warmUp = defaultRecovery.warmUp, observe = unobserved, ...both } = options;
  const ofLoad = (part: string) =>
    ({
      name: partName(question.name, part),
      unjudged: true,
      whenSaturated: 'warn',
    }) as const;
  const quietMs = (durationMsOf(observe.before ?? '0s') ?? 0) + (durationMsOf(warmUp) ?? 0);
  const probing = arrivals(question.probe).for(`${asked.probeMs}ms`);
  const words = stepTitle('recovery', question.name, `${question.stress.describe()} beside ${question.probe}`);
  const [probe, stress] = await laboratory.step(words, async () =>
    Promise.all([
      laboratory.load(probing, scenario, { ...both, warmUp, observe, ...ofLoad('probe') }),
      laboratory.load(question.stress, question.stressing ?? scenario, {
        ...both,
        warmUp: '0s',
        observe: unobserved,
        startAfter: `${quietMs + asked.beforeMs + slackMs}ms`,
        ...ofLoad('stress'),
      }),
    ]),
  );
  const span = spanBeside(partOf(probe).data, partOf(stress).data);
  const seen: Seen = { probe, stress, span, server: serverBeside(probe, span) };
  const found = told(laboratory, judge(seen, asked));
  laboratory.tell(findingOf(found, seen, asked));
  return found;
}

/** Two loads, and what of them was beside one another. */
interface Seen {
  readonly probe: LoadRun;
  readonly stress: LoadRun;
  readonly span: StressSpan;
  /** The server's process, where it is known, with the phases of the stress. */
  readonly server: ResourceSeries | undefined;
}

function judge({ probe, stress, span, server }: Seen, asked: AskedRecovery): RecoveryFound {
  const runs = { probe, stress };
  const recovery = recoveryOfRun(partOf(probe).data, {
    stress: span,
    withinMs: asked.withinMs,
    options: asked.rules,
  });
  const cpu = server && asked.cpu && cpuReturn(server, asked.cpu);
  const memory = server && asked.memory && memoryGrowth(server, asked.memory);
  const voided = whyVoid(runs, span);
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

/**
 * What makes the whole worth nothing: a probe that did not run through, no stress, or a generator that was late by itself.
 */
function whyVoid(runs: { readonly probe: LoadRun; readonly stress: LoadRun }, span: StressSpan): string | undefined {
  const [probe, stress] = [partOf(runs.probe).data, partOf(runs.stress).data];
  const cut = whyStoppedBefore(runs.probe, probe.plan.plannedMs ?? 0);
  if (cut !== undefined) return `the probe ${cut}`;
  for (const [name, run] of Object.entries(runs)) {
    const why = whyVoidOf(run);
    if (why !== undefined) return `the ${name} ${why}`;
  }
  if (stress.counts.started === 0) return 'the stress sent no request';
  if (isRefused(stress)) return `the stress asked what the server has no answer to${mainErrorOf(stress)}`;
  const { verdict, reason } = judgeGenerator(outside(probe, span));
  return verdict === 'saturated' ? `before or after the stress the generator could not keep up: ${reason}` : undefined;
}

/** All was answered, and with statuses that tell the client of a fault of its own: such a stress is none. */
function isRefused({ counts, endpoints }: RunData): boolean {
  const statuses = [...endpoints.values()].flatMap((endpoint) => [...endpoint.statuses]);
  const answered = statuses.reduce((sum, [, count]) => sum + count, 0);
  return (
    counts.ok === 0 &&
    answered === counts.started &&
    statuses.every(([status]) => /^4/.test(status) && !statusesOfStress.includes(status))
  );
}

/** Request Timeout, Too Early, Too Many Requests: what a server says under stress (RFC 9110, 6585, 8470). */
const statusesOfStress: readonly string[] = ['408', '425', '429'];

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

function findingOf(found: RecoveryFound, { probe, stress, span, server }: Seen, asked: AskedRecovery): Finding {
  const { verdict, sentence, recovery } = found;
  const shown = { probe: partOf(probe).data, span, server, recovery, windowS: asked.windowMs / 1_000 };
  return {
    kind: 'recovery',
    ...(asked.name !== undefined && { name: asked.name }),
    verdict,
    sentence,
    figures: recoveryFigures(found, { ...asked, ...span }),
    runs: indexesOf([probe, stress]),
    folds: true,
    table: recoveryTable(shown),
    chart: recoveryChart(shown),
  };
}
