/**
 * HTTP/2 on one socket, by Node's own client: the requests of a lane share it, as many at a time as the server takes. A
 * stream that the server has not processed is told apart from one that it may have (RFC 9113, 8.7).
 */
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream, type Settings } from 'node:http2';
import type { Socket } from 'node:net';
import type { PeerUse } from '../network-watch.ts';
import { closedError, codeOf, isClosedCode } from '../failure.ts';
import type { Connected, ConnectTimes } from './connect.ts';
import { type ConnectionOwner, type Exchange, leastRestMs, type SharedConnection } from './connection.ts';
import { getHeader, type HeaderList } from '../header-list.ts';
import type { Unanswered } from '../resend.ts';
import { impliedLength } from './request-head.ts';
import type { SecurityDetails } from './security-details.ts';

/** Bytes that may be on their way to us, of a stream and of all: Chrome's, so that the load is not held back by them. */
const windows = { stream: 6 * 1_024 * 1_024, connection: 15 * 1_024 * 1_024 } as const;

/** Of a response's head: Node's 128 are fewer than HTTP/1.1 takes. */
const mostFields = 2_000;

/** Of a request's head, packed: Node's 64 KB are fewer than HTTP/1.1 sends, and it calls them refused by the server. */
const mostHeadBytes = 16 * 1_024 * 1_024;

export interface Http2Parts {
  readonly origin: string;
  readonly connected: Connected;
  readonly use: PeerUse;
  readonly owner: ConnectionOwner;
  readonly now: () => number;
}

export class Http2Connection implements SharedConnection {
  readonly peer: { readonly ipAddress: string; readonly port: number };
  readonly security: SecurityDetails | undefined;
  readonly use: PeerUse;
  readonly #session: ClientHttp2Session;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #now: () => number;
  readonly #streams = new Map<Exchange, Stream>();
  /** One, until its settings are there, which come before anything else: more than it takes would be refused. */
  #mostStreams = 1;
  #times: ConnectTimes | undefined;
  /** When the last answer came; how long it had rested when it was taken up again. */
  #answeredAtMs: number | undefined;
  #restMs = 0;
  /** Why it is gone, where somebody said so, and the last stream that the server may have processed. */
  #error: Error | undefined;
  #lastStream = Infinity;

