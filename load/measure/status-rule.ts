/** The user's rule for statuses: it is asked of each answer, and may say anything. */
import { show } from './units.ts';

/** Throws what the rule throws, and where it says neither yes nor no: a promise is true to JavaScript. */
export function saidOfStatus(rule: (status: number) => boolean, status: number): boolean {
  const isExpected: unknown = rule(status);
  if (typeof isExpected === 'boolean') return isExpected;
  throw new TypeError(`it must say \`true\` or \`false\`, got ${show(isExpected)}: is it \`async\`?`);
}
