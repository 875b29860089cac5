/**
 * One call of `get`, `post`, … from start to end: its hops over redirects, an answered challenge and retries, under one
 * deadline. The call is its own sample, so measuring it allocates nothing.
 */
import type { Again, SampleTags } from '../measure/samples/kind.ts';
import { callDetails } from './call-details.ts';
import type { Answer, CallHost, CallParts } from './call-parts.ts';
import { addressHeaders } from './context-headers.ts';
import { decode } from './decode.ts';
import type { Due } from './deadlines.ts';
import { abortMessage, CallFailure } from './errors.ts';
import { codeOf, failureOf, type Progress } from './failure.ts';
import { findHeader, getHeader, headerValues, joinedHeader, setHeader } from './header-list.ts';
import { type BodySink, Hop, type HopAsked, type HopOwner } from './hop.ts';
import type { Lane } from './connections/lane.ts';
import { isRedirect, nextHop } from './redirect.ts';
import { defaultRequestOptions } from './request-options.ts';
import { mayResend, type Unanswered } from './resend.ts';
import { isForNow, patientWaitMs } from './retry-after.ts';
import type { FailureKind, RequestDetails, RequestFailure, RequestSample } from './sample.ts';

/** As much of a body as tells one error from another. */
const saidBytes = 512;

/** What `maxRetries` tries again: a connection that was closed, before the head or within the body, compressed or not. */
const retried: ReadonlySet<FailureKind> = new Set<FailureKind>(['reset', 'body-cut-off']);

