/** The level of load, a rate or a number of users, at which a server breaks, as a search tells of it. */
import { formatCount, formatRate } from '../measure/units.ts';
import { unreachable } from '../unreachable.ts';
import type { StepPromise } from './load-step.ts';

/** What a level counts: arrivals per second, or users at once. */
export type LevelOf = 'rate' | 'users';

/** A level with how often it held: `3 of 3`. */
export type LevelTally = {
  /** Arrivals per second, or users. */
  readonly level: number;
  /** Steps at it that the server sustained. */
  readonly held: number;
  /** Steps at it in all, those that the generator spoilt left out. */
  readonly tries: number;
};

/**
 * What a search found. `found`: the server breaks between two levels. `not-reached`: the highest level that may be tried
 * was held. `generator-bound`: the generator gave out before the server, which sustains at least `sustains`.
 */
export type BreakingPoint =
  | {
      readonly kind: 'found';
      /** The highest level that held. */
      readonly sustains: LevelTally;
      /** The lowest level that did not. */
      readonly fails: LevelTally;
      /** What broke first there: what the server ran out of. */
      readonly firstBroken: readonly StepPromise[];
    }
  | {
      readonly kind: 'not-reached';
      /** The highest level that may be tried. */
      readonly sustains: LevelTally;
    }
  | {
      readonly kind: 'generator-bound';
      /** Where it gave out. */
      readonly atLevel: number;
      /** What it lacked, in words. */
      readonly reason: string;
      /** The highest level that held; absent when none did. */
      readonly sustains?: LevelTally;
    }
  | {
      readonly kind: 'never-sustained';
      /** The lowest level that may be tried. */
      readonly fails: LevelTally;
      /** What broke first there. */
      readonly firstBroken: readonly StepPromise[];
    }
  | {
      readonly kind: 'stopped';
      /** `steps`: they were not enough. `silence`: the server answers no more. `told`: it was broken off. */
      readonly because: 'steps' | 'silence' | 'told';
      /** Why, in words. */
      readonly reason: string;
      /** The highest level that held so far. */
      readonly sustains?: LevelTally;
      /** The lowest level that did not so far. */
      readonly fails?: LevelTally;
    };

/** `1,840/s`, `120 users`. */
export function formatLevel(level: number, of: LevelOf): string {
  return of === 'rate' ? formatRate(level) : level === 1 ? '1 user' : `${formatCount(level)} users`;
}

/** `sustains 1,840/s (3 of 3), fails 2,000/s (0 of 2), first by latency`. */
export function describeBreakingPoint(result: BreakingPoint, of: LevelOf = 'rate'): string {
  const tally = ({ level, held, tries }: LevelTally): string => `${formatLevel(level, of)} (${held} of ${tries})`;
  const highest = of === 'rate' ? 'the highest rate asked for' : 'the most that were asked for';
  switch (result.kind) {
    case 'found':
      return `sustains ${tally(result.sustains)}, fails ${tally(result.fails)}, first by ${result.firstBroken.join(' and ')}`;
    case 'not-reached':
      return `sustains ${tally(result.sustains)}, ${highest}`;
    case 'generator-bound':
      return `${result.sustains ? `sustains at least ${tally(result.sustains)}; ` : ''}the generator gave out at ${formatLevel(result.atLevel, of)}: ${result.reason}`;
    case 'never-sustained':
      return `fails even ${tally(result.fails)}, first by ${result.firstBroken.join(' and ')}`;
    case 'stopped':
      return [
        `stopped: ${result.reason}`,
        ...(result.sustains ? [`sustains ${tally(result.sustains)}`] : []),
        ...(result.fails ? [`fails ${tally(result.fails)}`] : []),
      ].join('; ');
    default:
      return unreachable(result);
  }
}
