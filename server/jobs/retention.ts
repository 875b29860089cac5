/**
 * Forgets what is too old, a little at a time: one large delete would hold the database while everybody waits.
 */
import type { Logger } from 'pino';
import type { RetentionStore } from '../store/retention.ts';
import type { Clock } from '../domain/clock.ts';

interface RetentionParts {
  readonly store: RetentionStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly snapshotsMs: number;
  readonly workflowsMs: number;
}

const everyMs = 60_000;
/** Between two small deletes everybody else has their turn. */
const pauseMs = 20;
const rowsAtOnce = 500;
/** What is left is done in the next minute. */
const roundsPerRun = 200;

export class Retention {
  readonly #parts: RetentionParts;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #run: Promise<void> = Promise.resolve();

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#run = this.#run
        .then(() => this.sweep())
        .catch((error: unknown) => this.#parts.log.error({ err: error }, 'forgetting failed'));
    }, everyMs);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#run;
  }

  /** Deletes all that is too old, at most so many rows that a minute is enough. */
  async sweep(): Promise<void> {
    const { store, clock, snapshotsMs, workflowsMs } = this.#parts;
    const nowMs = clock.nowMs();
    await this.#repeat(() => store.forgetSnapshots(nowMs - snapshotsMs, rowsAtOnce));
    await this.#repeat(() => store.forgetWorkflows(nowMs - workflowsMs, rowsAtOnce));
  }

  async #repeat(forgetSome: () => Promise<number>): Promise<void> {
    for (let round = 0; round < roundsPerRun && !this.#stopped; round++) {
      if ((await forgetSome()) < rowsAtOnce) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
