/**
 * What a spec can't take from an answer and may not hold: secrets and ids of elsewhere, which the environment gives it, and
 * ids that the client made up, of which each iteration makes its own.
 */
import { environmentName, type Names } from './source-text.ts';

interface Given {
  readonly variable: string;
  readonly environment: string;
}

export class MadeUp {
  readonly #names: Names;
  readonly #given = new Map<string, Given>();
  readonly #fresh = new Map<string, string>();
  readonly #environment = new Set<string>();

  constructor(names: Names) {
    this.#names = names;
  }

  /** The variable of a value that the environment gives; the same value is the same variable. */
  given(value: string, words: string): string {
    const known = this.#given.get(value);
    if (known !== undefined) return known.variable;
    const base = environmentName(words);
    let environment = base;
    for (let number = 2; this.#environment.has(environment); number++) environment = `${base}_${number}`;
    this.#environment.add(environment);
    const variable = this.#names.give(words, 'secret');
    this.#given.set(value, { variable, environment });
    return variable;
  }

  /** The variable of a UUID that is made anew in each iteration. */
  fresh(value: string, words: string): string {
    const variable = this.#fresh.get(value) ?? this.#names.give(words, 'key');
    this.#fresh.set(value, variable);
    return variable;
  }

  /** Variable of the environment by its name in the spec. */
  get ofEnvironment(): readonly Given[] {
    return [...this.#given.values()];
  }

  get ofIteration(): readonly string[] {
    return [...this.#fresh.values()];
  }
}
