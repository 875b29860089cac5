/**
 * Looks at what a scenario hands to `check`, `group` and `metrics`: a function or a promise is true to JavaScript, so a
 * check of one would hold whatever the server said.
 */
import { show } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';

/** Throws an `OptionsError` unless a check or a rate is told by a name whether it holds. */
export function requireVerdict(call: 'check' | 'metrics.rate', name: unknown, passed: unknown): void {
  requireName(call, name, passed);
  if (typeof passed === 'boolean') return;
  throw new OptionsError([
    `\`${call}\` of ${show(name)} takes \`true\` or \`false\`, got ${described(passed)}${remedy(passed)}`,
  ]);
}

/** Throws an `OptionsError` unless a metric of the user's own is told by a name how much. */
export function requireNumber(call: `metrics.${string}`, name: unknown, value: unknown): void {
  requireName(call, name, value);
  if (typeof value === 'number' && Number.isFinite(value)) return;
  throw new OptionsError([
    `\`${call}\` of ${show(name)} takes a finite number, got ${described(value)}${remedy(value)}`,
  ]);
}

/** Throws an `OptionsError` unless a group is a named function. */
export function requirePart(name: unknown, part: unknown): void {
  requireName('group', name, part);
  if (typeof part === 'function') return;
  throw new OptionsError([
    `\`group\` of ${show(name)} takes the function to time, such as \`async () => request.get(…)\`, got ${described(part)}`,
  ]);
}

const examples: Readonly<Record<string, string>> = {
  check: "check('is a list', Array.isArray(list))",
  group: "group('checkout', async () => …)",
  'metrics.rate': "metrics.rate('from cache', age > 0)",
};

function requireName(call: string, name: unknown, second: unknown): void {
  if (typeof name === 'string' && name.trim() !== '') return;
  const example = examples[call] ?? `${call}('cart size', 3)`;
  const isOfK6 = call === 'check' && typeof second === 'object' && second !== null;
  throw new OptionsError([
    `\`${call}\` takes a name first, as in \`${example}\`, got ${described(name)}${remedy(name)}${isOfK6 ? '; for each condition of a k6 check, call it once' : ''}`,
  ]);
}

function described(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function \`${value.name}\``;
  if (isPromise(value)) return 'a promise';
  if (typeof value !== 'object' || value === null) return show(value);
  return Array.isArray(value) ? 'a list' : 'an object'; // its text may be long, or run in circles
}

function remedy(value: unknown): string {
  if (typeof value === 'function') return ': were the parentheses forgotten, as of `response.ok()`?';
  return isPromise(value) ? ': was an `await` forgotten?' : '';
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
