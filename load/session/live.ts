/**
 * Tells a live page how a run is going, once a second, if a reporter serves one. Nothing waits for it: a page that is
 * slow or gone never disturbs a run.
 */
import type { RunData } from '../measure/run-data.ts';
import { encodeSnapshot, type SnapshotTest } from '../measure/snapshot.ts';
import type { Clock } from '../run/clock.ts';

export interface LiveParts {
  /** Where the reporter takes snapshots, its token included. */
  readonly url: string;
  readonly run: RunData;
  readonly test: SnapshotTest;
  readonly clock: Clock;
  /** Ends it; a last snapshot is sent then. */
  readonly signal: AbortSignal;
}

const everyMs = 1_000;
/** Seconds whose numbers may still change: as long as most requests may take. */
const unsettledSeconds = 12;

export async function tellLivePage({ url, run, test, clock, signal }: LiveParts): Promise<void> {
  let isTold = false;
  for (let atMs = clock.now() + everyMs; ; atMs += everyMs) {
    await clock.sleepUntil(atMs, signal);
    const since = isTold ? newestSecond(run) - unsettledSeconds : -Infinity;
    isTold = await post(url, JSON.stringify(encodeSnapshot(run, since, test)));
    if (signal.aborted) return;
  }
}

function newestSecond({ windows }: RunData): number {
  return Math.max(...windows.keys(), 0);
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
