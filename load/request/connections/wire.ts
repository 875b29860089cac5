/**
 * HTTP/1.1 on one socket: one request at a time, its response read by our own parser. What goes over the wire is what
 * Node's own client writes; carrying one request at a time, it needs no queue, no timer and no events of its own.
 */
import type { Socket } from 'node:net';
import type { PeerUse } from '../network-watch.ts';
import { closedError, codeOf, isClosedCode } from '../failure.ts';
import type { Connected, ConnectTimes } from './connect.ts';
import { type Connection, type ConnectionOwner, type Exchange, leastRestMs } from './connection.ts';
import type { KnownHeads } from './known-heads.ts';
import { requestHead } from './request-head.ts';
import { ResponseParser } from './response-parser.ts';
import type { SecurityDetails } from './security-details.ts';

/** A server that says for how long it keeps a connection is believed, less this. */
const hintMarginMs = 1_000;

export interface WireParts {
  readonly connected: Connected;
  /** How long it is kept between two requests. 0: it carries one alone, and says so. */
  readonly idleTimeoutMs: number;
  /** Heads of responses, of whichever connection to this origin. */
  readonly knownHeads: KnownHeads;
  readonly use: PeerUse;
  readonly owner: ConnectionOwner;
}

export class Wire implements Connection {
  readonly peer: { readonly ipAddress: string; readonly port: number };
  readonly security: SecurityDetails | undefined;
  readonly use: PeerUse;
  readonly #socket: Socket;
  readonly #owner: ConnectionOwner;
  readonly #parser: ResponseParser;
  readonly #connectionHeader: string;
  #idleTimeoutMs: number;
  #times: ConnectTimes | undefined;
  #exchange: Exchange | undefined;
  /** Since when it rests, or rested before the request that it carries. */
  #restedAtMs = Infinity;
  #closed = false;

  constructor({ connected: { socket, inbox, times, security }, idleTimeoutMs, knownHeads, use, owner }: WireParts) {
    this.#socket = socket;
    this.#parser = new ResponseParser(knownHeads);
    this.#owner = owner;
    this.#idleTimeoutMs = idleTimeoutMs;
    this.#connectionHeader = idleTimeoutMs > 0 ? 'Connection: keep-alive\r\n' : 'Connection: close\r\n';
    this.use = use;
    this.#times = times;
    this.security = security;
    this.peer = { ipAddress: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    socket.on('end', () => this.#onEnd());
    socket.on('error', (error: Error) => this.#onError(error));
    socket.on('close', () => this.#onClose());
    socket.on('timeout', () => this.#onIdleTimeout());
    const take = (chunk: Buffer): void => this.#onData(chunk);
    if (inbox === undefined) socket.on('data', take);
    else inbox.listen(take);
  }

  takeTimes(): ConnectTimes | undefined {
    const times = this.#times;
    this.#times = undefined;
    return times;
  }

  send(exchange: Exchange): void {
    this.#exchange = exchange;
    const socket = this.#socket;
    socket.ref();
    this.#parser.expect(exchange.method, exchange);
    exchange.onSent(this);
    const { body } = exchange;
    const head = requestHead(exchange, this.#connectionHeader);
    if (exchange.block.chunked) {
      this.#writeChunks(head, body);
      return;
    }
    if (body === undefined || body.length === 0) {
      socket.write(head, 'latin1');
      return;
    }
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  }

  /** As Node's client: the body is one chunk, and the last one is empty. */
  #writeChunks(head: string, body: Buffer | undefined): void {
    const socket = this.#socket;
    socket.cork();
    socket.write(head, 'latin1');
    if (body !== undefined && body.length > 0) {
      socket.write(`${body.length.toString(16)}\r\n`, 'latin1');
      socket.write(body);
      socket.write('\r\n', 'latin1');
    }
    socket.write('0\r\n\r\n', 'latin1');
    socket.uncork();
  }

  abandon(exchange: Exchange, error: Error): void {
    if (this.#exchange !== exchange) return;
    this.#exchange = undefined;
    this.destroy(error);
  }

  pause(): void {
    this.#socket.pause(); // as it carries one request at a time, this is the one
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(error: Error): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#shut();
    exchange?.onFailure(error);
  }

  retire(): void {
    this.#idleTimeoutMs = 0;
    if (this.#exchange === undefined) this.#shut();
  }

  #onData(chunk: Buffer): void {
    const exchange = this.#exchange;
    if (exchange === undefined) {
      // Bytes that nobody asked for: the next response could not be told from them.
      this.#shut();
      return;
    }
    try {
      if (this.#parser.take(chunk)) this.#complete(exchange);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #complete(exchange: Exchange): void {
    // Whoever was told of the head may have given the rest up.
    if (this.#exchange !== exchange) return;
    this.#exchange = undefined;
    exchange.onEnd();
    // A server may answer before it has the whole request, whose rest would stand before the next one.
    const unsent = this.#socket.writableLength > 0;
    if (this.#parser.keepAlive && !unsent && !isLast(exchange)) this.#rest(exchange);
    else this.#shut();
  }

  /** Waits for the next request; the process may end meanwhile. */
  #rest({ endedAtMs = Infinity }: Exchange): void {
    if (this.#closed) return;
    const { idleHintMs } = this.#parser;
    const idleMs =
      idleHintMs === undefined ? this.#idleTimeoutMs : Math.min(this.#idleTimeoutMs, idleHintMs - hintMarginMs);
    if (idleMs <= 0) {
      this.#shut();
      return;
    }
    // Setting the same time again is nearly free, and each byte over the socket counts as life.
    if (this.#socket.timeout !== idleMs) this.#socket.setTimeout(idleMs);
    this.#socket.unref();
    this.#restedAtMs = endedAtMs;
    this.#owner.onIdle(this);
  }

  #onIdleTimeout(): void {
    if (this.#exchange === undefined) this.#shut();
  }

  /** The server sends no more. */
  #onEnd(): void {
    const exchange = this.#exchange;
    if (exchange !== undefined && !this.#parser.end()) {
      this.#lose(closedError());
      return;
    }
    this.#exchange = undefined;
    this.#shut();
    exchange?.onEnd();
  }

  #onError(error: Error): void {
    this.#lose(error);
  }

  #onClose(): void {
    if (!this.#closed) this.#lose(closedError());
  }

  /** The other end has closed it, or the way there has. */
  #lose(error: Error): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#shut();
    const hasRested = (exchange?.sentAtMs ?? 0) - this.#restedAtMs >= leastRestMs;
    const isStale = hasRested && !this.#parser.begun && isClosedCode(codeOf(error));
    exchange?.onFailure(error, isStale ? 'stale' : undefined);
  }

  #shut(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.#owner.onClosed(this);
  }
}

/** A body that was promised and is not there would be taken out of the next request. */
function isLast({ block, body }: Exchange): boolean {
  return block.closes || (block.promisesBody && body === undefined);
}
