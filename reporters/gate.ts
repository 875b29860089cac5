/**
 * Whether the results let a build pass. `merge-reports` ignores the status that a reporter returns and fails only when
 * one throws (Playwright 1.65), so there the gate throws, and everywhere else it answers.
 */
import type { Verdict } from '../load/measure/summary.ts';
import type { ReportedRun } from './reported-run.ts';

const closing: readonly Verdict[] = ['incomplete', 'invalid', 'failed'];

export interface GatedRun extends Pick<ReportedRun, 'summary'> {
  /** To be judged later, by the merge of all shards. */
  readonly awaitsMerge: boolean;
  /** Its test is marked `test.fail()`: the failure is what its author wants. */
  readonly mayFail: boolean;
}

export interface GateParts {
  readonly runs: readonly GatedRun[];
  /** Results that are lost for good: a run nobody can see is no run that passed. */
  readonly lost: readonly string[];
}

/** Why the build must not pass, in one line; undefined when it may. */
export function gate({ runs, lost }: GateParts): string | undefined {
  const bad = runs.filter(({ summary, awaitsMerge, mayFail }) => !awaitsMerge && !mayFail && isBad(summary.verdict));
  const [first] = bad;
  if (first !== undefined) {
    const { verdict, title, reason } = first.summary;
    const more = bad.length === 1 ? '' : `, and ${bad.length - 1} more`;
    return `load run ${verdict}: ${title.join(' › ')}: ${reason}${more}`;
  }
  return lost[0] === undefined ? undefined : `load results were lost: ${lost[0]}`;
}

export function isBad(verdict: Verdict): boolean {
  return closing.includes(verdict);
}
