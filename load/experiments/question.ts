/** What a question of an experiment may hold, read so that all that is wrong with it is told at once. */
import { type Duration, durationMsOf, durationProblem, show } from '../measure/units.ts';
import { OptionsError, unknownOptions } from '../options-error.ts';
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

interface Rules {
  /** All options there are. One that is a duration, or a number, stays one. */
  readonly defaults: Readonly<Record<string, number | string>>;
  /** Those that count something. */
  readonly whole?: readonly string[];
  /** Those that are a share of 1, and not all of it. */
  readonly share?: readonly string[];
}

/** A problem for each option of an option that nobody knows, or that can't be what it should. */
export function ruleProblems(option: string, given: unknown, { defaults, whole = [], share = [] }: Rules): string[] {
  if (given === undefined) return [];
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return [`\`${option}\` must be an object of options, got ${show(given)}`];
  const known = Object.fromEntries(Object.keys(defaults).map((name) => [name, true as const]));
  const wrong = Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
    const usual = defaults[name];
    if (usual === undefined || value === undefined) return [];
    if (typeof usual === 'string')
      return typeof value === 'string' && durationMsOf(value) !== undefined ? [] : [durationProblem(name, value)];
    if (whole.includes(name)) return noWholeNumbers({ [name]: value });
    return share.includes(name) ? noShares({ [name]: value }) : noNumbers({ [name]: value });
  });
  return [...unknownOptions(option, given, known), ...wrong.map((problem) => `in \`${option}\`: ${problem}`)];
}

/** A problem for each that is there and no whole number above 0. */
export function noWholeNumbers(given: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(given).flatMap(([option, value]) =>
    Number.isInteger(value) && Number(value) > 0
      ? []
      : [`\`${option}\` must be a whole number above 0, got ${show(value)}`],
  );
}

/** A problem for each that is there and no share below 1. */
export function noShares(given: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(given).flatMap(([option, value]) =>
    typeof value === 'number' && value >= 0 && value < 1
      ? []
      : [`\`${option}\` must be a share of 1, such as 0.05 for 5 %, got ${show(value)}`],
  );
}
