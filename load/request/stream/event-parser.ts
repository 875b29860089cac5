/**
 * Makes events of a body's bytes as they come, however they are cut into pieces: server-sent events (WHATWG HTML, 9.2) by
 * the package `eventsource-parser`, lines of NDJSON, or the pieces themselves. What is kept of an event that is not whole
 * is bounded.
 */
import { createRequire } from 'node:module';
import type * as EventSourceParser from 'eventsource-parser';
import { libraryFile } from '../../run/calling-file.ts';

/** One event of a stream. */
export interface StreamEvent {
  /** `event:` of a server-sent event; undefined where it has none, and of lines and chunks. */
  readonly event: string | undefined;
  /** The data of a server-sent event, a line without its end, or the text of a chunk. */
  readonly data: string;
  /** `id:` of a server-sent event; undefined where it has none, and of lines and chunks. */
  readonly id: string | undefined;
}

export type StreamForm = 'events' | 'lines' | 'chunks';

export interface EventSink {
  onEvent(event: StreamEvent): void;
  /** The server names the time that a client shall wait before it comes again. */
  onRetry(ms: number): void;
  /** A line that is no field of an event stream, which the standard says to pass over. */
  onUnknown(line: string): void;
}

/** A line or event that is longer than it may be. */
export class TooLongError extends Error {}

export interface EventParser {
  /** Throws a `TooLongError`. */
  take(bytes: Uint8Array): void;
  /** The body is over: whether it ended between two events, and not within one. */
  end(): boolean;
}

export interface ParserParts {
  readonly sink: EventSink;
  /** Of a line or an event. */
  readonly maxBytes: number;
}

let kept: typeof EventSourceParser | undefined;

/**
 * To be called before a stream is sent, where its time has not begun. It is loaded with the first of them, and at once: an
 * iteration has its stream under way from the call on.
 */
export function loadParsers(): typeof EventSourceParser {
  if (kept !== undefined) return kept;
  const require = createRequire(libraryFile('request/stream/event-parser'));
  return (kept = require('eventsource-parser') as typeof EventSourceParser);
}

export function parserOf(form: StreamForm, parts: ParserParts): EventParser {
  switch (form) {
    case 'events':
      return new EventsParser(parts);
    case 'lines':
      return new LinesParser(parts);
    case 'chunks':
      return new ChunksParser(parts);
  }
}

/** A byte order mark at the beginning is left out, and what is no UTF-8 is replaced, as the standard says. */
function decoder(): (bytes?: Uint8Array) => string {
  const utf8 = new TextDecoder();
  return (bytes) => (bytes === undefined ? utf8.decode() : utf8.decode(bytes, { stream: true }));
}

class EventsParser implements EventParser {
  readonly #parts: ParserParts;
  readonly #decode = decoder();
  readonly #parser: EventSourceParser.EventSourceParser;
  /** The last piece ended with a CR: a line feed right behind it belongs to that. */
  #hasCarriageReturn = false;
  #isTooLong = false;
  /** The body is over: what is still made of it was not whole. */
  #isOver = false;
  #isWithin = false;

  constructor(parts: ParserParts) {
    this.#parts = parts;
    const { sink, maxBytes } = parts;
    this.#parser = loadParsers().createParser({
      maxBufferSize: maxBytes,
      onEvent: ({ event, data, id }) => {
        if (this.#isOver) this.#isWithin = true;
        else if (this.#isTooLong || isLonger(`${data}${event ?? ''}${id ?? ''}`, maxBytes)) this.#isTooLong = true;
        else sink.onEvent({ event, data, id });
      },
      onRetry: (ms) => sink.onRetry(ms),
      onError: ({ type, line }) => {
        if (type === 'max-buffer-size-exceeded') this.#isTooLong = true;
        else if (type !== 'unknown-field') return;
        else if (this.#isOver && isBegun(line ?? '')) this.#isWithin = true;
        else sink.onUnknown(line ?? '');
      },
    });
  }

  take(bytes: Uint8Array): void {
    this.#feed(this.#decode(bytes));
  }

  end(): boolean {
    this.#feed(this.#decode());
    this.#isOver = true;
    this.#parser.feed('\n\n'); // makes an event of whatever there is of one
    return !this.#isWithin;
  }

  /**
   * All three line ends become one: the parser would wait with an event that ends with a carriage return for the next
   * piece, which a line feed might begin.
   */
  #feed(text: string): void {
    const rest = this.#hasCarriageReturn && text.startsWith('\n') ? text.slice(1) : text;
    if (text !== '') this.#hasCarriageReturn = text.endsWith('\r');
    if (rest !== '') this.#parser.feed(rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest);
    if (this.#isTooLong) throw tooLong('an event', this.#parts.maxBytes);
  }
}

/** Whether it may be the beginning of a field, as against garbage. */
function isBegun(line: string): boolean {
  return ['data', 'event', 'id', 'retry'].some((field) => field.startsWith(line));
}

class LinesParser implements EventParser {
  readonly #parts: ParserParts;
  readonly #decode = decoder();
  /** Pieces of a line whose end has not come: joined once, so that a long one costs no more than its length. */
  #begun: string[] = [];
  #begunLength = 0;

  constructor(parts: ParserParts) {
    this.#parts = parts;
  }

  take(bytes: Uint8Array): void {
    this.#split(this.#decode(bytes));
  }

  /** The last line need not end with a line feed. */
  end(): boolean {
    this.#split(`${this.#decode()}\n`);
    return true;
  }

  #split(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', from)) {
      this.#keep(text.slice(from, end));
      this.#line(this.#begun.join(''));
      this.#begun = [];
      this.#begunLength = 0;
      from = end + 1;
    }
    if (from < text.length) this.#keep(text.slice(from));
  }

  #keep(piece: string): void {
    this.#begunLength += piece.length;
    if (this.#begunLength > this.#parts.maxBytes) throw tooLong('a line', this.#parts.maxBytes);
    this.#begun.push(piece);
  }

  #line(text: string): void {
    const line = text.endsWith('\r') ? text.slice(0, -1) : text;
    if (line === '') return;
    if (isLonger(line, this.#parts.maxBytes)) throw tooLong('a line', this.#parts.maxBytes);
    this.#parts.sink.onEvent({ event: undefined, data: line, id: undefined });
  }
}

class ChunksParser implements EventParser {
  readonly #parts: ParserParts;
  readonly #decode = decoder();

  constructor(parts: ParserParts) {
    this.#parts = parts;
  }

  take(bytes: Uint8Array): void {
    this.#tell(this.#decode(bytes));
  }

  end(): boolean {
    this.#tell(this.#decode());
    return true;
  }

  #tell(data: string): void {
    if (data !== '') this.#parts.sink.onEvent({ event: undefined, data, id: undefined });
  }
}

/** A character of UTF-16 is three bytes of UTF-8 at most. */
function isLonger(text: string, maxBytes: number): boolean {
  return text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes;
}

function tooLong(what: string, maxBytes: number): TooLongError {
  return new TooLongError(`${what} is longer than ${maxBytes} bytes, which is \`maxEventBytes\``);
}
