/**
 * Failed `expect.soft` of a scenario whose steps are made: they throw nothing, but leave an error with the test. Each iteration that ends takes
 * one failure of each line, so that so many iterations are failed as a line has failed in. What the test shows of a
 * line stays short, whatever the load.
 */
import { softError } from '../run/soft-error.ts';

/** An error as Playwright keeps it with a test. */
export interface KeptError {
  readonly message?: string;
  readonly stack?: string;
}

/** Errors of one line that stay with the test, and lines that are told apart. */
const keptOfLine = 3;
const mostLines = 50;

export class SoftFailures {
  readonly #errors: KeptError[];
  /** By line: failures that no iteration has taken yet, and the message of the last. */
  readonly #lines = new Map<string, { waiting: number; seen: number; message: string }>();
  #waiting = 0;
  #loads = 0;
  #read = 0;

  /** `errors` is the test's own list, which grows. */
  constructor(errors: KeptError[]) {
    this.#errors = errors;
  }

  /** A load begins: what the test has failed in before is none of its iterations'. */
  begin(): void {
    if (this.#loads === 0) this.#read = this.#errors.length;
    this.#loads += 1;
  }

  end(): void {
    this.#loads -= 1;
  }

  /** What an iteration that ends now has failed in, if a line has; every line's count is one less. */
  take(): Error | undefined {
    if (this.#errors.length !== this.#read) this.#readNew();
    if (this.#waiting === 0) return undefined;
    let message: string | undefined;
    for (const line of this.#lines.values()) {
      if (line.waiting === 0) continue;
      line.waiting -= 1;
      this.#waiting -= 1;
      message ??= line.message;
    }
    return message === undefined ? undefined : softError(message);
  }

  #readNew(): void {
    const fresh = this.#errors.splice(Math.min(this.#read, this.#errors.length));
    for (const error of fresh) {
      const line = this.#lineOf(error);
      line.waiting += 1;
      line.seen += 1;
      line.message = error.message ?? '';
      this.#waiting += 1;
      if (line.seen <= keptOfLine) this.#errors.push(error);
    }
    this.#read = this.#errors.length;
  }

  #lineOf({ message = '', stack }: KeptError): { waiting: number; seen: number; message: string } {
    const place = /^\s+at .*$/m.exec(stack ?? '')?.[0] ?? message;
    const key = this.#lines.has(place) || this.#lines.size < mostLines ? place : '(other lines)';
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const made = { waiting: 0, seen: 0, message: '' };
    this.#lines.set(key, made);
    return made;
  }
}
