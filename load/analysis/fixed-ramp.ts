/** A ramp over a fixed list of loads, read as a table: the last load below which all held, and the first that broke. */
import type { StepOutcome, StepPromise } from './load-step.ts';

/** A load in whatever unit the ramp has: users, or arrivals per second. */
export type RampStep = { readonly load: number; readonly outcome: StepOutcome };

export type RampLimit =
  /** It breaks between the two. */
  | {
      readonly kind: 'breaks';
      readonly sustains: number;
      readonly fails: number;
      readonly firstBroken: readonly StepPromise[];
    }
  | { readonly kind: 'never breaks'; readonly sustains: number }
  | { readonly kind: 'never holds'; readonly fails: number; readonly firstBroken: readonly StepPromise[] }
  /** Loads held above one that failed: the steps are noisier than the difference between them. */
  | { readonly kind: 'not monotonic'; readonly failed: readonly number[]; readonly heldAbove: number }
  | { readonly kind: 'not enough data'; readonly reason: string };

/** Steps in any order. Those in which the generator was the limit say nothing and are left out. */
export function limitOfRamp(steps: readonly RampStep[]): RampLimit {
  const judged = steps.filter(({ outcome }) => outcome.kind !== 'generator-bound').toSorted((a, b) => a.load - b.load);
  const held = judged.filter(({ outcome }) => outcome.kind === 'sustained').map(({ load }) => load);
  const broken = judged.flatMap(({ load, outcome }) => (outcome.kind === 'broken' ? [{ load, by: outcome.by }] : []));
  const [highestHeld, firstBroken] = [held.at(-1), broken[0]];
  if (!firstBroken) {
    if (highestHeld === undefined) return { kind: 'not enough data', reason: 'no step could be judged' };
    return { kind: 'never breaks', sustains: highestHeld };
  }
  if (highestHeld === undefined) return { kind: 'never holds', fails: firstBroken.load, firstBroken: firstBroken.by };
  if (highestHeld >= firstBroken.load) {
    const failed = broken.map(({ load }) => load).filter((load) => load <= highestHeld);
    return { kind: 'not monotonic', failed, heldAbove: highestHeld };
  }
  return { kind: 'breaks', sustains: highestHeld, fails: firstBroken.load, firstBroken: firstBroken.by };
}
