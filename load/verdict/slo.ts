/**
 * A service level objective as one value that several specs share: limits with a name, looked at when they are written
 * and not when the load is over. It is made of its limits alone, so it goes wherever limits go.
 */
import type { Threshold } from '../measure/threshold.ts';
import { show } from '../measure/units.ts';
import { refuseNoOptions, throwProblems, unknownOptions } from '../options-error.ts';
import type { RunLimits } from './limits.ts';
import { parseLimits } from './parse-limits.ts';

/** What an SLO is called, beside what it asks. */
export interface SloOptions {
  /** As reports call it; without it they print its limits. */
  readonly name?: string;
}

/** Limits with a name, which `slo` makes and `openSlo` reads. What is spread out of it is its limits. */
export interface Slo extends RunLimits {
  /** As it was given, or its limits in words. */
  readonly name: string;
  /** `p95 < 100ms, errorRate < 1%`. */
  describe(): string;
}

const known = { name: true } as const satisfies Record<keyof SloOptions, true>;
const names = new WeakMap<object, string>();

/**
 * Limits that several specs share: what `expect(run).toMeet`, `load.breakingPoint`, `run.goodput` and `run.errorBudget`
 * take. Throws an `OptionsError` at once for limits of unknown form, so a misspelt one is not found after the load. Whether
 * a limit fits a run's model is seen when it is judged.
 *
 * @example
 * export const checkout = slo({ p95: '< 100ms', errorRate: '< 1%' }, { name: 'checkout' });
 */
export function slo(limits: RunLimits, options: SloOptions = {}): Slo {
  refuseNoOptions('slo', options);
  const { name } = options;
  throwProblems([
    ...unknownOptions('slo', options, known),
    ...(name === undefined || (typeof name === 'string' && name.trim() !== '')
      ? []
      : [`\`name\` must be a text, got ${show(name)}`]),
  ]);
  const words = thresholdsOf(limits).map(inWords).join(', ');
  // Neither is enumerable: what is spread, counted or compared are the limits.
  const made = Object.defineProperties({ ...limits } as Slo, {
    name: { value: name ?? words },
    describe: { value: () => words },
  });
  names.set(made, made.name);
  return Object.freeze(made);
}

/** The name of limits that `slo` made; undefined for plain ones. */
export function nameOfSlo(limits: object): string | undefined {
  return names.get(limits);
}

/** By their form alone: in some run each of them has a meaning. */
function thresholdsOf(limits: RunLimits): Threshold[] {
  return parseLimits(limits, { scope: { kind: 'run' }, model: 'open', apdexGiven: true }, 'slo');
}

function inWords({ metric, target, acceptable }: Threshold): string {
  const tolerated = acceptable === undefined ? '' : ` (acceptable ${acceptable.text})`;
  return `${metric} ${target.text}${tolerated}`;
}
