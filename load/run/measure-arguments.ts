/** Looks at what a scenario hands to `measure`, and at the tags of its calls and requests. */
import { tagsProblem } from '../measure/tags.ts';
import { show } from '../measure/units.ts';

interface MeasureAsked {
  readonly name: unknown;
  readonly part: unknown;
  readonly options: unknown;
}

const example = "measure('select orders', async () => pool.query(…))";

/** What is wrong unless a named function is given, and options that are known. */
export function measureProblem({ name, part, options }: MeasureAsked): string | undefined {
  if (typeof name !== 'string' || name.trim() === '')
    return `\`measure\` takes a name first, as in \`${example}\`, got ${typeWords(name)}`;
  if (typeof part !== 'function')
    return `\`measure\` of ${show(name)} takes the function to measure, as in \`${example}\`, got ${typeWords(part)}`;
  if (options === undefined) return undefined;
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    return `\`measure\` of ${show(name)} takes its options as an object, such as \`{ tags: { tenant: 'a' } }\`, got ${typeWords(options)}`;
  const stranger = Object.keys(options).find((key) => key !== 'tags');
  if (stranger !== undefined)
    return `\`${stranger}\` is no option of \`measure\` of ${show(name)}; known is \`tags\`, and a call is limited by the load's \`requestTimeout\``;
  const tags = tagsProblem((options as { readonly tags?: unknown }).tags);
  return tags === undefined ? undefined : `\`measure\` of ${show(name)}: ${tags}`;
}

/** What is wrong with what a measured function returned, unless that is a promise: it would be over before it began. */
export function returnedProblem(name: string, returned: unknown): string | undefined {
  if (isPromise(returned)) return undefined;
  return `\`measure\` of ${show(name)} measures what a promise takes, and its function returned ${typeWords(returned)}: return or \`await\` the promise, as in \`${example}\``;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function typeWords(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (isPromise(value)) return 'a promise: was `() =>` forgotten before it?';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? show(value)
    : `a ${typeof value}`;
}