const ignored = (): void => undefined;

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
  again: Again | undefined;
  /** Of all its hops, tries and answers to challenges: the call is one span, the parent of whatever they begin. */
  readonly #traceparent: string | undefined;

  dueAtMs = Infinity;
  previousDue: Due | undefined;
  nextDue: Due | undefined;

  protected readonly host: CallHost;
  protected readonly parts: CallParts;
  protected hop: Hop | undefined;
  /** Hops before this one: answered by a redirect or a challenge, perhaps with a body that is still coming, or tried in vain. */
  protected earlier: Hop[] | undefined;
  /** The hop that is the second try of one on a stale connection. */
  #resent: Hop | undefined;
  #redirectsLeft: number;
  #attempt = 0;
  #body: Buffer | undefined;
  #unlisten: (() => void) | undefined;
  protected backoff: NodeJS.Timeout | undefined;
  #onAnswer: (answer: Answer) => void = ignored;
  protected onFailed: (failure: CallFailure) => void = ignored;
  protected isOver = false;

  constructor(host: CallHost, parts: CallParts, site?: unknown) {
    this.host = host;
    this.parts = parts;
    this.method = parts.method;
    this.url = parts.target.href;
    this.name = parts.name;
    this.calledAtMs = parts.calledAtMs;
    this.#redirectsLeft = parts.maxRedirects;
    this.#traceparent = host.traceparents?.forCall(parts.headers);
    this.tag = host.onCall?.(parts.calledAtMs, site);
  }

  /** Sends, and calls one of the two back, once: with the whole response, or why there is none. */
  run(onAnswer: (answer: Answer) => void, onFailure: (failure: CallFailure) => void): void {
    this.#onAnswer = onAnswer;
    this.onFailed = onFailure;
    this.host.deadlines.add(this, this.parts.timeoutMs);
    this.#listen(this.parts.signal);
    this.#begin();
  }

  /** The context was disposed. */
  close(reason: string): void {
    if (this.host.isForgotten?.(this.tag) === true) this.onFailed = ignored;
    this.fail(new CallFailure({ kind: 'aborted', code: undefined, message: reason }, 'closed'));
  }

  onDue(): void {
    const waitsFor = this.hop?.waitsFor;
    const waiting = waitsFor === undefined ? '' : ` It was waiting for ${waitsFor}.`;
    const message = `Timeout ${this.parts.timeoutMs}ms exceeded.${waiting}`;
    this.fail(new CallFailure({ kind: 'timeout', code: undefined, message }, 'timeout'));
  }

  /** Takes the body as it comes; undefined where it is wanted whole. */
  protected get sink(): BodySink | undefined {
    return undefined;
  }

  get kind(): 'http' {
    return 'http';
  }

  get tags(): SampleTags | undefined {
    return this.parts.tags;
  }

  get operation(): string | undefined {
    return this.parts.operation;
  }

  get dnsMs(): number | undefined {
    const times = this.hop?.connect;
    return span(times?.startedAtMs, times?.lookedUpAtMs);
  }

  get connectMs(): number | undefined {
    const times = this.hop?.connect;
    return span(times?.lookedUpAtMs ?? times?.startedAtMs, times?.connectedAtMs ?? this.#failedAtMs());
  }

  get tlsMs(): number | undefined {
    const times = this.hop?.connect;
    if (times?.securedAtMs === undefined && this.sentAtMs !== undefined) return undefined; // sent in clear
    return span(times?.connectedAtMs, times?.securedAtMs ?? this.#failedAtMs());
  }

  get waitingMs(): number | undefined {
    return span(this.hop?.sentAtMs, this.hop?.headAtMs);
  }

  get receivingMs(): number | undefined {
    return span(this.hop?.headAtMs, this.hop?.endedAtMs ?? this.#failedAtMs());
  }

  /** A phase that the failure broke off lasted until then. */
  #failedAtMs(): number | undefined {
    return this.failure === undefined ? undefined : this.endedAtMs;
  }

  get bytesSent(): number {
    return this.sentAtMs === undefined ? 0 : (this.parts.body?.length ?? 0);
  }

  get bytesReceived(): number {
    return this.hop?.bytesReceived ?? 0;
  }

  fileAtPeers(): void {
    this.hop?.countAtPeer();
    if (this.earlier !== undefined) for (const hop of this.earlier) hop.countAtPeer();
  }

  bodyHead(): string | undefined {
    return this.parts.discardBody ? undefined : this.#body?.toString('utf8', 0, saidBytes);
  }

  answerHeader(name: string): string | undefined {
    return this.hop === undefined ? undefined : joinedHeader(this.hop.received, name);
  }

  details(): RequestDetails {
    const startedAtEpochMs = (this.sentAtMs ?? this.calledAtMs) + this.host.epochMs;
    const [parts, hop, body, traceparent] = [this.parts, this.hop, this.#body, this.#traceparent];
    return callDetails({ parts, hop, body, traceparent, startedAtEpochMs });
  }

  onHopHead(hop: Hop): void {
    if (findHeader(hop.received, 'set-cookie') !== -1) {
      for (const cookie of headerValues(hop.received, 'set-cookie')) this.host.cookies.store(cookie, hop.target);
    }
    if (hop.status < 300 || hop.status > 401) return;
    if (isRedirect(hop.status)) this.#redirect(hop);
    else if (hop.status === 401) this.#answerChallenge(hop);
  }

  onHopEnd(hop: Hop): void {
    if (this.waitsOut(hop)) return;
    const encoding = hop.bytesReceived === 0 ? undefined : getHeader(hop.received, 'content-encoding');
    if (encoding === undefined) this.#answer(hop, hop.receivedBody());
    else this.#decode(hop, encoding);
  }

  onHopFailure(hop: Hop, error: Error, progress: Progress): void {
    if (this.resent(hop, progress)) return;
    const failure = failureOf(error, progress);
    if (retried.has(failure.kind) && this.#attempt < this.parts.maxRetries) {
      this.#retry();
      return;
    }
    if (this.parts.maxRetries > 0 && this.#attempt === this.parts.maxRetries) {
      const words = failure.message.replace(/ \(ECONNRESET\)$/, '');
      const message = `Failed after ${this.#attempt + 1} attempt(s): Error: ${words}`;
      this.fail(new CallFailure({ ...failure, code: undefined, message }));
      return;
    }
    this.fail(new CallFailure(failure));
  }

  /** Whether it is sent again later, as the server asks for. */
  protected waitsOut(hop: Hop): boolean {
    return this.parts.retryAfterMs !== undefined && isForNow(hop.status) && this.#waitOut(hop);
  }

  #decode(hop: Hop, encoding: string): void {
    const fail = (error: unknown): void => this.failOf(error, 'malformed');
    try {
      const body = decode(hop.receivedBody(), encoding);
      if (body instanceof Promise) body.then((bytes) => this.#answer(hop, bytes), fail);
      else this.#answer(hop, body);
    } catch (error) {
      fail(error);
    }
  }

  #answer(hop: Hop, body: Buffer): void {
    if (this.isOver) return; // given up while its body was decoded
    this.#body = body;
    this.status = hop.status;
    this.finish(hop.endedAtMs);
    this.#onAnswer({ hop, body });
  }

  #begin(): void {
    this.#redirectsLeft = this.parts.maxRedirects;
    const { method, target, headers, body } = this.parts;
    this.send({ method, target, asked: headers, body });
  }

  protected send({ method, target, asked, body }: HopAsked): void {
    const { cookies, now } = this.host;
    const { sink } = this;
    const discardBody = this.parts.discardBody || sink !== undefined;
    try {
      const all = addressHeaders(asked, target, cookies.headerFor(target));
      const way = { lane: this.#laneOf({ target, asked }), now, owner: this, traceparent: this.#traceparent };
      const hop = new Hop(way, { method, target, headers: all, asked, body, discardBody, sink });
      this.hop = hop;
      hop.send();
    } catch (error) {
      // No way to the origin, as when its pool is closed, or a header that can't be written: a cookie's.
      this.failOf(error, 'other');
    }
  }

  #redirect(hop: Hop): void {
    if (this.#redirectsLeft < 0) return;
    if (this.#redirectsLeft === 0) {
      this.fail(new CallFailure({ kind: 'other', code: undefined, message: 'Max redirect count exceeded' }));
      return;
    }
    try {
      const next = nextHop(hop.status, getHeader(hop.received, 'location'), hop);
      if (next === undefined) return;
      this.#redirectsLeft -= 1;
      this.#follow(hop);
      this.send(next);
    } catch (error) {
      this.failOf(error, 'malformed');
    }
  }

  #answerChallenge(hop: Hop): void {
    const { method, headers, body } = hop;
    if (findHeader(hop.asked, 'authorization') !== -1) return;
    const authorization = this.host.credentials.answer(hop.target, getHeader(hop.received, 'www-authenticate'));
    if (authorization === undefined) return;
    const answered = [...headers];
    setHeader(answered, 'authorization', authorization);
    this.#follow(hop);
    this.send({ method, target: hop.target, asked: answered, body });
  }

  #follow(hop: Hop): void {
    this.sentAtMs ??= hop.sentAtMs;
    hop.disown();
    (this.earlier ??= []).push(hop);
  }

  /** Whether it was sent again: it met a connection that was stale, or that took no more. */
  protected resent(hop: Hop, progress: Progress): boolean {
    return (progress === 'stale' || progress === 'refused') && this.#resend(hop, progress);
  }

  /** At once, on a new connection, and once: the time of both tries is in the call's. */
  #resend(hop: Hop, unanswered: Unanswered): boolean {
    if (hop === this.#resent || !mayResend(this.host.resend, hop, unanswered)) return false;
    this.sentAtMs ??= hop.sentAtMs;
    this.#beyondOne().staleConnections += 1;
    const way = { lane: this.#laneOf(hop), now: this.host.now, owner: this, traceparent: this.#traceparent };
    const next = new Hop(way, hop);
    this.hop = this.#resent = next;
    try {
      next.sendFresh();
    } catch (error) {
      this.failOf(error, 'other');
    }
    return true;
  }

  /** Sends again when the server is ready, unless that takes longer than the caller or the deadline has patience. */
  #waitOut(hop: Hop): boolean {
    const { now, epochMs } = this.host;
    const nowMs = now();
    const { retryAfterMs: mostMs = 0 } = this.parts;
    const waitMs = patientWaitMs(hop.received, { nowEpochMs: nowMs + epochMs, mostMs, again: this.again });
    if (waitMs === undefined || nowMs + waitMs >= this.dueAtMs) return false;
    const again = this.#beyondOne();
    again.waits += 1;
    again.waitedMs += waitMs;
    this.sentAtMs ??= hop.sentAtMs;
    (this.earlier ??= []).push(hop);
    this.backoff = setTimeout(() => this.send(hop), waitMs);
    return true;
  }

  #beyondOne(): Again {
    return (this.again ??= { staleConnections: 0, waits: 0, waitedMs: 0 });
  }

  #laneOf({ target, asked }: Pick<HopAsked, 'target' | 'asked'>): Lane {
    return this.host.lane(target, this.parts.insecure, getHeader(asked, 'host'));
  }

  #retry(): void {
    this.sentAtMs ??= this.hop?.sentAtMs;
    if (this.hop !== undefined) (this.earlier ??= []).push(this.hop);
    const delayMs = defaultRequestOptions.firstBackoffMs * 2 ** this.#attempt;
    this.#attempt += 1;
    this.backoff = setTimeout(() => this.#begin(), delayMs);
  }

  #listen(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const onAbort = (): void => {
      const message = abortMessage(signal.reason);
      this.fail(new CallFailure({ kind: 'aborted', code: undefined, message }, 'abort', signal.reason));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#unlisten = () => signal.removeEventListener('abort', onAbort);
  }

  protected failOf(error: unknown, kind: FailureKind): void {
    const [message, code] = error instanceof Error ? [error.message, codeOf(error)] : [String(error), undefined];
    this.fail(new CallFailure({ kind, code, message }, 'plain', error));
  }

  protected fail(failure: CallFailure): void {
    if (this.isOver) return;
    const hop = this.hop;
    this.failure = failure.failure;
    this.finish(this.host.now()); // the last hop may be over, while the call waited for another try
    hop?.abandon(failure);
    this.onFailed(failure);
  }

  protected finish(endedAtMs: number | undefined): void {
    this.isOver = true;
    clearTimeout(this.backoff);
    this.sentAtMs ??= this.hop?.sentAtMs;
    this.endedAtMs = endedAtMs ?? this.host.now();
    this.host.deadlines.remove(this);
    this.#unlisten?.();
    if (this.earlier !== undefined) {
      for (const hop of this.earlier) hop.abandon(new Error('nobody waits for this body any more'));
    }
    this.host.onRequest?.(this);
  }
}

function span(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : toMs - fromMs;
}
