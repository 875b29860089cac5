/**
 * Values that a JSON Schema of the interface allows, and values that it probably does not: the inputs of the property
 * test. Knows the words that the agent's own document uses.
 */
import fc from 'fast-check';
import { anyCharacter } from './any-character.ts';

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

export type Components = Readonly<Record<string, Schema>>;

/** What the schema allows, as far as it says so; a refinement that JSON Schema can't express may still refuse it. */
export function allowedBy(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  const { $ref: reference } = schema;
  if (reference !== undefined) return allowedBy(components[reference.split('/').at(-1) ?? ''] ?? {}, components);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return fc.oneof(...alternatives.map((one) => allowedBy(one, components)));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) return fc.jsonValue();
  return fc.oneof(...types.map((type) => ofType(type, schema, components)));
}

function ofType(type: string, schema: Schema, components: Components): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return text(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000, max: Math.min(schema.maximum ?? 1_000, 1_000_000) });
    case 'number':
      return fc.double({
        min: schema.minimum ?? schema.exclusiveMinimum ?? 0,
        max: schema.maximum ?? 1e6,
        noNaN: true,
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(allowedBy(schema.items ?? {}, components), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    default:
      return object(schema, components);
  }
}

function text({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (format === 'uri')
    return fc.constantFrom('http://127.0.0.1:9/metrics', 'http://10.0.0.1/', 'https://example.test/');
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.min(maxLength, 40) });
}

function object(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0 && typeof schema.additionalProperties === 'object') {
    return fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/),
      allowedBy(schema.additionalProperties, components),
      {
        maxKeys: 3,
      },
    );
  }
  const record = Object.fromEntries(properties.map(([name, one]) => [name, allowedBy(one, components)]));
  const required = (schema.required ?? []).filter((name) => name in record);
  return fc.record(record, { requiredKeys: required });
}

/** Texts that have made servers stumble. */
const strangeTexts = [
  '', ' ', '\0', '../../etc/passwd', '%2e%2e%2f', '%00', "';--", '{{7*7}}', '\u{1F600}', '\uD800', 'null', '-1', '1e309',
  'x'.repeat(5_000), '01a208b1-296e-7000-bd87-274074cf22cd', '__proto__', 'constructor', '\r\nx: y', '💥%', '%',
]; // prettier-ignore

export const strangeText = fc.oneof(fc.constantFrom(...strangeTexts), fc.string({ unit: anyCharacter, maxLength: 60 }));

/** Anything at all, or what is allowed with one thing changed. */
export function forbiddenBy(schema: Schema, components: Components): fc.Arbitrary<unknown> {
  const changed = fc
    .tuple(allowedBy(schema, components), fc.constantFrom('drop', 'add', 'replace'), fc.jsonValue(), fc.nat())
    .map(([value, how, other, at]) => change(value, how, { other, at }));
  return fc.oneof(changed, fc.jsonValue(), strangeText);
}

function change(
  value: unknown,
  how: 'drop' | 'add' | 'replace',
  { other, at }: { other: unknown; at: number },
): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return other;
  const names = Object.keys(value);
  const name = names[at % Math.max(1, names.length)] ?? 'none';
  if (how === 'drop') return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  return { ...value, [how === 'add' ? 'surplus' : name]: other };
}
