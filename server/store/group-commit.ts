/**
 * Rows that arrive in one turn of the event loop are written in one statement: one wait for the disk is shared by all
 * of them. Each caller still hears only after its own row is durable.
 */

/** PostgreSQL allows 65,535 parameters in a statement, SQLite 32,766: a row may have up to 65 columns. */
export const largestGroup = 500;

interface Waiting<Row> {
  readonly row: Row;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

export class GroupCommit<Row> {
  readonly #write: (rows: readonly Row[]) => Promise<void>;
  #waiting: Waiting<Row>[] = [];
  #running = false;

  constructor(write: (rows: readonly Row[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the row is durable; rejects with what the write threw. */
  add(row: Row): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      if (this.#running) return;
      this.#running = true;
      setImmediate(() => void this.#drain()); // settles every caller, never rejects
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, largestGroup);
      try {
        await this.#write(group.map(({ row }) => row));
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#running = false;
  }
}
