/**
 * `load.soak`: does a server stay what it was under a long steady load? One load, and what a trend says of the memory and
 * the open handles of its process, of latency, and of what it gets done.
 */
import { type Drift, type DriftOptions, findDrift } from '../analysis/drift.ts';
import { describeDrift, describeHandleLeak, describeLeak } from '../analysis/findings.ts';
import {
  defaultHandleLeakOptions,
  findHandleLeak,
  type HandleLeak,
  type HandleLeakOptions,
  handleLeakRules,
} from '../analysis/handle-leak.ts';
import { findLeak, type Leak, type LeakOptions, leakRules } from '../analysis/leak.ts';
import { type SoakWindow, soakWindows } from '../analysis/soak-windows.ts';
import { type LoadRun, partOf } from '../load-run.ts';
import { cells, type Finding, type FindingVerdict } from '../measure/finding.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import { formatCount, formatDuration, formatMs, formatPercent, formatRate } from '../measure/units.ts';
import { throwProblems, unknownOptions } from '../options-error.ts';
import type { Profile } from '../profile/profile.ts';
import type { Scenario } from '../run/scenario.ts';
import { unreachable } from '../unreachable.ts';
import { type ExperimentOptions, indexesOf, type Laboratory } from './experiment.ts';
import { lengthIn, noNumbers, problemsOf } from './question.ts';
import { driftChart, growthChart } from './soak-charts.ts';

/** What is asked of a soak. */
export type SoakQuestion = {
  /** The load. Its longest level is judged; ten minutes of it are the least that tells a slow leak from a warm-up. */
  readonly profile: Profile;
  /** Tells several of one test apart. */
  readonly name?: string;
  /** What the server's process may use at most, MiB: a leak is told with the time until then, and memory has to be readable. */
  readonly limitMb?: number;
  /** What counts as a leak of memory. */
  readonly memory?: Partial<LeakOptions>;
  /** What counts as a leak of open handles; `minGrowth` beside the load's own connections. */
  readonly handles?: Partial<HandleLeakOptions>;
  /** What counts as a drift of latency or throughput. A latency has to differ by `minDifference` milliseconds. */
  readonly drift?: Partial<DriftOptions>;
};

/** The answer. Its parts are absent where nothing was measured of them. */
export interface Soak {
  /** The worst of its findings. */
  readonly verdict: FindingVerdict;
  /** What each finding says. */
  readonly sentence: string;
  /** Of the server's process. Absent where that is not known. */
  readonly memory?: Leak;
  /** Likewise, and where the system tells. */
  readonly handles?: HandleLeak;
  /** Response time in an open model, service time in a closed one. */
  readonly latency: { readonly p50: Drift; readonly p95: Drift };
  /** Answered well per second in a closed model; in an open one, what share of what was due. */
  readonly throughput: Drift;
  /** Not judged for itself: `expect(soak.run).toMeet(…)` does that. */
  readonly run: LoadRun;
}

export const defaultSoak = { warmUp: '10s', minLatencyDifferenceMs: 1 } as const;

const known = {
  profile: true,
  name: true,
  limitMb: true,
  memory: true,
  handles: true,
  drift: true,
} as const satisfies Record<keyof SoakQuestion, true>;

export async function soak<Row>(
  laboratory: Laboratory,
  question: SoakQuestion,
  { scenario, options }: { readonly scenario: Scenario<Row>; readonly options: ExperimentOptions<Row> },
): Promise<Soak> {
  refuse(question);
  const { profile, name } = question;
  const run = await laboratory.load(profile, scenario, {
    warmUp: defaultSoak.warmUp,
    ...options,
    ...(name !== undefined && { name }),
    unjudged: true,
  });
  const looked = lookAt(run, question);
  const findings = findingsOf(looked, question);
  for (const finding of findings) laboratory.tell(finding);
  const { memory, handles, latency, throughput } = looked;
  return {
    verdict: worst(findings.map(({ verdict }) => verdict)),
    sentence: findings.map(({ kind, name: of, sentence }) => `${of ?? kind}: ${sentence}`).join('; '),
    ...(memory && { memory }),
    ...(handles && { handles }),
    latency,
    throughput,
    run,
  };
}

/** Throws an `OptionsError` for all that is wrong with the question, before a request is sent. */
function refuse(question: SoakQuestion): void {
  const { profile, limitMb, memory, handles, drift } = question;
  const problems = unknownOptions('load.soak', question, known);
  lengthIn(problems, 'profile', profile);
  if (problems.length === 0 && profile.steady === undefined)
    problems.push(`\`${profile.describe()}\` holds no level: what drifts by itself under it can't be told`);
  problems.push(
    ...noNumbers({ limitMb, ...drift }),
    ...problemsOf('memory', () => leakRules(memory)),
    ...problemsOf('handles', () => handleLeakRules(handles)),
  );
  throwProblems(problems);
}

interface Looked {
  readonly run: LoadRun;
  readonly stretch: { readonly fromMs: number; readonly toMs: number };
  /** What makes all of it worth nothing, in words. */
  readonly voided: string | undefined;
  readonly server: ResourceSeries | undefined;
  readonly memory: Leak | undefined;
  readonly handles: HandleLeak | undefined;
  readonly windows: readonly SoakWindow[];
  readonly latency: Soak['latency'];
  readonly throughput: Drift;
}

