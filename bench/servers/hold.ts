/**
 * Waits that end when they should. A Node timer is up to a millisecond late and more; the last part of a wait is
 * therefore spent asking for the time, which costs a core, and is right within some hundredths of a millisecond.
 */
import { performance } from 'node:perf_hooks';

/** A timer that is set this much too early is seldom too late. */
const askFromMs = 1;

const due = new Set<{ readonly atMs: number; readonly then: () => void }>();
let asking = false;

export function hold(ms: number, then: () => void): void {
  if (ms === 0) {
    then();
    return;
  }
  const wait = { atMs: performance.now() + ms, then };
  setTimeout(() => ask(wait), Math.max(0, Math.floor(ms - askFromMs)));
}

function ask(wait: { readonly atMs: number; readonly then: () => void }): void {
  due.add(wait);
  if (asking) return;
  asking = true;
  setImmediate(look);
}

function look(): void {
  const now = performance.now();
  for (const wait of due) {
    if (wait.atMs > now) continue;
    due.delete(wait);
    wait.then();
  }
  asking = due.size > 0;
  if (asking) setImmediate(look);
}