  constructor({ origin, connected: { socket, times, security }, use, owner, now }: Http2Parts) {
    this.#owner = owner;
    this.#now = now;
    this.#socket = socket;
    this.use = use;
    this.#times = times;
    this.security = security;
    this.peer = { ipAddress: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.#session = connect(origin, {
      createConnection: () => socket,
      settings: { enablePush: false, initialWindowSize: windows.stream },
      maxHeaderListPairs: mostFields,
      maxSendHeaderBlockLength: mostHeadBytes,
    });
    this.#session.once('connect', () => this.#session.setLocalWindowSize(windows.connection));
    this.#session.on('remoteSettings', ({ maxConcurrentStreams }: Settings) => {
      this.#mostStreams = maxConcurrentStreams ?? Infinity;
      this.#owner.onRoom();
    });
    this.#session.on('goaway', (_code, lastStream: number) => {
      this.#lastStream = lastStream;
      this.#owner.onRoom(); // on another connection
    });
    this.#session.on('error', (error: Error) => void (this.#error ??= error));
    this.#session.on('close', () => this.#onClose());
    this.#session.unref();
  }

  get takes(): SharedConnection['takes'] {
    if (this.#session.closed || this.#session.destroyed) return 'none';
    return this.#streams.size < this.#mostStreams ? 'more' : 'later';
  }

  takeTimes(): ConnectTimes | undefined {
    const times = this.#times;
    this.#times = undefined;
    return times;
  }

  send(exchange: Exchange): void {
    if (this.#streams.size === 0) this.#takeUp();
    exchange.onSent(this);
    const { body } = exchange;
    const hasBody = body !== undefined && body.length > 0;
    try {
      const stream = this.#session.request(headersOf(exchange), { endStream: !hasBody });
      this.#streams.set(exchange, new Stream(this, exchange, stream));
      if (hasBody) stream.end(body);
    } catch (error) {
      this.forget(exchange);
      exchange.onFailure(error instanceof Error ? error : new Error(String(error)));
    }
  }

  abandon(exchange: Exchange): void {
    const stream = this.#streams.get(exchange);
    this.forget(exchange);
    stream?.abandon();
  }

  /** The others go on: what is on its way to this one is bounded by its window. */
  pause(exchange: Exchange): void {
    this.#streams.get(exchange)?.pause();
  }

  resume(exchange: Exchange): void {
    this.#streams.get(exchange)?.resume();
  }

  destroy(error: Error): void {
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    this.#session.destroy();
    this.#socket.destroy();
    this.#owner.onClosed(this);
    for (const stream of streams) stream.fail(error);
  }

  retire(): void {
    this.#session.close(); // once all of its streams are over
  }

  /** Whether its streams are about to hear why all of them end. */
  get isGone(): boolean {
    return this.#session.destroyed;
  }

  answered(): void {
    this.#answeredAtMs = this.#now();
    this.#restMs = 0;
  }

  forget(exchange: Exchange): void {
    this.#streams.delete(exchange);
    if (this.#streams.size === 0 && !this.#session.destroyed) this.#session.unref();
    this.#owner.onRoom();
  }

  /** The process lives on while a request is under way. */
  #takeUp(): void {
    this.#session.ref();
    if (this.#answeredAtMs !== undefined) this.#restMs = this.#now() - this.#answeredAtMs;
  }

  #onClose(): void {
    this.#owner.onClosed(this); // before a request is sent again: not over this one
    const error = this.#error ?? closedError();
    const isStale = this.#restMs >= leastRestMs && isClosedCode(codeOf(error));
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const stream of streams) {
      stream.fail(error, stream.id > this.#lastStream ? 'refused' : isStale ? 'stale' : undefined);
    }
  }
}

/** One request of a connection that others share. */
class Stream {
  readonly #connection: Http2Connection;
  readonly #exchange: Exchange;
  readonly #stream: ClientHttp2Stream;
  #hasHead = false;
  /** The server has said that this was all. */
  #isWhole = false;
  /** Bytes of the body that are still to come, where the head says how many there are. */
  #missingBytes = 0;
  #over = false;

  constructor(connection: Http2Connection, exchange: Exchange, stream: ClientHttp2Stream) {
    this.#connection = connection;
    this.#exchange = exchange;
    this.#stream = stream;
    this.#watchEnd();
    stream.on('response', ({ ':status': status = 0 }, _flags: number, fields: readonly string[]) => {
      this.#hasHead = true;
      const headers = listOf(fields);
      this.#missingBytes += bodyLength(exchange.method, status, headers);
      if (!this.#over) exchange.onHead(status, '', headers);
    });
    stream.on('data', (chunk: Buffer) => {
      this.#missingBytes -= chunk.length;
      if (!this.#over) exchange.onData(chunk);
    });
    stream.on('end', () => this.#onEnd());
    stream.on('error', (error: Error) => this.#onLost(error));
    stream.on('close', () => this.#onLost(closedStream(stream.rstCode)));
  }

  /** Above all that the server can have taken, where it was not sent yet. */
  get id(): number {
    return this.#stream.id ?? Infinity;
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  abandon(): void {
    this.#over = true;
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  /** `unanswered`: what that means where no answer has begun. */
  fail(error: Error, unanswered?: Unanswered): void {
    if (this.#over) return;
    this.#over = true;
    this.#exchange.onFailure(error, this.#hasHead ? undefined : unanswered);
  }

  /** Node ends a stream that was reset with NO_ERROR like one that is whole, but closes it first. */
  #watchEnd(): void {
    const stream = this.#stream;
    const push = stream.push.bind(stream);
    stream.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
      if (chunk === null && !stream.closed) this.#isWhole = true;
      return push(chunk, encoding);
    };
  }

  /** Node ends what the end of the connection cut off, too, and what the server reset as if it were whole. */
  #onEnd(): void {
    const stream = this.#stream;
    const isCutOff = stream.closed && stream.rstCode !== constants.NGHTTP2_NO_ERROR;
    if (this.#over || !this.#hasHead || isCutOff) return;
    if (!this.#isWhole || this.#missingBytes > 0) {
      this.#onLost(closedStream(stream.rstCode));
      return;
    }
    this.#over = true;
    if (!stream.writableFinished) stream.close(constants.NGHTTP2_CANCEL); // nobody reads the rest of the request
    this.#connection.answered();
    this.#connection.forget(this.#exchange);
    this.#exchange.onEnd();
  }

  /** What the connection's end did to it is for the connection to say, once it knows. */
  #onLost(error: Error): void {
    const isRefused = this.#stream.rstCode === constants.NGHTTP2_REFUSED_STREAM;
    if (this.#over || (this.#connection.isGone && !isRefused)) return;
    this.#connection.forget(this.#exchange);
    this.fail(error, isRefused ? 'refused' : undefined);
  }
}

/** In Node's words, which it has for no stream that ended by either of these. */
function closedStream(code: number | undefined): Error {
  const name = code === constants.NGHTTP2_CANCEL ? 'NGHTTP2_CANCEL' : 'NGHTTP2_NO_ERROR';
  return Object.assign(new Error(`Stream closed with error code ${name}`), { code: 'ERR_HTTP2_STREAM_ERROR' });
}

/** As its head says; 0 where it does not, or where there is no body whatever it says (RFC 9110, 8.6). */
function bodyLength(method: string, status: number, headers: HeaderList): number {
  const said = getHeader(headers, 'content-length');
  return said === undefined || method === 'HEAD' || status === 204 || status === 304 ? 0 : Number(said);
}

/** Without the pseudo-fields, in the order in which they came. */
function listOf(fields: readonly string[]): HeaderList {
  const list: HeaderList = [];
  for (let at = 0; at < fields.length; at += 2) {
    const name = fields[at] ?? '';
    if (!name.startsWith(':')) list.push(name, fields[at + 1] ?? '');
  }
  return list;
}

/** Of one connection over HTTP/1.1, and forbidden in HTTP/2 (RFC 9113, 8.2.2), or said there in another way. */
const connectionHeaders = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** A name that occurs twice has both values (RFC 9110, 5.3), as Node takes a list for some names only. */
function headersOf(exchange: Exchange): Record<string, string> {
  const { method, path, host, headers, traceparent } = exchange;
  const sent: Record<string, string> = Object.create(null) as Record<string, string>;
  sent[':method'] = method;
  sent[':path'] = path;
  sent[':authority'] = host;
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase();
    const value = headers[at + 1] ?? '';
    if (name === 'host') sent[':authority'] = value;
    if (connectionHeaders.has(name) || (name === 'te' && value !== 'trailers')) continue;
    const before = sent[name];
    sent[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  if (traceparent !== undefined) sent['traceparent'] = traceparent;
  const length = impliedLength(exchange);
  if (length !== undefined) sent['content-length'] = String(length);
  return sent;
}
