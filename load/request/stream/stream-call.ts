/**
 * A call whose answer is read as it comes. It is one request, whose time lasts until the stream's end; what is silent, cut
 * off, empty or garbled has failed, unless its caller allows for it.
 */
import { formatMs, longestTimerMs } from '../../measure/units.ts';
import type { StreamEndedBy, StreamFiling } from '../../measure/stream-filing.ts';
import { Call } from '../call.ts';
import type { CallHost, CallParts } from '../call-parts.ts';
import type { Due } from '../deadlines.ts';
import { CallFailure } from '../errors.ts';
import { failureOf, type Progress } from '../failure.ts';
import { getHeader, headerRecord, setHeader } from '../header-list.ts';
import type { BodySink, Hop } from '../hop.ts';
import type { FailureKind, RequestDetails } from '../sample.ts';
import { BodyDecoder } from './body-decoder.ts';
import { BodyHead } from './body-head.ts';
import { type EventParser, parserOf, type StreamEvent, type StreamForm, TooLongError } from './event-parser.ts';
import { isLastBy } from './own-rules.ts';
import type { EventStream, StreamSource } from './request-stream.ts';
import { describeEvents, formOf, headOfText, wrongType } from './stream-words.ts';
import { type AllowedEnding, defaultStreamOptions, type StreamPlan } from './stream-options.ts';
import { type TokenCounter, tokenCounter } from './tokens.ts';

/** How long a server may keep a stream open after its last event. */
const afterLastMs = 1_000;

const failureKindOf = { cut: 'body-cut-off', stalled: 'stalled', empty: 'empty' } as const satisfies Record<
  AllowedEnding,
  FailureKind
>;

export interface StreamCallParts {
  readonly plan: StreamPlan;
  readonly stream: EventStream;
  readonly site: unknown;
}

export class StreamCall extends Call implements BodySink, StreamSource {
  lastEventId = '';
  readonly #plan: StreamPlan;
  readonly #stream: EventStream;
  readonly #tokens: TokenCounter;
  /** Of the answer that is being read. */
  #head = new BodyHead();
  readonly #total: Due;
  #filing: StreamFiling | undefined;
  /** The hop whose body is being read, and by what. */
  #reading: Hop | undefined;
  #decoder: BodyDecoder | undefined;
  #parser: EventParser | undefined;
  /** What the first answer was, and those are that take it up again. */
  #form: StreamForm | undefined;
  #hasBegun = false;
  #goodStatus: number | undefined;
  #events = 0;
  #counted = 0;
  #firstEventAtMs: number | undefined;
  /** When the last bytes came: the moment of all events in them. */
  #bytesAtMs = 0;
  #sawLast = false;
  #unknownLine: string | undefined;
  /** Why the body that is being read is not whole. */
  #cutWords: string | undefined;
  #reconnectsLeft: number;
  #retryMs: number = defaultStreamOptions.retryMs;
  #isHeld = false;
  #endedBy: StreamEndedBy | undefined;

  constructor(host: CallHost, parts: CallParts, { plan, stream, site }: StreamCallParts) {
    super(host, parts, site);
    this.#plan = plan;
    this.#stream = stream;
    this.#tokens = tokenCounter(plan.tokens);
    this.#reconnectsLeft = plan.reconnects;
    this.#total = { dueAtMs: Infinity, previousDue: undefined, nextDue: undefined, onDue: () => this.#tooLong() };
  }

