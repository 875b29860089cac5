/**
 * The connections to one origin. A request takes the connection that fell idle last (it is the least likely to be
 * stale), or opens one; over HTTP/2 all share one connection, and wait while it takes no more.
 */
import { Connector, type Connected, type ConnectorParts, type ConnectTimes } from './connect.ts';
import { gateLimits, type GiveUp } from './connect-gate.ts';
import type { Connection, ConnectionOwner, Exchange, SharedConnection } from './connection.ts';
import { Http2Connection } from './http2.ts';
import { KnownHeads } from './known-heads.ts';
import { Wire } from './wire.ts';

export interface LaneOptions extends ConnectorParts {
  readonly origin: string;
  /** Connections at most; requests beyond wait their turn. */
  readonly connections: number;
  readonly idleTimeoutMs: number;
  /** Older connections are closed after the request that they carry. */
  readonly maxAgeMs: number;
}

export class Lane implements ConnectionOwner {
  readonly #options: LaneOptions;
  readonly #connector: Connector;
  readonly #knownHeads = new KnownHeads();
  readonly #open = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Exchange>();
  readonly #connecting = new Map<Exchange, GiveUp>();
  /** When connections are old, where they may be. */
  readonly #ages = new Map<Connection, NodeJS.Timeout>();
  /** The connection that all requests share, once the server has chosen HTTP/2. */
  #shared: SharedConnection | undefined;
  /** While the first handshake is under way nobody knows whether one connection will do. */
  #protocolKnown: boolean;
  #isToServe = false;
  /** Why nothing can be sent any more. */
  #ended: Error | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#connector = new Connector(options);
    this.#protocolKnown = !options.endpoint.http2;
  }

  /** Sends now, on a new connection, or when one falls idle; the exchange is told how it goes. */
  send(exchange: Exchange): void {
    if (this.#ended !== undefined) throw this.#ended;
    const ready = this.#ready();
    if (ready !== undefined) ready.send(exchange);
    else if (this.#mayOpen()) this.#connect(exchange);
    else this.#waiting.add(exchange);
  }

  /**
   * Sends on a new connection what has met a kept one that was closed: others are likely to be closed too. Where there
   * may be no more of them an idle one makes room, or else the next that falls idle takes it, having just answered.
   */
  sendFresh(exchange: Exchange): void {
    if (this.#shared !== undefined || this.#ended !== undefined) {
      this.send(exchange);
      return;
    }
    if (!this.#mayOpen()) this.#idle.pop()?.retire();
    if (this.#mayOpen()) this.#connect(exchange);
    else this.#waiting.add(exchange);
  }

  /** What it waits for, in words, while others keep it from being sent. */
  waitOf(exchange: Exchange): string | undefined {
    const giveUp = this.#connecting.get(exchange);
    if (giveUp !== undefined && this.#connector.waits(giveUp))
      return `one of ${gateLimits.places} handshakes that may be under way`;
    const waits = this.#protocolKnown && this.#shared === undefined && this.#waiting.has(exchange);
    return waits ? `one of ${this.#options.connections} connections` : undefined;
  }

  /** The connection that was opened for a request has begun to answer. */
  answered(times: ConnectTimes): void {
    this.#connector.answered(times);
  }

  /** Gives up an exchange that no connection has sent yet. */
  cancel(exchange: Exchange): void {
    if (this.#waiting.delete(exchange)) return;
    this.#connecting.get(exchange)?.();
    if (this.#connecting.delete(exchange)) this.#serveSoon();
  }

  onIdle(connection: Connection): void {
    this.#idle.push(connection);
    this.#serve();
  }

  onRoom(): void {
    this.#serveSoon();
  }

  onClosed(connection: Connection): void {
    this.#open.delete(connection);
    clearTimeout(this.#ages.get(connection));
    this.#ages.delete(connection);
    this.#unshare(connection);
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
    this.#serveSoon();
  }

  /** No connection that is there takes another request; those at work close after theirs. */
  retire(): void {
    for (const connection of [...this.#open]) this.#retire(connection);
  }

  /** For good: what is under way fails with this error, and so does whatever is sent later. */
  destroy(error: Error): void {
    this.#ended = error;
    for (const [exchange, giveUp] of this.#connecting) {
      giveUp();
      exchange.onFailure(error);
    }
    this.#connecting.clear();
    for (const exchange of this.#waiting) exchange.onFailure(error);
    this.#waiting.clear();
    for (const connection of [...this.#open]) connection.destroy(error);
  }

  #retire(connection: Connection): void {
    this.#unshare(connection);
    connection.retire();
  }

  /** The next request connects anew, and may find another protocol. */
  #unshare(connection: Connection): void {
    if (connection !== this.#shared) return;
    this.#shared = undefined;
    this.#protocolKnown = false;
  }

  /** What can take a request now. */
  #ready(): Connection | undefined {
    const shared = this.#shared;
    if (shared === undefined) return this.#idle.pop();
    const { takes } = shared;
    if (takes === 'none') this.#unshare(shared);
    return takes === 'more' ? shared : undefined;
  }

  #mayOpen(): boolean {
    if (this.#shared !== undefined) return false;
    if (!this.#protocolKnown) return this.#connecting.size === 0;
    return this.#open.size + this.#connecting.size < this.#options.connections;
  }

  /** Requests that are given up together all leave the queue before one of them is sent in the place of another. */
  #serveSoon(): void {
    if (this.#isToServe || this.#waiting.size === 0) return;
    this.#isToServe = true;
    process.nextTick(() => {
      this.#isToServe = false;
      this.#serve();
    });
  }

  /** Hands waiting requests to whatever can take them. */
  #serve(): void {
    if (this.#ended !== undefined) return;
    for (const exchange of this.#waiting) {
      const ready = this.#ready();
      if (ready === undefined && !this.#mayOpen()) return;
      this.#waiting.delete(exchange);
      if (ready !== undefined) ready.send(exchange);
      else this.#connect(exchange);
    }
  }

  #connect(exchange: Exchange): void {
    const giveUp = this.#connector.connect((error, connected) => {
      if (!this.#connecting.delete(exchange)) {
        connected?.socket.destroy();
        return;
      }
      if (connected === undefined) {
        exchange.onFailure(error ?? new Error('no connection'));
        this.#serve();
        return;
      }
      this.#adopt(connected).send(exchange);
      this.#serve();
    });
    this.#connecting.set(exchange, giveUp);
  }

  #adopt(connected: Connected): Connection {
    this.#protocolKnown = true;
    const { origin, idleTimeoutMs, maxAgeMs } = this.#options;
    const use = this.#connector.use(connected.socket.remoteAddress ?? '');
    const connection = connected.http2
      ? (this.#shared = new Http2Connection({ origin, connected, use, owner: this, now: this.#options.now }))
      : new Wire({ connected, idleTimeoutMs, knownHeads: this.#knownHeads, use, owner: this });
    this.#open.add(connection);
    if (maxAgeMs !== Infinity) this.#ages.set(connection, setTimeout(() => this.#retire(connection), maxAgeMs).unref());
    return connection;
  }
}
