/**
 * Tags of requests and measured calls: what a caller files them under beside their row, such as a tenant or a region.
 * Each pair of key and value is a row of its own; their number is bounded, since a value may be any text.
 */
import type { SampleTags } from './samples/kind.ts';
import { otherTags } from './bounded-rows.ts';
import { entryName } from './entry-name.ts';
import { EndpointRow, type FiledSample } from './endpoint-rows.ts';
import { emptyEndpoint, type EndpointData } from './run-data.ts';
import { OptionsError } from '../options-error.ts';
import { show } from './units.ts';

/** Pairs of key and value told apart at most in a run. */
export const mostTags = 100;
/** Tags of one request. */
const mostPerRequest = 10;

/** The row of a tag: a key holds no `=`, so no other pair has it. */
export function tagName(key: string, value: SampleTags[string]): string {
  return entryName(`${key}=${value}`);
}

/** What is wrong with the tags of a request, if anything. */
export function tagsProblem(tags: unknown): string | undefined {
  if (tags === undefined || tags === null) return undefined;
  if (typeof tags !== 'object' || Array.isArray(tags))
    return `\`tags\` must be an object such as \`{ tenant: 'a' }\`, got ${Array.isArray(tags) ? 'a list' : show(tags)}`;
  const pairs: [string, unknown][] = Object.entries(tags);
  if (pairs.length > mostPerRequest) return `\`tags\` holds ${mostPerRequest} tags at most, got ${pairs.length}`;
  for (const [key, value] of pairs) {
    if (key.trim() === '' || key.includes('=')) return `a key of \`tags\` is a word without \`=\`, got ${show(key)}`;
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return `\`tags.${key}\` must be a text, a number, \`true\` or \`false\`, got ${value === null ? 'null' : typeof value}`;
  }
  return undefined;
}

/** The row that `run.tag(key, value)` looks for. Throws an `OptionsError` for what is no tag. */
export function tagAsked(key: string, value: SampleTags[string]): string {
  const problem = tagsProblem({ [key]: value });
  if (problem !== undefined) throw new OptionsError([`\`run.tag\`: ${problem}`]);
  return tagName(key, value);
}

/** The rows of a run's tags while it is being measured. */
export class TagRows {
  readonly #data: Map<string, EndpointData>;
  /** By key, then by value as it was given. */
  readonly #rows = new Map<string, Map<SampleTags[string], EndpointRow>>();
  readonly #byName = new Map<string, EndpointRow>();
  #remembered = 0;

  constructor(data: Map<string, EndpointData>) {
    this.#data = data;
  }

  file(tags: SampleTags, filed: FiledSample, second: number): void {
    const latencyMs = filed.responseMs ?? filed.serviceMs;
    for (const row of this.#all(tags)) {
      row.fileSecond(second, filed.outcome, latencyMs);
      row.file(filed);
    }
  }

  /** The row of each tag. */
  rowsOf(tags: SampleTags | undefined): readonly EndpointRow[] {
    return tags === undefined ? [] : [...this.#all(tags)];
  }

  /** Several may be among the others, which are one row of a request. */
  #all(tags: SampleTags): Set<EndpointRow> {
    const rows = new Set<EndpointRow>();
    for (const key of Object.keys(tags)) {
      const value = tags[key];
      if (value !== undefined) rows.add(this.#row(key, value));
    }
    return rows;
  }

  #row(key: string, value: SampleTags[string]): EndpointRow {
    return this.#rows.get(key)?.get(value) ?? this.#remember(key, value);
  }

  #remember(key: string, value: SampleTags[string]): EndpointRow {
    const wanted = tagName(key, value);
    const name = this.#byName.has(wanted) || this.#byName.size < mostTags ? wanted : otherTags;
    let row = this.#byName.get(name);
    if (row === undefined) {
      const data = emptyEndpoint();
      this.#data.set(name, data);
      this.#byName.set(name, (row = new EndpointRow(name, data)));
    }
    if (this.#remembered < 4 * mostTags) {
      this.#remembered += 1;
      const ofKey = this.#rows.get(key) ?? new Map<SampleTags[string], EndpointRow>();
      this.#rows.set(key, ofKey.set(value, row));
    }
    return row;
  }
}
