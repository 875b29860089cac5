/**
 * Playwright's `APIRequestContext`, built for load: the same methods, options and errors on connections of
 * our own, no test step, no trace and no log per request, and a sample of every call for whoever measures.
 */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { APIRequestContext, Request } from '@playwright/test';
import type { NewCookie, StoredCookie } from './cookie.ts';
import type { CookieFilter } from './cookie-jar.ts';
import { callerError } from './errors.ts';
import { noTracing } from './no-tracing.ts';
import type { FetchOptions, RequestContextOptions, RequestOptions } from './request-options.ts';
import type { Json } from './load-response.ts';
import type { RequestResponse } from './response.ts';
import { hasPayload } from './payload.ts';
import { RequestSender } from './sender.ts';
import type { RequestStream } from './stream/request-stream.ts';
import type { StreamOptions } from './stream/stream-options.ts';

type StorageState = Awaited<ReturnType<APIRequestContext['storageState']>>;

/** Symbols, so that a wrapper and a copy reach what private fields would keep from them, and nobody else sees it. */
const sender = Symbol('sender');
const storedOrigins = Symbol('storedOrigins');

export class RequestContext implements APIRequestContext {
  readonly tracing = noTracing();
  readonly [sender]: RequestSender;
  readonly [storedOrigins]: StorageState['origins'];

  /** Throws an `OptionsError` that lists all that is wrong with the options; one that is `null` was not given. */
  constructor(options: RequestContextOptions = {}) {
    const given = withoutNulls(options);
    this[sender] = new RequestSender(given);
    const state = storageStateOf(given.storageState);
    this[storedOrigins] = state?.origins ?? [];
    this[sender].cookies.add(state?.cookies ?? []);
  }

  get<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return ask(this, waysOf.GET, url, options);
  }

  post<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return ask(this, waysOf.POST, url, options);
  }

  put<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return ask(this, waysOf.PUT, url, options);
  }

  patch<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return ask(this, waysOf.PATCH, url, options);
  }

  delete<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return ask(this, waysOf.DELETE, url, options);
  }

  head<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return ask(this, waysOf.HEAD, url, options);
  }

  /** Also sends a `Request` again that a page made: its URL, method, headers and body, where the options say no other. */
  async fetch<T = Json>(urlOrRequest: string | Request, given?: FetchOptions | null): Promise<RequestResponse<T>> {
    const api = 'apiRequestContext.fetch';
    const options = given ?? undefined;
    if (!isRequest(urlOrRequest)) return this[sender].send(api, methodOf(options, 'GET'), urlOrRequest, options);
    const asked = askedAgain(urlOrRequest, options);
    return this[sender].send(api, methodOf(options, urlOrRequest.method()), urlOrRequest.url(), asked);
  }

  /**
   * The events of an answer as they come. Throws an `OptionsError` for options that are wrong; the stream tells how it goes.
   */
  stream(url: string, options?: StreamOptions): RequestStream {
    return this[sender].stream(url, options);
  }

  async cookies(urls?: string | readonly string[]): Promise<StoredCookie[]> {
    return this[sender].cookies.list(typeof urls === 'string' ? [urls] : (urls ?? []));
  }

  async addCookies(cookies: readonly NewCookie[]): Promise<void> {
    try {
      this[sender].cookies.add(cookies);
    } catch (error) {
      throw callerError('apiRequestContext.addCookies', error, '');
    }
  }

  async clearCookies(options?: CookieFilter): Promise<void> {
    this[sender].cookies.clear(options ?? {});
  }

  /** Cookies, and the origins' storage that the context was given: there is no page here that could change it. */
  async storageState(options?: { indexedDB?: boolean; opfs?: boolean; path?: string }): Promise<StorageState> {
    const state: StorageState = { cookies: this[sender].cookies.list([]), origins: this[storedOrigins] };
    const path = options?.path ?? '';
    if (path !== '') {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, JSON.stringify(state, undefined, 2));
    }
    return state;
  }

  /** Calls under way reject with the reason, later ones too; connections of the context's own are closed. */
  async dispose(options?: { reason?: string }): Promise<void> {
    await this[sender].close(options?.reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** What a method is called in errors, and on the wire. */
interface Way {
  readonly api: string;
  readonly method: string;
}
const way = (method: string): Way => ({ api: `apiRequestContext.${method.toLowerCase()}`, method });
const waysOf = {
  GET: way('GET'),
  POST: way('POST'),
  PUT: way('PUT'),
  PATCH: way('PATCH'),
  DELETE: way('DELETE'),
  HEAD: way('HEAD'),
} as const;

const ownFetch: unknown = Reflect.get(RequestContext.prototype, 'fetch');

/** As in Playwright's, the other methods go by a `fetch` that somebody has put in its place, which may add a header or try again. */
function ask<T>(
  context: RequestContext,
  { api, method }: Way,
  url: string,
  options: RequestOptions | undefined,
): Promise<RequestResponse<T>> {
  if (context.fetch !== ownFetch) return context.fetch(url, { ...options, method });
  return context[sender].send(api, method, url, options);
}

/** A page's request as options, where those given say no other. */
function askedAgain(request: Request, options: FetchOptions | undefined): FetchOptions {
  const headers = options?.headers ?? request.headers();
  const body = hasPayload(options ?? {}) ? null : request.postDataBuffer();
  return { ...options, headers, ...(body !== null && { data: body }) };
}

function withoutNulls<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as T;
}

/** A page's request; what is neither that nor a URL is refused when it is sent. */
function isRequest(value: string | Request): value is Request {
  const given: unknown = value;
  return typeof given === 'object' && given !== null && 'postDataBuffer' in given;
}

/** No method, and an empty one, is the usual one, as in Playwright's; what is no text is refused when it is sent. */
function methodOf({ method }: { method?: unknown } = {}, otherwise: string): string {
  if (method === undefined || method === '') return otherwise;
  return typeof method === 'string' ? method.toUpperCase() : ((method ?? otherwise) as string);
}

function storageStateOf(option: RequestContextOptions['storageState']): Partial<StorageState> | undefined {
  return typeof option === 'string' ? (JSON.parse(readFileSync(option, 'utf8')) as Partial<StorageState>) : option;
}
