/**
 * Milliseconds in which this process has run: those for which a machine froze it are not among them. Where two parties of
 * one test are in one process, neither has then waited while the other could do nothing.
 */

const tickMs = 10;

export class LivedTime {
  #ms = 0;
  #seenMs = performance.now();
  readonly #timer = setInterval(() => {
    const nowMs = performance.now();
    this.#ms += Math.min(nowMs - this.#seenMs, 2 * tickMs);
    this.#seenMs = nowMs;
  }, tickMs);

  readonly nowMs = () => this.#ms;

  stop(): void {
    clearInterval(this.#timer);
  }
}
