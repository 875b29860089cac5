/**
 * Reads HTTP/1.1 responses (RFC 9112) from the bytes of one connection, piece by piece. It accepts and refuses what
 * Node's own parser does, with its codes and words, so that a response which is malformed to one is to the other; a
 * fuzz test compares them.
 */
import { maxHeaderSize } from 'node:http';
import type { HeaderList } from '../header-list.ts';
import { KnownHeads } from './known-heads.ts';
import { Head, ParseError, type Framing } from './response-head.ts';

/** What of a response is told as it comes; informational responses (1xx) are not. */
export interface ResponseSink {
  onHead(status: number, statusText: string, headers: HeaderList): void;
  onData(chunk: Buffer): void;
}

/** Bytes of all headers at most: Node's own limit, which `--max-http-header-size` sets. */
const maxHeadBytes = maxHeaderSize;

/** Where in a response the next byte is. */
type Place =
  'status-line' | 'header' | 'fixed' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer' | 'until-close' | 'over';

const lineFeed = 10;
const headEnd = '\r\n\r\n';

export class ResponseParser {
  /** Whether the connection can carry another request, as far as the last response says. */
  keepAlive = true;
  /** `Keep-Alive: timeout` of the last response, in milliseconds. */
  idleHintMs: number | undefined;
  /** Whether a byte has come since the request, be it of an informational response. */
  begun = false;
  #sink: ResponseSink | undefined;
  #method = 'GET';
  #place: Place = 'over';
  /** A line whose end has not come yet. */
  #carry = '';
  #headBytes = 0;
  #bytesLeft = 0;
  #head = new Head();
  readonly #knownHeads: KnownHeads;

  constructor(knownHeads = new KnownHeads()) {
    this.#knownHeads = knownHeads;
  }

  /** A request was sent: what comes next is its response. */
  expect(method: string, sink: ResponseSink): void {
    this.#method = method;
    this.#sink = sink;
    this.#place = 'status-line';
    this.#carry = '';
    this.#headBytes = 0;
    this.begun = false;
  }

  /** Takes bytes in; true when the response is complete. Throws a `ParseError`. */
  take(chunk: Buffer): boolean {
    this.begun = true;
    let at = 0;
    while (at < chunk.length) {
      if (this.#place === 'over') {
        skipLineBreaks(chunk, at);
        return true;
      }
      at = this.#place === 'status-line' && this.#carry === '' ? this.#wholeHead(chunk, at) : this.#step(chunk, at);
    }
    return this.#place === 'over';
  }

  /** The connection was closed: true when that ends the response well. */
  end(): boolean {
    return this.#place === 'over' || this.#place === 'until-close';
  }

