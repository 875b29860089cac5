/** The description of an API as a spec: each operation is a task of a mix, with a request that the description allows. */
import { isSecretName } from '../../../load/measure/secret-name.ts';
import { MadeUp } from '../made-up.ts';
import { accessCode, commentText, keyCode, literal, Names, type Piece, textCode } from '../source-text.ts';
import { indented, secretFunction } from '../spec-parts.ts';
import { ExampleValues } from './example-value.ts';
import { notLookedAt, type Operation, operationsOf, type Parameter } from './operations.ts';
import { type Description, type Fields, fieldsOf, listOf, resolved, textOf } from './read-description.ts';

export interface DescribedParts {
  readonly name: string;
  readonly description: Description;
  readonly users: number;
  readonly duration: string;
}

export interface DescribedSpec {
  readonly spec: string;
  readonly operations: number;
  /** What could not be found out, a sentence each. */
  readonly notes: readonly string[];
}

const mostOperations = 1_000;
/** A stream of events does not end by itself: it is listened to so long. */
const streamMs = 5_000;

/** Throws an error where there is nothing to make a spec of. */
export function openapiSpec(parts: DescribedParts): DescribedSpec {
  return new Described(parts).made();
}

class Described {
  readonly #parts: DescribedParts;
  readonly #operations: readonly Operation[];
  readonly #names = new Names();
  readonly #madeUp = new MadeUp(this.#names);
  readonly #examples: ExampleValues;
  readonly #notes: string[] = [];

  constructor(parts: DescribedParts) {
    this.#parts = parts;
    this.#operations = operationsOf(parts.description);
    this.#examples = new ExampleValues(parts.description);
  }

