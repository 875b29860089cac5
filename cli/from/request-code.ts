/** A recorded request as the call that makes it again, with what it has from answers, the environment or itself. */
import { maskBody, maskText } from '../../load/measure/mask.ts';
import { isPlainValue, isSecretName, type NamePlace } from '../../load/measure/secret-name.ts';
import type { Exchange } from './exchange.ts';
import type { KnownValues } from './known-values.ts';
import { isStaticFile } from './left-out.ts';
import type { MadeUp } from './made-up.ts';
import { keyCode, literal, type Piece, textCode } from './source-text.ts';
import { isMoment, isUuid, looksLikeId } from './value-look.ts';

export interface Call {
  /** `request.post('/login', { … })`. */
  readonly code: string;
  /** `POST /workflows/:workflowId`. */
  readonly title: string;
  /** What the recording does not say of it. */
  readonly comment?: string;
}

export interface CallParts {
  readonly known: KnownValues;
  readonly madeUp: MadeUp;
  /** Requests to it have a path alone. */
  readonly origin: string;
}

interface Place {
  readonly name: string;
  readonly kind: 'path' | 'query' | 'header' | 'form' | 'json';
}

/** Headers of a browser, a connection or a login that is over; those that trace a request are made by who traces. */
const notAgain =
  /^(?::.*|sec-.*|accept-(?:encoding|language)|user-agent|referer|origin|cookie|host|connection|keep-alive|content-length|cache-control|pragma|priority|dnt|te|trailer|transfer-encoding|upgrade.*|proxy-.*|if-none-match|if-modified-since|purpose|traceparent|tracestate|baggage|sentry-trace|x-request-id|x-b3-.*|x-cloud-trace-context|x-amzn-trace-id)$/;
const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']);
/** A JSON body that lies deeper is sent as the text it was. */
const deepest = 50;

export class RequestCode {
  readonly #parts: CallParts;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  callOf(exchange: Exchange): Call {
    const { method, body } = exchange;
    const url = this.#url(exchange);
    const options = [...this.#body(exchange), ...this.#headers(exchange)];
    const isNamed = methods.has(method);
    const all = isNamed ? options : [`method: ${literal(method)}`, ...options];
    const given = all.length === 0 ? '' : `, { ${all.join(', ')} }`;
    const title = `${method} ${this.#title(exchange)}`;
    const code = `request.${isNamed ? method.toLowerCase() : 'fetch'}(${textCode(url)}${given})`;
    const comment = this.#missing(body);
    return { code, title, ...(comment !== undefined && { comment }) };
  }

