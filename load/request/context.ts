/**
 * Playwright's `APIRequestContext`, built for load: the same methods, options and errors on connections of
 * our own, no test step, no trace and no log per request, and a sample of every call for whoever measures.
 */
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { APIRequestContext, Request } from '@playwright/test';
import { Call, type CallHost } from './call.ts';
import { CallMaker } from './call-maker.ts';
import { CookieJar, type CookieFilter, type NewCookie, type StoredCookie } from './cookie-jar.ts';
import { HttpCredentials } from './credentials.ts';
import { Deadlines } from './deadlines.ts';
import { callerError, requestError, TargetClosedError } from './errors.ts';
import type { Lane } from './connections/lane.ts';
import { noTracing } from './no-tracing.ts';
import { hasPayload } from './payload.ts';
import { createPool, type ConnectionPool } from './pool.ts';
import {
  checkContextOptions,
  type FetchOptions,
  type RequestContextOptions,
  type RequestOptions,
} from './request-options.ts';
import { RequestResponse, type Json } from './response.ts';
import { Routes } from './routes.ts';
import type { Target } from './target.ts';
import { isCounted, tellUncounted } from './uncounted.ts';

type StorageState = Awaited<ReturnType<APIRequestContext['storageState']>>;

export class RequestContext implements APIRequestContext {
  readonly tracing = noTracing();
  readonly #options: RequestContextOptions;
  readonly #pool: ConnectionPool;
  readonly #maker: CallMaker;
  readonly #cookies = new CookieJar();
  readonly #origins: StorageState['origins'];
  readonly #deadlines: Deadlines;
  readonly #host: CallHost;
  readonly #now: () => number;
  readonly #epochMs: number;
  /** Whether a load has its calls in its books. */
  readonly #isCounted: boolean;
  #closeReason: string | undefined;

  /** Throws an `OptionsError` that lists all that is wrong with the options. */
  constructor(options: RequestContextOptions = {}) {
    checkContextOptions(options);
    const {
      pool,
      http2 = false,
      now = () => performance.now(),
      onCall,
      onRequest,
      isForgotten,
      httpCredentials,
    } = options;
    this.#options = options;
    this.#now = now;
    this.#epochMs = Date.now() - now();
    this.#isCounted = isCounted(onCall);
    this.#pool = pool ?? createPool({ http2, now });
    const credentials = new HttpCredentials(httpCredentials);
    this.#maker = new CallMaker(options, credentials);
    this.#deadlines = new Deadlines(now);
    const state = storageStateOf(options.storageState);
    this.#origins = state?.origins ?? [];
    this.#cookies.add(state?.cookies ?? []);
    const routes = new Routes(this.#pool, options);
    this.#host = {
      now,
      deadlines: this.#deadlines,
      cookies: this.#cookies,
      credentials,
      onCall,
      onRequest,
      isForgotten,
      lane: (target: Target, insecure: boolean, host: string | undefined): Lane => routes.lane(target, insecure, host),
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
  async fetch<T = Json>(urlOrRequest: string | Request, given?: FetchOptions | null): Promise<RequestResponse<T>> {
    const api = 'apiRequestContext.fetch';
    const options = given ?? {};
    if (!isRequest(urlOrRequest)) return this.#send(api, methodOf(options, 'GET'), urlOrRequest, options);
    const headers = options.headers ?? urlOrRequest.headers();
    const body = hasPayload(options) ? null : urlOrRequest.postDataBuffer();
    const asked = { ...options, headers, ...(body !== null && { data: body }) };
    return this.#send(api, methodOf(options, urlOrRequest.method()), urlOrRequest.url(), asked);
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

  #refuseIfClosed(): void {
    if (this.#closeReason !== undefined) throw new TargetClosedError(this.#closeReason);
  }

  async #send<T>(api: string, method: string, url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    const calledAtMs = this.#now();
    const site = this.#options.callSite?.();
    let isRequest = false;
    try {
      this.#refuseIfClosed();
      const parts = await this.#maker.make({ method, url, options, calledAtMs });
      this.#refuseIfClosed(); // it may have been closed while a file of `multipart` was read
      if (!this.#isCounted) tellUncounted(method, parts.target.href);
      isRequest = true;
      const answer = await new Call(this.#host, parts, site).run();
      if (options?.failOnStatusCode ?? this.#options.failOnStatusCode) throwOnStatus(answer.hop, answer.body);
      return new RequestResponse<T>(answer, this.#epochMs);
    } catch (error) {
      if (!isRequest) this.#options.onRefused?.(error);
      throw callerError(api, error, `${method} ${url}`);
    }
  }
}

/** A page's request; what is neither that nor a URL is refused when it is sent. */
function isRequest(value: string | Request): value is Request {
  const given: unknown = value;
  return typeof given === 'object' && given !== null && 'postDataBuffer' in given;
}

/** No method, and an empty one, is the usual one, as in Playwright's; what is no text is refused when it is sent. */
function methodOf({ method }: { method?: unknown }, otherwise: string): string {
  if (method === undefined || method === '') return otherwise;
  return typeof method === 'string' ? method.toUpperCase() : ((method ?? otherwise) as string);
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
