/** How many requests became what, and the two sums that must hold at the end of every run. */

/**
 * `scheduled = started + dropped` and `started = ok + failed + timedOut + unfinished`. A dropped request was due
 * while `maxInFlight` was reached, or was not started in time; an unfinished one was still under way when the run was stopped.
 */
export interface RequestCounts {
  /** Started, or due and dropped. */
  readonly scheduled: number;
  /** Sent, or tried to. */
  readonly started: number;
  /** Answered with a status that `expectStatus` takes; without it, one under 400. */
  readonly ok: number;
  /** Answered with another status, or not at all: refused, reset, malformed. */
  readonly failed: number;
  /** Not answered within `requestTimeout`. */
  readonly timedOut: number;
  /** Due while `maxInFlight` was reached, or still not started 5 s after the end of the profile; never sent. */
  readonly dropped: number;
  /** Still under way when the run was stopped. */
  readonly unfinished: number;
}

/** The same while it is being counted. */
export type Tally = { -readonly [key in keyof RequestCounts]: RequestCounts[key] };

export function emptyTally(): Tally {
  return { scheduled: 0, started: 0, ok: 0, failed: 0, timedOut: 0, dropped: 0, unfinished: 0 };
}

export function addCounts(into: Tally, from: RequestCounts): void {
  into.scheduled += from.scheduled;
  into.started += from.started;
  into.ok += from.ok;
  into.failed += from.failed;
  into.timedOut += from.timedOut;
  into.dropped += from.dropped;
  into.unfinished += from.unfinished;
}

/** Requests that came to an end. */
export function finished(counts: RequestCounts): number {
  return counts.ok + counts.failed + counts.timedOut;
}

/** Requests that a success rate is a share of: those that came to an end, and those that never did. */
export function accountedFor(counts: RequestCounts): number {
  return finished(counts) + counts.unfinished;
}

/** Share of the requests that succeeded; one that was cut off did not. Absent when there was none. */
export function successRateOf(counts: RequestCounts): number | undefined {
  const total = accountedFor(counts);
  return total === 0 ? undefined : counts.ok / total;
}

/** Counts of the Apdex formula: satisfied ≤ T, tolerating ≤ 4T, the rest frustrated. */
export interface ApdexCounts {
  satisfied: number;
  tolerating: number;
  frustrated: number;
}

/** Files a request that ended in `outcome`; none counts where no threshold T was given. */
export function countApdex(
  { plan: { apdexMs }, apdex }: { readonly plan: { readonly apdexMs?: number }; readonly apdex: ApdexCounts },
  outcome: string,
  ms: number,
): void {
  if (apdexMs === undefined) return;
  if (outcome === 'ok' && ms <= apdexMs) apdex.satisfied += 1;
  else if (outcome === 'ok' && ms <= 4 * apdexMs) apdex.tolerating += 1;
  else apdex.frustrated += 1;
}

/** Apdex = (satisfied + tolerating / 2) / all; errors and timeouts frustrate (Apdex technical specification 1.1). */
export function apdexScore({ satisfied, tolerating, frustrated }: ApdexCounts): number | undefined {
  const total = satisfied + tolerating + frustrated;
  return total === 0 ? undefined : (satisfied + tolerating / 2) / total;
}

/** Requests that came to an end without success. */
export function lostOf({ failed, timedOut }: RequestCounts): number {
  return failed + timedOut;
}

/** The sums that do not hold, in words; empty when the books balance. */
export function accountingProblems(counts: RequestCounts, where: string): string[] {
  const { scheduled, started, ok, failed, timedOut, dropped, unfinished } = counts;
  const problems: string[] = [];
  if (scheduled !== started + dropped) {
    problems.push(`${where}: ${scheduled} scheduled, but ${started} started + ${dropped} dropped`);
  }
  if (started !== ok + failed + timedOut + unfinished) {
    problems.push(
      `${where}: ${started} started, but ${ok} ok + ${failed} failed + ${timedOut} timed out + ${unfinished} unfinished`,
    );
  }
  return problems;
}
