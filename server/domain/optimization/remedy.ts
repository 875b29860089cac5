/** A setting that the engine's own documentation names for a kind of trouble, and how far to turn it. */
import type { Finding, RuleId } from '../analysis/finding.ts';
import type { Constraints } from './constraints.ts';
import type { FlagValue, KnownConfig } from './flags.ts';
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
  readonly flag: string;
  /** `set`: a rollout can do it. `scale`: needs hardware. `evaluate`: only worth trying aside, since it changes the model. */
  readonly kind: 'set' | 'scale' | 'evaluate';
  readonly rules: readonly RuleId[];
  /** Where it is documented. */
  readonly reference: string;
  /** What may get worse. */
  readonly risk: string;
  /** Absent: as nearly every flag, it is read at the engine's start only. */
  readonly restart?: boolean;
  readonly turn: (input: RemedyInput) => Turn;
}

export function skip(reason: string): Turn {
  return { kind: 'skip', reason };
}

export function to(value: FlagValue, expected?: Expected): Turn {
  return expected === undefined ? { kind: 'to', to: value } : { kind: 'to', to: value, expected };
}

/** Turns a number whose current value is known; skips with the reason when it is not. */
export function turnNumber(
  flag: string,
  turn: (current: number, input: RemedyInput) => Turn,
): (input: RemedyInput) => Turn {
  return (input) => {
    const current = input.config.number(flag);
    return current === undefined ? skip(`the current value of \`${flag}\` is not known`) : turn(current, input);
  };
}

/** No more digits than a command line should have. */
export function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
