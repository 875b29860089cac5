/** Makes what a call needs to run out of its options and its context's. */
import type { CallParts } from './call-parts.ts';
import { baseHeaders, requestHeaders } from './context-headers.ts';
import type { HttpCredentials } from './credentials.ts';
import { show } from '../measure/units.ts';
import { OptionsError } from '../options-error.ts';
import { abortError } from './errors.ts';
import { setHeader, type HeaderList } from './header-list.ts';
import { operationIn } from './operation.ts';
import { hasPayload, payloadOf } from './payload.ts';
import {
  checkRequestOptions,
  checkRequestTypes,
  defaultRequestOptions,
  patienceOf,
  type RequestContextOptions,
  type RequestOptions,
} from './request-options.ts';
import { Targets } from './target.ts';

/** Methods beyond a token's letters are refused before anything is sent, as Node does (RFC 9110, 5.6.2). */
const methodToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly options: RequestOptions | null | undefined;
  readonly calledAtMs: number;
}

const none: RequestOptions = {};

/** What the parts are before the body and its headers are there. */
type Bodiless = Omit<CallParts, 'headers' | 'body'>;

export class CallMaker {
  readonly #targets: Targets;
  readonly #credentials: HttpCredentials;
  readonly #headers: Readonly<HeaderList>;
  /** Of calls that say no other. */
  readonly timeoutMs: number;
  readonly #maxRedirects: number;
  readonly #insecure: boolean;
  readonly #retryAfterMs: number | undefined;
  readonly #discardBody: boolean;

  constructor(options: RequestContextOptions, credentials: HttpCredentials) {
    this.#targets = new Targets(options.baseURL);
    this.#credentials = credentials;
    this.#headers = baseHeaders(options);
    this.timeoutMs = options.timeout ?? defaultRequestOptions.timeoutMs;
    this.#maxRedirects = options.maxRedirects ?? defaultRequestOptions.maxRedirects;
    this.#insecure = options.ignoreHTTPSErrors === true;
    this.#retryAfterMs = patienceOf(options.retryAfter);
    this.#discardBody = options.discardBody === true;
  }

  /**
   * Options that are `null` were not given, as in Playwright. A promise only when `multipart` has to be read. Throws what
   * Playwright throws for a wrong option or URL.
   */
  make({ method, url, options: given, calledAtMs }: Asked): CallParts | Promise<CallParts> {
    checkPlace(method, url);
    const options = given ?? none;
    const target = this.#targets.resolve(url, options.params ?? undefined);
    if (options !== none) check(options);
    const headers = requestHeaders(this.#headers, options.headers ?? undefined, target, this.#credentials);
    const bodiless: Bodiless = {
      method,
      target,
      name: options.name ?? undefined,
      tags: options.tags ?? undefined,
      operation: operationIn(method, options.data),
      timeoutMs: options.timeout ?? this.timeoutMs,
      maxRedirects: followed(options.maxRedirects ?? this.#maxRedirects),
      maxRetries: options.maxRetries ?? defaultRequestOptions.maxRetries,
      insecure: this.#insecure || options.ignoreHTTPSErrors === true,
      retryAfterMs: patienceOf(options.retryAfter, this.#retryAfterMs),
      discardBody: options.discardBody ?? this.#discardBody,
      signal: options.signal ?? undefined,
      calledAtMs,
    };
    return options !== none ? withPayload(bodiless, headers, options) : whole(bodiless, headers, undefined);
  }
}

function withPayload(
  bodiless: Bodiless,
  common: Readonly<HeaderList>,
  options: RequestOptions,
): CallParts | Promise<CallParts> {
  if (!hasPayload(options)) return whole(bodiless, common, undefined);
  // The body's headers are added to a list of this call's own.
  const headers = [...common];
  const body = payloadOf(options, headers);
  return body instanceof Promise ? body.then((read) => whole(bodiless, headers, read)) : whole(bodiless, headers, body);
}

/** Written out, since a spread here took a tenth of a request's time. */
function whole(parts: Bodiless, headers: Readonly<HeaderList>, body: Buffer | undefined): CallParts {
  const { method, target, name, tags, operation, timeoutMs, maxRedirects, maxRetries, insecure, signal, calledAtMs } =
    parts;
  const { retryAfterMs, discardBody } = parts;
  const sent = body === undefined ? headers : withLength(headers, body);
  return {
    method,
    target,
    headers: sent,
    body,
    name,
    tags,
    operation,
    timeoutMs,
    maxRedirects,
    maxRetries,
    insecure,
    retryAfterMs,
    discardBody,
    signal,
    calledAtMs,
  };
}

function withLength(headers: Readonly<HeaderList>, body: Buffer): HeaderList {
  const list = [...headers];
  setHeader(list, 'content-length', String(body.length));
  return list;
}

/** What TypeScript would have refused: a row without the field, as `get(row.url)`. */
function checkPlace(method: unknown, url: unknown): void {
  if (typeof url !== 'string') throw new Error('First argument must be either URL string or Request');
  if (typeof method !== 'string') throw new OptionsError([`\`method\` must be a text, got ${show(method)}`]);
  if (methodToken.test(method)) return;
  const message = `Method must be a valid HTTP token ["${method}"]`;
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_HTTP_TOKEN' });
}

function check(options: RequestOptions): void {
  checkRequestOptions(options);
  checkRequestTypes(options);
  if (options.signal?.aborted) throw abortError(options.signal.reason);
}

/** 0 means that a redirect is itself the response, which is less than to follow none and fail. */
function followed(maxRedirects: number): number {
  return maxRedirects === 0 ? -1 : maxRedirects;
}
