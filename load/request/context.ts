/**
 * Playwright's `APIRequestContext`, built for load: the same methods, options and errors on undici's connections, no
 * test step, no trace and no log per request, and a sample of every call for whoever measures.
 */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { APIRequestContext, Request } from '@playwright/test';
import { abortFailure, Call, type CallHost, type CallParts } from './call.ts';
import { baseHeaders, requestHeaders } from './context-headers.ts';
import { CookieJar, type CookieFilter, type NewCookie, type StoredCookie } from './cookie-jar.ts';
import { HttpCredentials } from './credentials.ts';
import { Deadlines } from './deadlines.ts';
import { callerError, requestError, TargetClosedError } from './errors.ts';
import { setHeader, type HeaderList } from './header-list.ts';
import type { Lane } from './lane.ts';
import { noTracing } from './no-tracing.ts';
import { payloadOf } from './payload.ts';
import { createPool, type ConnectionPool } from './pool.ts';
import {
  checkContextOptions,
  checkRequestOptions,
  defaultRequestOptions,
  type FetchOptions,
  type RequestContextOptions,
  type RequestOptions,
} from './request-options.ts';
import { RequestResponse, type Json } from './response.ts';
import { Routes } from './routes.ts';
import { Targets, type Target } from './target.ts';

type StorageState = Awaited<ReturnType<APIRequestContext['storageState']>>;

type CallDefaults = Omit<CallParts, 'method' | 'target' | 'headers' | 'calledAtMs'>;

