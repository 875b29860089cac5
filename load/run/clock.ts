/**
 * The only place in `load/` that reads time. Runs are handed a clock, so that a test can live through a minute of load
 * in a millisecond.
 */
import { performance } from 'node:perf_hooks';

export interface Clock {
  /** Milliseconds, monotonic, with fractions. */
  now(): number;
  /** Milliseconds since 1970, for people and for other machines. */
  epochMs(): number;
  /** Resolves at the moment, or at once when it is past, or as soon as the signal is aborted; it never rejects. */
  sleepUntil(atMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls back about every so many milliseconds, counted from the start of the last call, until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
}

/** Longest a Node timer can wait. */
const longestTimerMs = 2_147_483_647;

export const realClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  sleepUntil: async (atMs, signal) => {
    const ms = atMs - performance.now();
    if (ms <= 0 || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(ms, longestTimerMs));
      signal?.addEventListener('abort', done);
    });
  },
  every: (ms, callback) => {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};
