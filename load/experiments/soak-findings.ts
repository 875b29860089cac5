/** The findings of a soak: leaks of memory and of handles, drifts of latency and throughput. */
import type { Drift } from '../analysis/drift.ts';
import { describeDrift, describeHandleLeak, describeLeak } from '../analysis/findings.ts';
import { handleLeakRules } from '../analysis/handle-leak.ts';
import { type Leak, leakRules } from '../analysis/leak.ts';
import { partOf } from '../load-run.ts';
import { cells, type Finding, findingOrder, type FindingVerdict } from '../measure/finding.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import { formatDuration, formatMb, formatMs, formatPercent, formatRate } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';
import { indexesOf, partName } from './experiment.ts';
import { driftChart, growthChart } from './soak-charts.ts';
import { handleOptions, type Looked, throughputOf, valuesOf } from './soak-look.ts';
import type { SoakQuestion } from './soak-question.ts';

export function findingsOf(looked: Looked, question: SoakQuestion): Finding[] {
  return [memoryFinding(looked, question), ...handlesFinding(looked, question), ...driftFindings(looked, question)];
}

type Told = Pick<Finding, 'verdict' | 'sentence'>;

/** A leak that showed, or a process that ended, stays what it is however the load ended; the rest is not known then. */
function toldOf(told: Told, voided: string | undefined): Told {
  return voided === undefined || told.verdict === 'failed' ? told : { verdict: 'invalid', sentence: voided };
}

function memoryFinding(looked: Looked, question: SoakQuestion): Finding {
  const { server, memory, voided, run } = looked;
  const leak = memory === undefined || memory.kind === 'not-enough-data' ? undefined : memory;
  return {
    kind: 'leak',
    ...(question.name !== undefined && { name: question.name }),
    ...toldOf(memoryTold(looked, question), voided),
    figures: cells({
      outcome: memory?.kind ?? 'not-watched',
      slopeMbPerMin: leak?.slopeMbPerMin,
      slopeLowMbPerMin: leak?.slopeLow,
      slopeHighMbPerMin: leak?.slopeHigh,
      growthMb: leak?.growthMb,
      pValue: leak?.pValue,
      watchedMs: leak?.watchedMs,
      detectableMbPerMin: leak?.detectableMbPerMin,
      growthMbPer1000Requests: leak?.mbPer1000Requests,
      limitMb: question.limitMb,
      limitAfterMinutes: leak?.kind === 'leak' ? leak.minutesToLimit : undefined,
    }),
    runs: indexesOf([run]),
    ...(server !== undefined &&
      server.samples.length > 0 && {
        chart: growthChart({
          readings: server.samples.map(({ atMs, rssMb }) => ({ atMs, level: rssMb })),
          rules: leakRules(question.memory),
          of: { name: 'memory', unit: 'mb' },
          ...(question.limitMb !== undefined && { limit: question.limitMb }),
        }),
      }),
  };
}

function memoryTold({ server, memory }: Looked, { limitMb, memory: options }: SoakQuestion): Told {
  if (server === undefined || memory === undefined)
    return {
      verdict: limitMb === undefined ? 'inconclusive' : 'invalid',
      sentence:
        'memory was not watched, as the process of the server is not known: let Playwright start it, or set `serverPid`',
    };
  const told = growthTold(server, {
    kind: memory.kind,
    sentence: describeLeak(memory),
    honestRun: leakRules(options).honestRunMs,
  });
  const peakMb = Math.max(0, ...server.samples.map(({ rssMb }) => rssMb));
  return limitMb === undefined || peakMb <= limitMb
    ? told
    : {
        verdict: 'failed',
        sentence: `memory was up to ${formatMb(peakMb)}, and ${formatMb(limitMb)} are allowed; ${told.sentence}`,
      };
}

function growthTold(
  { ended, missed }: ResourceSeries,
  { kind, sentence, honestRun }: { readonly kind: Leak['kind']; readonly sentence: string; readonly honestRun: number },
): Told {
  if (ended !== undefined)
    return {
      verdict: 'failed',
      sentence:
        ended === 'exited' ? 'the process of the server ended under load' : 'the server was restarted under load',
    };
  switch (kind) {
    case 'leak':
      return { verdict: 'failed', sentence };
    case 'no-leak-found':
    case 'levelling-off':
      return { verdict: 'passed', sentence };
    case 'growing-run-too-short':
      return { verdict: 'inconclusive', sentence: `${sentence}: soak for ${formatDuration(honestRun)} or more` };
    case 'not-enough-data':
      return {
        verdict: 'inconclusive',
        sentence: missed === undefined ? sentence : `${sentence}; ${missed.count} readings failed: ${missed.reason}`,
      };
    default:
      return unreachable(kind);
  }
}

