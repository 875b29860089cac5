/**
 * When the tokens of a guest are shown: one after the other at the gap between tokens, though the simulation makes them by
 * ticks.
 */

interface Made {
  readonly nowMs: number;
  /** Tokens that there are. */
  readonly made: number;
  readonly gapMs: number;
}

export class ChatPace {
  /** Catching up goes no further back than this: what was late for longer, as after a preemption, stays late. */
  readonly #tickMs: number;
  #shown = 0;
  #lastMs = 0;

  constructor(tickMs: number) {
    this.#tickMs = tickMs;
  }

  get shown(): number {
    return this.#shown;
  }

  /** How many tokens are due now; they count as shown. */
  take({ nowMs, made, gapMs }: Made): number {
    const before = this.#shown;
    while (this.#shown < made && (this.#shown === 0 || this.#lastMs + gapMs <= nowMs)) {
      this.#lastMs = this.#shown === 0 ? nowMs : Math.max(this.#lastMs + gapMs, nowMs - this.#tickMs);
      this.#shown += 1;
    }
    return this.#shown - before;
  }

  /** Milliseconds until it is worth asking again, where the simulation makes the next ones in `nextTickMs`. */
  waitMs({ nowMs, made, gapMs }: Made, nextTickMs: number): number {
    return this.#shown < made ? Math.max(0, this.#lastMs + gapMs - nowMs) : nextTickMs;
  }
}
