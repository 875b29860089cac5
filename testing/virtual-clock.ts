/**
 * Time for tests: it passes only from one waiter to the next, so a minute of load is lived through in a millisecond.
 * Work that follows a waking is done before the next one, as on a machine that is fast enough.
 */
import { setImmediate } from 'node:timers/promises';
import { AbortListeners } from '../load/run/abort-listeners.ts';
import type { Clock } from '../load/run/clock.ts';

interface Waiter {
  readonly atMs: number;
  readonly wake: () => void;
}

export class VirtualClock implements Clock {
  #nowMs = 0;
  #turns = 0;
  readonly #waiters: Waiter[] = [];
  readonly #aborts = new AbortListeners();

  now(): number {
    return this.#nowMs;
  }

  /** How many still wait for a moment to come. */
  get waiting(): number {
    return this.#waiters.length;
  }

  /** How often somebody was woken. Between two times, all work is done. */
  get turns(): number {
    return this.#turns;
  }

  epochMs(): number {
    return 1_000_000 + this.#nowMs;
  }

  async sleepUntil(atMs: number, signal?: AbortSignal): Promise<void> {
    if (atMs <= this.#nowMs || signal?.aborted === true) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        cancel();
        if (signal !== undefined) this.#aborts.remove(signal, done);
        resolve();
      };
      const cancel = this.#wait(atMs, done);
      if (signal !== undefined) this.#aborts.add(signal, done);
    });
  }

  sleep(ms: number): Promise<void> {
    return this.sleepUntil(this.#nowMs + ms);
  }

  at(atMs: number, callback: () => void): () => void {
    return this.#wait(atMs, callback);
  }

  keepExact(): Promise<() => Promise<void>> {
    return Promise.resolve(async () => {});
  }

  readonly spunMs = 0;

  readonly originMs = 0;

  every(ms: number, callback: () => void): () => void {
    let cancel = () => {};
    const arm = () => {
      cancel = this.#wait(this.#nowMs + ms, () => {
        arm();
        callback();
      });
    };
    arm();
    return () => cancel();
  }

  /** Nobody is woken for so long, as when the process is stopped: who was due meanwhile is late. */
  stall(ms: number): void {
    this.#nowMs += ms;
  }

  /** Lets time pass until the work is done; fails if nobody would ever wake it. */
  async live<Result>(work: Promise<Result>): Promise<Result> {
    const ended = { yet: false };
    void work.then(
      () => (ended.yet = true),
      () => (ended.yet = true),
    );
    for (;;) {
      await setImmediate();
      if (ended.yet) return work;
      const next = this.#waiters.shift();
      if (next === undefined) throw new Error(`nothing will ever happen again after ${this.#nowMs} ms`);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#turns += 1;
      next.wake();
    }
  }

  /** In the order of their moments, and of asking where moments are the same. */
  #wait(atMs: number, wake: () => void): () => void {
    const waiter = { atMs, wake };
    const later = this.#waiters.findIndex((other) => other.atMs > atMs);
    this.#waiters.splice(later === -1 ? this.#waiters.length : later, 0, waiter);
    return () => {
      const at = this.#waiters.indexOf(waiter);
      if (at !== -1) this.#waiters.splice(at, 1);
    };
  }
}
