/** Options of a command line that are this package's own, taken out of those that are somebody else's. */
import { UsageError } from './usage-error.ts';

export interface Taken {
  /** By the first of its spellings; the last one given counts. */
  readonly values: ReadonlyMap<string, string>;
  /** All that is left, in its order. */
  readonly rest: readonly string[];
}

/** `spellings`: lists such as `['--config', '-c']`; each takes a value, as `--config x` or `--config=x`. Throws `UsageError` where it is missing. */
export function takeValues(args: readonly string[], spellings: readonly (readonly [string, ...string[]])[]): Taken {
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const [name = '', inline] = /^(--[^=]+)=(.*)$/s.exec(word)?.slice(1) ?? [word];
    const known = spellings.find((each) => each.includes(name));
    if (known === undefined) {
      rest.push(word);
      continue;
    }
    const value = inline ?? args[++at];
    if (value === undefined || value === '') throw new UsageError(`\`${name}\` needs a value`);
    values.set(known[0], value);
  }
  return { values, rest };
}

/** A whole number of an option that must be between two. Throws `UsageError` otherwise, as where it is missing. */
export function wholeNumber(
  { values }: Taken,
  name: string,
  { least, most, example }: { readonly least: number; readonly most: number; readonly example: number },
): number {
  const text = values.get(name);
  const number = Number(text);
  if (text !== undefined && Number.isInteger(number) && number >= least && number <= most) return number;
  const got = text === undefined ? 'nothing' : `"${text}"`;
  throw new UsageError(`\`${name}\` must be a whole number from ${least} to ${most}, such as ${example}, got ${got}`);
}
