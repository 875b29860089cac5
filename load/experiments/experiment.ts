/** What an experiment, a question that takes several loads, needs of the test that asks it. */
import { type Finding, type FindingVerdict, titleOfFinding } from '../measure/finding.ts';
import { type LoadRun, partOf } from '../load-run.ts';
import { formatDuration } from '../measure/units.ts';
import type { Profile } from '../profile/profile.ts';
import type { Aim } from '../run/aim.ts';
import type { LoadOptions } from '../run/load-options.ts';
import type { Scenario } from '../run/scenario.ts';
import type { RunLimits } from '../verdict/limits.ts';
import { userFailureWords } from '../verdict/user-failures.ts';

export interface Laboratory {
  load<Row, State, UserRow>(
    profile: Profile,
    scenario: Scenario<Row, State, UserRow>,
    options: LoadOptions<Row, RunLimits, State, UserRow>,
    aim?: Aim,
  ): Promise<LoadRun>;
  /** Takes a finding along to the reporters; a bad one fails the test when it ends. */
  tell(finding: Finding): void;
  /** Whether loads are played once, so that there is nothing to find. Throws an `OptionsError` for what says neither. */
  once(): boolean;
  /** A step of the test, under which its loads are folded. */
  step<Value>(title: string, body: () => Promise<Value>): Promise<Value>;
}

/** What an experiment finds whose loads are played once. */
export const onceTold = {
  verdict: 'measured',
  sentence: 'once: its scenario was played, and no load was sent by which this could be judged',
} as const satisfies Pick<Finding, 'verdict' | 'sentence'>;

/** What was found, unless loads are played once. */
export function told<Found extends { readonly verdict: FindingVerdict; readonly sentence: string }>(
  laboratory: Pick<Laboratory, 'once'>,
  found: Found,
): Found {
  return laboratory.once() ? { ...found, ...onceTold } : found;
}

/** Options of the loads of an experiment; what it says itself cannot be said. */
export type ExperimentOptions<Row, State = unknown, UserRow = unknown> = Omit<
  LoadOptions<Row, RunLimits, State, UserRow>,
  'name' | 'unjudged' | 'whenSaturated' | 'startAfter'
>;

/** What the loads of an experiment have in common. */
export interface Subject<Row, State, UserRow> {
  readonly scenario: Scenario<Row, State, UserRow>;
  readonly options: ExperimentOptions<Row, State, UserRow>;
}

/**
 * Why the numbers of a load say nothing, whatever they are: it was interrupted, a core was lost, its books don't balance,
 * or not all of its users were there. Who could only not log out again was.
 */
export function whyVoidOf(run: LoadRun): string | undefined {
  const { verdict, reason } = run.judgement;
  if (verdict === 'incomplete' || verdict === 'invalid') return `is ${verdict}: ${reason}`;
  const { data } = partOf(run);
  return data.users.setUp.failed > 0 ? `was not all there: ${userFailureWords(data)}` : undefined;
}

/** What stopped a load before a moment up to which it is needed. */
export function whyStoppedBefore(run: LoadRun, neededToMs: number): string | undefined {
  const { segments } = partOf(run).data;
  const cut = segments.find(({ durationMs, stopped }) => stopped !== undefined && durationMs < neededToMs);
  return cut && `was stopped after ${formatDuration(Math.round(cut.durationMs))}: ${cut.stopped ?? ''}`;
}

/** `checkout, pair 3`: of a part of an experiment, which has a name where a test asks several. */
export function partName(name: string | undefined, part: string): string {
  return name === undefined ? part : `${name}, ${part}`;
}

/** The step of the test under which the loads are folded: `recovery of checkout: 200 users for 5s beside 100/s`. */
export function stepTitle(kind: Finding['kind'], name: string | undefined, words: string): string {
  return `${titleOfFinding({ kind, ...(name !== undefined && { name }) })}: ${words}`;
}

/** Which loads of its test these were. */
export function indexesOf(runs: readonly LoadRun[]): number[] {
  return runs.map((run) => partOf(run).data.plan.index);
}
