/**
 * The connections to one origin. A request takes the connection that fell idle last (it is the least likely to be
 * stale), or opens one; over HTTP/2 all share one connection.
 */
import { Connector, type Connected, type Endpoint } from './connect.ts';
import type { Connection, ConnectionOwner, Exchange } from './connection.ts';
import { Http2Connection } from './http2.ts';
import { Wire } from './wire.ts';

export interface LaneOptions {
  readonly origin: string;
  readonly endpoint: Endpoint;
  /** Connections at most; requests beyond wait their turn. */
  readonly connections: number;
  readonly idleTimeoutMs: number;
  readonly now: () => number;
}

/** Takes a request back that has no connection yet. */
type GiveUp = () => void;

export class Lane implements ConnectionOwner {
  readonly #options: LaneOptions;
  readonly #connector: Connector;
  readonly #open = new Set<Connection>();
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Exchange>();
  readonly #connecting = new Map<Exchange, GiveUp>();
  /** The connection that all requests share, once the server has chosen HTTP/2. */
  #shared: Connection | undefined;
  /** While the first handshake is under way nobody knows whether one connection will do. */
  #protocolKnown: boolean;
  /** Why nothing can be sent any more. */
  #ended: Error | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#connector = new Connector(options.endpoint, options.now);
    this.#protocolKnown = !options.endpoint.http2;
  }

  /** Sends now, on a new connection, or when one falls idle; the exchange is told how it goes. */
  send(exchange: Exchange): void {
    if (this.#ended !== undefined) throw this.#ended;
    const ready = this.#shared ?? this.#idle.pop();
    if (ready !== undefined) ready.send(exchange);
    else if (this.#mayOpen()) this.#connect(exchange);
    else this.#waiting.add(exchange);
  }

  /** Gives up an exchange that no connection has sent yet. */
  cancel(exchange: Exchange): void {
    if (this.#waiting.delete(exchange)) return;
    this.#connecting.get(exchange)?.();
    if (this.#connecting.delete(exchange)) this.#serve();
    else this.#shared?.abandon(exchange, new Error('given up before it was sent'));
  }

  onIdle(connection: Connection): void {
    this.#idle.push(connection);
    this.#serve();
  }

  onClosed(connection: Connection): void {
    this.#open.delete(connection);
    if (connection === this.#shared) {
      this.#shared = undefined;
      this.#protocolKnown = false;
    }
    const at = this.#idle.indexOf(connection);
    if (at !== -1) this.#idle.splice(at, 1);
    this.#serve();
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

  #mayOpen(): boolean {
    if (!this.#protocolKnown) return this.#connecting.size === 0;
    return this.#open.size + this.#connecting.size < this.#options.connections;
  }

  /** Hands waiting requests to whatever can take them. */
  #serve(): void {
    if (this.#ended !== undefined) return;
    for (const exchange of this.#waiting) {
      const ready = this.#shared ?? this.#idle.pop();
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
    const { origin, idleTimeoutMs } = this.#options;
    const connection = connected.http2
      ? new Http2Connection(origin, connected, this)
      : new Wire(connected, idleTimeoutMs, this);
    this.#open.add(connection);
    if (connected.http2) this.#shared = connection;
    return connection;
  }
}
