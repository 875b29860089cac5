/**
 * Playwright's own request context, told of in the same samples as ours: for those who would rather have its traces and
 * steps than speed. What Playwright doesn't tell (bytes on the wire) is as near as its headers come.
 */
import { performance } from 'node:perf_hooks';
import type { APIRequestContext, APIResponse, Request } from '@playwright/test';
import { codeOf, failureOf } from './failure.ts';
import { checkRequestOptions, type FetchOptions, type RequestOptions } from './request-options.ts';
import type { Json } from './response.ts';
import type { OnCall, OnRequest, RequestDetails, RequestFailure, RequestSample } from './sample.ts';

export interface PlaywrightTransportParts {
  readonly context: APIRequestContext;
  readonly onRequest: OnRequest;
  readonly onCall?: OnCall;
  /** What the context resolves relative URLs against; without it a sample's URL is the response's, or as asked. */
  readonly baseURL?: string | undefined;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

type Fetched<T> = Promise<APIResponse<T>>;
type Cookies = Parameters<APIRequestContext['addCookies']>[0];

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly options: RequestOptions;
}

export class PlaywrightTransport implements APIRequestContext {
  readonly tracing: APIRequestContext['tracing'];
  readonly #context: APIRequestContext;
  readonly #onRequest: OnRequest;
  readonly #onCall: OnCall | undefined;
  readonly #baseURL: string | undefined;
  readonly #now: () => number;

  constructor({ context, onRequest, onCall, baseURL, now = () => performance.now() }: PlaywrightTransportParts) {
    this.tracing = context.tracing;
    this.#context = context;
    this.#onRequest = onRequest;
    this.#onCall = onCall;
    this.#baseURL = baseURL;
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
    return this.#context.dispose(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.dispose();
  }

  #absolute(url: string): string | undefined {
    return URL.canParse(url, this.#baseURL) ? new URL(url, this.#baseURL).href : undefined;
  }

