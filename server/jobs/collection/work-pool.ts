/**
 * So many at a time, so many waiting, and no more: whoever comes then is told at once, instead of waiting in a queue
 * that only grows (the agent answers 503 with `Retry-After`).
 */
import { ProblemError } from '../../domain/problem.ts';

interface PoolLimits {
  readonly running: number;
  readonly waiting: number;
}

interface Patience {
  /** Milliseconds to wait for a place at most; without it, for as long as it takes. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal | undefined;
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
   * The signal's reason, when it is aborted before there is room.
   */
  async run<T>(work: () => Promise<T>, patience: Patience = {}): Promise<T> {
    if (this.#running < this.#limits.running) this.#running++;
    else await this.#wait(patience);
    try {
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#running--;
      else next(); // the place goes on to the next one
    }
  }

  #wait({ waitMs, signal }: Patience): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiting.size >= this.#limits.waiting) throw full(this.#limits);
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#waiting.delete(take);
        settle();
      };
      const take = end(resolve);
      const abort = end(() => reject(signal?.reason as Error));
      const timer = waitMs === undefined ? undefined : setTimeout(end(() => reject(full(this.#limits))), waitMs); // prettier-ignore
      signal?.addEventListener('abort', abort);
      this.#waiting.add(take);
    });
  }
}