  made(): DescribedSpec {
    const { name, users, duration, description } = this.#parts;
    const count = this.#operations.length;
    if (count === 0) throw new Error(`\`${name}\` has no operations: its \`paths\` are empty`);
    if (count > mostOperations)
      throw new Error(`\`${name}\` has ${count} operations, and at most ${mostOperations} are made a spec of`);
    for (const note of notLookedAt(description)) this.#note(note);
    const tasks = this.#operations.map((operation) => {
      const variable = this.#names.give(operation.words, 'task');
      return { operation, variable, lines: this.#task(operation, variable) };
    });
    const title = textOf(fieldsOf(description.root['info'])['title'], name);
    const spec = [
      '/**',
      ` * ${commentText(`${title}, each operation once: made of ${name} by \`npx playload from\`. The server that is tested is \`baseURL\`.`)}`,
      ...this.#notes.map((note) => ` * ${commentText(note)}`),
      ' */',
      "import { expect, mix, type Scenario, test, users } from 'playload';",
      '',
      ...(this.#madeUp.ofEnvironment.length === 0 ? [] : [secretFunction, '']),
      `test(${literal(title)}, async ({ load }) => {`,
      ...indented(this.#declared(), 2),
      ...tasks.flatMap(({ lines }) => [...indented(lines, 2), '']),
      `  const run = await load(users(${users}).for(${literal(duration)}), mix([`,
      ...tasks.map(({ operation, variable }) => `    [${operation.weight}, ${variable}],`),
      '  ]));',
      "  expect(run).toMeet({ successRate: '100%', p95: '< 1s' });",
      '});',
      '',
    ].join('\n');
    return { spec, operations: count, notes: this.#notes };
  }

  #declared(): string[] {
    return this.#madeUp.ofEnvironment.map(
      ({ variable, environment }) => `const ${variable} = secret(${literal(environment)});`,
    );
  }

  #task(operation: Operation, variable: string): string[] {
    const { method, path, isStream } = operation;
    const row = `${method} ${path}`;
    const { query, headers } = this.#sentAlong(operation);
    const options = [
      ...(method === 'OPTIONS' ? [`method: 'OPTIONS'`] : []),
      ...(/\{/.test(path) ? [`name: ${literal(row)}`] : []),
      ...(headers.length === 0 ? [] : [`headers: { ${headers.join(', ')} }`]),
      ...this.#body(operation),
      ...(isStream ? [`timeout: ${streamMs}`] : []),
    ];
    const given = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
    const call = `request${method === 'OPTIONS' ? '.fetch' : accessCode(method.toLowerCase())}`;
    const url = textCode([...this.#path(operation), ...query]);
    return [
      ...(isStream ? [`// A stream of events: it must end by itself within ${streamMs / 1_000} s.`] : []),
      `const ${variable}: Scenario = async ({ request, check }) => {`,
      `  const answer = await ${call}(${url}${given});`,
      `  check(${literal(`${row} is answered well`)}, answer.ok());`,
      '};',
    ];
  }

  #path({ path, parameters, method }: Operation): Piece[] {
    const own = path.startsWith('//') ? `/.${path}` : path; // it would be another host
    return own.split(/(\{[^{}]*\})/).map((part, at): Piece => {
      if (at % 2 === 0) return part;
      const name = part.slice(1, -1);
      const parameter = parameters.find((each) => each.in === 'path' && each.name === name);
      const value = this.#exampleOf(parameter);
      if (value === undefined) this.#notes.push(`No example of \`${name}\` in ${method} ${path}: put one in.`);
      return encodeURIComponent(wordOf(value ?? 'example'));
    });
  }

  /** What must be in the query and the headers, credentials included. */
  #sentAlong(operation: Operation): { readonly query: Piece[]; readonly headers: string[] } {
    const query: Piece[] = [];
    const headers = new Map<string, string>();
    const cookies: Piece[] = [];
    const inQuery = (name: string, value: Piece) =>
      query.push(`${query.length === 0 ? '?' : '&'}${encodeURIComponent(name)}=`, value);
    // The same header twice is an error of its own, in TypeScript as in HTTP: the first that is said is sent.
    const inHeader = (name: string, pieces: readonly Piece[]) => {
      if (name.toLowerCase() === 'cookie') cookies.push(...(cookies.length === 0 ? [] : ['; ']), ...pieces);
      else if (!headers.has(name.toLowerCase()))
        headers.set(name.toLowerCase(), `${keyCode(name)}: ${textCode(pieces)}`);
    };
    for (const scheme of operation.security) this.#credentials(scheme, inQuery, inHeader);
    for (const parameter of operation.parameters.filter(({ isRequired }) => isRequired)) {
      const { name } = parameter;
      if (parameter.in === 'header' && headers.has(name.toLowerCase())) continue;
      const value = wordOf(this.#exampleOf(parameter) ?? 'example');
      const isSecret = isSecretName(name, 'parameter');
      const code = isSecret ? { code: this.#madeUp.given(`parameter ${name}`, name) } : undefined;
      if (parameter.in === 'query')
        inQuery(name, code === undefined ? encodeURIComponent(value) : { code: `encodeURIComponent(${code.code})` });
      if (parameter.in === 'header') inHeader(name, [code ?? value]);
      if (parameter.in === 'cookie') inHeader('cookie', [`${name}=`, code ?? value]);
    }
    const cookie = cookies.length === 0 ? [] : [`cookie: ${textCode(cookies)}`];
    return { query, headers: [...headers.values(), ...cookie] };
  }

  #credentials(
    name: string,
    inQuery: (name: string, value: Piece) => void,
    inHeader: (name: string, pieces: readonly Piece[]) => void,
  ): void {
    const schemes = fieldsOf(fieldsOf(this.#parts.description.root['components'])['securitySchemes']);
    const scheme = resolved(this.#parts.description, Object.hasOwn(schemes, name) ? schemes[name] : undefined);
    const given = (words: string): Piece => ({ code: this.#madeUp.given(`scheme ${name}`, words) });
    const key = textOf(scheme['name'], name);
    switch (scheme['type']) {
      case 'apiKey':
        if (scheme['in'] === 'query') inQuery(key, given(key));
        else if (scheme['in'] === 'cookie') inHeader('cookie', [`${key}=`, given(key)]);
        else inHeader(key, [given(key)]);
        return;
      case 'http':
        if (scheme['scheme'] === 'basic') inHeader('authorization', ['Basic ', given('basic credentials')]);
        else
          inHeader('authorization', [
            `${scheme['scheme'] === 'bearer' ? 'Bearer' : textOf(scheme['scheme'], '')} `,
            given('bearer token'),
          ]);
        return;
      case 'oauth2':
      case 'openIdConnect':
        inHeader('authorization', ['Bearer ', given('access token')]);
        return;
      default:
        this.#note(`The security scheme \`${name}\` is not known here: its operations are sent without.`);
    }
  }

  #body({ body, method, path }: Operation): string[] {
    if (body === undefined) return [];
    const content = Object.entries(fieldsOf(body['content']));
    const [type, media] =
      content.find(([each]) => /json$/.test(each)) ?? content.find(([each]) => /form/.test(each)) ?? content[0] ?? [];
    if (type === undefined) return [];
    const value = this.#ofMedia(fieldsOf(media));
    if (value === undefined) {
      this.#note(`No body could be made up for ${method} ${path}: it is sent without.`);
      return [];
    }
    if (/json$/.test(type)) return [`data: ${this.#json(value, 'body')}`];
    const option =
      type === 'multipart/form-data' ? 'multipart' : type === 'application/x-www-form-urlencoded' ? 'form' : undefined;
    if (option !== undefined)
      return [
        `${option}: { ${Object.entries(fieldsOf(value))
          .map(([key, each]) => `${keyCode(key)}: ${this.#json(wordOf(each), key)}`)
          .join(', ')} }`,
      ];
    return [`data: ${literal(wordOf(value))}`];
  }

  #json(value: unknown, name: string): string {
    if (Array.isArray(value)) return `[${value.map((each: unknown) => this.#json(each, name)).join(', ')}]`;
    if (typeof value === 'object' && value !== null) {
      const fields = Object.entries(value).map(([key, each]) => `${keyCode(key)}: ${this.#json(each, key)}`);
      return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    }
    if (typeof value !== 'string') return JSON.stringify(value);
    return isSecretName(name, 'field') ? this.#madeUp.given(`field ${name}`, name) : literal(value);
  }

  #exampleOf(parameter: Parameter | undefined): unknown {
    if (parameter === undefined) return undefined;
    const { fields } = parameter;
    const [media] = Object.values(fieldsOf(fields['content']));
    const value = this.#ofMedia(media === undefined ? fields : fieldsOf(media));
    if (!Array.isArray(value) || value.length > 0) return value;
    const schema = resolved(this.#parts.description, fields['schema']);
    return this.#examples.of(schema['items'] ?? {}); // no item at all would be no value
  }

  /** An example that is said beside the schema goes before those in it. */
  #ofMedia(media: Fields): unknown {
    if (media['example'] !== undefined) return media['example'];
    const [first] = Array.isArray(media['examples'])
      ? listOf(media['examples'])
      : Object.values(fieldsOf(media['examples']));
    const example = resolved(this.#parts.description, first)['value'];
    return example ?? this.#examples.of(media['schema'] ?? {});
  }

  #note(note: string): void {
    if (!this.#notes.includes(note)) this.#notes.push(note);
  }
}

/** As it stands in a URL, a header or a form; lists with commas. */
function wordOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(wordOf).join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
