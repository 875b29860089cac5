/**
 * One call of `get`, `post`, … from start to end: its hops over redirects, an answered challenge and retries, under one
 * deadline. The call is its own sample, so measuring it allocates nothing.
 */
import type { CookieJar } from './cookie-jar.ts';
import type { HttpCredentials } from './credentials.ts';
import { addressHeaders } from './context-headers.ts';
import { decode } from './decode.ts';
import type { Deadlines, Due } from './deadlines.ts';
import { abortMessage, CallFailure } from './errors.ts';
import { codeOf, failureOf, type Progress } from './failure.ts';
import { findHeader, getHeader, headerRecord, headerValues, setHeader, type HeaderList } from './header-list.ts';
import { Hop, type HopOwner } from './hop.ts';
import type { Lane } from './connections/lane.ts';
import { isRedirect, nextHop } from './redirect.ts';
import { defaultRequestOptions } from './request-options.ts';
import type {
  FailureKind,
  IsForgotten,
  OnCall,
  OnRequest,
  RequestDetails,
  RequestFailure,
  RequestSample,
} from './sample.ts';
import type { Target } from './target.ts';

/** What calls of one context have in common. */
export interface CallHost {
  readonly now: () => number;
  readonly deadlines: Deadlines;
  readonly cookies: CookieJar;
  readonly credentials: HttpCredentials;
  readonly onCall: OnCall | undefined;
  readonly onRequest: OnRequest | undefined;
  readonly isForgotten: IsForgotten | undefined;
  lane(target: Target, insecure: boolean, host: string | undefined): Lane;
}

export interface CallParts {
  readonly method: string;
  readonly target: Target;
  readonly headers: Readonly<HeaderList>;
  readonly body: Buffer | undefined;
  readonly name: string | undefined;
  readonly timeoutMs: number;
  /** Redirects to follow; below 0 none, and the redirect itself is the response. */
  readonly maxRedirects: number;
  readonly maxRetries: number;
  readonly insecure: boolean;
  readonly signal: AbortSignal | undefined;
  readonly calledAtMs: number;
}

/** A response, whole. */
export interface Answer {
  readonly hop: Hop;
  readonly body: Buffer;
}

/** As much of a body as an exemplar shows, in bytes. */
const shownBytes = 4_096;

export class Call implements RequestSample, HopOwner, Due {
  readonly method: string;
  readonly url: string;
  readonly name: string | undefined;
  readonly calledAtMs: number;
  sentAtMs: number | undefined;
  endedAtMs = 0;
  status: number | undefined;
  failure: RequestFailure | undefined;
  readonly tag: unknown;

  dueAtMs = Infinity;
  previousDue: Due | undefined;
  nextDue: Due | undefined;

  readonly #host: CallHost;
  readonly #parts: CallParts;
  #hop: Hop | undefined;
  /** Hops whose redirect was followed while their body was still coming. */
  #followed: Hop[] | undefined;
  #redirectsLeft: number;
  #attempt = 0;
  #body: Buffer | undefined;
  #unlisten: (() => void) | undefined;
  #backoff: NodeJS.Timeout | undefined;
  #resolve: (answer: Answer) => void = () => undefined;
  #reject: (error: CallFailure) => void = () => undefined;
  #over = false;

  constructor(host: CallHost, parts: CallParts, site?: unknown) {
    this.#host = host;
    this.#parts = parts;
    this.method = parts.method;
    this.url = parts.target.href;
    this.name = parts.name;
    this.calledAtMs = parts.calledAtMs;
    this.#redirectsLeft = parts.maxRedirects;
    this.tag = host.onCall?.(parts.calledAtMs, site);
  }