  /** What whoever runs the spec has to put in. */
  #missing(body: Exchange['body']): string | undefined {
    if (body.kind === 'lost') return 'The recording kept no body of this request.';
    if (body.kind !== 'text' || isWritten(body)) return undefined;
    return maskBody(body.text) === body.text ? undefined : 'Secrets in this body are masked by ***: put them in.';
  }

  #url({ url }: Exchange): Piece[] {
    // Two slashes at the start of a path alone would be another host.
    const start = url.pathname.startsWith('//') ? ['/.'] : [];
    const pieces: Piece[] = url.origin === this.#parts.origin ? start : [url.origin];
    this.#segments(url).forEach((segment, at) => pieces.push(...(at === 0 ? [] : ['/']), ...segment));
    return url.search.length < 2 ? pieces : [...pieces, '?', ...this.#pairs(url.search.slice(1))];
  }

  /** Names and values as they stand in a URL or a form. */
  #pairs(text: string): Piece[] {
    return text.split('&').flatMap((pair, at): Piece[] => {
      const equals = pair.indexOf('=');
      const before = at === 0 ? [] : ['&'];
      if (equals === -1) return [...before, ...this.#encoded(pair, { name: 'query', kind: 'query' })];
      const name = pair.slice(0, equals);
      const value = this.#encoded(pair.slice(equals + 1), { name: decoded(name), kind: 'query' });
      return [...before, `${name}=`, ...value];
    });
  }

  #segments(url: URL): Piece[][] {
    const all = url.pathname.split('/');
    return all.map((raw, at) => this.#encoded(raw, { name: `${all[at - 1] ?? 'path'} id`, kind: 'path' }));
  }

  /** A part of a URL: what stands for a variable is encoded again, unless it need not be. */
  #encoded(raw: string, place: Place): Piece[] {
    const value = decoded(place.kind === 'query' ? raw.replaceAll('+', ' ') : raw);
    const pieces = this.#text(value, place);
    if (pieces.every((piece) => typeof piece === 'string')) return [raw];
    return pieces.map((piece) =>
      typeof piece === 'string'
        ? encodeURIComponent(piece)
        : raw === value
          ? piece
          : { code: `encodeURIComponent(${piece.code})` },
    );
  }

  #title({ url }: Exchange): string {
    const segments = this.#segments(url).map((segment) =>
      segment.map((piece) => (typeof piece === 'string' ? piece : `:${piece.code}`)).join(''),
    );
    return segments.join('/');
  }

  #headers({ headers, body }: Exchange): string[] {
    const kept = headers.filter(
      ([name, value]) =>
        !notAgain.test(name) &&
        !(name === 'accept' && /\*\/\*|text\/html/.test(value)) &&
        !(name === 'content-type' && (body.kind !== 'text' || isTyped(body))),
    );
    if (kept.length === 0) return [];
    const lines = kept.map(
      ([name, value]) => `${keyCode(name)}: ${textCode(this.#text(value, { name, kind: 'header' }))}`,
    );
    return [`headers: { ${lines.join(', ')} }`];
  }

  #body({ body }: Exchange): string[] {
    if (body.kind !== 'text') return [];
    const json = jsonOf(body.text);
    if (isObject(json) && !isForm(body.type)) return [`data: ${this.#json(json, 'body')}`];
    if (isForm(body.type) && hasTwice(body.text)) return [`data: ${textCode(this.#pairs(body.text))}`];
    if (isForm(body.type))
      return [
        `form: { ${[...new URLSearchParams(body.text)].map(([name, value]) => this.#field(name, value)).join(', ')} }`,
      ];
    const masked = maskBody(body.text);
    return [
      `data: ${masked === body.text ? textCode(this.#words(body.text, { name: 'body', kind: 'json' })) : literal(masked)}`,
    ];
  }

  #field(name: string, value: string): string {
    return `${this.#key(name)}: ${textCode(this.#text(value, { name, kind: 'form' }))}`;
  }

  #json(value: unknown, name: string): string {
    if (typeof value === 'string') return textCode(this.#text(value, { name, kind: 'json' }));
    if (Array.isArray(value)) return `[${value.map((each: unknown) => this.#json(each, name)).join(', ')}]`;
    if (typeof value === 'object' && value !== null) {
      const fields = Object.entries(value).map(([key, each]) => `${this.#key(key)}: ${this.#json(each, key)}`);
      return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    }
    return typeof value === 'number' ? this.#number(value, name) : String(value);
  }

  /** Also a name may be an id or a token: an object that holds something for each of them. */
  #key(key: string): string {
    const { known, madeUp } = this.#parts;
    const variable =
      known.variableOf(key, false) ??
      (maskText(key) !== key ? madeUp.given(key, 'key secret') : isUuid(key) ? madeUp.fresh(key, 'key') : undefined);
    return variable === undefined ? keyCode(key) : `[${variable}]`;
  }

  #number(value: number, name: string): string {
    const text = String(value);
    const variable = this.#parts.known.variableOf(text, isIdName(name));
    if (variable !== undefined) return `Number(${variable})`;
    if (isSecretName(name, 'field') && !isPlainValue(name, text, true))
      return `Number(${this.#parts.madeUp.given(text, name)})`;
    this.#parts.known.wasSent(text);
    return text;
  }

  /** A text as a whole, or the parts of it that are known, secret, or made anew. */
  #text(value: string, place: Place): Piece[] {
    const { known, madeUp } = this.#parts;
    const { name, kind } = place;
    if (value === '') return [''];
    const variable = known.variableOf(value, kind === 'path' || isIdName(name));
    if (variable !== undefined) return [{ code: variable }];
    const [, scheme, credentials] =
      (kind === 'header' && /^(Bearer|Basic|Token|ApiKey) (\S+)$/i.exec(value)) || ([] as undefined[]);
    if (scheme !== undefined && credentials !== undefined)
      return [
        `${scheme} `,
        ...this.#secret(credentials, `${scheme} ${scheme.toLowerCase() === 'basic' ? 'credentials' : 'token'}`),
      ];
    const isSecret = kind !== 'path' && isSecretName(name, placeOf(kind)) && !isPlainValue(name, value, false);
    if (isSecret || maskText(value) !== value) return this.#secret(value, kind === 'path' ? `${name} secret` : name);
    if (isUuid(value)) return [{ code: kind === 'path' ? madeUp.given(value, name) : madeUp.fresh(value, name) }];
    return this.#words(value, place);
  }

  #secret(value: string, words: string): Piece[] {
    const { known, madeUp } = this.#parts;
    return [{ code: known.variableOf(value, false) ?? madeUp.given(value, words) }];
  }

  /** Words of a longer text, of which some may be known. */
  #words(value: string, place: Place): Piece[] {
    const { known } = this.#parts;
    const pieces = value.split(/([\w.-]{5,})/).map((word, at): Piece => {
      if (at % 2 === 0) return word;
      const variable = known.variableOf(word, false) ?? this.#madeUp(word, { value, place });
      if (variable === undefined) known.wasSent(word);
      return variable === undefined ? word : { code: variable };
    });
    if (pieces.some((piece) => typeof piece === 'string' && piece !== '')) known.wasSent(value);
    return pieces;
  }

  /** Of a word that no answer has given; undefined where it is one that everybody may send. */
  #madeUp(word: string, { value, place }: { readonly value: string; readonly place: Place }): string | undefined {
    const { name } = place;
    if (isUuid(word)) return this.#parts.madeUp.fresh(word, name);
    if (!isOfElsewhere(word, value, place)) return undefined;
    return this.#parts.madeUp.given(word, isIdName(name) ? name : `${name} id`); // `path` alone would be that of the machine
  }
}

