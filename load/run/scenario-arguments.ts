/**
 * Looks at what a scenario hands to `check`, `group` and `metrics`: a function or a promise is true to JavaScript, so a
 * check of one would hold whatever the server said.
 */
import { show } from '../measure/units.ts';

/** What is wrong unless a check or a rate is told by a name whether it holds. */
export function verdictProblem(call: 'check' | 'metrics.rate', name: unknown, passed: unknown): string | undefined {
  if (typeof passed === 'boolean' && isName(name)) return undefined;
  if (!isName(name)) return nameProblem(call, name, passed);
  return `\`${call}\` of ${show(name)} takes \`true\` or \`false\`, got ${described(passed)}${remedy(passed)}`;
}

/** What is wrong unless a metric of the user's own is told by a name how much. */
export function numberProblem(call: `metrics.${string}`, name: unknown, value: unknown): string | undefined {
  if (!isName(name)) return nameProblem(call, name, value);
  if (typeof value === 'number' && Number.isFinite(value)) return undefined;
  return `\`${call}\` of ${show(name)} takes a finite number, got ${described(value)}${remedy(value)}`;
}

/** What is wrong unless a group is a named function. */
export function partProblem(name: unknown, part: unknown): string | undefined {
  if (!isName(name)) return nameProblem('group', name, part);
  if (typeof part === 'function') return undefined;
  return `\`group\` of ${show(name)} takes the function to time, such as \`async () => request.get(…)\`, got ${described(part)}`;
}

const examples: Readonly<Record<string, string>> = {
  check: "check('is a list', Array.isArray(list))",
  group: "group('checkout', async () => …)",
  'metrics.rate': "metrics.rate('from cache', age > 0)",
};

function isName(name: unknown): boolean {
  return typeof name === 'string' && name.trim() !== '';
}

function nameProblem(call: string, name: unknown, second: unknown): string {
  const example = examples[call] ?? `${call}('cart size', 3)`;
  const isOfK6 = call === 'check' && typeof second === 'object' && second !== null;
  const words = `\`${call}\` takes a name first, as in \`${example}\`, got ${described(name)}${remedy(name)}`;
  return isOfK6 ? `${words}; for each condition of a k6 check, call it once` : words;
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
