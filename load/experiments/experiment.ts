/** What an experiment, a question that takes several loads, needs of the test that asks it. */
import type { Finding } from '../measure/finding.ts';
import type { LoadRun } from '../load-run.ts';
import { partOf } from '../load-run.ts';
import type { Profile } from '../profile/profile.ts';
import type { LoadOptions } from '../run/load-options.ts';
import type { Scenario } from '../run/scenario.ts';
import type { RunLimits } from '../verdict/limits.ts';

/** What is aimed at in place of what `use` says. */
export interface Aim {
  readonly baseURL: string;
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

/** Which loads of its test these were. */
export function indexesOf(runs: readonly LoadRun[]): number[] {
  return runs.map((run) => partOf(run).data.plan.index);
}
