/** What the servers of a run call their version, by a header of their answers. It is read off a few answers of each, never off all. */
import { entryName } from './entry-name.ts';
import type { Sample } from './samples/sample.ts';

/** The first of these that an answer has; what the server's software calls itself is the last resort. */
const versionHeaders = ['x-app-version', 'x-version', 'x-release', 'x-git-sha', 'x-commit', 'server'] as const;

export class TargetVersions {
  readonly #headers: readonly string[];
  readonly #byOrigin = new Map<string, string>();
  #hadNoAnswer = false;
  #triesLeft = 100;

  /** `header` goes before those that are usual. */
  constructor(header: string | undefined) {
    this.#headers = header === undefined ? versionHeaders : [header, ...versionHeaders];
  }

  /** Absent where nobody told one. */
  get byOrigin(): Readonly<Record<string, string>> | undefined {
    return this.#byOrigin.size === 0 ? undefined : Object.fromEntries(this.#byOrigin);
  }

  /** Whether the next sample is to be looked at, whatever it is: the last one had no answer, and could tell nothing. */
  get isWanting(): boolean {
    return this.#triesLeft > 0 && this.#hadNoAnswer;
  }

  note(sample: Sample): void {
    if (sample.kind !== 'http' || !URL.canParse(sample.url)) return;
    this.#hadNoAnswer = sample.status === undefined;
    if (this.#hadNoAnswer) this.#triesLeft -= 1;
    const { origin } = new URL(sample.url);
    if (this.#byOrigin.has(origin)) return;
    for (const header of this.#headers) {
      const value = sample.answerHeader?.(header)?.trim();
      if (value === undefined || value === '') continue;
      this.#byOrigin.set(origin, entryName(value));
      return;
    }
  }
}
