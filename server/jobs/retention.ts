/**
 * Forgets what is too old, a little at a time: one large delete would hold the database while everybody waits.
 *
 * A clock that leaps forward makes everything old at once. Nothing is forgotten by such a clock for a day, which is time
 * to set it right.
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
  /** Milliseconds that only go forward. */
  readonly monotonicMs?: () => number;
}

const everyMs = 60_000;
/** Between two small deletes everybody else has their turn. */
const pauseMs = 20;
const rowsAtOnce = 500;
/** What is left is done in the next minute. */
const roundsPerRun = 200;
const dayMs = 24 * 3_600_000;
/** A clock this far from where it should be has leapt; one corrected by less forgets no more than that too early. */
export const leapMs = dayMs;
/** So long a clock that has leapt is not believed. */
export const doubtMs = dayMs;

/** What a clock said, and when by the one that only goes forward. */
interface Reading {
  readonly wallMs: number;
  readonly atMs: number;
}

export class Retention {
  readonly #parts: RetentionParts;
  readonly #monotonicMs: () => number;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #run: Promise<void> = Promise.resolve();
  /** The last one that was believed. */
  #believed: Reading | undefined;
  #doubtedAtMs: number | undefined;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
    this.#monotonicMs = parts.monotonicMs ?? (() => performance.now());
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

  /** Deletes all that is too old, at most so many rows that a minute is enough; nothing while the clock is in doubt. */
  async sweep(): Promise<void> {
    const { store, clock, snapshotsMs, workflowsMs } = this.#parts;
    const nowMs = clock.nowMs();
    if (!(await this.#isBelievable(nowMs))) return;
    await this.#repeat(() => store.forgetSnapshots(nowMs - snapshotsMs, rowsAtOnce));
    await this.#repeat(() => store.forgetWorkflows({ beforeMs: nowMs - workflowsMs, nowMs }, rowsAtOnce));
  }

  /** The first time the clock is held against the newest row, later against what passed since it was believed. */
  async #isBelievable(nowMs: number): Promise<boolean> {
    const atMs = this.#monotonicMs();
    this.#believed ??= { wallMs: (await this.#parts.store.newestMs()) ?? nowMs, atMs };
    const aheadMs = nowMs - (this.#believed.wallMs + atMs - this.#believed.atMs);
    if (aheadMs > leapMs && !this.#hasDoubtedLong(atMs, aheadMs)) return false;
    this.#believed = { wallMs: nowMs, atMs };
    this.#doubtedAtMs = undefined;
    return true;
  }

  #hasDoubtedLong(atMs: number, aheadMs: number): boolean {
    if (this.#doubtedAtMs === undefined) {
      this.#doubtedAtMs = atMs;
      this.#parts.log.warn(
        { ahead_h: Math.round(aheadMs / 3_600_000), for_h: doubtMs / 3_600_000 },
        'the clock is far ahead of the newest stored row: nothing is forgotten for a day; look whether the clock is right',
      );
    }
    return atMs - this.#doubtedAtMs >= doubtMs;
  }

  async #repeat(forgetSome: () => Promise<number>): Promise<void> {
    for (let round = 0; round < roundsPerRun && !this.#stopped; round++) {
      if ((await forgetSome()) < rowsAtOnce) return;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
