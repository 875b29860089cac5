/**
 * Keeps what goes wrong while results are shown from hiding the results: it becomes one line, and the rest goes on.
 */
export class Mishaps {
  readonly #tell: (line: string) => void;

  constructor(tell: (line: string) => void) {
    this.#tell = tell;
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
}

/** First line of what was thrown. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? '';
}
