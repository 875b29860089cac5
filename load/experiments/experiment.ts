/** What an experiment, a question that takes several loads, needs of the test that asks it. */
import type { Finding } from '../measure/finding.ts';
import type { LoadRun } from '../load-run.ts';
import { partOf } from '../load-run.ts';
import type { Profile } from '../profile/profile.ts';
import type { LoadOptions } from '../run/load-options.ts';
import type { Scenario } from '../run/scenario.ts';
import type { RunLimits } from '../verdict/limits.ts';

/** How a load is another than one that a test asks for by itself. */
export interface Aim {
  /** What is aimed at in place of what `use` says. */
  readonly baseURL?: string;
  /** A step of a search, which counts whatever goes wrong in it: it breaks no test by itself. */
  readonly isStep?: true;
}

export interface Laboratory {
  load<Row>(
    profile: Profile,
    scenario: Scenario<Row>,
    options: LoadOptions<Row, RunLimits>,
    aim?: Aim,
  ): Promise<LoadRun>;
  /** Takes a finding along to the reporters; a bad one fails the test when it ends. */
  tell(finding: Finding): void;
  /** A step of the test, under which its loads are folded. */
  step<Value>(title: string, body: () => Promise<Value>): Promise<Value>;
}

/** Options of the loads of an experiment; what it says itself cannot be said. */
export type ExperimentOptions<Row> = Omit<
  LoadOptions<Row, RunLimits>,
  'name' | 'unjudged' | 'whenSaturated' | 'startAfter'
>;

/** Why the numbers of a load say nothing, whatever they are: it was interrupted, a core was lost, its books don't balance. */
export function whyVoidOf(run: LoadRun): string | undefined {
  const { verdict, reason } = run.judgement;
  return verdict === 'incomplete' || verdict === 'invalid' ? `is ${verdict}: ${reason}` : undefined;
}

/** Which loads of its test these were. */
export function indexesOf(runs: readonly LoadRun[]): number[] {
  return runs.map((run) => partOf(run).data.plan.index);
}
