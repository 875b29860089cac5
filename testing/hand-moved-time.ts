/** For tests: a clock that stands still until it is moved, and timers that fire as it passes them. */
import type { Timers } from '../load/resources/ticker.ts';

export class HandMovedTime implements Timers {
  readonly #due = new Map<number, { readonly atMs: number; readonly callback: () => void }>();
  #nowMs: number;
  #ids = 0;

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  after(delayMs: number, callback: () => void): () => void {
    const id = this.#ids++;
    this.#due.set(id, { atMs: this.#nowMs + delayMs, callback });
    return () => void this.#due.delete(id);
  }

  /** How many timers are still armed. */
  get armed(): number {
    return this.#due.size;
  }

  /** Fires what falls due on the way, each at its own time, and lets promises settle before and after each. */
  async move(byMs: number): Promise<void> {
    await settled();
    const endMs = this.#nowMs + byMs;
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
      await settled();
    }
    this.#nowMs = endMs;
    await settled();
  }

  /** Moves the clock while nothing can fire, as a blocked event loop does. */
  block(byMs: number): void {
    this.#nowMs += byMs;
  }

  #next(endMs: number): { readonly atMs: number; readonly callback: () => void } | undefined {
    const [first] = [...this.#due]
      .filter(([, timer]) => timer.atMs <= endMs)
      .toSorted(([, a], [, b]) => a.atMs - b.atMs);
    if (!first) return undefined;
    this.#due.delete(first[0]);
    return first[1];
  }
}

/** All promise reactions that are ready now have run. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
