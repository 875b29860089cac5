/**
 * One piece of work in each turn of the event loop, in the order of asking. Node takes one new connection a turn: where
 * fifty others had a millisecond's work done in the same turn, the fiftieth connection waited for more than a second.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  /** Resolves in a turn that nobody else has; what is then done at once is done in it. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === 1) setImmediate(this.#serve);
    });
  }

  readonly #serve = (): void => {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#serve);
  };
}