  async #measure<T>(asked: Asked, send: (options: Omit<FetchOptions, 'name'>) => Fetched<T>): Fetched<T> {
    const { name, ...rest } = asked.options;
    const url = this.#absolute(asked.url);
    const calledAtMs = this.#now();
    const epochMs = Date.now() - calledAtMs;
    const tag = isRight(rest) ? this.#onCall?.(calledAtMs) : undefined;
    try {
      const response = await send(rest);
      this.#onRequest(answered(response, { asked, url, name, tag, calledAtMs, epochMs, resolvedAtMs: this.#now() }));
      return response;
    } catch (error) {
      const sample =
        isRight(rest) && failed(error, { asked, url, name, tag, calledAtMs, epochMs, resolvedAtMs: this.#now() });
      if (sample) this.#onRequest(sample);
      throw error;
    }
  }
}

function isRight(options: RequestOptions): boolean {
  try {
    checkRequestOptions(options);
    return true;
  } catch {
    return false; // Playwright has said so already
  }
}

interface Moments {
  readonly asked: Asked;
  /** Absolute, if that is known. */
  readonly url: string | undefined;
  readonly name: string | undefined;
  readonly tag: unknown;
  readonly calledAtMs: number;
  /** From the monotonic clock to milliseconds since 1970. */
  readonly epochMs: number;
  readonly resolvedAtMs: number;
}

/**
 * Playwright's timing is exact within itself, but begins at a wall-clock millisecond: it is laid between the call and
 * its answer, so that durations are right and moments are off by a millisecond at most.
 */
function answered(
  response: APIResponse,
  { asked, url, name, tag, calledAtMs, epochMs, resolvedAtMs }: Moments,
): RequestSample {
  const timing = response.timing();
  const latestMs = resolvedAtMs - Math.max(timing.responseEnd, 0);
  const startedAtMs = Math.min(Math.max(timing.startTime - epochMs, calledAtMs), latestMs);
  const span = (from: number, to: number): number | undefined => (from < 0 || to < 0 ? undefined : to - from);
  const tcpEnd = timing.secureConnectionStart >= 0 ? timing.secureConnectionStart : timing.connectEnd;
  return {
    method: asked.method,
    url: url ?? response.url(),
    name,
    tag,
    calledAtMs,
    sentAtMs: startedAtMs + Math.max(timing.requestStart, 0),
    endedAtMs: startedAtMs + Math.max(timing.responseEnd, 0),
    status: response.status(),
    failure: undefined,
    dnsMs: span(timing.domainLookupStart, timing.domainLookupEnd),
    connectMs: span(timing.connectStart, tcpEnd),
    tlsMs: span(timing.secureConnectionStart, timing.connectEnd),
    waitingMs: span(timing.requestStart, timing.responseStart),
    receivingMs: span(timing.responseStart, timing.responseEnd),
    bytesSent: bytesOf(asked.options.data),
    bytesReceived: Number(response.headers()['content-length'] ?? 0),
    details: () => detailsOf(asked, response.headers()),
  };
}

/** A call that was never sent, for a wrong option or URL, is no request and yields no sample. */
function failed(
  error: unknown,
  { asked, url, name, tag, calledAtMs, resolvedAtMs }: Moments,
): RequestSample | undefined {
  if (!(error instanceof Error)) return undefined;
  const firstLine = (error.message.split('\n')[0] ?? '').replace(/^\w+\.\w+: /, '');
  const status = /^([45]\d\d) /.exec(firstLine)?.[1];
  const failure = status === undefined ? failureBy(error, firstLine) : undefined;
  if (status === undefined && failure === undefined) return undefined;
  return {
    method: asked.method,
    url: url ?? asked.url,
    name,
    tag,
    calledAtMs,
    sentAtMs: undefined,
    endedAtMs: resolvedAtMs,
    status: status === undefined ? undefined : Number(status),
    failure,
    dnsMs: undefined,
    connectMs: undefined,
    tlsMs: undefined,
    waitingMs: undefined,
    receivingMs: undefined,
    bytesSent: bytesOf(asked.options.data),
    bytesReceived: 0,
    details: () => detailsOf(asked, {}),
  };
}

const notSent = new Set(['ERR_INVALID_URL', 'ERR_INVALID_PROTOCOL', 'ERR_INVALID_HTTP_TOKEN', 'ERR_INVALID_CHAR']);

function failureBy(error: Error, message: string): RequestFailure | undefined {
  const code = codeOf(error);
  if (code !== undefined && notSent.has(code)) return undefined;
  if (error.name === 'TimeoutError') return { kind: 'timeout', code: undefined, message };
  if (error.name === 'AbortError' || error.constructor.name.startsWith('TargetClosedError')) {
    return { kind: 'aborted', code: undefined, message };
  }
  if (code !== undefined) return failureOf(Object.assign(new Error(message), { code }), 'sent');
  if (message === 'aborted') return { kind: 'body-cut-off', code: undefined, message };
  if (message.startsWith('Parse Error') || message.startsWith('failed to decompress')) {
    return { kind: 'malformed', code: undefined, message };
  }
  return { kind: message.startsWith('Failed after') ? 'reset' : 'other', code: undefined, message };
}

function bytesOf(data: unknown): number {
  if (data === undefined) return 0;
  if (Buffer.isBuffer(data)) return data.length;
  return Buffer.byteLength(typeof data === 'string' ? data : JSON.stringify(data));
}

function detailsOf({ options }: Asked, responseHeaders: Record<string, string>): RequestDetails {
  const data: unknown = options.data;
  return {
    requestHeaders: { ...options.headers },
    requestBody: data === undefined ? undefined : typeof data === 'string' ? data : JSON.stringify(data),
    responseHeaders,
    // Playwright hands bodies over asynchronously, and the caller may have disposed of it by then.
    responseBody: undefined,
  };
}