/** An id that was there before the recording; what a query says in JSON is like a body. */
function isOfElsewhere(word: string, value: string, { kind, name }: Place): boolean {
  if (kind === 'path') return looksLikeId(word) && !isStaticFile(word);
  if (kind !== 'query' || /[\s{["<]/.test(value)) return false;
  return looksLikeId(word) && (isIdName(name) || !isMoment(word));
}

function isIdName(name: string): boolean {
  return /(?:^|[_\s-])ids?$|[a-z]Ids?$/.test(name);
}

function placeOf(kind: Place['kind']): NamePlace {
  return kind === 'json' ? 'field' : 'parameter';
}

function isForm(type: string): boolean {
  return /^application\/x-www-form-urlencoded/i.test(type);
}

function hasTwice(text: string): boolean {
  const names = [...new URLSearchParams(text).keys()];
  return new Set(names).size < names.length;
}

type TextBody = Extract<Exchange['body'], { kind: 'text' }>;

/** The request context says the type by itself. */
function isTyped({ type, text }: TextBody): boolean {
  if (isForm(type)) return !hasTwice(text);
  return /^application\/json(?:;\s*charset=utf-8)?$/i.test(type) && isObject(jsonOf(text));
}

/** Value by value, so that nothing of it has to be masked. */
function isWritten({ type, text }: TextBody): boolean {
  return isForm(type) || isObject(jsonOf(text));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no UTF-8: it is sent as it is
  }
}

/** Undefined for what is no JSON, lies too deep to be written down, or has numbers that JavaScript has not. */
function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return depthOf(value) > deepest || !isExact(value) ? undefined : value;
  } catch {
    return undefined; // another kind of body
  }
}

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > deepest) return depth;
  return Object.values(value).reduce((most: number, each) => Math.max(most, depthOf(each, depth + 1)), depth + 1);
}

/** An id of 20 digits would be another one as a number, and `1e400` no number at all. */
function isExact(value: unknown): boolean {
  if (isObject(value)) return Object.values(value).every(isExact);
  return typeof value !== 'number' || (Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
