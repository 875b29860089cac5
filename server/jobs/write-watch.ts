/**
 * Whether a workflow could be accepted: a row is written to find out, at most every few seconds however many ask, and
 * what came of it is remembered in between.
 */
import type { Clock } from '../domain/clock.ts';
import { databaseLimitMs, within } from './database-limit.ts';

interface WriteWatchParts {
  /** Rejects when the database can't be written. */
  readonly tryWrite: (nowMs: number) => Promise<void>;
  readonly clock: Clock;
  /** Milliseconds that only go forward. */
  readonly monotonicMs?: () => number;
  /** How long a write is waited for. */
  readonly limitMs?: number;
}

/** So long an answer counts. */
export const writeAnswerMs = 2_000;

type Outcome = { readonly atMs: number } & ({ readonly ok: true } | { readonly ok: false; readonly error: unknown });

export class WriteWatch {
  readonly #parts: WriteWatchParts;
  readonly #monotonicMs: () => number;
  #last: Outcome | undefined;
  #asking: Promise<Outcome> | undefined;

  constructor(parts: WriteWatchParts) {
    this.#parts = parts;
    this.#monotonicMs = parts.monotonicMs ?? (() => performance.now());
  }

  /** Resolves when the last write, a moment ago at most, succeeded. @throws what it threw */
  async ask(): Promise<void> {
    const outcome = this.#fresh() ?? (await within(this.#write(), this.#parts.limitMs ?? databaseLimitMs));
    if (!outcome.ok) throw outcome.error;
  }

  /** As {@link ask}, as a word. */
  async isWritable(): Promise<boolean> {
    return this.ask().then(
      () => true,
      () => false,
    );
  }

  #fresh(): Outcome | undefined {
    return this.#last !== undefined && this.#monotonicMs() - this.#last.atMs < writeAnswerMs ? this.#last : undefined;
  }

  #write(): Promise<Outcome> {
    this.#asking ??= this.#writeOnce().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #writeOnce(): Promise<Outcome> {
    const outcome = await this.#parts.tryWrite(this.#parts.clock.nowMs()).then(
      () => ({ ok: true }) as const,
      (error: unknown) => ({ ok: false, error }) as const,
    );
    return (this.#last = { ...outcome, atMs: this.#monotonicMs() });
  }
}
