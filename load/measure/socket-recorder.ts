/**
 * Counts what WebSockets do while a run is measured, in the row of their handshake. What they do is filed by the moment in
 * which it happens: a socket may outlive the iteration, or the warm-up, in which it was opened.
 */
import type { EndpointData } from './run-data.ts';
import type { HttpSample } from './samples/http.ts';
import { emptySocketBook, emptySocketWindow, type SocketBook, type SocketWindow } from './socket-book.ts';

/** How a socket closed: `problem` says in words what was wrong about it, if anything was. */
export interface SocketClose {
  readonly code: number;
  readonly problem: string | undefined;
}

interface Row {
  readonly name: string;
  readonly data: EndpointData;
}

/** The rows of the run. */
interface Rows {
  /** The row of a handshake, whether or not the handshake is in any number. */
  readonly of: (handshake: HttpSample) => Row;
  /** What such a request is called where nobody has given it a name: `WS /ws`. */
  readonly nameOf: (method: string, url: string) => string;
}

/** An abnormal close, as the table of errors has it. */
interface AbnormalClose {
  readonly kind: string;
  readonly endpoint: string;
  readonly message: string;
}

export interface SocketRecorderParts {
  /** The rows of its tags. */
  readonly taggedOf: (handshake: HttpSample) => readonly Row[];
  /** Whether what happens at this moment is of the measured part. */
  readonly isMeasured: (nowMs: number) => boolean;
  readonly secondOf: (nowMs: number) => number;
  /** Files an abnormal close among the errors. */
  readonly onAbnormal: (error: AbnormalClose, nowMs: number) => void;
}

/** As the table of errors calls a close by its code (RFC 6455, 7.4). */
export function closeKind(code: number): string {
  return `WebSocket ${code}`;
}

export class SocketRecorder {
  readonly #parts: SocketRecorderParts;
  readonly #known: Rows;
  readonly #rows = new Map<EndpointData, SocketRow>();

  constructor(rows: Rows, parts: SocketRecorderParts) {
    this.#known = rows;
    this.#parts = parts;
  }

  nameOf(method: string, url: string): string {
    return this.#known.nameOf(method, url);
  }

  /** A handshake came through: from now on its socket counts. */
  opened(handshake: HttpSample, nowMs: number): SocketUse {
    const rows = [
      this.#rowOf(this.#known.of(handshake), this.#parts.onAbnormal),
      ...this.#parts.taggedOf(handshake).map((row) => this.#rowOf(row)),
    ];
    return new SocketUse(rows, nowMs);
  }

  #rowOf({ name, data }: Row, onAbnormal: SocketRecorderParts['onAbnormal'] = () => undefined): SocketRow {
    let row = this.#rows.get(data);
    if (row === undefined) this.#rows.set(data, (row = new SocketRow({ name, data }, { ...this.#parts, onAbnormal })));
    return row;
  }

  /** To be called about once a second: sockets are open in seconds too in which they are silent. */
  tick(nowMs: number): void {
    for (const row of this.#rows.values()) row.tick(nowMs);
  }
}

/** The sockets of one row; those of a tag are among the errors by their handshake's. */
class SocketRow {
  readonly #row: Row;
  readonly #parts: SocketRecorderParts;
  #open = 0;
  #tickedSecond = -1;

  constructor(row: Row, parts: SocketRecorderParts) {
    this.#row = row;
    this.#parts = parts;
  }

  tick(nowMs: number): void {
    if (!this.#parts.isMeasured(nowMs)) return;
    const now = this.#parts.secondOf(nowMs);
    if (this.#open > 0) for (let at = this.#tickedSecond + 1; at <= now; at++) this.#windowOf(this.#book, at);
    this.#tickedSecond = now;
  }

  opened(nowMs: number): void {
    this.#open += 1;
    if (!this.#parts.isMeasured(nowMs)) return;
    this.#book.opened += 1;
    this.#windowOf(this.#book, this.#parts.secondOf(nowMs));
  }

  sent(bytes: number, nowMs: number): void {
    if (!this.#parts.isMeasured(nowMs)) return;
    const book = this.#book;
    book.sent += 1;
    book.bytesSent += bytes;
    this.#windowOf(book, this.#parts.secondOf(nowMs)).sent += 1;
  }

  received(bytes: number, nowMs: number): void {
    if (!this.#parts.isMeasured(nowMs)) return;
    const book = this.#book;
    book.received += 1;
    book.bytesReceived += bytes;
    this.#windowOf(book, this.#parts.secondOf(nowMs)).received += 1;
  }

  closed({ code, problem }: SocketClose, openedAtMs: number, nowMs: number): void {
    const { isMeasured, secondOf, onAbnormal } = this.#parts;
    if (isMeasured(nowMs)) {
      const book = this.#book;
      this.#windowOf(book, secondOf(nowMs)); // it was open in this second too
      const word = String(code);
      book.closes.set(word, (book.closes.get(word) ?? 0) + 1);
      book.openTime.recordMs(Math.max(0, nowMs - openedAtMs));
      if (problem !== undefined) {
        book.abnormalCloses += 1;
        onAbnormal({ kind: closeKind(code), endpoint: this.#row.name, message: problem }, nowMs);
      }
    }
    this.#open -= 1;
  }

  /** Made by the first thing that counts, so that a row whose sockets were all of the warm-up has none. */
  get #book(): SocketBook {
    return (this.#row.data.socket ??= emptySocketBook());
  }

  #windowOf(book: SocketBook, second: number): SocketWindow {
    let window = book.windows.get(second);
    if (window === undefined) book.windows.set(second, (window = emptySocketWindow()));
    if (this.#open > window.open) window.open = this.#open;
    return window;
  }
}

/** What one open socket tells of itself. */
export class SocketUse {
  /** That of its handshake, and those of its tags. */
  readonly #rows: readonly SocketRow[];
  readonly #openedAtMs: number;

  constructor(rows: readonly SocketRow[], openedAtMs: number) {
    this.#rows = rows;
    this.#openedAtMs = openedAtMs;
    for (const row of rows) row.opened(openedAtMs);
  }

  sent(bytes: number, nowMs: number): void {
    for (const row of this.#rows) row.sent(bytes, nowMs);
  }

  received(bytes: number, nowMs: number): void {
    for (const row of this.#rows) row.received(bytes, nowMs);
  }

  /** Once. */
  closed(close: SocketClose, nowMs: number): void {
    for (const row of this.#rows) row.closed(close, this.#openedAtMs, nowMs);
  }
}
