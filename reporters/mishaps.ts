/**
 * Keeps what goes wrong while results are shown from hiding the results: it becomes one line, and the rest goes on.
 */
import { keptMessage } from '../load/measure/exemplar.ts';

export class Mishaps {
  readonly #tell: (line: string) => void;
  readonly #unwritten: string[] = [];

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
  }

  /** Results that were asked for and are nowhere: they fail the run. */
  get unwritten(): readonly string[] {
    return this.#unwritten;
  }

  /** What `attempt` resolves with, or undefined when it failed, which has then been told. */
  async contain<Result>(what: string, attempt: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await attempt();
    } catch (error) {
      this.#tell(`load reporter: ${what}: ${messageOf(error)}\n`);
      return undefined;
    }
  }

  /** What is worth a line, although nothing failed. */
  remark(what: string, words: string): void {
    this.#tell(`load reporter: ${what}: ${keptMessage(words)}\n`);
  }

  /** As `contain`, of results that somebody counts on: the rest goes on, and the run fails at its end. */
  async deliver<Result>(what: string, attempt: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await attempt();
    } catch (error) {
      this.undelivered(what, error);
      return undefined;
    }
  }

  undelivered(what: string, error: unknown): void {
    const words = `${what}: ${messageOf(error)}`;
    if (this.#unwritten.includes(words)) return;
    this.#unwritten.push(words);
    this.#tell(`load reporter: ${words}\n`);
  }
}

/** First line of what was thrown, without secrets, colours and whatever the reader of a log would obey. */
export function messageOf(error: unknown): string {
  return keptMessage(error instanceof Error ? error.message : String(error));
}