function lookAt(run: LoadRun, { limitMb, memory, handles, drift }: SoakQuestion): Looked {
  const { data } = partOf(run);
  const { fromMs, toMs } = data.plan.steady ?? { fromMs: 0, toMs: run.durationMs };
  const stretch = { fromMs, toMs: Math.min(toMs, run.durationMs) };
  const series = run.resources.find(({ name }) => name === 'server');
  const samples = series?.samples.filter(({ atMs }) => atMs >= stretch.fromMs && atMs <= stretch.toMs) ?? [];
  const open = samples.flatMap(({ atMs, handles: count }) => (count === undefined ? [] : [{ atMs, handles: count }]));
  const windows = soakWindows(data, stretch);
  const requests = run.requests.started * ((stretch.toMs - stretch.fromMs) / run.durationMs);
  const ofLatency = (read: (window: SoakWindow) => number | undefined): Drift =>
    findDrift(valuesOf(windows, read), { minDifference: defaultSoak.minLatencyDifferenceMs, ...drift });
  return {
    run,
    stretch,
    voided: whyVoid(run, toMs),
    server: series && { ...series, samples },
    memory:
      series &&
      findLeak({ readings: samples, requests, ...(limitMb !== undefined && { limitMb }), options: memory ?? {} }),
    handles:
      open.length === 0
        ? undefined
        : findHandleLeak({ readings: open, requests, options: handleOptions(run, handles) }),
    windows,
    latency: { p50: ofLatency(({ p50Ms }) => p50Ms), p95: ofLatency(({ p95Ms }) => p95Ms) },
    throughput: findDrift(valuesOf(windows, throughputOf(run)), { ...drift, minDifference: 0 }),
  };
}

/**
 * The load's own connections are handles of the server's process too, and a stall opens more of them: as many as were ever
 * in flight at once, or as there are users, may be added without a leak.
 */
function handleOptions(run: LoadRun, given: SoakQuestion['handles']): HandleLeakOptions {
  const options = { ...defaultHandleLeakOptions, ...given };
  let most = 0;
  for (const { inFlight, users } of partOf(run).data.windows.values()) most = Math.max(most, inFlight, users);
  return { ...options, minGrowth: options.minGrowth + most };
}

/** In an open model as much is answered per second as is asked: what it is of that is what can drift. */
function throughputOf(run: LoadRun): (window: SoakWindow) => number | undefined {
  return partOf(run).data.plan.model === 'open' ? ({ okShare }) => okShare : ({ okPerSec }) => okPerSec;
}

function valuesOf(windows: readonly SoakWindow[], read: (window: SoakWindow) => number | undefined) {
  return windows.flatMap((window) => {
    const value = read(window);
    return value === undefined ? [] : [{ atMs: window.atMs, value }];
  });
}

function whyVoid(run: LoadRun, plannedToMs: number): string | undefined {
  const { ok, started } = run.requests;
  if (ok === 0) return `none of ${formatCount(started)} requests was answered well: there was no server to soak`;
  const { data } = partOf(run);
  const cut = data.segments.find(({ durationMs, stopped }) => stopped !== undefined && durationMs < plannedToMs);
  if (cut !== undefined)
    return `the load was stopped after ${formatDuration(Math.round(cut.durationMs))}: ${cut.stopped ?? ''}`;
  return undefined;
}

function findingsOf(looked: Looked, question: SoakQuestion): Finding[] {
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
      mbPer1000Requests: leak?.mbPer1000Requests,
      limitMb: question.limitMb,
      minutesToLimit: leak?.kind === 'leak' ? leak.minutesToLimit : undefined,
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
  return growthTold(server, {
    kind: memory.kind,
    sentence: describeLeak(memory),
    honestRun: leakRules(options).honestRunMs,
  });
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
      name: named(question, 'handles'),
      ...toldOf(told, voided),
      figures: cells({
        outcome: handles.kind,
        slopePerMin: leak?.slopePerMin,
        slopeLowPerMin: leak?.slopeLow,
        slopeHighPerMin: leak?.slopeHigh,
        growth: leak?.growth,
        pValue: leak?.pValue,
        watchedMs: leak?.watchedMs,
        detectablePerMin: leak?.detectablePerMin,
        per1000Requests: leak?.per1000Requests,
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

function named({ name }: SoakQuestion, part: string): string {
  return name === undefined ? part : `${name}, ${part}`;
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
      name: named(question, 'latency'),
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
      name: named(question, 'throughput'),
      ...voidedOr(voided, {
        verdict: driftVerdict(throughput, 'falling'),
        sentence: isOpen
          ? `answered of what was due: ${describeDrift(throughput, formatPercent)}`
          : describeDrift(throughput, formatRate),
      }),
      figures: driftFigures('throughput', isOpen ? 'Share' : 'PerSec', throughput),
      runs,
      chart: driftChart({
        left: isOpen ? { name: 'answered of what was due', unit: 'share' } : { name: 'answered', unit: 'perSec' },
        lines: [{ name: 'throughput', points: valuesOf(windows, throughputOf(run)) }],
      }),
    },
  ];
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
    [`${of}From${unit}`]: drift.from,
    [`${of}To${unit}`]: drift.to,
    [`${of}Change`]: drift.change,
    [`${of}ChangeLow`]: drift.changeLow,
    [`${of}ChangeHigh`]: drift.changeHigh,
    [`${of}DetectableChange`]: drift.detectable,
  };
}

const worstFirst = [
  'failed',
  'invalid',
  'inconclusive',
  'passed',
  'measured',
] as const satisfies readonly FindingVerdict[];

function worst(verdicts: readonly FindingVerdict[]): FindingVerdict {
  return worstFirst.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';
}
