/**
 * A flag as the engine's own documentation and source have it: how it is written, which values it takes, and what a
 * value means that is not what it seems to be. `docs/agent-engines.md` shows all of them.
 */
import type { FlagValue } from './flags.ts';

export interface Flag {
  readonly name: string;
  /** Other spellings, with their dash or dashes. */
  readonly aliases?: readonly string[];
  readonly takes: Takes;
  readonly unset: Unset;
  /** Values that look like ordinary ones, or are no values of their kind at all, and mean something else. */
  readonly special?: readonly Special[];
  /** The oldest version in which it was seen, and the last one, where these bound what the plan may do. */
  readonly since?: string;
  readonly until?: string;
  /** The engine reads it at its start only. */
  readonly restart: boolean;
  /** What was opened to check this: files of the engine's repository with the commit, its pages, its issues. */
  readonly source: string;
}

export type Takes =
  | { readonly kind: 'integer'; readonly min: number; readonly suffixes?: Suffixes }
  /** From `min` to `max`, or above `min` when that is itself refused. */
  | { readonly kind: 'number'; readonly min: number; readonly max?: number; readonly above?: true }
  /** `negated`: `--no-…` switches it off; without it, leaving the flag away does. */
  | { readonly kind: 'switch'; readonly negated?: true }
  | { readonly kind: 'choice'; readonly values: readonly string[] }
  | { readonly kind: 'text' };

/** `letters`: `32k` is 32 times 1,000 and `32K` 32 times 1,024. `units`: `1M` is a million and `1Mi` is 1,024 times 1,024. */
type Suffixes = 'letters' | 'units';

/** What holds when the flag is not set. */
export type Unset =
  /** In every version and on all hardware. */
  | { readonly kind: 'fixed'; readonly value: number | boolean | string }
  /** Not to be known from here: completes "what the engine takes then …". */
  | { readonly kind: 'varies'; readonly how: string }
  /** No value, which has a meaning of its own: completes "that means …". */
  | { readonly kind: 'nothing'; readonly means: string };

export interface Special {
  readonly value: number | string;
  /** Completes "that means …". */
  readonly means: string;
}

/** A value as it is understood, or why it is not. */
export type Known<Value> =
  { readonly known: true; readonly value: Value } | { readonly known: false; readonly reason: string };

const unknown = (reason: string) => ({ known: false, reason }) as const;
const known = <Value>(value: Value): Known<Value> => ({ known: true, value });

/** A special value is never taken for a number, and neither is what the engine would refuse. */
export function numberOf(flag: Flag, value: FlagValue): Known<number> {
  const { name, takes } = flag;
  if (value === null) return unsetAs(flag, 'number');
  const special = specialOf(flag, value);
  if (special !== undefined) return unknown(`\`${name}\` is \`${String(value)}\`, and that means ${special.means}`);
  const read = typeof value === 'string' ? parsed(value, takes) : value;
  if (typeof read !== 'number' || !Number.isFinite(read))
    return unknown(`\`${name}\` is \`${String(value)}\`, which is no number`);
  return accepts(takes, read) ? known(read) : unknown(`\`${name}\` is \`${String(value)}\`, which the engine refuses`);
}

export function switchOf(flag: Flag, value: FlagValue): Known<boolean> {
  if (value === null) return unsetAs(flag, 'boolean');
  if (typeof value === 'boolean') return known(value);
  const word = String(value).trim().toLowerCase();
  if (word === 'true' || word === 'false') return known(word === 'true');
  return unknown(`\`${flag.name}\` is \`${String(value)}\`, which is neither \`true\` nor \`false\``);
}

/** One of the flag's values; null where the flag is not set and nothing stands for that. */
export function choiceOf(flag: Flag, value: FlagValue): Known<string | null> {
  const { name, takes, unset } = flag;
  if (value === null && unset.kind === 'nothing') return known(null);
  if (value === null) return unsetAs(flag, 'string');
  if (takes.kind === 'choice' && typeof value === 'string' && takes.values.includes(value)) return known(value);
  return unknown(`\`${name}\` is \`${String(value)}\`, which is none of its documented values`);
}

interface Kinds {
  readonly number: number;
  readonly boolean: boolean;
  readonly string: string;
}

function unsetAs<Kind extends keyof Kinds>({ name, unset }: Flag, kind: Kind): Known<Kinds[Kind]> {
  switch (unset.kind) {
    case 'fixed':
      if (typeof unset.value === kind) return known(unset.value as Kinds[Kind]);
      return unknown(`\`${name}\` is not set`);
    case 'varies':
      return unknown(`\`${name}\` is not set, and what the engine takes then ${unset.how}: set it in \`config\``);
    case 'nothing':
      return unknown(`\`${name}\` is not set, and that means ${unset.means}`);
  }
}

function specialOf({ special = [] }: Flag, value: FlagValue): Special | undefined {
  const word = String(value).trim().toLowerCase();
  return special.find((one) => String(one.value) === word || (word !== '' && one.value === Number(word)));
}

/** Whether the engine takes this number. */
export function accepts(takes: Takes, value: number): boolean {
  switch (takes.kind) {
    case 'integer':
      return Number.isSafeInteger(value) && value >= takes.min;
    case 'number': {
      const { min, max = Infinity, above = false } = takes;
      return value <= max && (above ? value > min : value >= min);
    }
    case 'switch':
    case 'choice':
    case 'text':
      return false;
  }
}

const decimalPowers: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9 };
const binaryPowers: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** What a suffix multiplies by; undefined where the engine knows no such suffix. A power of 1,024 takes no fraction. */
function power(kind: Suffixes, suffix: string, isWhole: boolean): number | undefined {
  const isBinary = kind === 'letters' ? /^[KMG]$/.test(suffix) : /^[KMG]i$/.test(suffix);
  if (isBinary) return isWhole ? binaryPowers[suffix.charAt(0).toLowerCase()] : undefined;
  return (kind === 'letters' ? /^[kmg]$/ : /^[kMG]$/).test(suffix) ? decimalPowers[suffix.toLowerCase()] : undefined;
}

/** A number as a command line has it; nothing that another language would read as one (`0x10`, `1e3`, an empty word). */
function parsed(text: string, takes: Takes): number | undefined {
  const [, digits, suffix] = /^([+-]?(?:\d+(?:\.\d*)?|\.\d+))([a-zA-Z]{0,2})$/.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  if (suffix === undefined || suffix === '') return Number(digits);
  if (takes.kind !== 'integer' || takes.suffixes === undefined) return undefined;
  const times = power(takes.suffixes, suffix, /^\d+$/.test(digits));
  return times === undefined ? undefined : Math.trunc(Number(digits) * times);
}
