/** The operations of a description, each with what a request to it needs. */
import { type Description, type Fields, fieldsOf, listOf, resolved, textOf } from './read-description.ts';

export interface Operation {
  readonly method: string;
  /** `/workflows/{id}`, behind the path of the first server. */
  readonly path: string;
  readonly words: string;
  readonly parameters: readonly Parameter[];
  readonly body: Fields | undefined;
  /** Names of security schemes that it needs together: the first choice that there is. */
  readonly security: readonly string[];
  readonly weight: number;
  /** It answers with a stream of events, which does not end by itself. */
  readonly isStream: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly isRequired: boolean;
  readonly fields: Fields;
}

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
/** Reads are what most clients do most of the time. */
const weights = { read: 10, write: 1 };

/** Throws an error for a weight that is none. */
export function operationsOf(description: Description): Operation[] {
  const { root } = description;
  const base = basePath(root);
  const paths = Object.entries(fieldsOf(root['paths'])).filter(([path]) => path.startsWith('/')); // others are extensions
  return paths.flatMap(([path, given]) => {
    const item = resolved(description, given);
    return methods
      .filter((method) => typeof item[method] === 'object' && item[method] !== null)
      .map((method) => operationOf(description, { method, path, item, base }));
  });
}

/** What of the description is not looked at, a sentence each. */
export function notLookedAt(description: Description): string[] {
  const notes: string[] = [];
  for (const [path, given] of Object.entries(fieldsOf(description.root['paths']))) {
    if (!path.startsWith('/')) continue;
    const item = resolved(description, given);
    if (typeof item['trace'] === 'object' && item['trace'] !== null) notes.push(`TRACE ${path} is left out.`);
    if ([item, ...methods.map((method) => fieldsOf(item[method]))].some(({ servers }) => listOf(servers).length > 0))
      notes.push(`${path} has servers of its own, which are left out: it is asked of \`baseURL\`, as the others.`);
  }
  return notes;
}

function operationOf(
  description: Description,
  { method, path, item, base }: { method: string; path: string; item: Fields; base: string },
): Operation {
  const fields = fieldsOf(item[method]);
  const parameters = new Map<string, Parameter>();
  for (const given of [...listOf(item['parameters']), ...listOf(fields['parameters'])]) {
    const parameter = resolved(description, given);
    const { name, in: place, required } = parameter;
    if (typeof name !== 'string' || typeof place !== 'string') continue;
    parameters.set(`${place} ${name}`, {
      name,
      in: place,
      isRequired: required === true || place === 'path',
      fields: parameter,
    });
  }
  const isStream = Object.values(fieldsOf(fields['responses'])).some((response) =>
    Object.hasOwn(fieldsOf(resolved(description, response)['content']), 'text/event-stream'),
  );
  const row = `${method.toUpperCase()} ${path}`;
  const body = fields['requestBody'] === undefined ? undefined : resolved(description, fields['requestBody']);
  return {
    method: method.toUpperCase(),
    path: `${base}${path}`,
    words: textOf(fields['operationId'], `${method} ${path}`),
    parameters: [...parameters.values()],
    body,
    security: securityOf(fields['security'] ?? description.root['security']),
    weight: weightOf(
      fields['x-weight'],
      isStream || !/^(?:get|head)$/.test(method) ? weights.write : weights.read,
      row,
    ),
    isStream,
  };
}

/** The path of the first server: requests go to `baseURL`, whose own path an absolute one would replace. */
function basePath(root: Fields): string {
  const { url: given, variables } = fieldsOf(listOf(root['servers'])[0]);
  if (typeof given !== 'string') return '';
  const url = given.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const known = fieldsOf(variables);
    return textOf(fieldsOf(Object.hasOwn(known, name) ? known[name] : undefined)['default'], 'default');
  });
  if (!URL.canParse(url, 'http://localhost')) return '';
  return new URL(url, 'http://localhost').pathname.replace(/\/+$/, '');
}

function securityOf(given: unknown): string[] {
  const choices = listOf(given).map((choice) => Object.keys(fieldsOf(choice)));
  return choices.some((choice) => choice.length === 0) ? [] : (choices[0] ?? []);
}

const mostWeight = 10_000;

function weightOf(given: unknown, otherwise: number, row: string): number {
  if (given === undefined) return otherwise;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= mostWeight) return given;
  throw new Error(
    `\`x-weight\` of ${row} must be a whole number from 1 to ${mostWeight}, got ${JSON.stringify(given)}`,
  );
}
