/**
 * What became of the users of a load beside their iterations: how many were set up and torn down, how long that took, and
 * how many did not come through. None of it is in a number of the run.
 */
import { LatencyHistogram } from './histogram.ts';

/** One end of the users' lives. */
export interface UserCounts {
  begun: number;
  /** Of those: threw, took too long, or used `use` otherwise than once. */
  failed: number;
  /** How long it took those that came through. */
  readonly ms: LatencyHistogram;
}

export interface UserBook {
  readonly setUp: UserCounts;
  readonly tearDown: UserCounts;
}

/** Both ends, in the order in which they come. */
export const userStages = ['setUp', 'tearDown'] as const satisfies readonly (keyof UserBook)[];

/** What its failures are called among the errors of a run. */
export const userErrorKind = 'user';

/** In the words of reports. */
export const stageWords = { setUp: 'set-up', tearDown: 'tear-down' } as const satisfies Record<keyof UserBook, string>;

export function emptyUserBook(): UserBook {
  return { setUp: emptyCounts(), tearDown: emptyCounts() };
}

export function addUserBook(into: UserBook, from: UserBook): void {
  for (const stage of userStages) {
    into[stage].begun += from[stage].begun;
    into[stage].failed += from[stage].failed;
    into[stage].ms.add(from[stage].ms);
  }
}

/** Whether the load's users had no life of their own. */
export function isEmptyUserBook(book: UserBook): boolean {
  return userStages.every((stage) => book[stage].begun + book[stage].failed + book[stage].ms.count === 0);
}

/** Users who did not come through one end or the other. */
export function userFailures({ setUp, tearDown }: UserBook): number {
  return setUp.failed + tearDown.failed;
}

function emptyCounts(): UserCounts {
  return { begun: 0, failed: 0, ms: new LatencyHistogram() };
}
