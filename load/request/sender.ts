/**
 * What a request context works with: connections, cookies, credentials and the calls under way. It is apart from
 * `RequestContext`, which people wrap in a `Proxy` or copy: private fields there would be out of a wrapper's reach.
 */
import { performance } from 'node:perf_hooks';
import { Call, type CallHost } from './call.ts';
import { CallMaker } from './call-maker.ts';
import type { Lane } from './connections/lane.ts';
import { CookieJar } from './cookie-jar.ts';
import { HttpCredentials } from './credentials.ts';
import { Deadlines } from './deadlines.ts';
import { callerError, requestError, TargetClosedError } from './errors.ts';
import { createPool, type ConnectionPool } from './pool.ts';
import {
  checkContextOptions,
  defaultRequestOptions,
  type RequestContextOptions,
  type RequestOptions,
} from './request-options.ts';
import { RequestResponse } from './response.ts';
import { Routes } from './routes.ts';
import type { Target } from './target.ts';
import { isCounted, tellUncounted } from './uncounted.ts';

export class RequestSender {
  readonly cookies = new CookieJar();
  readonly #options: RequestContextOptions;
  readonly #pool: ConnectionPool;
  readonly #maker: CallMaker;
  readonly #deadlines: Deadlines;
  readonly #host: CallHost;
  readonly #now: () => number;
  readonly #epochMs: number;
  /** Whether a load has its calls in its books. */
  readonly #isCounted: boolean;
  #closeReason: string | undefined;

  constructor(options: RequestContextOptions) {
    checkContextOptions(options);
    const { pool, http2 = false, now = () => performance.now() } = options;
    const { onCall, onRequest, isForgotten, httpCredentials, resend = defaultRequestOptions.resend } = options;
    this.#options = options;
    this.#now = now;
    this.#epochMs = wallClockMs() - now();
    this.#isCounted = isCounted(onCall);
    this.#pool = pool ?? createPool({ http2, now });
    const credentials = new HttpCredentials(httpCredentials);
    this.#maker = new CallMaker(options, credentials);
    this.#deadlines = new Deadlines(now);
    const routes = new Routes(this.#pool, options);
    this.#host = {
      now,
      deadlines: this.#deadlines,
      cookies: this.cookies,
      credentials,
      onCall,
      onRequest,
      isForgotten,
      resend,
      epochMs: this.#epochMs,
      lane: (target: Target, insecure: boolean, host: string | undefined): Lane => routes.lane(target, insecure, host),
    };
  }

  async send<T>(api: string, method: string, url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
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

  /** Calls under way reject with the reason, later ones too; a pool of the context's own is closed. */
  async close(reason: string | undefined): Promise<void> {
    if (this.#closeReason !== undefined) return;
    const told = reason ?? 'Request context disposed.';
    this.#closeReason = reason ?? 'Target page, context or browser has been closed';
    for (const due of this.#deadlines.drain()) if (due instanceof Call) due.close(told);
    if (this.#options.pool === undefined) await this.#pool.close(told);
  }

  #refuseIfClosed(): void {
    if (this.#closeReason !== undefined) throw new TargetClosedError(this.#closeReason);
  }
}

/** Finer than a millisecond, and that of `Date` where the machine's clock has been set since the process began. */
function wallClockMs(): number {
  const fineMs = performance.timeOrigin + performance.now();
  const wholeMs = Date.now();
  return Math.abs(fineMs - wholeMs) < 2 ? fineMs : wholeMs;
}

/** Characters of a response that a failed status shows. */
const shownChars = 1_000;

function throwOnStatus({ status, statusText }: { status: number; statusText: string }, body: Buffer): void {
  if (status >= 200 && status < 400) return;
  const text = body.toString('utf8');
  const shown = text.length > shownChars ? `${text.slice(0, shownChars - 3)}...` : text;
  throw requestError(new Error(`${status} ${statusText}${text === '' ? '' : `\nResponse text:\n${shown}`}`));
}
