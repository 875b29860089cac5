/**
 * A stream as its scenario sees it: events that have come and are not taken yet, whoever waits for the next, and how it
 * ended. What a scenario does not take is held up to a bound; then the stream is read no further until it does.
 */
import { callerError, requestError } from '../errors.ts';
import type { StreamEvent } from './event-parser.ts';

/** The head of a stream's answer, in the words of Playwright's `APIResponse`. */
export interface StreamResponse {
  /** HTTP status. */
  status(): number;
  /** Whether the status is 200 to 299. */
  ok(): boolean;
  /** Headers by name in lower case. */
  headers(): Record<string, string>;
  /** Where it came from: the last address of a chain of redirects. */
  url(): string;
}

/** How a stream ended, and what came of it. */
export interface StreamEnd {
  /** Events that came, whoever took them. */
  readonly events: number;
  /** Tokens as `tokens` counts them; 0 without it. */
  readonly tokens: number;
  /** From the first byte sent to the first event, in milliseconds; absent where none came. */
  readonly firstEventMs?: number;
  /** From the first byte sent to the end, in milliseconds. */
  readonly durationMs: number;
  /** `client`: it was left by `break` or `close`. `cut` and `stalled` are here only where `allow` says so; others reject. */
  readonly endedBy: 'server' | 'client' | 'cut' | 'stalled';
}

/**
 * The events of one answer as they come: `for await (const event of request.stream('/events'))`. It is one request in the
 * books, and measured whether its events are taken or not. An event's moment is when the last of its bytes came, however
 * late it is taken: events that came in one piece have the same.
 *
 * The loop ends with the stream, and throws where that failed: cut off, stalled, without one event, garbled, or answered with
 * a status other than 200 to 299. `break` leaves it and closes its connection, which is no failure.
 */
export interface RequestStream extends AsyncIterable<StreamEvent> {
  /** The head, once it has come. Rejects where none came. */
  readonly response: Promise<StreamResponse>;
  /** The last `id:` of its server-sent events; empty before there is one. */
  readonly lastEventId: string;
  /** Reads what is left, without handing it out. Rejects where the stream failed. */
  end(): Promise<StreamEnd>;
  /**
   * Leaves it, as `break` in the loop does. It is no failure once its head is there; before that the request is a failed
   * one, `aborted`.
   */
  close(): void;
}

/** Resolves when the stream is over, and takes none of its events. */
export async function overOf(stream: RequestStream): Promise<StreamEnd> {
  if (!(stream instanceof EventStream)) throw new TypeError('only a stream of `request.stream` says when it is over');
  return stream.whenOver();
}

/** What reads the stream, as far as whoever takes its events needs it. */
export interface StreamSource {
  readonly lastEventId: string;
  /** There is room for events again. */
  roomCame(): void;
  leave(): void;
}

/** Events and characters that wait to be taken at most, but for those that come with the last piece. */
const mostWaiting = { events: 1_024, chars: 1_048_576 } as const;

function charsOf({ data, event = '', id = '' }: StreamEvent): number {
  return data.length + event.length + id.length;
}

/** A failure is an error, or what is to be said of a status that is no good one. */
type Outcome = { readonly end: StreamEnd } | { readonly failure: Error | string };

interface Asked {
  readonly api: string;
  /** Method and URL, for errors. */
  readonly place: string;
}

export class EventStream implements RequestStream {
  readonly #asked: Asked;
  #source: StreamSource | undefined;
  #waiting: StreamEvent[] = [];
  /** Of `#waiting`, how many are taken. */
  #taken = 0;
  #waitingChars = 0;
  #isDraining = false;
  #isFull = false;
  #isClosed = false;
  #head: StreamResponse | undefined;
  #outcome: Outcome | undefined;
  /** Told of whatever comes: an event, the head, the end. */
  #woken: (() => void)[] = [];

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  get response(): Promise<StreamResponse> {
    const response = this.#response();
    response.catch(() => undefined); // who looks at it is told; who only reads the property is not waiting
    return response;
  }

  get lastEventId(): string {
    return this.#source?.lastEventId ?? '';
  }

  /** Whether it was left before it was sent. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether nothing more should be read for now. */
  get isFull(): boolean {
    return this.#isFull;
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    return {
      next: () => this.#next(),
      return: async () => {
        this.close();
        return { done: true, value: undefined };
      },
    };
  }

  async end(): Promise<StreamEnd> {
    this.#isDraining = true;
    this.#forget();
    return this.whenOver();
  }

  close(): void {
    this.#isClosed = true;
    this.#forget();
    if (this.#source !== undefined) this.#source.leave();
    else this.outcome({ end: { events: 0, tokens: 0, durationMs: 0, endedBy: 'client' } });
  }

  /** As `end`, but takes nothing. */
  async whenOver(): Promise<StreamEnd> {
    while (this.#outcome === undefined) await this.#something();
    if ('failure' in this.#outcome) throw this.#error(this.#outcome.failure);
    return this.#outcome.end;
  }

  readFrom(source: StreamSource): void {
    this.#source = source;
  }

  headCame(head: StreamResponse): void {
    this.#head ??= head; // that of a stream which is taken up again is no other
    this.#wake();
  }

  eventCame(event: StreamEvent): void {
    if (this.#isDraining || this.#isClosed) return;
    this.#waiting.push(event);
    this.#waitingChars += charsOf(event);
    this.#isFull = this.#waiting.length - this.#taken >= mostWaiting.events || this.#waitingChars >= mostWaiting.chars;
    this.#wake();
  }

  outcome(outcome: Outcome): void {
    this.#outcome ??= outcome;
    this.#wake();
  }

  async #next(): Promise<IteratorResult<StreamEvent, undefined>> {
    for (;;) {
      const event = this.#take();
      if (event !== undefined) return { done: false, value: event };
      if (this.#isClosed) return { done: true, value: undefined };
      if (this.#outcome !== undefined) {
        await this.whenOver();
        return { done: true, value: undefined };
      }
      await this.#something();
    }
  }

  #take(): StreamEvent | undefined {
    const event = this.#waiting[this.#taken];
    if (event === undefined) return undefined;
    this.#taken += 1;
    this.#waitingChars -= charsOf(event);
    const left = this.#waiting.length - this.#taken;
    if (left === 0 || this.#taken >= mostWaiting.events) {
      this.#waiting = this.#waiting.slice(this.#taken);
      this.#taken = 0;
    }
    if (this.#isFull && left <= mostWaiting.events / 2 && this.#waitingChars <= mostWaiting.chars / 2) this.#room();
    return event;
  }

  #forget(): void {
    this.#waiting = [];
    this.#taken = 0;
    this.#waitingChars = 0;
    if (this.#isFull) this.#room();
  }

  #room(): void {
    this.#isFull = false;
    this.#source?.roomCame();
  }

  async #response(): Promise<StreamResponse> {
    while (this.#head === undefined && this.#outcome === undefined) await this.#something();
    if (this.#head !== undefined) return this.#head;
    await this.whenOver();
    throw new Error('the stream was closed before its head came');
  }

  #something(): Promise<void> {
    return new Promise((resolve) => this.#woken.push(resolve));
  }

  #wake(): void {
    const woken = this.#woken;
    if (woken.length === 0) return;
    this.#woken = [];
    for (const resolve of woken) resolve();
  }

  /** Made where the caller waits, so that its stack leads to the caller's line. */
  #error(failure: Error | string): Error {
    const cause = typeof failure === 'string' ? requestError(new Error(failure)) : failure;
    return callerError(this.#asked.api, cause, this.#asked.place);
  }
}
