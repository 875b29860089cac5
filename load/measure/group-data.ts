/** A named part of the scenario: how often it was begun, and how long it took where it came to a good end. */
import { LatencyHistogram } from './histogram.ts';

export interface GroupData {
  started: number;
  /** That threw. A failure that came quickly makes no group faster, so it has no duration. */
  failed: number;
  /** From its call to its end; of those that ended well. */
  readonly durations: LatencyHistogram;
}

export function emptyGroup(): GroupData {
  return { started: 0, failed: 0, durations: new LatencyHistogram() };
}

export function addGroup(into: GroupData, from: GroupData): void {
  into.started += from.started;
  into.failed += from.failed;
  into.durations.add(from.durations);
}

/** How many groups of a name became what. */
export interface GroupCounts {
  /** That were begun. */
  readonly started: number;
  /** That ended well. */
  readonly ok: number;
  /** That ended by an error. */
  readonly failed: number;
  /** That the end of the run cut off. */
  readonly unfinished: number;
}

export function groupCounts(group: GroupData): GroupCounts {
  const { started, failed, durations } = group;
  return { started, ok: durations.count, failed, unfinished: unfinishedOf(group) };
}

/** Those that the end of the run cut off. */
export function unfinishedOf({ started, failed, durations }: GroupData): number {
  return started - failed - durations.count;
}
