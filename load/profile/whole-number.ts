/** Counts in a profile: whole, and not more than one process can hold. */
import { show } from '../measure/units.ts';

/** Users, or starts at the same moment, in one profile: each takes a context, and there are fewer ports than this. */
export const mostAtOnce = 100_000;

/** A whole number of at least `least` and at most `most`, or what is wrong with it. */
export function wholeNumber(value: unknown, least: number, most = Number.MAX_SAFE_INTEGER): number | string {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least)
    return `must be a whole number of at least ${least}, got ${show(value)}`;
  return value <= most ? value : `must be at most ${most}, got ${show(value)}`;
}
