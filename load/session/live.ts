/**
 * Tells a live page how a run is going, once a second, if a reporter serves one. Nothing waits for it: a page that is
 * slow or gone never disturbs a run.
 */
import { encodeSnapshot, newestSecond, type SnapshotTest } from '../measure/snapshot.ts';
import { quietly } from '../resources/observing.ts';
import type { Clock } from '../run/clock.ts';
import type { Look } from './look.ts';

export interface LiveParts {
  /** Where the reporter takes snapshots, its token included. */
  readonly url: string;
  readonly look: Look;
  readonly test: SnapshotTest;
  readonly clock: Clock;
  /** Ends it; a last snapshot is taken at that moment, and sent then. */
  readonly signal: AbortSignal;
}

const everyMs = 1_000;
/** Seconds whose numbers may still change: as long as most requests may take. */
const unsettledSeconds = 12;

export async function tellLivePage({ url, look, test, clock, signal }: LiveParts): Promise<void> {
  let isTold = false;
  let last: string | undefined;
  const snapshot = (): string => {
    const since = isTold ? newestSecond(look(Infinity)) - unsettledSeconds : -Infinity;
    return JSON.stringify(encodeSnapshot(look(since), since, test));
  };
  // At once, since the parts of the other cores are added to this one's next.
  signal.addEventListener('abort', () => (last = quietly('the live page', snapshot)));
  for (let atMs = clock.now() + everyMs; ; atMs += everyMs) {
    await clock.sleepUntil(atMs, signal);
    if (signal.aborted) break;
    isTold = await post(url, snapshot());
  }
  if (last !== undefined) await post(url, last);
}

/** Whether the page has it. What it missed is sent again in full. */
async function post(url: string, body: string): Promise<boolean> {
  try {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(everyMs) })).ok;
  } catch {
    return false; // there is nobody to tell, or not in time: the run goes on
  }
}
