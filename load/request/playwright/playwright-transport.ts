/**
 * Playwright's own request context, told of in the same samples as ours: for those who would rather have its traces and
 * steps than speed. What Playwright doesn't tell (bytes on the wire) is as near as its headers come.
 */
import { performance } from 'node:perf_hooks';
import type { APIRequestContext, APIResponse, Request } from '@playwright/test';
import { answered, failed, type Asked } from './playwright-sample.ts';
import {
  checkRequestOptions,
  type FetchOptions,
  type RequestOptions,
  unknownToPlaywright,
} from '../request-options.ts';
import type { Json } from '../response.ts';
import type { AskCallSite, IsForgotten, OnCall, OnRefused, OnRequest } from '../sample.ts';
import { Targets } from '../target.ts';
import { sendCounted } from '../uncounted.ts';

export interface PlaywrightTransportParts {
  readonly context: APIRequestContext;
  readonly onRequest: OnRequest;
  readonly onCall?: OnCall;
  readonly callSite?: AskCallSite;
  readonly isForgotten?: IsForgotten;
  readonly onRefused?: OnRefused;
  /** What the context resolves relative URLs against; without it a sample's URL is the response's, or as asked. */
  readonly baseURL?: string | undefined;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

type Fetched<T> = Promise<APIResponse<T>>;
type Cookies = Parameters<APIRequestContext['addCookies']>[0];

export class PlaywrightTransport implements APIRequestContext {
  readonly tracing: APIRequestContext['tracing'];
  readonly #context: APIRequestContext;
  readonly #onRequest: OnRequest;
  readonly #onCall: OnCall | undefined;
  readonly #callSite: AskCallSite | undefined;
  readonly #isForgotten: IsForgotten | undefined;
  readonly #onRefused: OnRefused | undefined;
  #isDisposed = false;
  readonly #targets: Targets;
  readonly #now: () => number;

  constructor(parts: PlaywrightTransportParts) {
    const {
      context,
      onRequest,
      onCall,
      callSite,
      isForgotten,
      onRefused,
      baseURL,
      now = () => performance.now(),
    } = parts;
    this.tracing = context.tracing;
    this.#context = context;
    this.#onRequest = onRequest;
    this.#onCall = onCall;
    this.#callSite = callSite;
    this.#isForgotten = isForgotten;
    this.#onRefused = onRefused;
    this.#targets = new Targets(baseURL);
    this.#now = now;
  }

  get<T = Json>(url: string, options: RequestOptions = {}): Fetched<T> {
    return this.#measure({ method: 'GET', url, options }, (rest) => this.#context.get<T>(url, rest));
  }

  post<T = Json>(url: string, options: RequestOptions = {}): Fetched<T> {
    return this.#measure({ method: 'POST', url, options }, (rest) => this.#context.post<T>(url, rest));
  }

  put<T = Json>(url: string, options: RequestOptions = {}): Fetched<T> {
    return this.#measure({ method: 'PUT', url, options }, (rest) => this.#context.put<T>(url, rest));
  }

  patch<T = Json>(url: string, options: RequestOptions = {}): Fetched<T> {
    return this.#measure({ method: 'PATCH', url, options }, (rest) => this.#context.patch<T>(url, rest));
  }

  delete<T = Json>(url: string, options: RequestOptions = {}): Fetched<T> {
    return this.#measure({ method: 'DELETE', url, options }, (rest) => this.#context.delete<T>(url, rest));
  }

  head<T = Json>(url: string, options: RequestOptions = {}): Fetched<T> {
    return this.#measure({ method: 'HEAD', url, options }, (rest) => this.#context.head<T>(url, rest));
  }

  fetch<T = Json>(urlOrRequest: string | Request, options: FetchOptions = {}): Fetched<T> {
    const isUrl = typeof urlOrRequest === 'string';
    const url = isUrl ? urlOrRequest : urlOrRequest.url();
    const method = options.method?.toUpperCase() ?? (isUrl ? 'GET' : urlOrRequest.method());
    return this.#measure({ method, url, options }, (rest) => this.#context.fetch<T>(urlOrRequest, rest));
  }

  addCookies(cookies: Cookies): Promise<void> {
    return this.#context.addCookies(cookies);
  }

  cookies(urls?: string | readonly string[]): ReturnType<APIRequestContext['cookies']> {
    return this.#context.cookies(urls);
  }

  clearCookies(options?: Parameters<APIRequestContext['clearCookies']>[0]): Promise<void> {
    return this.#context.clearCookies(options);
  }

  storageState(
    options?: Parameters<APIRequestContext['storageState']>[0],
  ): ReturnType<APIRequestContext['storageState']> {
    return this.#context.storageState(options);
  }

  dispose(options?: { reason?: string }): Promise<void> {
    this.#isDisposed = true;
    return this.#context.dispose(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }

  #absolute({ url, options }: Asked): string | undefined {
    try {
      return this.#targets.resolve(url, options.params).href;
    } catch {
      return undefined; // Playwright says why
    }
  }

  async #measure<T>(
    asked: Asked,
    send: (options: Omit<FetchOptions, keyof OwnOptions | 'name'>) => Fetched<T>,
  ): Fetched<T> {
    const { name, retryAfter, discardBody, ...rest } = asked.options;
    const url = this.#absolute(asked);
    const calledAtMs = this.#now();
    const epochMs = Date.now() - calledAtMs;
    refuseOwn({ retryAfter, discardBody }, this.#onRefused);
    const tag = isRight(rest) ? this.#onCall?.(calledAtMs, this.#callSite?.()) : undefined;
    try {
      const response = await sendCounted(() => send(rest));
      this.#onRequest(answered(response, { asked, url, name, tag, calledAtMs, epochMs, resolvedAtMs: this.#now() }));
      return response;
    } catch (error) {
      const sample =
        isRight(rest) && failed(error, { asked, url, name, tag, calledAtMs, epochMs, resolvedAtMs: this.#now() });
      if (sample) this.#onRequest(sample);
      else this.#onRefused?.(error);
      if (this.#isDisposed && this.#isForgotten?.(tag) === true) return new Promise<never>(() => undefined);
      throw error;
    }
  }
}

type OwnOptions = Pick<RequestOptions, 'retryAfter' | 'discardBody'>;

/** What Playwright would pass over without a word. */
function refuseOwn(own: Readonly<Record<keyof OwnOptions, unknown>>, onRefused: OnRefused | undefined): void {
  const error = unknownToPlaywright(own);
  if (error === undefined) return;
  onRefused?.(error);
  throw error;
}

function isRight(options: RequestOptions): boolean {
  try {
    checkRequestOptions(options);
    return true;
  } catch {
    return false; // Playwright has said so already
  }
}
