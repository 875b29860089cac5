/**
 * What a wrong option throws, before a request is sent: one error that lists every problem at once, so that nobody
 * mends a load test one run at a time.
 */
import { plainLine } from './measure/plain-line.ts';
import { forgetOwnFrames } from './own-frames.ts';

/**
 * Something that was given is wrong: an option, a profile, a limit. It is thrown before a request is sent, lists all
 * that is wrong at once, and says what was expected and what came.
 */
export class OptionsError extends Error {
  /** `OptionsError`, in whatever module instance it was thrown. */
  override readonly name = 'OptionsError';
  /** One sentence each. */
  readonly problems: readonly string[];

  /** Each problem is one line, whatever was given: values that were refused stand in them. */
  constructor(given: readonly string[]) {
    const problems = given.map(plainLine);
    super(
      problems.length === 1
        ? (problems[0] ?? '')
        : `${problems.length} problems:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
    this.problems = problems;
    forgetOwnFrames(this);
  }
}

/** One problem for each option that nobody knows: it would be passed over. `otherWords` has what to say of some of them. */
export function unknownOptions(
  of: string,
  options: object,
  known: Readonly<Record<string, true>>,
  otherWords: Readonly<Record<string, string>> = {},
): string[] {
  const words = new Map(Object.entries(otherWords));
  const all = `known are ${Object.keys(known).join(', ')}`;
  return Object.keys(options)
    .filter((key) => !Object.hasOwn(known, key))
    .map((key) => `\`${key}\` is no option of \`${of}\`; ${words.get(key) ?? all}`);
}

/** Throws an `OptionsError` where options are no object with names, before any of them is read. */
export function refuseNoOptions(of: string, options: unknown): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return;
  throw new OptionsError([
    `\`${of}\` takes its options as an object, got ${options === null ? 'null' : Array.isArray(options) ? 'a list' : typeof options}`,
  ]);
}

/** Throws one `OptionsError` when there is anything to say. */
export function throwProblems(problems: readonly string[]): void {
  if (problems.length > 0) throw new OptionsError(problems);
}
