/** What a question of an experiment may hold, read so that all that is wrong with it is told at once. */
import { type Duration, durationMsOf, durationProblem, show } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';
import { Profile } from '../profile/profile.ts';

/** Milliseconds of a duration that is at least so long, or NaN with a problem that says why. */
export function durationIn(
  problems: string[],
  { option, given, leastMs = 0 }: { readonly option: string; readonly given: Duration; readonly leastMs?: number },
): number {
  const ms = typeof given === 'string' ? durationMsOf(given) : undefined;
  if (ms === undefined) problems.push(durationProblem(option, given));
  else if (ms < leastMs) problems.push(`\`${option}\` must be at least ${leastMs / 1_000}s, got ${show(given)}`);
  return ms ?? Number.NaN;
}

/** Milliseconds that a profile lasts, or NaN with a problem that says why. */
export function lengthIn(problems: string[], option: string, given: Profile): number {
  const ms = given instanceof Profile ? given.durationMs : undefined;
  if (ms === undefined)
    problems.push(
      `\`${option}\` must be a profile that knows how long it lasts, such as \`users(50).for('10s')\`, got ${given instanceof Profile ? `\`${given.describe()}\`` : show(given)}`,
    );
  return ms ?? Number.NaN;
}

/** A problem for each option that is there and no number of 0 or more. */
export function noNumbers(given: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(given).flatMap(([option, value]) =>
    value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= 0)
      ? []
      : [`\`${option}\` must be a number of 0 or more, got ${show(value)}`],
  );
}

/** A problem for a duration inside an option of an option. */
export function problemsOf(option: string, read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (!(error instanceof OptionsError)) throw error;
    return error.problems.map((problem) => `in \`${option}\`: ${problem}`);
  }
}