/** None where the system does not tell handles: that memory was watched is said above. */
function handlesFinding({ server, handles, run, voided }: Looked, question: SoakQuestion): Finding[] {
  if (server === undefined || handles === undefined) return [];
  const leak = handles.kind === 'not-enough-data' ? undefined : handles;
  const rules = handleLeakRules(handleOptions(run, question.handles));
  const told = growthTold(server, {
    kind: handles.kind,
    sentence: describeHandleLeak(handles),
    honestRun: rules.honestRunMs,
  });
  return [
    {
      kind: 'leak',
      name: partName(question.name, 'handles'),
      ...toldOf(told, voided),
      figures: cells({
        outcome: handles.kind,
        handlesSlopePerMin: leak?.slopePerMin,
        handlesSlopeLowPerMin: leak?.slopeLow,
        handlesSlopeHighPerMin: leak?.slopeHigh,
        handlesGrowth: leak?.growth,
        pValue: leak?.pValue,
        watchedMs: leak?.watchedMs,
        handlesDetectablePerMin: leak?.detectablePerMin,
        handlesGrowthPer1000Requests: leak?.per1000Requests,
      }),
      runs: indexesOf([run]),
      chart: growthChart({
        readings: server.samples.flatMap(({ atMs, handles: level }) => (level === undefined ? [] : [{ atMs, level }])),
        rules,
        of: { name: 'open handles', unit: 'count' },
      }),
    },
  ];
}

function driftFindings(looked: Looked, question: SoakQuestion): Finding[] {
  const { run, windows, latency, throughput } = looked;
  const { verdict, reason } = run.judgement.generator;
  const { model, whenSaturated } = partOf(run).data.plan;
  const isLate = verdict === 'saturated' && whenSaturated === 'invalid';
  const voided = looked.voided ?? (isLate ? `its own generator could not keep up: ${reason}` : undefined);
  const isOpen = model === 'open';
  const runs = indexesOf([run]);
  return [
    {
      kind: 'drift',
      name: partName(question.name, 'latency'),
      ...voidedOr(voided, {
        verdict: worst([latency.p50, latency.p95].map((drift) => driftVerdict(drift, 'rising'))),
        sentence: `p50 ${describeDrift(latency.p50, formatMs)}; p95 ${describeDrift(latency.p95, formatMs)}`,
      }),
      figures: { ...driftFigures('p50', 'Ms', latency.p50), ...driftFigures('p95', 'Ms', latency.p95) },
      runs,
      chart: driftChart({
        left: { name: 'latency', unit: 'ms' },
        lines: [
          { name: 'p50', points: valuesOf(windows, ({ p50Ms }) => p50Ms) },
          { name: 'p95', points: valuesOf(windows, ({ p95Ms }) => p95Ms) },
        ],
      }),
    },
    {
      kind: 'drift',
      name: partName(question.name, 'throughput'),
      ...voidedOr(voided, throughputTold(looked, isOpen)),
      figures: isOpen
        ? driftFigures('answered', 'Share', throughput)
        : driftFigures('throughput', 'PerSec', throughput),
      runs,
      chart: driftChart({
        left: isOpen ? { name: 'answered of what was due', unit: 'share' } : { name: 'answered', unit: 'perSec' },
        lines: [{ name: 'throughput', points: valuesOf(windows, throughputOf(run)) }],
      }),
    },
  ];
}

function throughputTold({ throughput, silentFromMs, run }: Looked, isOpen: boolean): Told {
  const sentence = isOpen
    ? `answered of what was due: ${describeDrift(throughput, formatPercent)}`
    : describeDrift(throughput, formatRate);
  return silentFromMs === undefined
    ? { verdict: driftVerdict(throughput, 'falling'), sentence }
    : {
        verdict: 'failed',
        sentence: `no request was answered well from ${formatDuration(silentFromMs)} on, up to the end at ${formatDuration(Math.round(run.durationMs))}; before, ${sentence}`,
      };
}

function voidedOr(voided: string | undefined, told: Told): Told {
  return voided === undefined ? told : { verdict: 'invalid', sentence: voided };
}

/** A drift for the better is told, and fails nothing. */
function driftVerdict({ kind }: Drift, worse: 'rising' | 'falling'): FindingVerdict {
  if (kind === worse) return 'failed';
  return kind === 'too-noisy' || kind === 'not-enough-data' ? 'inconclusive' : 'passed';
}

function driftFigures(of: string, unit: string, drift: Drift): Finding['figures'] {
  if (drift.kind === 'not-enough-data') return { [`${of}Outcome`]: drift.kind };
  return {
    [`${of}Outcome`]: drift.kind,
    ...(drift.atOnce === true && { [`${of}AtOnce`]: true }),
    [`${of}From${unit}`]: drift.from,
    [`${of}To${unit}`]: drift.to,
    [`${of}ChangeShare`]: drift.change,
    [`${of}ChangeLowShare`]: drift.changeLow,
    [`${of}ChangeHighShare`]: drift.changeHigh,
    [`${of}DetectableChangeShare`]: drift.detectable,
  };
}

export function worst(verdicts: readonly FindingVerdict[]): FindingVerdict {
  return findingOrder.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';
}
