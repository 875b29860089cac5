/**
 * Values that a server has given out and a client has sent back: ids, tokens, places of what was made. Each is known by the
 * answer that it came in, so that a spec takes it from there.
 */
import { maskText } from '../../load/measure/mask.ts';
import { isSecretName } from '../../load/measure/secret-name.ts';
import type { Exchange } from './exchange.ts';
import type { Names } from './source-text.ts';
import { isUuid, looksLikeValue } from './value-look.ts';

/** A way through JSON: names, places in a list, and places in an object whose names are ids, of which no other answer has the same. */
export type Path = readonly (string | number | { readonly nth: number })[];

/** Where a value came from; `variable` has its name once something has used it. */
export interface Source {
  readonly exchange: number;
  readonly from:
    | { readonly kind: 'json' | 'number'; readonly path: Path }
    | { readonly kind: 'header' | 'cookie'; readonly name: string }
    | { readonly kind: 'location' };
  /** What the value is called where it came from. */
  readonly words: string;
  /** Too short to be taken for the same value anywhere but where an id stands. */
  readonly isShort: boolean;
  variable?: string;
}

const idName = /(?:^|[_-])(?:id|uuid|guid)$|[a-z](?:Id|ID|Uuid|Guid)$/i;
/** Dates, versions and addresses repeat by themselves. */
const ordinary = /^\d{4}-\d\d-\d\d|^v?\d+\.\d+|^[a-z][a-z\d+.-]*:\/\/|^[\w.+-]+\/[\w.+-]+$|\s/i;
/** Names of headers whose values are about the answer itself. */
const ofTheAnswer =
  /^(?:set-cookie|date|server|via|age|vary|content-.*|cache-control|expires|last-modified|location|alt-svc|x-request-id|.*-trace.*|cf-.*|x-ratelimit.*|ratelimit.*|report-to|nel|strict-transport-security|x-frame-options)$/;
const longest = 4_096;
/** Leaves of one answer, and how deep they may lie. */
const most = { leaves: 5_000, depth: 20 };

/** Whether a value is worth being followed; `short` where only among ids. */
function worth(value: string | number, name: string): 'yes' | 'short' | 'no' {
  const text = String(value);
  if (text === '' || text.length > longest) return 'no';
  const isId = idName.test(name);
  if (typeof value === 'number')
    return Number.isSafeInteger(value) && value >= 0 ? sizeOf(text.length >= 5, isId) : 'no';
  if (isUuid(text)) return 'yes';
  if (ordinary.test(text)) return maskText(text) === text ? 'no' : 'yes';
  const isRandom = /\d/.test(text) && (/^\d+$/.test(text) ? text.length >= 5 : text.length >= 8);
  const isLong = text.length >= 20 && !/^[a-z]+(?:[-_][a-z]+)*$/i.test(text);
  return sizeOf(isRandom || isLong || (text.length >= 4 && isSecretName(name, 'field')), isId);
}

const sizeOf = (isWorth: boolean, isId: boolean) => (isWorth ? 'yes' : isId ? 'short' : 'no');

export class KnownValues {
  readonly #sources = new Map<string, Source>();
  readonly #used = new Map<number, readonly Source[]>();
  /** What the client has said before any server did. */
  readonly #sent = new Set<string>();
  readonly #names: Names;

  constructor(names: Names) {
    this.#names = names;
  }

  /** The variable that holds the value; `isIdPlace`: a short one may be meant, too. */
  variableOf(value: string, isIdPlace: boolean): string | undefined {
    const source = this.#sources.get(value);
    if (source === undefined || (source.isShort && !isIdPlace)) return undefined;
    if (source.variable === undefined) {
      source.variable = this.#names.give(source.words, 'given');
      this.#used.set(source.exchange, [...this.usedOf(source.exchange), source]);
    }
    return source.variable;
  }

  /** What the client makes up itself is no answer's, also if it comes back in one. */
  wasSent(value: string): void {
    if (!this.#sources.has(value)) this.#sent.add(value);
  }

  /** The values of an answer that something may use later. */
  add(exchange: Exchange, number: number): void {
    const noun = nounOf(exchange);
    for (const { value, path, key } of leavesOf(exchange)) {
      const words = /^(?:id|uuid|guid|_id)$/i.test(key) ? `${noun} id` : key;
      this.#offer(value, key, {
        exchange: number,
        from: { kind: typeof value === 'number' ? 'number' : 'json', path },
        words,
      });
    }
    for (const [name, value] of exchange.responseHeaders) {
      if (name === 'location') this.#offerLocation(value, { number, noun });
      else if (name === 'set-cookie') for (const line of value.split('\n')) this.#offerCookie(line, number);
      else if (!ofTheAnswer.test(name))
        this.#offer(value, name, { exchange: number, from: { kind: 'header', name }, words: name });
    }
  }

  /** Sources among the answer's values that something has used. */
  usedOf(exchange: number): readonly Source[] {
    return this.#used.get(exchange) ?? [];
  }

  #offerLocation(location: string, { number, noun }: { readonly number: number; readonly noun: string }): void {
    const last = (location.split(/[?#]/)[0] ?? '').split('/').at(-1) ?? '';
    if (/[?#%]/.test(location)) return;
    this.#offer(last, 'id', { exchange: number, from: { kind: 'location' }, words: `${noun} id` });
  }

  /** The jar sends a cookie by itself; what a page reads from it and sends elsewhere is a token against forged requests. */
  #offerCookie(line: string, exchange: number): void {
    const [, name = '', value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
    this.#offer(value.trim(), name, { exchange, from: { kind: 'cookie', name }, words: name });
  }

  #offer(value: string | number, name: string, source: Omit<Source, 'isShort'>): void {
    const text = String(value);
    if (this.#sources.has(text) || this.#sent.has(text)) return;
    const size = worth(value, name);
    if (size !== 'no') this.#sources.set(text, { ...source, isShort: size === 'short' });
  }
}

interface Leaf {
  readonly value: string | number;
  readonly path: Path;
  /** The nearest name. */
  readonly key: string;
}

/** Breadth first: what stands at the top of an answer is what it is about. */
function* leavesOf({ responseText }: Exchange): Generator<Leaf> {
  if (responseText === undefined) return;
  let level: { readonly value: unknown; readonly path: Path; readonly key: string }[];
  try {
    level = [{ value: JSON.parse(responseText) as unknown, path: [], key: 'answer' }];
  } catch {
    return; // cut off, or no JSON whatever its type says: nothing can be taken from it
  }
  let left = most.leaves;
  for (let depth = 0; depth < most.depth && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const { value, path, key } of level) {
      if (left-- <= 0) return;
      if (typeof value === 'string' || typeof value === 'number') yield { value, path, key };
      else if (Array.isArray(value))
        value.forEach((each: unknown, at) => next.push({ value: each, path: [...path, at], key }));
      else if (typeof value === 'object' && value !== null)
        for (const [nth, [name, each]] of Object.entries(value).entries())
          next.push({ value: each, path: [...path, looksLikeValue(name) ? { nth } : name], key: name });
    }
    level = next;
  }
}

/** `workflow` of `POST /api/v1/workflows`. */
export function nounOf({ url }: Pick<Exchange, 'url'>): string {
  const segments = url.pathname.split('/').filter((each) => /^[a-z][a-z_-]*$/i.test(each));
  const last = segments.at(-1) ?? 'page';
  return last.length > 3 && last.endsWith('s') && !last.endsWith('ss') ? last.slice(0, -1) : last;
}
