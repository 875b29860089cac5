/**
 * Settings that are worth trying aside: the plan names them and no value, since which value helps is a matter of the
 * model and the load, or since the engine may not start with it.
 */
import { skip, to, turnGiven, turnNumber, turnSwitch, type Way } from './remedy.ts';

const tryAside = to(null);

/** A number, whatever it is, as long as it is one. */
export function tryNumber(flag: string): Way {
  return turnNumber(flag, () => tryAside);
}

/** A switch that stands the other way now. */
export function trySwitch(flag: string, wanted: boolean): Way {
  return turnSwitch(flag, wanted, tryAside);
}

/** Something that is in use, with less of it or without it. */
export function tryWithout(flag: string): Way {
  return turnGiven(flag, (current) => (current === null ? skip(`\`${flag}\` is not set`) : tryAside));
}

/** Weights of fewer bits: which kind is a decision about the model. */
export function tryQuantization(flag: string): Way {
  return turnGiven(flag, (current) =>
    current === null ? tryAside : skip(`\`${flag}\` is \`${String(current)}\` already`),
  );
}
