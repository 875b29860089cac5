/**
 * The only place in `load/` that reads time. Runs are handed a clock, so that a test can live through a minute of load
 * in a millisecond.
 */
import { performance } from 'node:perf_hooks';
import { AbortListeners } from './abort-listeners.ts';
import { Pacemaker } from './pacemaker.ts';

export interface Clock {
  /** Milliseconds, monotonic, with fractions. */
  now(): number;
  /** Milliseconds since 1970, for people and for other machines. */
  epochMs(): number;
  /** Calls back at the moment and never before it, soon if it is past; cancelled by what is returned. */
  at(atMs: number, callback: () => void): () => void;
  /** Resolves at the moment and never before it, or at once when it is past, or as soon as the signal is aborted; it never rejects. */
  sleepUntil(atMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls back about every so many milliseconds, counted from the start of the last call, until the returned function is called. */
  every(ms: number, callback: () => void): () => void;
  /**
   * Keeps moments to a tenth of a millisecond, from when this resolves until what it resolves with is called. `onLost`
   * is told why, should it come to no more than a Node timer can.
   */
  keepExact(onLost: (why: string) => void): Promise<() => Promise<void>>;
  /** Time in which the event loop turned only to be exact, milliseconds since the start: it was free for work. */
  readonly spunMs: number;
  /** How much more the monotonic clock shows that all processes of the machine share, milliseconds. */
  readonly originMs: number;
}

function clockOfThisProcess(): Clock {
  const pacemaker = new Pacemaker();
  const aborts = new AbortListeners();
  const lost = new Set<(why: string) => void>();
  let opened: Promise<void> = Promise.resolve();
  return {
    now: () => performance.now(),
    epochMs: () => Date.now(),
    at: (atMs, callback) => pacemaker.at(atMs, callback),
    sleepUntil: async (atMs, signal) => {
      if (atMs <= performance.now() || signal?.aborted === true) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          cancel();
          if (signal !== undefined) aborts.remove(signal, done);
          resolve();
        };
        const cancel = pacemaker.at(atMs, done);
        if (signal !== undefined) aborts.add(signal, done);
      });
    },
    every: (ms, callback) => {
      const timer = setInterval(callback, ms);
      return () => clearInterval(timer);
    },
    keepExact: async (onLost) => {
      const tell = (why: string) => onLost(why);
      const tellAll = (why: string) => lost.forEach((each) => each(why));
      if (lost.size === 0) opened = opened.then(async () => pacemaker.open(tellAll));
      lost.add(tell);
      await opened;
      return async () => {
        if (lost.delete(tell) && lost.size === 0) opened = opened.then(async () => pacemaker.close());
        await opened;
      };
    },
    originMs: pacemaker.originMs,
    get spunMs() {
      return pacemaker.spunMs;
    },
  };
}

/** One for all loads of a process: they share its thread. */
export const realClock: Clock = clockOfThisProcess();
