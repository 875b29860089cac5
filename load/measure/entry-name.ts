/**
 * Names of what a run counts (endpoints, checks, groups, metrics, the run itself) as they are kept: one plain line of
 * bounded length without secrets. They are made so where they enter, so that every report may print them as they are.
 */
import { cutText } from './cut-text.ts';
import { maskText } from './mask.ts';
import { OptionsError } from '../options-error.ts';
import { plainLine } from './plain-line.ts';
import { show } from './units.ts';

export const longestName = 200;

/** Of which nothing can be seen. */
const unnamed = '(unnamed)';

/** A name twice made so stays as it is. */
export function entryName(name: string): string {
  const plain = plainLine(maskText(plainLine(name.slice(0, 4 * longestName)))) || unnamed;
  return cutText(plain, longestName);
}

/** The name by which `run.group(name)` and its like look for a row. Throws an `OptionsError` for what is no text. */
export function nameAsked(of: string, name: unknown): string {
  if (typeof name === 'string') return entryName(name);
  throw new OptionsError([`\`run.${of}\` takes the name of what it looks for, got ${show(name)}`]);
}

/** Names of one kind told apart at most: the memory of a run is bounded even if its names are not. */
export const mostNames = 500;

/** Keeps for each name that was given the name it is kept under, so that the work is done once. */
export class EntryNames {
  readonly #kept = new Map<string, string>();
  readonly #distinct = new Set<string>();

  /** `others`: the name for all beyond the bound. */
  of(given: string, others: string): string {
    return this.#kept.get(given) ?? this.#keep(given, others);
  }

  #keep(given: string, others: string): string {
    const name = entryName(given);
    if (!this.#distinct.has(name)) {
      if (this.#distinct.size >= mostNames) return others;
      this.#distinct.add(name);
    }
    if (this.#kept.size < 4 * mostNames) this.#kept.set(given, name);
    return name;
  }
}
