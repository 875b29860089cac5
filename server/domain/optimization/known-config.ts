/** What is known of an engine's current settings, whichever way each flag was written. */
import type { Engine } from '../engines/engine.ts';
import { findFlag } from './catalogue.ts';
import { choiceOf, numberOf, switchOf, type Flag, type Known } from './flag.ts';
import { flagName, type Config, type FlagChange, type FlagValue } from './flags.ts';

/** One value, or several that do not agree. */
type Given = { readonly kind: 'once'; readonly value: FlagValue } | { readonly kind: 'differently' };

/** What an engine runs with after a change: the changed flags have one value each, whichever way they were written before. */
export function changedConfig(engine: Engine, config: Config, changes: readonly FlagChange[]): Config {
  const known = new KnownConfig(engine, config);
  const changed = new Map(changes.map(({ flag, to }) => [flag, to]));
  const kept = Object.entries(config).filter(([written]) => !changed.has(known.canonical(written)));
  return Object.fromEntries([...kept, ...changed]);
}

export class KnownConfig {
  readonly #engine: Engine;
  readonly #given = new Map<string, Given>();

  constructor(engine: Engine, config: Config) {
    this.#engine = engine;
    for (const [written, value] of Object.entries(config)) {
      const { flag, value: given } = this.#read(flagName(written), value);
      if (given === undefined) continue;
      const before = this.#given.get(flag);
      const same = before === undefined || (before.kind === 'once' && this.#meansTheSame(flag, before.value, given));
      this.#given.set(flag, same ? { kind: 'once', value: given } : { kind: 'differently' });
    }
  }

  /** The name under which the catalogue has a flag: `--tensor-parallel-size` is `--tp-size` to SGLang. */
  canonical(name: string): string {
    return this.#read(flagName(name), null).flag;
  }

  /** As it was given. `undefined` when nobody said. */
  get(name: string): FlagValue | undefined {
    const given = this.#given.get(name);
    return given?.kind === 'once' ? given.value : undefined;
  }

  /** Set to something, so that it decides. */
  isSet(name: string): boolean {
    const given = this.#given.get(name);
    return given !== undefined && (given.kind === 'differently' || given.value !== null);
  }

  /** Whatever it is. */
  given(name: string): Known<FlagValue> {
    return this.#known(name, (_, value) => ({ known: true, value }));
  }

  number(name: string): Known<number> {
    return this.#known(name, numberOf);
  }

  switch(name: string): Known<boolean> {
    return this.#known(name, switchOf);
  }

  choice(name: string): Known<string | null> {
    return this.#known(name, choiceOf);
  }

  #known<Value>(name: string, read: (flag: Flag, value: FlagValue) => Known<Value>): Known<Value> {
    const flag = findFlag(this.#engine, name);
    const given = this.#given.get(name);
    if (flag === undefined || given === undefined)
      return { known: false, reason: `the current value of \`${name}\` is not known` };
    if (given.kind === 'once') return read(flag, given.value);
    return { known: false, reason: `\`${name}\` is in \`config\` more than once, with different values` };
  }

  /** `12` and `"12"`, `true` and `"True"`: the way it is written is no difference. */
  #meansTheSame(name: string, one: FlagValue, other: FlagValue): boolean {
    if (one === other) return true;
    const flag = findFlag(this.#engine, name);
    if (flag === undefined || one === null || other === null) return false;
    const read = flag.takes.kind === 'switch' ? switchOf : numberOf;
    const [first, second] = [read(flag, one), read(flag, other)];
    return first.known && second.known && first.value === second.value;
  }

  /** `--no-enable-prefix-caching: true` is `--enable-prefix-caching: false`; when it is not true, it says nothing. */
  #read(name: string, value: FlagValue): { flag: string; value: FlagValue | undefined } {
    const flag = findFlag(this.#engine, name);
    if (flag !== undefined) return { flag: flag.name, value };
    const positive = findFlag(this.#engine, name.replace(/^--no-/, '--'));
    if (positive?.takes.kind !== 'switch' || positive.takes.negated !== true) return { flag: name, value };
    const off = switchOf(positive, value ?? false);
    return { flag: positive.name, value: off.known && off.value ? false : undefined };
  }
}
