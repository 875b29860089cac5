/**
 * Whether the results let a build pass. `merge-reports` ignores the status that a reporter returns and fails only when
 * one throws (Playwright 1.65), so there the gate throws, and everywhere else it answers.
 */
import { isBadFinding, titleOfFinding } from '../load/measure/finding.ts';
import type { FindingSummary } from '../load/measure/summary.ts';
import { byVerdict, isBad } from '../load/verdict/verdict-order.ts';
import type { ReportedRun } from './reported-run.ts';

export interface GatedRun extends Pick<ReportedRun, 'summary'> {
  /** To be judged later, by the merge of all shards. */
  readonly awaitsMerge: boolean;
  /** Its test is marked `test.fail()`: the failure is what its author wants. */
  readonly mayFail: boolean;
}

export interface GateParts {
  readonly runs: readonly GatedRun[];
  readonly findings: readonly FindingSummary[];
  /** Results that are lost for good: a run nobody can see is no run that passed. */
  readonly lost: readonly string[];
  /** Results that were asked for and could not be written. */
  readonly unwritten: readonly string[];
}

/** Why the build must not pass, in one line; undefined when it may. */
export function gate({ runs, findings, lost, unwritten }: GateParts): string | undefined {
  const bad = runs
    .filter(({ summary, awaitsMerge, mayFail }) => !awaitsMerge && !mayFail && isBad(summary.verdict))
    .sort((a, b) => byVerdict(a.summary.verdict, b.summary.verdict));
  const [first] = bad;
  if (first !== undefined) {
    const { verdict, title, reason } = first.summary;
    const more = bad.length === 1 ? '' : `, and ${bad.length - 1} more`;
    return `load run ${verdict}: ${title.join(' › ')}: ${reason}${more}`;
  }
  const finding = findings.find((each) => isBadFinding(each) && each.expectedToFail !== true);
  if (finding !== undefined)
    return `load finding ${finding.verdict}: ${finding.title.join(' › ')}: ${titleOfFinding(finding)}: ${finding.sentence}`;
  if (lost[0] !== undefined) return `load results were lost: ${lost[0]}`;
  return unwritten[0] === undefined ? undefined : `load results that were asked for are not there: ${unwritten[0]}`;
}
