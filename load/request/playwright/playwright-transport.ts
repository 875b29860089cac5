/**
 * Playwright's own request context, told of in the same samples as ours: for those who would rather have its traces and
 * steps than speed. What Playwright doesn't tell (bytes on the wire) is as near as its headers come.
 */
import type { APIRequestContext, Request } from '@playwright/test';
import type { CookieFilter } from '../cookie-jar.ts';
import type { NewCookie, StoredCookie } from '../cookie.ts';
import type { Json } from '../load-response.ts';
import { OptionsError } from '../../options-error.ts';
import { PlaywrightMeasuring, type Fetched, type PlaywrightTransportParts } from './playwright-measuring.ts';
import type { FetchOptions, RequestOptions } from '../request-options.ts';

/** A symbol, so that a wrapper and a copy reach what a private field would keep from them. */
const measuring = Symbol('measuring');

export class PlaywrightTransport implements APIRequestContext {
  readonly tracing: APIRequestContext['tracing'];
  readonly [measuring]: PlaywrightMeasuring;

  constructor(parts: PlaywrightTransportParts) {
    this.tracing = parts.context.tracing;
    this[measuring] = new PlaywrightMeasuring(parts);
  }

  get<T = Json>(url: string, options?: RequestOptions): Fetched<T> {
    if (this.fetch !== ownFetch) return this.fetch(url, { ...options, method: 'GET' });
    const asked = { method: 'GET', url, options: options ?? {} };
    return this[measuring].measure(asked, (rest) => this[measuring].context.get<T>(url, rest));
  }

  post<T = Json>(url: string, options?: RequestOptions): Fetched<T> {
    if (this.fetch !== ownFetch) return this.fetch(url, { ...options, method: 'POST' });
    const asked = { method: 'POST', url, options: options ?? {} };
    return this[measuring].measure(asked, (rest) => this[measuring].context.post<T>(url, rest));
  }

  put<T = Json>(url: string, options?: RequestOptions): Fetched<T> {
    if (this.fetch !== ownFetch) return this.fetch(url, { ...options, method: 'PUT' });
    const asked = { method: 'PUT', url, options: options ?? {} };
    return this[measuring].measure(asked, (rest) => this[measuring].context.put<T>(url, rest));
  }

  patch<T = Json>(url: string, options?: RequestOptions): Fetched<T> {
    if (this.fetch !== ownFetch) return this.fetch(url, { ...options, method: 'PATCH' });
    const asked = { method: 'PATCH', url, options: options ?? {} };
    return this[measuring].measure(asked, (rest) => this[measuring].context.patch<T>(url, rest));
  }

  delete<T = Json>(url: string, options?: RequestOptions): Fetched<T> {
    if (this.fetch !== ownFetch) return this.fetch(url, { ...options, method: 'DELETE' });
    const asked = { method: 'DELETE', url, options: options ?? {} };
    return this[measuring].measure(asked, (rest) => this[measuring].context.delete<T>(url, rest));
  }

  head<T = Json>(url: string, options?: RequestOptions): Fetched<T> {
    if (this.fetch !== ownFetch) return this.fetch(url, { ...options, method: 'HEAD' });
    const asked = { method: 'HEAD', url, options: options ?? {} };
    return this[measuring].measure(asked, (rest) => this[measuring].context.head<T>(url, rest));
  }

  fetch<T = Json>(urlOrRequest: string | Request, options?: FetchOptions): Fetched<T> {
    const isUrl = typeof urlOrRequest === 'string';
    const url = isUrl ? urlOrRequest : urlOrRequest.url();
    const method = (options?.method || (isUrl ? 'GET' : urlOrRequest.method())).toUpperCase();
    const asked = { method, url, options: options ?? {} };
    return this[measuring].measure(asked, (rest) => this[measuring].context.fetch<T>(urlOrRequest, rest));
  }

  /** Throws: Playwright has a response when it is whole. */
  stream(): never {
    return this[measuring].refuse(
      new OptionsError([
        "`stream` is not known to Playwright's own transport, which gives a response when it is whole",
      ]),
    );
  }

  async addCookies(cookies: readonly NewCookie[]): Promise<void> {
    return withCookies(this[measuring].context).addCookies(cookies);
  }

  async cookies(urls?: string | readonly string[]): Promise<StoredCookie[]> {
    return withCookies(this[measuring].context).cookies(urls);
  }

  async clearCookies(options?: CookieFilter): Promise<void> {
    return withCookies(this[measuring].context).clearCookies(options);
  }

  storageState(
    options?: Parameters<APIRequestContext['storageState']>[0],
  ): ReturnType<APIRequestContext['storageState']> {
    return this[measuring].context.storageState(options);
  }

  dispose(options?: { reason?: string }): Promise<void> {
    return this[measuring].dispose(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

type CookieMethods = Pick<APIRequestContext, 'addCookies' | 'cookies' | 'clearCookies'>;

/** Throws in an older Playwright, whose context has no way to its cookies but `storageState`. */
function withCookies(context: Partial<CookieMethods>): CookieMethods {
  if (context.cookies === undefined)
    throw new Error(
      "`cookies`, `addCookies` and `clearCookies` of `transport: 'playwright'` need Playwright 1.64 or newer: `storageState` reads cookies in any, and Playload's own transport has all of them",
    );
  return context as CookieMethods;
}

/** As in Playwright's, the other methods go by a `fetch` that somebody has put in its place. */
const ownFetch: unknown = Reflect.get(PlaywrightTransport.prototype, 'fetch');
