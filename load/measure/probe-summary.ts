/** A page beside a load, as `summary.json` has it: idle, under load, and what the load added. */
import { type ProbeData, type ProbeRound, type Vital, vitals } from './probe-data.ts';
import { round } from './rounded.ts';

/** How far the control page may slow down before a probe says nothing of the server, as a share. */
export const mostControlSlowdown = 0.2;

/** A page that was looked at beside a load. */
export interface ProbeSummary {
  /** As `probe` was given it. */
  readonly name: string;
  /** Of its rounds before the load. */
  readonly idle: ProbePhase;
  /** Of its rounds while the load ran. */
  readonly load: ProbePhase;
  /** Median under load less median idle, milliseconds, but `cls`; absent where either is. */
  readonly added: { readonly [name in Vital]?: number } & { readonly actions: Readonly<Record<string, number>> };
  /** How much slower the control page was under load than idle, as a share: what the shared machine adds. Absent without both. */
  readonly controlSlowdown?: number;
  /** Its rounds, in order of time. */
  readonly rounds: readonly ProbeRound[];
  /** Rounds beyond those that are kept. */
  readonly leftOut: number;
}

/** The rounds of one phase. */
export interface ProbePhase {
  /** Rounds that came through. */
  readonly rounds: number;
  /** Rounds that did not. */
  readonly failed: number;
  /** Largest Contentful Paint, milliseconds. */
  readonly lcp?: ProbeStats;
  /** Interaction to Next Paint, milliseconds. */
  readonly inp?: ProbeStats;
  /** Cumulative Layout Shift, without a unit. */
  readonly cls?: ProbeStats;
  /** Time to First Byte, milliseconds. */
  readonly ttfb?: ProbeStats;
  /** Each action, milliseconds. */
  readonly actions: Readonly<Record<string, ProbeStats>>;
}

/** Of the rounds of a phase, each by its own value: there are few of them. Percentiles by nearest rank. */
export interface ProbeStats {
  /** Rounds that had it. */
  readonly count: number;
  /** Least. */
  readonly min: number;
  /** Median. */
  readonly p50: number;
  /** 75th percentile, by which web.dev judges a page. */
  readonly p75: number;
  /** 95th percentile. */
  readonly p95: number;
  /** Greatest. */
  readonly max: number;
}

export function summarizeProbe(name: string, { rounds, leftOut }: ProbeData): ProbeSummary {
  const [idle, load] = [phaseOf(rounds, 'idle'), phaseOf(rounds, 'load')];
  const slowdown = controlSlowdown(rounds);
  return {
    name,
    idle,
    load,
    added: addedBy(idle, load),
    ...(slowdown !== undefined && { controlSlowdown: round(slowdown) }),
    rounds: [...rounds].sort((a, b) => a.atMs - b.atMs), // those of shards came one shard after the other
    leftOut,
  };
}

/** Absent without a reading of either phase. */
function controlSlowdown(rounds: readonly ProbeRound[]): number | undefined {
  const of = (phase: ProbeRound['phase']) =>
    statsOf(rounds.filter((each) => each.phase === phase).flatMap(({ controlMs }) => controlMs ?? []))?.p50;
  const [idle, load] = [of('idle'), of('load')];
  return idle === undefined || load === undefined || idle === 0 ? undefined : load / idle - 1;
}

function phaseOf(all: readonly ProbeRound[], phase: ProbeRound['phase']): ProbePhase {
  const rounds = all.filter((each) => each.phase === phase);
  const through = rounds.filter(({ failure }) => failure === undefined);
  const names = new Set(through.flatMap(({ actions }) => Object.keys(actions)));
  return {
    rounds: through.length,
    failed: rounds.length - through.length,
    ...Object.fromEntries(
      vitals.flatMap((vital) => pair(vital, statsOf(through.flatMap((each) => each.vitals[vital] ?? [])))),
    ),
    actions: Object.fromEntries(
      [...names].flatMap((name) => pair(name, statsOf(through.flatMap(({ actions }) => actions[name] ?? [])))),
    ),
  };
}

function addedBy(idle: ProbePhase, load: ProbePhase): ProbeSummary['added'] {
  const added = (before: ProbeStats | undefined, after: ProbeStats | undefined) =>
    before === undefined || after === undefined ? undefined : round(after.p50 - before.p50);
  return {
    ...Object.fromEntries(vitals.flatMap((vital) => pair(vital, added(idle[vital], load[vital])))),
    actions: Object.fromEntries(
      Object.entries(load.actions).flatMap(([name, stats]) => pair(name, added(idle.actions[name], stats))),
    ),
  };
}

export function statsOf(values: readonly number[]): ProbeStats | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (percent: number): number =>
    round(sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0);
  if (sorted.length === 0) return undefined;
  return { count: sorted.length, min: at(0), p50: at(50), p75: at(75), p95: at(95), max: at(100) };
}

function pair<Value>(name: string, value: Value | undefined): [string, Value][] {
  return value === undefined ? [] : [[name, value]];
}
