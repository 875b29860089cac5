/** An OpenAPI document (3.0 or 3.1), JSON or YAML, as its operations; references are followed when they are asked for. */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileText } from '../../../load/run/file-text.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Description {
  readonly root: Fields;
}

const mostBytes = 64 * 2 ** 20;

/** Throws an error that says what is wrong with the file. */
export function readDescription(path: string): Description {
  const { size } = statSync(path);
  if (size > mostBytes)
    throw new Error(`it has ${Math.ceil(size / 2 ** 20)} MiB, and ${mostBytes / 2 ** 20} can be read`);
  const text = fileText(readFileSync(path), { hint: 'descriptions are' });
  const root = fieldsOf(/^\s*\{/.test(text) ? (JSON.parse(text) as unknown) : yamlOf(text));
  const version = root['openapi'] ?? root['swagger'];
  if (typeof version === 'string' && /^3\.[01]\b/.test(version)) return { root };
  throw new Error(
    version === undefined
      ? 'it is no OpenAPI document: it has no `openapi` with a version'
      : `it is OpenAPI ${JSON.stringify(version)}, and 3.0 and 3.1 are known: convert it`,
  );
}

/** Only who has YAML needs the package: it is an optional peer. Aliases are bounded by the package itself. */
function yamlOf(text: string): unknown {
  const require = createRequire(import.meta.url);
  let yaml: { readonly parse: (text: string) => unknown };
  try {
    yaml = require('yaml') as typeof yaml;
  } catch (cause) {
    throw new Error('YAML is read by the package `yaml`, which is not there: `npm install --save-dev yaml`', { cause });
  }
  return yaml.parse(text);
}

/** What is no object has no fields. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** What is no text is `otherwise`. */
export function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** A reference leads to a reference so often at most. */
const mostHops = 20;

/** Follows `$ref` within the document; what leads nowhere, round in circles or out of it has no fields. */
export function resolved({ root }: Description, value: unknown): Fields {
  let found = fieldsOf(value);
  for (let hop = 0; typeof found['$ref'] === 'string'; hop++) {
    if (hop >= mostHops || !found['$ref'].startsWith('#/')) return {};
    let at: unknown = root;
    for (const part of found['$ref'].slice(2).split('/')) {
      const name = decodedPart(part);
      at = Array.isArray(at) ? at[Number(name)] : Object.hasOwn(fieldsOf(at), name) ? fieldsOf(at)[name] : undefined;
    }
    found = fieldsOf(at);
  }
  return found;
}

/** RFC 6901, in a URI fragment. */
function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return part; // no name that anything could have
  }
}