  /** Sends; resolves with the whole response or rejects with a `CallFailure`. */
  run(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#host.deadlines.add(this, this.#parts.timeoutMs);
      this.#listen(this.#parts.signal);
      this.#begin();
    });
  }

  /** The context was disposed. */
  close(reason: string): void {
    if (this.#host.isForgotten?.(this.tag) === true) this.#reject = () => undefined;
    this.#fail(new CallFailure({ kind: 'aborted', code: undefined, message: reason }, 'closed'));
  }

  onDue(): void {
    const message = `Timeout ${this.#parts.timeoutMs}ms exceeded.`;
    this.#fail(new CallFailure({ kind: 'timeout', code: undefined, message }, 'timeout'));
  }

  get kind(): 'http' {
    return 'http';
  }

  get dnsMs(): number | undefined {
    const times = this.#hop?.connect;
    return span(times?.startedAtMs, times?.lookedUpAtMs);
  }

  get connectMs(): number | undefined {
    const times = this.#hop?.connect;
    return span(times?.lookedUpAtMs ?? times?.startedAtMs, times?.connectedAtMs ?? this.#failedAtMs());
  }

  get tlsMs(): number | undefined {
    const times = this.#hop?.connect;
    if (times?.securedAtMs === undefined && this.sentAtMs !== undefined) return undefined; // sent in clear
    return span(times?.connectedAtMs, times?.securedAtMs ?? this.#failedAtMs());
  }

  get waitingMs(): number | undefined {
    return span(this.#hop?.sentAtMs, this.#hop?.headAtMs);
  }

  get receivingMs(): number | undefined {
    return span(this.#hop?.headAtMs, this.#hop?.endedAtMs ?? this.#failedAtMs());
  }

  /** A phase that the failure broke off lasted until then. */
  #failedAtMs(): number | undefined {
    return this.failure === undefined ? undefined : this.endedAtMs;
  }

  get bytesSent(): number {
    return this.sentAtMs === undefined ? 0 : (this.#parts.body?.length ?? 0);
  }

  get bytesReceived(): number {
    return this.#hop?.bytesReceived ?? 0;
  }

  details(): RequestDetails {
    const { body } = this.#parts;
    return {
      requestHeaders: headerRecord(this.#parts.headers),
      requestBody: body?.toString('utf8', 0, shownBytes),
      responseHeaders: headerRecord(this.#hop?.received ?? []),
      responseBody: (this.#body ?? this.#hop?.receivedBody())?.toString('utf8', 0, shownBytes),
    };
  }

  onHopHead(hop: Hop): void {
    if (findHeader(hop.received, 'set-cookie') !== -1) {
      for (const cookie of headerValues(hop.received, 'set-cookie')) this.#host.cookies.store(cookie, hop.target);
    }
    if (hop.status < 300 || hop.status > 401) return;
    if (isRedirect(hop.status)) this.#redirect(hop);
    else if (hop.status === 401) this.#answerChallenge(hop);
  }

  onHopEnd(hop: Hop): void {
    const encoding = hop.bytesReceived === 0 ? undefined : getHeader(hop.received, 'content-encoding');
    try {
      this.#body = encoding === undefined ? hop.receivedBody() : decode(hop.receivedBody(), encoding);
    } catch (error) {
      this.#failOf(error, 'malformed');
      return;
    }
    this.status = hop.status;
    this.#finish();
    this.#resolve({ hop, body: this.#body });
  }

  onHopFailure(_hop: Hop, error: Error, progress: Progress): void {
    const failure = failureOf(error, progress);
    if (failure.code === 'ECONNRESET' && this.#attempt < this.#parts.maxRetries) {
      this.#retry();
      return;
    }
    if (this.#parts.maxRetries > 0 && this.#attempt === this.#parts.maxRetries) {
      const words = failure.message.replace(/ \(ECONNRESET\)$/, '');
      const message = `Failed after ${this.#attempt + 1} attempt(s): Error: ${words}`;
      this.#fail(new CallFailure({ ...failure, code: undefined, message }));
      return;
    }
    this.#fail(new CallFailure(failure));
  }

  #begin(): void {
    this.#redirectsLeft = this.#parts.maxRedirects;
    this.#send(this.#parts.method, this.#parts.target, this.#parts.headers, this.#parts.body);
  }

  #send(method: string, target: Target, headers: Readonly<HeaderList>, body: Buffer | undefined): void {
    const { cookies, now } = this.#host;
    try {
      const all = addressHeaders(headers, target, cookies.headerFor(target));
      const lane = this.#host.lane(target, this.#parts.insecure, getHeader(headers, 'host'));
      const hop = new Hop({ lane, now, owner: this }, { method, target, headers: all, asked: headers, body });
      this.#hop = hop;
      hop.send();
    } catch (error) {
      // No way to the origin, as when its pool is closed, or a header that can't be written: a cookie's.
      this.#failOf(error, 'other');
    }
  }

  #redirect(hop: Hop): void {
    if (this.#redirectsLeft < 0) return;
    if (this.#redirectsLeft === 0) {
      this.#fail(new CallFailure({ kind: 'other', code: undefined, message: 'Max redirect count exceeded' }));
      return;
    }
    try {
      const next = nextHop(hop.status, getHeader(hop.received, 'location'), hop);
      if (next === undefined) return;
      this.#redirectsLeft -= 1;
      this.#follow(hop);
      this.#send(next.method, next.target, next.asked, next.body);
    } catch (error) {
      this.#failOf(error, 'malformed');
    }
  }

  #answerChallenge(hop: Hop): void {
    const { method, headers, body } = hop;
    if (findHeader(hop.asked, 'authorization') !== -1) return;
    const authorization = this.#host.credentials.answer(hop.target, getHeader(hop.received, 'www-authenticate'));
    if (authorization === undefined) return;
    const answered = [...headers];
    setHeader(answered, 'authorization', authorization);
    this.#follow(hop);
    this.#send(method, hop.target, answered, body);
  }

  #follow(hop: Hop): void {
    this.sentAtMs ??= hop.sentAtMs;
    hop.disown();
    (this.#followed ??= []).push(hop);
  }

  #retry(): void {
    this.sentAtMs ??= this.#hop?.sentAtMs;
    const delayMs = defaultRequestOptions.firstBackoffMs * 2 ** this.#attempt;
    this.#attempt += 1;
    this.#backoff = setTimeout(() => this.#begin(), delayMs);
  }

  #listen(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const onAbort = (): void => {
      const message = abortMessage(signal.reason);
      this.#fail(new CallFailure({ kind: 'aborted', code: undefined, message }, 'abort', signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#unlisten = () => signal.removeEventListener('abort', onAbort);
  }

  #failOf(error: unknown, kind: FailureKind): void {
    const [message, code] = error instanceof Error ? [error.message, codeOf(error)] : [String(error), undefined];
    this.#fail(new CallFailure({ kind, code, message }, 'plain', error));
  }

  #fail(failure: CallFailure): void {
    if (this.#over) return;
    const hop = this.#hop;
    this.failure = failure.failure;
    this.#finish();
    hop?.abandon(failure);
    this.#reject(failure);
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#backoff);
    this.sentAtMs ??= this.#hop?.sentAtMs;
    this.endedAtMs = this.#hop?.endedAtMs ?? this.#host.now();
    this.#host.deadlines.remove(this);
    this.#unlisten?.();
    if (this.#followed !== undefined) {
      for (const hop of this.#followed) hop.abandon(new Error('nobody waits for this body any more'));
    }
    this.#host.onRequest?.(this);
  }
}

function span(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : toMs - fromMs;
}
