/**
 * A value that a schema allows: an example where it has one, else a default, else the least that fits. Schemas that contain
 * themselves are gone round once, and the value is bounded in depth and size.
 */
import { PatternWords } from './pattern-words.ts';
import { type Description, type Fields, fieldsOf, listOf, resolved } from './read-description.ts';

/** Of one body. */
const most = { depth: 12, values: 2_000, items: 20, characters: 2_000 };

const formats: Readonly<Record<string, string>> = {
  date: '2026-01-01',
  'date-time': '2026-01-01T00:00:00Z',
  time: '00:00:00Z',
  duration: 'PT1S',
  email: 'user@example.com',
  uuid: '00000000-0000-4000-8000-000000000000',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': '/',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  byte: 'ZXhhbXBsZQ==',
};
/** Tried where a pattern is asked for: regular expressions are not turned round. */
const words = [
  'example',
  'a',
  'A',
  '1',
  '12345',
  'example-1',
  'EXAMPLE',
  'abc123',
  '2026-01-01',
  '00000000',
  'a@b.co',
  'AB',
  'en',
  '+4912345678',
  '1.0.0',
  '/',
  '#000000',
];

export class ExampleValues {
  readonly #description: Description;
  readonly #patterns = new PatternWords();
  #left = most.values;

  constructor(description: Description) {
    this.#description = description;
  }

  /** Undefined where nothing can be found that fits. */
  of(schema: unknown): unknown {
    this.#left = most.values;
    return this.#value(schema, []);
  }

  #value(given: unknown, within: readonly Fields[]): unknown {
    const schema = resolved(this.#description, given);
    if (within.includes(schema) || within.length > most.depth || this.#left-- <= 0) return undefined;
    const said = saidOf(schema);
    if (said !== undefined) return said.value;
    const inner = [...within, schema];
    if (Array.isArray(schema['allOf'])) return this.#allOf(schema, inner);
    for (const choice of [...listOf(schema['oneOf']), ...listOf(schema['anyOf'])]) {
      const value = this.#value(choice, inner);
      if (value !== undefined && value !== null) return value;
    }
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, inner);
      case 'array':
        return this.#array(schema, inner);
      case 'integer':
      case 'number':
        return numberOf(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return textOf(schema, this.#patterns);
    }
  }

  /** Required fields alone; one that cannot be had, as in a schema that must contain itself, makes the whole impossible. */
  #object(schema: Fields, within: readonly Fields[]): unknown {
    const properties = fieldsOf(schema['properties']);
    const value: [string, unknown][] = [];
    for (const name of listOf(schema['required'])) {
      if (typeof name !== 'string' || isReadOnly(this.#description, properties, name)) continue;
      const field = this.#value(Object.hasOwn(properties, name) ? properties[name] : {}, within);
      if (field === undefined) return undefined;
      value.push([name, field]);
    }
    return Object.fromEntries(value);
  }

  #array(schema: Fields, within: readonly Fields[]): unknown {
    const count = Math.min(most.items, Math.max(0, Number(schema['minItems'] ?? 0)));
    const items = Array.from({ length: count }, () => this.#value(schema['items'] ?? {}, within));
    return items.includes(undefined) ? undefined : items;
  }

  /** All that it is made of, its own rules last; undefined where it is made of itself. */
  #partsOf(schema: Fields, within: readonly Fields[]): Fields[] | undefined {
    const { allOf, ...own } = schema;
    const parts: Fields[] = [];
    for (const given of listOf(allOf)) {
      const part = resolved(this.#description, given);
      if (within.includes(part) || within.length > most.depth || this.#left-- <= 0) return undefined;
      const inner = Array.isArray(part['allOf']) ? this.#partsOf(part, [...within, part]) : [part];
      if (inner === undefined) return undefined;
      parts.push(...inner);
    }
    return [...parts, own];
  }

  #allOf(schema: Fields, within: readonly Fields[]): unknown {
    const parts = this.#partsOf(schema, within);
    if (parts === undefined) return undefined;
    const merged: Record<string, unknown> = {};
    const isOne = parts.filter((part) => part['properties'] !== undefined || part['required'] !== undefined).length < 2;
    for (const part of parts) {
      Object.assign(merged, isOne || part === parts.at(-1) ? part : rulesOf(part), {
        properties: { ...fieldsOf(merged['properties']), ...fieldsOf(part['properties']) },
        required: [...listOf(merged['required']), ...listOf(part['required'])],
      });
    }
    const isEmpty = Object.keys(fieldsOf(merged['properties'])).length === 0;
    if (isEmpty) delete merged['properties'];
    return this.#value(merged, [...within, ...parts]);
  }
}

/** Without examples: that of one part has not what the others require. */
function rulesOf(part: Fields): Fields {
  return Object.fromEntries(Object.entries(part).filter(([name]) => !/^(?:examples?|default)$/.test(name)));
}

/** An answer has it, a request has it not, also where it is required (OpenAPI 3.0.3, 4.7.24.1). */
function isReadOnly(description: Description, properties: Fields, name: string): boolean {
  return Object.hasOwn(properties, name) && resolved(description, properties[name])['readOnly'] === true;
}

function saidOf(schema: Fields): { readonly value: unknown } | undefined {
  if (schema['example'] !== undefined) return { value: schema['example'] };
  const [first] = listOf(schema['examples']);
  if (first !== undefined) return { value: first };
  if (schema['default'] !== undefined) return { value: schema['default'] };
  if (schema['const'] !== undefined) return { value: schema['const'] };
  const [choice] = listOf(schema['enum']);
  return choice === undefined ? undefined : { value: choice };
}

function typeOf(schema: Fields): string {
  const type = listOf(schema['type']).find((each) => each !== 'null') ?? schema['type'];
  if (typeof type === 'string') return type;
  return schema['properties'] !== undefined || schema['required'] !== undefined
    ? 'object'
    : schema['items'] !== undefined
      ? 'array'
      : 'string';
}

function numberOf(schema: Fields): number {
  const bound = (name: string) => (typeof schema[name] === 'number' ? schema[name] : undefined);
  const step = (bound('multipleOf') || undefined) ?? (typeOf(schema) === 'integer' ? 1 : undefined);
  const isAbove = schema['exclusiveMinimum'] === true; // OpenAPI 3.0
  const above = bound('exclusiveMinimum') ?? (isAbove ? bound('minimum') : undefined);
  const least = bound('minimum') ?? -Infinity;
  const below = bound('exclusiveMaximum') ?? (schema['exclusiveMaximum'] === true ? bound('maximum') : undefined);
  const limit = below ?? bound('maximum') ?? Infinity;
  const greatest = below === undefined ? limit : below - (step ?? 1);
  const from =
    above === undefined
      ? Math.max(least, Math.min(1, greatest))
      : Math.max(least, above + (step ?? midway(above, limit)));
  return step === undefined ? from : Math.ceil(from / step) * step;
}

function midway(above: number, greatest: number): number {
  return Number.isFinite(greatest) ? (greatest - above) / 2 : 1;
}

function textOf(schema: Fields, patterns: PatternWords): string | undefined {
  const least = Math.min(most.characters, Number(schema['minLength'] ?? 0));
  const greatest = Math.max(least, Number(schema['maxLength'] ?? most.characters));
  const format = typeof schema['format'] === 'string' ? formats[schema['format']] : undefined;
  const fitting = [...(format === undefined ? [] : [format]), ...words].map((word) =>
    word.padEnd(least, 'a').slice(0, greatest),
  );
  return patterns.firstOf(fitting, schema['pattern']);
}
