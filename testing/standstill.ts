/**
 * For tests: how long this process stood still, because it was frozen or had no CPU. A limit on how long something of
 * ours takes is not to count it; on a quiet machine it is nothing.
 */

const everyMs = 5;
/** Less than this late a timer may always be. */
const leastMs = 15;

/** Watches from its making on, until it is disposed of. */
export class Standstill implements Disposable {
  readonly #timer = setInterval(() => this.#look(), everyMs);
  #lookedAtMs = performance.now();
  #ms = 0;

  /** All of it so far, in milliseconds. */
  get ms(): number {
    this.#look();
    return this.#ms;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    const gapMs = nowMs - this.#lookedAtMs;
    this.#lookedAtMs = nowMs;
    if (gapMs >= leastMs) this.#ms += gapMs;
  }
}
