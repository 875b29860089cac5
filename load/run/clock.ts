/**
 * The only place in `load/` that reads time. Runs are handed a clock, so that a test can live through a minute of load
 * in a millisecond.
 */
import { performance } from 'node:perf_hooks';
import { longestTimerMs } from '../measure/units.ts';

export interface Clock {
  /** Milliseconds, monotonic, with fractions. */
  now(): number;
  /** Milliseconds since 1970, for people and for other machines. */
  epochMs(): number;
  /** Resolves at the moment and never before it, or at once when it is past, or as soon as the signal is aborted; it never rejects. */
  sleepUntil(atMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls back about every so many milliseconds, counted from the start of the last call, until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
}

export const realClock: Clock = {
  now: () => performance.now(),
  epochMs: () => Date.now(),
  sleepUntil: async (atMs, signal) => {
    if (atMs <= performance.now() || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      // A timer may fire a millisecond or two early, and waits no longer than it can: the rest is waited for again.
      const wait = () => {
        const ms = atMs - performance.now();
        if (ms <= 0) done();
        else timer = setTimeout(wait, Math.min(ms, longestTimerMs));
      };
      signal?.addEventListener('abort', done);
      wait();
    });
  },
  every: (ms, callback) => {
    const timer = setInterval(callback, ms);
    return () => clearInterval(timer);
  },
};
