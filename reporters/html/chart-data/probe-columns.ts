/** A page beside the load, round by round: its LCP and its actions, and the control page that tells what the machine adds. */
import type { ProbeData, ProbeRound } from '../../../load/measure/probe-data.ts';
import type { RunData } from '../../../load/measure/run-data.ts';
import { type Column, tidy } from './time-axis.ts';

/** Actions drawn at most: the table has them all. */
export const maxActionLines = 4;

export interface ProbeLine {
  readonly name: string;
  readonly kind: 'lcp' | 'action' | 'control';
  /** Milliseconds of each round, by phase. */
  readonly idle: Column;
  readonly load: Column;
}

export interface ProbeColumns {
  readonly name: string;
  /** When each round under load began, seconds of the measured part. Rounds before it are known by their number alone. */
  readonly atSec: readonly number[];
  /** Lines that have a value at all. */
  readonly lines: readonly ProbeLine[];
  /** Which rounds did not come through, from 0. */
  readonly failedIdle: readonly number[];
  readonly failedLoad: readonly number[];
}

export function probeColumns({ probes }: Pick<RunData, 'probes'>): ProbeColumns[] {
  return [...probes].flatMap(([name, probe]) => (probe.rounds.length === 0 ? [] : [columnsOf(name, probe)]));
}

function columnsOf(name: string, { rounds }: ProbeData): ProbeColumns {
  const ordered = [...rounds].sort((a, b) => a.atMs - b.atMs);
  const [idle, load] = (['idle', 'load'] as const).map((phase) => ordered.filter((round) => round.phase === phase)) as [
    ProbeRound[],
    ProbeRound[],
  ];
  const actions = [...new Set(ordered.flatMap((round) => Object.keys(round.actions)))].slice(0, maxActionLines);
  const line = (
    kind: ProbeLine['kind'],
    lineName: string,
    pick: (round: ProbeRound) => number | undefined,
  ): ProbeLine => ({
    name: lineName,
    kind,
    idle: idle.map((round) => tidy(pick(round))),
    load: load.map((round) => tidy(pick(round))),
  });
  return {
    name,
    atSec: load.map(({ atMs }) => Number((atMs / 1_000).toFixed(2))),
    lines: [
      line('lcp', 'LCP', (round) => through(round)?.vitals.lcp),
      ...actions.map((action) => line('action', action, (round) => through(round)?.actions[action])),
      line('control', 'control page', ({ controlMs }) => controlMs),
    ].filter((each) => [...each.idle, ...each.load].some((value) => value !== null)),
    failedIdle: failedOf(idle),
    failedLoad: failedOf(load),
  };
}

/** What a failed round measured before it failed is no figure of the page. */
function through(round: ProbeRound): ProbeRound | undefined {
  return round.failure === undefined ? round : undefined;
}

function failedOf(rounds: readonly ProbeRound[]): number[] {
  return rounds.flatMap(({ failure }, at) => (failure === undefined ? [] : [at]));
}
