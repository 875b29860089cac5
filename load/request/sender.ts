/**
 * What a request context works with: connections, cookies, credentials and the calls under way. It is apart from
 * `RequestContext`, which people wrap in a `Proxy` or copy: private fields there would be out of a wrapper's reach.
 */
import { setImmediate as laterTurn } from 'node:timers/promises';
import { Call } from './call.ts';
import type { Answer, CallHost, CallParts } from './call-parts.ts';
import { type Asked, CallMaker } from './call-maker.ts';
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
import { loadParsers } from './stream/event-parser.ts';
import { EventStream, type RequestStream } from './stream/request-stream.ts';
import { StreamCall } from './stream/stream-call.ts';
import { methodOfStream, requestOptionsOf, type StreamOptions, streamPlanOf } from './stream/stream-options.ts';
import type { Target } from './target.ts';
import { isCounted, tellUncounted } from './uncounted.ts';
import { epochOf } from './wall-clock.ts';

/** A call of a method of the context. */
interface Sending extends Asked {
  /** The method's name, for errors: `apiRequestContext.get`. */
  readonly api: string;
  readonly site: unknown;
}

export class RequestSender {
  readonly cookies: CookieJar;
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
    const {
      onCall,
      onRequest,
      onStream,
      isForgotten,
      httpCredentials,
      resend = defaultRequestOptions.resend,
    } = options;
    this.#options = options;
    this.cookies = options.cookies ?? new CookieJar();
    this.#now = now;
    this.#epochMs = epochOf(now());
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
      onStream,
      isForgotten,
      resend,
      traceparents: options.traceparents,
      epochMs: this.#epochMs,
      lane: (target: Target, insecure: boolean, host: string | undefined): Lane => routes.lane(target, insecure, host),
    };
  }

  /**
   * Makes one promise, as nearly all requests go well: in a test Node tells of each to Playwright's steps, which costs as
   * much as filing a request does.
   */
  send<T>(api: string, method: string, url: string, options?: RequestOptions): Promise<RequestResponse<T>> {
    const calledAtMs = this.#now();
    const sending: Sending = { api, method, url, options, calledAtMs, site: this.#options.callSite?.() };
    let parts: CallParts | Promise<CallParts>;
    try {
      this.#refuseIfClosed();
      parts = this.#maker.make(sending);
    } catch (error) {
      return this.#refused(error, sending);
    }
    return parts instanceof Promise ? this.#sendRead(parts, sending) : this.#call(parts, sending);
  }

  /** Throws what is wrong with its options or its URL; from then on the stream tells how it goes. */
  stream(url: string, given: StreamOptions | null | undefined): RequestStream {
    const options = given ?? {};
    const api = 'apiRequestContext.stream';
    const method = methodOfStream(options);
    const site = this.#options.callSite?.();
    const calledAtMs = this.#now();
    try {
      this.#refuseIfClosed();
      const plan = streamPlanOf(options, this.#maker.timeoutMs);
      const asked = requestOptionsOf(options, plan, this.#options.extraHTTPHeaders ?? undefined);
      const parts = this.#maker.make({ method, url, options: asked, calledAtMs });
      const stream = new EventStream({ api, place: `${method} ${url}` });
      const start = (whole: CallParts): void => {
        if (!this.#isCounted) tellUncounted(method, whole.target.href);
        new StreamCall(this.#host, whole, { plan, stream, site }).start();
      };
      loadParsers();
      if (parts instanceof Promise) void this.#startRead(parts, { stream, start, site });
      else start(parts);
      return stream;
    } catch (error) {
      this.#options.onRefused?.(error);
      const told = callerError(api, error, `${method} ${url}`);
      if (!(error instanceof TargetClosedError)) throw told;
      const closed = new EventStream({ api, place: `${method} ${url}` });
      void laterTurn().then(() => closed.outcome({ failure: told })); // as a request
      return closed;
    }
  }

  /** Once the files of `multipart` are read; never rejects. */
  async #startRead(
    reading: Promise<CallParts>,
    { stream, start, site }: { stream: EventStream; start: (parts: CallParts) => void; site: unknown },
  ): Promise<void> {
    const begins = this.#options.onPreparing?.(site);
    try {
      let parts: CallParts;
      try {
        parts = await reading;
      } finally {
        begins?.();
      }
      this.#refuseIfClosed();
      if (!stream.isClosed) start(parts);
    } catch (error) {
      this.#options.onRefused?.(error);
      stream.outcome({ failure: error instanceof Error ? error : new Error(String(error)) });
    }
  }

  /** Once the files of `multipart` are read. */
  async #sendRead<T>(reading: Promise<CallParts>, sending: Sending): Promise<RequestResponse<T>> {
    const begins = this.#options.onPreparing?.(sending.site);
    let parts: CallParts;
    try {
      parts = await reading;
      this.#refuseIfClosed(); // it may have been closed meanwhile
    } catch (error) {
      return await this.#refused(error, sending);
    } finally {
      begins?.();
    }
    return this.#call(parts, sending);
  }

  /** What was refused is no request. In a later turn: a loop that catches it and goes on would stop every timer otherwise. */
  async #refused(error: unknown, { api, method, url }: Sending): Promise<never> {
    this.#options.onRefused?.(error);
    await laterTurn();
    throw callerError(api, error, `${method} ${url}`);
  }

  #call<T>(parts: CallParts, sending: Sending): Promise<RequestResponse<T>> {
    return new Promise((resolve) => {
      if (!this.#isCounted) tellUncounted(sending.method, parts.target.href);
      new Call(this.#host, parts, sending.site).run(
        (answer) => {
          const problem = this.#isStrict(sending) ? statusProblem(answer) : undefined;
          if (problem === undefined) resolve(new RequestResponse<T>(answer, this.#epochMs));
          else resolve(failed(sending, () => requestError(new Error(problem))));
        },
        (failure) => resolve(failed(sending, () => failure)),
      );
    });
  }

  #isStrict({ options }: Sending): boolean {
    return options?.failOnStatusCode ?? this.#options.failOnStatusCode ?? false;
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

/** Characters of a response that a failed status shows. */
const shownChars = 1_000;

function statusProblem({ hop: { status, statusText }, body }: Answer): string | undefined {
  if (status >= 200 && status < 400) return undefined;
  const text = body.toString();
  const shown = text.length > shownChars ? `${text.slice(0, shownChars - 3)}...` : text;
  return `${status} ${statusText}${text === '' ? '' : `\nResponse text:\n${shown}`}`;
}

/** Makes the error when its caller waits for this promise already: only then does its stack lead to the caller's line. */
async function failed({ api, method, url }: Sending, cause: () => Error): Promise<never> {
  await Promise.resolve(); // here the caller's promise learns that it is this one,
  await Promise.resolve(); // and here it waits for it
  throw callerError(api, cause(), `${method} ${url}`);
}
