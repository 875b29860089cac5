/** HTTP/2 on one socket, by undici: requests of a lane share it, as many at a time as the server allows. */
import { Client, type Dispatcher } from 'undici';
import type { PeerUse } from '../network-watch.ts';
import { closedError, codeOf, isClosedCode } from '../failure.ts';
import { handOver } from '../uncounted.ts';
import type { Connected, ConnectTimes } from './connect.ts';
import { type Connection, type ConnectionOwner, type Exchange, leastRestMs } from './connection.ts';
import type { HeaderList } from '../header-list.ts';
import type { SecurityDetails } from './security-details.ts';

/** Requests handed to undici at once; how many of them are streams is for the server to say. */
const requestsAtOnce = 10_000;

export interface Http2Parts {
  readonly origin: string;
  readonly connected: Connected;
  readonly use: PeerUse;
  readonly owner: ConnectionOwner;
  readonly now: () => number;
}

export class Http2Connection implements Connection {
  readonly peer: { readonly ipAddress: string; readonly port: number };
  readonly security: SecurityDetails | undefined;
  readonly use: PeerUse;
  readonly #client: Client;
  readonly #owner: ConnectionOwner;
  readonly #streams = new Map<Exchange, Stream>();
  #times: ConnectTimes | undefined;
  #used = false;
  /** When the last answer came; how long it had rested when it was taken up again. */
  #answeredAtMs: number | undefined;
  #restMs = 0;
  readonly #now: () => number;

  constructor({ origin, connected: { socket, times, security }, use, owner, now }: Http2Parts) {
    this.#owner = owner;
    this.#now = now;
    this.use = use;
    this.#times = times;
    this.security = security;
    this.peer = { ipAddress: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    this.#client = new Client(origin, {
      allowH2: true,
      pipelining: requestsAtOnce,
      // Our own deadlines cover the whole exchange.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: (_options, callback) => {
        if (this.#used)
          callback(closedError(), null); // undici would connect again: here it is closed for good
        else callback(null, socket);
        this.#used = true;
      },
    });
    this.#client.on('disconnect', () => this.#owner.onClosed(this));
  }

  takeTimes(): ConnectTimes | undefined {
    const times = this.#times;
    this.#times = undefined;
    return times;
  }

  send(exchange: Exchange): void {
    if (this.#streams.size === 0 && this.#answeredAtMs !== undefined) this.#restMs = this.#now() - this.#answeredAtMs;
    const { path, method, headers, body } = exchange;
    if ((method === 'GET' || method === 'HEAD') && body !== undefined && body.length > 0) {
      exchange.onFailure(new Error(`over HTTP/2 a ${method} has no body`)); // undici ends its stream with the head
      return;
    }
    const stream = new Stream(this, exchange, () => this.#streams.delete(exchange));
    this.#streams.set(exchange, stream);
    handOver(this.#client, { path, method, headers: endToEnd(headers), body: bodyOf(method, body) }, stream);
  }

  abandon(exchange: Exchange, error: Error): void {
    this.#streams.get(exchange)?.abandon(error);
  }

  destroy(error: Error): void {
    // Never rejects, says undici; the requests under way are told through their handlers.
    void this.#client.destroy(error);
    this.#owner.onClosed(this);
  }

  retire(): void {
    void this.#client.close().then(() => this.#owner.onClosed(this)); // once all of its requests are over
  }

  /** Whether a request that failed without an answer has met a connection which had been kept and was closed. */
  isStale(error: Error): boolean {
    if (this.#restMs < leastRestMs || !isClosedCode(codeOf(error))) return false;
    this.#owner.onClosed(this); // before the request is sent again: not over this one
    return true;
  }

  answered(): void {
    this.#answeredAtMs = this.#now();
    this.#restMs = 0;
  }
}

/** One request of a connection that others share, as undici reports it. */
class Stream implements Dispatcher.DispatchHandler {
  readonly #connection: Http2Connection;
  readonly #exchange: Exchange;
  readonly #forget: () => void;
  #abort: ((error?: Error) => void) | undefined;
  #over = false;
  #hasHead = false;

  constructor(connection: Http2Connection, exchange: Exchange, forget: () => void) {
    this.#connection = connection;
    this.#exchange = exchange;
    this.#forget = forget;
  }

  abandon(error: Error): void {
    this.#finish();
    this.#abort?.(error);
  }

  onConnect(abort: (error?: Error) => void): void {
    if (this.#over) {
      abort();
      return;
    }
    this.#abort = abort;
    this.#exchange.onSent(this.#connection);
  }

  onHeaders(status: number, headers: Buffer[], _resume: () => void, statusText: string): boolean {
    this.#hasHead = true;
    if (status >= 200 && !this.#over) {
      this.#exchange.onHead(
        status,
        statusText,
        headers.map((bytes) => bytes.toString('latin1')),
      );
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (!this.#over) this.#exchange.onData(chunk);
    return true;
  }

  onComplete(): void {
    if (this.#over) return;
    this.#finish();
    this.#connection.answered();
    this.#exchange.onEnd();
  }

  onError(error: Error): void {
    if (this.#over) return;
    this.#finish();
    this.#exchange.onFailure(error, !this.#hasHead && this.#connection.isStale(error));
  }

  #finish(): void {
    this.#over = true;
    this.#forget();
  }
}

/** Methods whose body undici takes as it is. */
const withPayload = new Set(['PATCH', 'POST', 'PUT']);

/** For other methods undici asserts that there is none, in the midst of its own events, but takes a list of bytes. */
function bodyOf(method: string, body: Buffer | undefined): Exclude<Dispatcher.DispatchOptions['body'], undefined> {
  if (body === undefined || body.length === 0) return null;
  return withPayload.has(method) ? body : ([body] as Iterable<Buffer> as Buffer);
}

/** Of one connection over HTTP/1.1, and forbidden in HTTP/2 (RFC 9113, 8.2.2). */
const connectionHeaders = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** Node would throw on any other, in the midst of undici's own events. */
function endToEnd(headers: Readonly<HeaderList>): HeaderList {
  const sent: HeaderList = [];
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    const lower = name.toLowerCase();
    if (!connectionHeaders.has(lower) && (lower !== 'te' || value === 'trailers')) sent.push(name, value);
  }
  return sent;
}
