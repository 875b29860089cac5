/** A run as the reporter keeps it until the end. */
import type { ReportedRun } from '../reported-run.ts';
import type { RunGroup } from './run-group.ts';

/** A reported run with the pieces it came from, which other reporters will show too. */
export interface CollectedRun extends ReportedRun {
  readonly group: RunGroup;
  readonly segments: { readonly expected: number; readonly present: readonly number[] };
  /** The only thing amiss is that other machines hold the rest: to be judged when their reports are merged. */
  readonly awaitsMerge: boolean;
  /** Why its numbers are those of another load too, which ran at the same time; absent where none did. */
  readonly besideLoad?: string;
}