  /** Most heads come in one piece. */
  #wholeHead(chunk: Buffer, at: number): number {
    const known = this.#knownHeads.find(chunk, at);
    if (known === undefined) return this.#newHead(chunk, at);
    this.#head = known.head;
    this.#headEnds();
    return at + known.bytes.length;
  }

  #newHead(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(headEnd, at) + headEnd.length;
    if (end < headEnd.length || end - at > maxHeadBytes + headEnd.length) return this.#step(chunk, at);
    const text = chunk.toString('latin1', at, end);
    let from = 0;
    while (from < text.length) {
      const lineEnd = text.indexOf('\n', from);
      // The last line is the empty one that ends the head; `#headEnds` takes it, for known heads too.
      if (lineEnd === text.length - 1) break;
      const line = text.slice(from, lineEnd);
      this.#countHead(line.length + 1);
      this.#takeLine(line);
      from = lineEnd + 1;
    }
    // Nothing but line breaks, which may stand before a response.
    if (this.#place === 'status-line') return end;
    this.#knownHeads.add(chunk.subarray(at, end), this.#head);
    this.#headEnds();
    return end;
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#place) {
      case 'fixed':
      case 'chunk':
        return this.#body(chunk, at);
      case 'until-close':
        this.#sink?.onData(at === 0 ? chunk : chunk.subarray(at));
        return chunk.length;
      case 'status-line':
      case 'header':
      case 'chunk-size':
      case 'chunk-end':
      case 'trailer':
        return this.#line(chunk, at);
      case 'over':
        return chunk.length;
    }
  }

  #body(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#bytesLeft);
    this.#sink?.onData(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    this.#bytesLeft -= end - at;
    if (this.#bytesLeft === 0) this.#place = this.#place === 'chunk' ? 'chunk-end' : 'over';
    return end;
  }

  #line(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(lineFeed, at);
    if (end === -1) {
      this.#carry += chunk.toString('latin1', at);
      this.#checkUnfinished();
      return chunk.length;
    }
    const rest = chunk.toString('latin1', at, end);
    const line = this.#carry === '' ? rest : this.#carry + rest;
    this.#carry = '';
    this.#countHead(line.length + 1);
    this.#takeLine(line);
    return end + 1;
  }

  /** What is wrong already is said before the line's end, which may never come. */
  #checkUnfinished(): void {
    if (this.#place === 'status-line') checkStatusPrefix(this.#carry);
    if (this.#headBytes + this.#carry.length > maxHeadBytes) throw overflow();
  }

  #countHead(bytes: number): void {
    if (this.#place !== 'header' && this.#place !== 'status-line' && this.#place !== 'trailer') return;
    this.#headBytes += bytes;
    if (this.#headBytes > maxHeadBytes) throw overflow();
  }

  #takeLine(line: string): void {
    switch (this.#place) {
      case 'status-line':
        if (line === '\r' || line === '') return; // line breaks before a response are skipped
        this.#head = new Head();
        this.#head.takeStatusLine(line);
        this.#place = 'header';
        return;
      case 'header':
        if (line === '\r') this.#headEnds();
        else this.#head.takeHeader(line);
        return;
      case 'chunk-size':
        this.#bytesLeft = chunkSize(line);
        this.#place = this.#bytesLeft === 0 ? 'trailer' : 'chunk';
        return;
      case 'chunk-end':
        if (line !== '\r') throw new ParseError('HPE_STRICT', 'Expected LF after chunk data');
        this.#place = 'chunk-size';
        return;
      case 'trailer':
        if (line === '\r') this.#place = 'over';
        else checkTrailer(line);
        return;
      case 'fixed':
      case 'chunk':
      case 'until-close':
      case 'over':
        throw new Error(`no line is read in ${this.#place}`);
    }
  }

  #headEnds(): void {
    const head = this.#head;
    head.end();
    if (head.status >= 100 && head.status < 200) {
      if (head.status === 101)
        throw new ParseError('HPE_UPGRADE', 'The server changes the protocol, which nobody asked for');
      this.#headBytes = 0;
      this.#place = 'status-line';
      return;
    }
    const framing = head.framing(this.#method);
    this.keepAlive = framing.kind !== 'close' && head.keepAlive;
    this.idleHintMs = head.idleHintMs;
    this.#sink?.onHead(head.status, head.statusText, head.headers);
    this.#enter(framing);
  }

  #enter(framing: Framing): void {
    switch (framing.kind) {
      case 'none':
        this.#place = 'over';
        return;
      case 'length':
        this.#bytesLeft = framing.bytes;
        this.#place = framing.bytes === 0 ? 'over' : 'fixed';
        return;
      case 'chunked':
        this.#place = 'chunk-size';
        return;
      case 'close':
        this.#place = 'until-close';
        return;
    }
  }
}

/** Bytes after a response, when nothing was asked: line breaks are harmless, anything else is no HTTP. */
function skipLineBreaks(chunk: Buffer, from: number): void {
  for (let at = from; at < chunk.length; at += 1) {
    if (chunk[at] !== lineFeed && chunk[at] !== 13)
      throw new ParseError('HPE_INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/');
  }
}

function overflow(): ParseError {
  return new ParseError('HPE_HEADER_OVERFLOW', 'Header overflow');
}

function checkStatusPrefix(carry: string): void {
  const text = carry.replace(/^[\r\n]+/, '');
  if (!'HTTP/'.startsWith(text.slice(0, 5)))
    throw new ParseError('HPE_INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/');
}

/** An extension of a chunk: a name, perhaps with a value that is a token or quoted (RFC 9112, 7.1.1). */
const extension = /;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"(?:[^"\\\r]|\\[^\r])*"))?/;
const chunkLine = new RegExp(`^([0-9a-f]+)(?:${extension.source})*\\r$`, 'i');

/** Hexadecimal, perhaps with extensions that we have no use for. */
function chunkSize(line: string): number {
  const size = chunkLine.exec(line)?.[1];
  if (size === undefined) throw new ParseError('HPE_INVALID_CHUNK_SIZE', 'Invalid character in chunk size');
  const bytes = Number.parseInt(size, 16);
  if (!Number.isSafeInteger(bytes)) throw new ParseError('HPE_INVALID_CHUNK_SIZE', 'Chunk size overflow');
  return bytes;
}

/** Trailers are read over, but must be headers. */
function checkTrailer(line: string): void {
  new Head().takeHeader(line);
}
