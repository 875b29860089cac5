/** A page beside a load as the page shows it: its figures, and which of its rounds failed. Each round is in the chart. */
import type { ProbeSummary } from '../../load/measure/probe-summary.ts';

/** Failed rounds that are told at most, those of one cause together. */
export const maxFailures = 10;

export interface ProbeView extends Omit<ProbeSummary, 'rounds'> {
  readonly failures: readonly ProbeFailure[];
  /** Failed rounds of other causes. */
  readonly failuresLeftOut: number;
}

/** Rounds that failed for one cause. */
export interface ProbeFailure {
  readonly words: string;
  readonly count: number;
  /** The first of them, in milliseconds of the measured part; negative before it. */
  readonly firstAtMs: number;
  readonly phase: 'idle' | 'load';
}

export function probeViews(probes: readonly ProbeSummary[]): ProbeView[] {
  return probes.map(({ rounds, ...probe }) => {
    const all = failuresOf(rounds);
    const left = all.slice(maxFailures).reduce((sum, { count }) => sum + count, 0);
    return { ...probe, failures: all.slice(0, maxFailures), failuresLeftOut: left };
  });
}

function failuresOf(rounds: ProbeSummary['rounds']): ProbeFailure[] {
  const byCause = new Map<string, ProbeFailure>();
  for (const { failure, phase, atMs } of [...rounds].sort((a, b) => a.atMs - b.atMs)) {
    if (failure === undefined) continue;
    const key = `${phase} ${failure}`;
    const known = byCause.get(key) ?? { words: failure, count: 0, firstAtMs: atMs, phase };
    byCause.set(key, { ...known, count: known.count + 1 });
  }
  return [...byCause.values()];
}
