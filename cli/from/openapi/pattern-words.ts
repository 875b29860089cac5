/**
 * Words that a pattern of a description takes. A hostile pattern takes exponential time on any word, so that each is tried
 * where V8 breaks it off, and there is so much time for all of them together.
 */
import { createContext, Script } from 'node:vm';

const mostMs = { one: 250, all: 2_000 };
const longestPattern = 500;

const search = new Script("const regex = new RegExp(pattern, 'u'); words.find((word) => regex.test(word));");

export class PatternWords {
  /** Of time that broken-off patterns may take. */
  #leftMs = mostMs.all;
  readonly #brokenOff = new Set<string>();

  /** The first that fits; undefined where none does, or it takes too long to find out. */
  firstOf(words: readonly string[], pattern: unknown): string | undefined {
    if (typeof pattern !== 'string' || !isPattern(pattern)) return words[0]; // what it asks for cannot be looked for
    if (this.#leftMs <= 0 || this.#brokenOff.has(pattern)) return undefined;
    const began = performance.now();
    try {
      const found: unknown = search.runInContext(createContext({ pattern, words }), { timeout: mostMs.one });
      return words.find((word) => word === found);
    } catch {
      this.#brokenOff.add(pattern);
      this.#leftMs -= performance.now() - began;
      return undefined; // it took too long
    }
  }
}

function isPattern(pattern: string): boolean {
  if (pattern.length > longestPattern) return false;
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false; // no pattern of JavaScript's
  }
}