/** Methods beyond a token's letters are refused before anything is sent, as Node does (RFC 9110, 5.6.2). */
const methodToken = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export class RequestContext implements APIRequestContext {
  readonly tracing = noTracing();
  readonly #options: RequestContextOptions;
  readonly #pool: ConnectionPool;
  readonly #targets: Targets;
  readonly #baseHeaders: Readonly<HeaderList>;
  readonly #defaults: CallDefaults;
  readonly #cookies = new CookieJar();
  readonly #credentials: HttpCredentials;
  readonly #origins: StorageState['origins'];
  readonly #deadlines: Deadlines;
  readonly #host: CallHost;
  readonly #now: () => number;
  readonly #epochMs: number;
  #closeReason: string | undefined;

  /** Throws an `OptionsError` that lists all that is wrong with the options. */
  constructor(options: RequestContextOptions = {}) {
    checkContextOptions(options);
    const { baseURL, pool, http2 = false, now = () => performance.now(), onCall, onRequest, httpCredentials } = options;
    this.#options = options;
    this.#now = now;
    this.#epochMs = Date.now() - now();
    this.#pool = pool ?? createPool({ http2, now });
    this.#targets = new Targets(baseURL);
    this.#baseHeaders = baseHeaders(options);
    this.#defaults = callDefaults(options);
    this.#credentials = new HttpCredentials(httpCredentials);
    this.#deadlines = new Deadlines(now);
    const state = storageStateOf(options.storageState);
    this.#origins = state?.origins ?? [];
    this.#cookies.add(state?.cookies ?? []);
    const routes = new Routes(this.#pool, options);
    this.#host = {
      now,
      deadlines: this.#deadlines,
      cookies: this.#cookies,
      credentials: this.#credentials,
      onCall,
      onRequest,
      lane: (target: Target, insecure: boolean): Lane => routes.lane(target, insecure),
    };
  }

  get<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return this.#send('apiRequestContext.get', 'GET', url, options);
  }

  post<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return this.#send('apiRequestContext.post', 'POST', url, options);
  }

  put<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return this.#send('apiRequestContext.put', 'PUT', url, options);
  }

  patch<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return this.#send('apiRequestContext.patch', 'PATCH', url, options);
  }

  delete<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return this.#send('apiRequestContext.delete', 'DELETE', url, options);
  }

  head<T = Json>(url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    return this.#send('apiRequestContext.head', 'HEAD', url, options);
  }

  /** Also sends a `Request` again that a page made: its URL, method, headers and body, where the options say no other. */
  async fetch<T = Json>(urlOrRequest: string | Request, options: FetchOptions = {}): Promise<RequestResponse<T>> {
    const api = 'apiRequestContext.fetch';
    if (typeof urlOrRequest === 'string') {
      return this.#send(api, options.method?.toUpperCase() ?? 'GET', urlOrRequest, options);
    }
    const { form, multipart, headers = urlOrRequest.headers(), method = urlOrRequest.method() } = options;
    const own: unknown = options.data ?? form ?? multipart;
    const body = own === undefined ? urlOrRequest.postDataBuffer() : null;
    const asked = { ...options, headers, ...(body !== null && { data: body }) };
    return this.#send(api, method.toUpperCase(), urlOrRequest.url(), asked);
  }

  async cookies(urls: string | readonly string[] = []): Promise<StoredCookie[]> {
    return this.#cookies.list(typeof urls === 'string' ? [urls] : urls);
  }

  async addCookies(cookies: readonly NewCookie[]): Promise<void> {
    try {
      this.#cookies.add(cookies);
    } catch (error) {
      throw callerError('apiRequestContext.addCookies', error, '');
    }
  }

  async clearCookies(options: CookieFilter = {}): Promise<void> {
    this.#cookies.clear(options);
  }

  /** Cookies, and the origins' storage that the context was given: there is no page here that could change it. */
  async storageState(options: { indexedDB?: boolean; opfs?: boolean; path?: string } = {}): Promise<StorageState> {
    const state: StorageState = { cookies: this.#cookies.list([]), origins: this.#origins };
    if (options.path !== undefined) {
      await mkdir(dirname(options.path), { recursive: true });
      await writeFile(options.path, JSON.stringify(state, undefined, 2));
    }
    return state;
  }

  /** Calls under way reject with the reason, later ones too; a pool of the context's own is closed. */
  async dispose(options: { reason?: string } = {}): Promise<void> {
    if (this.#closeReason !== undefined) return;
    const reason = options.reason ?? 'Request context disposed.';
    this.#closeReason = options.reason ?? 'Target page, context or browser has been closed';
    for (const due of this.#deadlines.drain()) if (due instanceof Call) due.close(reason);
    if (this.#options.pool === undefined) await this.#pool.close(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  async #send<T>(api: string, method: string, url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    const calledAtMs = this.#now();
    try {
      const parts = await this.#parts(method, url, options, calledAtMs);
      const answer = await new Call(this.#host, parts).run();
      if (options?.failOnStatusCode ?? this.#options.failOnStatusCode) throwOnStatus(answer.hop, answer.body);
      return new RequestResponse<T>(answer, this.#epochMs);
    } catch (error) {
      throw callerError(api, error, `${method} ${url}`);
    }
  }

  #parts(
    method: string,
    url: string,
    options: RequestOptions | undefined,
    calledAtMs: number,
  ): CallParts | Promise<CallParts> {
    if (this.#closeReason !== undefined) throw new TargetClosedError(this.#closeReason);
    if (!methodToken.test(method)) {
      const message = `Method must be a valid HTTP token ["${method}"]`;
      throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_HTTP_TOKEN' });
    }
    const target = this.#targets.resolve(url, options?.params);
    if (options === undefined) {
      const headers = requestHeaders(this.#baseHeaders, undefined, target, this.#credentials);
      // Written out, since a spread here is a tenth of a request's time.
      const { body, name, timeoutMs, maxRedirects, maxRetries, insecure, signal } = this.#defaults;
      return { method, target, headers, body, name, timeoutMs, maxRedirects, maxRetries, insecure, signal, calledAtMs };
    }
    checkRequestOptions(options);
    if (options.signal?.aborted === true) throw abortFailure(options.signal.reason);
    const common = requestHeaders(this.#baseHeaders, options.headers, target, this.#credentials);
    const parts = { ...this.#defaults, ...given(options), method, target, headers: common, calledAtMs };
    if (!hasBody(options)) return parts;
    // The body's headers are added to a list of this call's own.
    const headers = [...common];
    const body = payloadOf(options, headers);
    if (body === undefined) return parts;
    return Buffer.isBuffer(body) ? withBody(parts, headers, body) : body.then((read) => withBody(parts, headers, read));
  }
}

function hasBody({ form, multipart, ...rest }: RequestOptions): boolean {
  const data: unknown = rest.data;
  return data !== undefined || form !== undefined || multipart !== undefined;
}

function withBody(parts: CallParts, headers: HeaderList, body: Buffer): CallParts {
  setHeader(headers, 'content-length', String(body.length));
  return { ...parts, headers, body };
}

/** What one call says for itself. */
function given({
  name,
  signal,
  timeout,
  maxRedirects,
  maxRetries,
  ignoreHTTPSErrors,
}: RequestOptions): Partial<CallParts> {
  return {
    name,
    signal,
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(maxRedirects !== undefined && { maxRedirects: maxRedirects === 0 ? -1 : maxRedirects }),
    ...(maxRetries !== undefined && { maxRetries }),
    ...(ignoreHTTPSErrors === true && { insecure: true }),
  };
}

/** What a context's calls do unless they say otherwise. */
function callDefaults({ timeout, maxRedirects, ignoreHTTPSErrors }: RequestContextOptions): CallDefaults {
  const redirects = maxRedirects ?? defaultRequestOptions.maxRedirects;
  return {
    body: undefined,
    name: undefined,
    timeoutMs: timeout ?? defaultRequestOptions.timeoutMs,
    maxRedirects: redirects === 0 ? -1 : redirects,
    maxRetries: defaultRequestOptions.maxRetries,
    insecure: ignoreHTTPSErrors === true,
    signal: undefined,
  };
}

function storageStateOf(option: RequestContextOptions['storageState']): Partial<StorageState> | undefined {
  return typeof option === 'string' ? (JSON.parse(readFileSync(option, 'utf8')) as Partial<StorageState>) : option;
}

/** Characters of a response that a failed status shows. */
const shownChars = 1_000;

function throwOnStatus({ status, statusText }: { status: number; statusText: string }, body: Buffer): void {
  if (status >= 200 && status < 400) return;
  const text = body.toString('utf8');
  const shown = text.length > shownChars ? `${text.slice(0, shownChars - 3)}...` : text;
  throw requestError(new Error(`${status} ${statusText}${text === '' ? '' : `\nResponse text:\n${shown}`}`));
}
