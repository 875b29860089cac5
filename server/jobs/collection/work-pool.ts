/**
 * So many at a time, so many waiting, and no more: whoever comes then is told at once, instead of waiting in a queue
 * that only grows (the agent answers 503 with `Retry-After`).
 */
import { ProblemError } from '../../domain/problem.ts';

interface PoolLimits {
  readonly running: number;
  readonly waiting: number;
}

/** All places are taken, also those to wait in, or none became free in time. */
const full = ({ running, waiting }: PoolLimits) =>
  new ProblemError('busy', `${running} scrapes are running and ${waiting} are waiting`);

export class WorkPool {
  readonly #limits: PoolLimits;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /**
   * Runs `work` when there is room.
   *
   * @throws {@link ProblemError} `busy`: at once when there is no room to wait either, and when there was none for `waitMs`.
   */
  async run<T>(work: () => Promise<T>, waitMs = Infinity): Promise<T> {
    if (this.#running < this.#limits.running) this.#running++;
    else await this.#wait(waitMs);
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#running--;
      else next(); // the place goes on to the next one
    }
  }

  #wait(waitMs: number): Promise<void> {
    if (this.#waiting.size >= this.#limits.waiting) throw full(this.#limits);
    return new Promise((resolve, reject) => {
      const take = () => {
        clearTimeout(patience);
        this.#waiting.delete(take);
        resolve();
      };
      const leave = () => {
        this.#waiting.delete(take);
        reject(full(this.#limits));
      };
      const patience = waitMs === Infinity ? undefined : setTimeout(leave, waitMs);
      this.#waiting.add(take);
    });
  }
}
