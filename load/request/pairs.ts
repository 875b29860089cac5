/** Names and values of an option, whichever shape they come in: what is not understood is refused rather than left out. */
import { OptionsError } from '../options-error.ts';
import { show } from '../measure/units.ts';

/**
 * The entries of an object, or of what is made of pairs: `Headers`, `URLSearchParams`, `FormData`, a `Map`, a list.
 * Nothing when `option` is `null`, as in Playwright's. Throws an `OptionsError` by the option's name for anything else.
 */
export function pairsOf(option: unknown, name: string): [string, unknown][] {
  if (option === undefined || option === null) return [];
  if (typeof option !== 'object') throw notPairs(name, option);
  if (!(Symbol.iterator in option)) return Object.entries(option);
  const pairs = [...(option as Iterable<unknown>)];
  if (!pairs.every(isPair)) throw notPairs(name, option);
  return pairs;
}

function isPair(pair: unknown): pair is [string, unknown] {
  return Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string';
}

function notPairs(name: string, option: unknown): OptionsError {
  return new OptionsError([`\`${name}\` must be an object of names and values, got ${show(option)}`]);
}

/** A value as Playwright writes it, `String(value)`, unless that says nothing of it: `[object Object]`. */
export function textOf(value: unknown, where: string): string {
  const text = String(value);
  if (typeof value === 'object' && text.startsWith('[object ')) {
    throw new OptionsError([`\`${where}\` must be a text, a number or a boolean, got ${text}`]);
  }
  return text;
}
