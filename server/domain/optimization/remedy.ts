/** A setting that the engine's own documentation names for a kind of trouble, and how far to turn it. */
import type { Finding, RuleId } from '../analysis/finding.ts';
import type { Constraints } from './constraints.ts';
import type { FlagValue } from './flags.ts';
import type { KnownConfig } from './known-config.ts';
import type { Observed } from './observed.ts';

export interface RemedyInput {
  readonly config: KnownConfig;
  readonly constraints: Constraints;
  readonly observed: Observed;
  readonly finding: Finding;
}

/** An effect that follows from arithmetic alone. */
export interface Expected {
  readonly metric: string;
  readonly factor: number;
  readonly how: string;
}

export type Turn =
  | { readonly kind: 'to'; readonly to: FlagValue; readonly expected?: Expected }
  | { readonly kind: 'skip'; readonly reason: string };

export interface Remedy {
  /** As the engine's catalogue has it. */
  readonly flag: string;
  /** `set`: a rollout can do it. `scale`: needs hardware. `evaluate`: only worth trying aside first. */
  readonly kind: 'set' | 'scale' | 'evaluate';
  readonly rules: readonly RuleId[];
  /** Troubles that this would make worse: it is left alone while one of them is found. */
  readonly worsens?: readonly RuleId[];
  /** Troubles that it trades for its own: it gives way to those that are worse, even if nothing can be done about them. */
  readonly trades?: readonly RuleId[];
  /** Where it is documented. */
  readonly reference: string;
  /** What may get worse. */
  readonly risk: string;
  readonly turn: Way;
}

/** How a setting is turned, given what is known. */
export type Way = (input: RemedyInput) => Turn;

export function skip(reason: string): Turn {
  return { kind: 'skip', reason };
}

export function to(value: FlagValue, expected?: Expected): Turn {
  return expected === undefined ? { kind: 'to', to: value } : { kind: 'to', to: value, expected };
}

/** Turns a number whose current value is known; skips with the reason when it is not. */
export function turnNumber(flag: string, turn: (current: number, input: RemedyInput) => Turn): Way {
  return (input) => {
    const current = input.config.number(flag);
    return current.known ? turn(current.value, input) : skip(current.reason);
  };
}

/** Turns a switch that does not stand as wanted. */
export function turnSwitch(flag: string, wanted: boolean, turned: Turn): Way {
  return ({ config }) => {
    const current = config.switch(flag);
    if (!current.known) return skip(current.reason);
    return current.value === wanted ? skip(`\`${flag}\` is \`${String(wanted)}\` already`) : turned;
  };
}

/** Turns what was given, whatever it is; null says that the flag is not set. */
export function turnGiven(flag: string, turn: (current: FlagValue) => Turn): Way {
  return ({ config }) => {
    const current = config.given(flag);
    return current.known ? turn(current.value) : skip(current.reason);
  };
}

/** No more digits than a command line should have. */
export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