  start(): void {
    this.#stream.readFrom(this);
    if (this.#plan.totalMs !== undefined) this.host.deadlines.add(this.#total, this.#plan.totalMs);
    this.run(
      () => undefined, // it has no answer that is there at once
      (failure) => this.#stream.outcome({ failure }),
    );
  }

  protected override get sink(): BodySink {
    return this;
  }

  override get bytesReceived(): number {
    const earlier = this.earlier?.reduce((sum, { bytesReceived }) => sum + bytesReceived, 0) ?? 0;
    return super.bytesReceived + (this.#hasBegun ? earlier : 0);
  }

  override bodyHead(): string | undefined {
    return this.parts.discardBody ? undefined : this.#head.text;
  }

  override details(): RequestDetails {
    const responseBody = this.bodyHead();
    return { ...super.details(), responseBody, ...(this.#hasBegun && { stream: this.#describe() }) };
  }

  override onHopHead(hop: Hop): void {
    super.onHopHead(hop);
    if (this.isOver || this.hop !== hop) return;
    this.sentAtMs ??= hop.sentAtMs;
    if (isGood(hop.status)) this.#begin(hop);
  }

  onBodyPart(hop: Hop, bytes: Buffer): void {
    if (this.isOver || hop !== this.hop) return;
    this.#head.add(bytes);
    this.#bytesAtMs = this.host.now();
    if (hop === this.#reading) this.#decoder?.write(bytes);
  }

  override onHopEnd(hop: Hop): void {
    if (hop === this.#reading) this.#decoder?.end();
    else if (!this.waitsOut(hop)) this.#refused(hop);
  }

  override onHopFailure(hop: Hop, error: Error, progress: Progress): void {
    const words = (): string => failureOf(error, progress).message;
    if (hop === this.#reading) {
      this.#cutWords = words();
      this.#decoder?.end();
    } else if (!this.#hasBegun) super.onHopFailure(hop, error, progress);
    else if (!this.resent(hop, progress)) this.#cut(words());
  }

  /**
   * Where this process was busy for as long, what came meanwhile is still in its sockets: they are read once before the
   * silence is the server's.
   */
  override onDue(): void {
    this.host.deadlines.add(this, 0);
    setImmediate(() => {
      if (!this.isOver && !this.#isHeld && this.dueAtMs === Infinity) this.#silent();
    });
  }

  #silent(): void {
    if (this.#sawLast) this.#isWhole(this.#bytesAtMs);
    else if (!this.#hasBegun) super.onDue();
    else if (this.#events > 0)
      this.#bad('stalled', `stalled: nothing came for ${formatMs(this.#plan.stallMs)} after ${this.#so}`);
    else this.#failAs('timeout', `Timeout ${this.parts.timeoutMs}ms exceeded. No event had come.`);
  }

  roomCame(): void {
    if (!this.#isHeld || this.isOver) return;
    this.#isHeld = false;
    this.#decoder?.resume();
    this.#reading?.resume();
    this.#expectMore();
  }

  /** Its scenario has left. Named so, since `close` is what the end of its context does. */
  leave(): void {
    if (this.isOver) return;
    if (this.#hasBegun) this.#finishWell('client', this.host.now());
    else this.#failAs('aborted', 'the stream was closed before its head had come');
  }

  protected override finish(endedAtMs: number | undefined): void {
    this.#decoder?.destroy();
    this.host.deadlines.remove(this.#total);
    const by = this.#endedBy ?? 'failed';
    const durationMs = Math.max(0, (endedAtMs ?? this.host.now()) - (this.sentAtMs ?? this.calledAtMs));
    this.#filing?.ended({ by, durationMs, toldTokens: this.#tokens.told });
    super.finish(endedAtMs);
  }

  #begin(hop: Hop): void {
    const type = getHeader(hop.received, 'content-type');
    const asked = this.#plan.form ?? this.#form;
    const form = (this.#form = asked ?? formOf(type));
    const wrong = asked === 'events' && hop.status !== 204 ? wrongType(type) : undefined;
    if (!this.#hasBegun) this.#filing = this.host.onStream?.(this);
    this.#hasBegun = true;
    this.#goodStatus ??= hop.status;
    this.#reading = hop;
    this.#cutWords = undefined;
    this.#stream.headCame(headOf(hop));
    if (wrong !== undefined) {
      this.#failAs('malformed', wrong);
      return;
    }
    try {
      this.#decoder = new BodyDecoder(getHeader(hop.received, 'content-encoding'), {
        onBytes: (bytes) => this.#read(() => this.#parser?.take(bytes)),
        onOver: (error) => this.#bodyOver(error),
        onFull: (isFull) => {
          if (isFull) hop.pause();
          else if (!this.#isHeld) hop.resume();
        },
      });
    } catch (error) {
      this.failOf(error, 'malformed');
      return;
    }
    this.#parser = parserOf(form, {
      maxBytes: this.#plan.maxEventBytes,
      sink: {
        onEvent: (event) => this.#event(event),
        onRetry: (ms) => (this.#retryMs = Math.min(ms, longestTimerMs)),
        onUnknown: (line) => (this.#unknownLine ??= line),
      },
    });
  }

  #read(parse: () => void): void {
    if (this.isOver) return;
    const before = this.#events;
    try {
      parse();
    } catch (error) {
      this.failOf(error, error instanceof TooLongError ? 'malformed' : 'other');
    }
    if (this.#isGone() || this.#events === before) return;
    if (this.#stream.isFull && !this.#isHeld) this.#hold();
    this.#expectMore();
  }

  #event(event: StreamEvent): void {
    if (this.isOver) return;
    let tokens: number;
    try {
      tokens = this.#tokens.count(event);
      if (isLastBy(this.#plan.isLast, event)) this.#sawLast = true;
    } catch (error) {
      this.failOf(error, this.#plan.tokens === 'openai' ? 'malformed' : 'other');
      return;
    }
    if (event.id !== undefined) this.lastEventId = event.id;
    this.#firstEventAtMs ??= this.#bytesAtMs;
    this.#events += 1;
    this.#counted += tokens;
    this.#filing?.event(this.#bytesAtMs, tokens);
    this.#stream.eventCame(event);
  }

  /** Asked after what may have ended it. */
  #isGone(): boolean {
    return this.isOver;
  }

  /** Nobody takes what has come: the server is held up in its turn. */
  #hold(): void {
    this.#isHeld = true;
    this.#filing?.count('pauses');
    this.#decoder?.pause();
    this.#reading?.pause();
  }

  /** From now on there may be silence for so long; while it is held, it is silent by ourselves. */
  #expectMore(): void {
    const { deadlines } = this.host;
    const { stallMs } = this.#plan;
    const patienceMs = this.#sawLast ? Math.min(stallMs || afterLastMs, afterLastMs) : stallMs;
    deadlines.remove(this);
    deadlines.add(this, this.#isHeld ? 0 : patienceMs);
  }

  /** All that came of this body is read. `error`: it could not be decoded to its end. */
  #bodyOver(error: Error | undefined): void {
    const hop = this.#reading;
    if (this.isOver || hop === undefined) return;
    if (error !== undefined && this.#cutWords === undefined && !this.#sawLast && !isUnfinished(error)) {
      this.failOf(error, 'malformed');
      return;
    }
    const cutWords = this.#cutWords ?? error?.message ?? this.#readEnd();
    if (this.#isGone()) return;
    const isNoMore = this.#events > 0 && hop.status === 204; // it was taken up again, and there is no more (WHATWG HTML 9.2)
    if (this.#sawLast || isNoMore) this.#isWhole(hop.endedAtMs);
    else if (cutWords !== undefined) this.#cut(cutWords);
    else if (this.#events === 0) this.#bad('empty', this.#emptyWords());
    else if (this.#plan.isLast !== undefined) this.#cut('its last event did not come');
    else this.#isWhole(hop.endedAtMs);
  }

  /** All of it has come. Where tokens are counted, one without any has said nothing: no figure of tokens would show it. */
  #isWhole(endedAtMs: number | undefined): void {
    const isSilent = this.#plan.tokens !== undefined && this.#counted === 0 && (this.#tokens.told ?? 0) === 0;
    if (isSilent) this.#bad('empty', `the stream ended without a token after ${this.#so}`);
    else this.#finishWell('server', endedAtMs);
  }

  /** Why a body that ended as it should is cut off all the same. */
  #readEnd(): string | undefined {
    let words: string | undefined;
    this.#read(() => {
      if (this.#parser?.end() === false) words = 'it ended within an event';
    });
    return words;
  }

  #cut(words: string): void {
    if (!this.#reconnects()) this.#bad('cut', `cut off after ${this.#so}: ${words}`);
  }

  /** Whether it is taken up again, where it stands. */
  #reconnects(): boolean {
    const { hop, host, parts } = this;
    if (this.#reconnectsLeft <= 0 || hop === undefined || this.#form !== 'events') return false;
    this.#reconnectsLeft -= 1;
    this.#filing?.count('reconnects');
    this.#decoder?.destroy();
    this.#reading = undefined;
    this.#head = new BodyHead();
    (this.earlier ??= []).push(hop);
    const asked = [...parts.headers];
    if (this.lastEventId !== '') setHeader(asked, 'last-event-id', inUtf8(this.lastEventId));
    const { method, target, body } = parts;
    this.backoff = setTimeout(() => this.send({ method, target, asked, body }), this.#retryMs);
    host.deadlines.remove(this);
    host.deadlines.add(this, this.#events > 0 ? this.#plan.stallMs : parts.timeoutMs);
    return true;
  }

  /** An ending that is a failure unless its caller allows for it. */
  #bad(ending: AllowedEnding, words: string): void {
    this.#endedBy = ending;
    if (this.#plan.allow.has(ending)) this.#finishWell(ending, this.host.now());
    else this.fail(new CallFailure({ kind: failureKindOf[ending], code: undefined, message: words }));
  }

  #failAs(kind: FailureKind, message: string): void {
    this.fail(new CallFailure({ kind, code: undefined, message }, kind === 'timeout' ? 'timeout' : 'plain'));
  }

  #tooLong(): void {
    this.#failAs(
      'timeout',
      `Timeout ${this.#plan.totalMs ?? 0}ms exceeded. The stream was not over after ${this.#so}.`,
    );
  }

  /** A status that is none of a stream: it is in the books by that, as any answer. */
  #refused(hop: Hop): void {
    this.status = hop.status;
    this.#stream.headCame(headOf(hop));
    this.finish(hop.endedAtMs);
    const text = this.bodyHead() ?? '';
    const words = `answered ${hop.status} ${hop.statusText}`.trim();
    this.#stream.outcome({ failure: text === '' ? words : `${words}\nResponse text:\n${text}` });
  }

  #finishWell(by: StreamEndedBy, endedAtMs: number | undefined): void {
    const { hop } = this;
    this.#endedBy ??= by;
    this.status = this.#goodStatus;
    this.finish(endedAtMs);
    hop?.abandon(new Error('nobody reads this stream any more'));
    const fromMs = this.sentAtMs ?? this.calledAtMs;
    this.#stream.outcome({
      end: {
        events: this.#events,
        tokens: this.#tokens.told ?? this.#counted,
        ...(this.#firstEventAtMs !== undefined && { firstEventMs: this.#firstEventAtMs - fromMs }),
        durationMs: this.endedAtMs - fromMs,
        endedBy: by === 'client' || by === 'cut' || by === 'stalled' ? by : 'server',
      },
    });
  }

  /** So many events: how far it had come. */
  get #so(): string {
    return `${this.#events} ${this.#events === 1 ? 'event' : 'events'}`;
  }

  #emptyWords(): string {
    const line = this.#unknownLine;
    return line === undefined
      ? 'the stream ended without an event'
      : `the stream ended without an event; it began with \`${headOfText(line)}\``;
  }

  #describe(): string {
    const firstMs = this.#firstEventAtMs === undefined ? undefined : this.#firstEventAtMs - (this.sentAtMs ?? 0);
    const tokens = this.#tokens.told ?? this.#counted;
    return describeEvents({ events: this.#events, tokens, firstMs, by: this.#endedBy ?? 'failed' });
  }
}

/** A header is written a byte a character, and an id is sent in UTF-8 (WHATWG HTML 9.2). */
function inUtf8(id: string): string {
  return Buffer.from(id).toString('latin1');
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300;
}

/** What a compressed body says that was cut off. */
function isUnfinished(error: Error): boolean {
  return 'code' in error && error.code === 'Z_BUF_ERROR';
}

function headOf(hop: Hop) {
  return {
    status: () => hop.status,
    ok: () => isGood(hop.status),
    headers: () => headerRecord(hop.received),
    url: () => hop.target.href,
  };
}
