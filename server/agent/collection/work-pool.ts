/**
 * So many at a time, so many waiting, and no more: whoever comes then is told at once, instead of waiting in a queue
 * that only grows (the agent answers 503 with `Retry-After`).
 */

export interface PoolLimits {
  readonly running: number;
  readonly waiting: number;
}

/** All places are taken, also those to wait in. */
export class PoolFullError extends Error {
  override readonly name = 'PoolFullError';

  constructor({ running, waiting }: PoolLimits) {
    super(`${running} scrapes are running and ${waiting} are waiting`);
  }
}

export class WorkPool {
  readonly #limits: PoolLimits;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Runs `work` when there is room. @throws {@link PoolFullError} at once when there is no room to wait either. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#limits.running) this.#running++;
    else await this.#wait();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next(); // the place goes on to the next one
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= this.#limits.waiting) throw new PoolFullError(this.#limits);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
