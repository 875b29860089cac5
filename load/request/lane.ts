/**
 * The connections to one origin. A request takes the connection that fell idle last (it is the least likely to be
 * stale), or opens one; over HTTP/2 all share one connection. Connections are undici clients, each on one socket of our
 * own making, so that a request knows how long its connection took to open and which peer it reached.
 */
import { Client, type Dispatcher } from 'undici';
import { Connector, type ConnectTimes, type Endpoint } from './connect.ts';
import type { SecurityDetails } from './security-details.ts';

export interface LaneOptions {
  readonly endpoint: Endpoint;
  /** Connections at most; requests beyond wait their turn. */
  readonly connections: number;
  readonly idleTimeoutMs: number;
  readonly now: () => number;
}

/** A request as it waits for a connection and is sent. */
export interface Departure extends Dispatcher.DispatchHandler {
  readonly dispatchOptions: Dispatcher.DispatchOptions;
  /** The connection it will be, or is, sent on; set by the lane. */
  slot: Slot | undefined;
}

/** One connection, reopened by undici when the server has closed it. */
export class Slot {
  readonly client: Client;
  /** The birth of the current connection until a request has taken it for its own. */
  fresh: ConnectTimes | undefined;
  peer: { readonly ipAddress: string; readonly port: number } | undefined;
  security: SecurityDetails | undefined;
  connected = false;
  http2 = false;
  busy = 0;
  #giveUp: (() => void) | undefined;

  constructor(lane: Lane, { endpoint, idleTimeoutMs }: LaneOptions, connector: Connector) {
    const scheme = endpoint.secure ? 'https' : 'http';
    this.client = new Client(
      `${scheme}://${endpoint.hostname.includes(':') ? `[${endpoint.hostname}]` : endpoint.hostname}:${endpoint.port}`,
      {
        // Our own deadlines cover the whole exchange; these would only end it earlier, with other words.
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: idleTimeoutMs,
        keepAliveTimeoutThreshold: 1_000,
        pipelining: endpoint.http2 ? 1_000 : 1,
        allowH2: endpoint.http2,
        connect: ({ servername }, callback) => {
          this.#giveUp = connector.connect(servername, (error, connected) => {
            this.#giveUp = undefined;
            if (connected === undefined) {
              lane.onUnreachable(this);
              callback(error ?? new Error('no connection'), null);
              return;
            }
            const { socket, times, security, http2 } = connected;
            this.connected = true;
            this.fresh = times;
            this.security = security;
            this.http2 = http2;
            this.peer = { ipAddress: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
            if (!http2) this.client.pipelining = 1;
            lane.onProtocol(this);
            callback(null, socket);
          });
        },
      },
    );
    this.client.on('disconnect', () => {
      this.connected = false;
      lane.onDisconnect(this);
    });
  }

  /** Ends the connection and whatever is under way on it. */
  destroy(error: Error): void {
    this.#giveUp?.();
    // Rejects never, says undici; the requests on it are told through their handlers.
    void this.client.destroy(error);
  }
}

export class Lane {
  readonly #options: LaneOptions;
  readonly #connector: Connector;
  readonly #slots = new Set<Slot>();
  readonly #idle: Slot[] = [];
  readonly #waiting = new Set<Departure>();
  /** The connection that all requests share, once the server has chosen HTTP/2. */
  #shared: Slot | undefined;
  /** While the first handshake is under way nobody knows whether one connection will do. */
  #protocolKnown: boolean;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#connector = new Connector(options.endpoint, options.now);
    this.#protocolKnown = !options.endpoint.http2;
  }

  send(departure: Departure): void {
    const slot = this.#shared ?? this.#idle.pop() ?? this.#open();
    if (slot === undefined) this.#waiting.add(departure);
    else this.#dispatch(departure, slot);
  }

  /** Called by a departure that is over, so that its connection serves the next one. */
  release(departure: Departure): void {
    const { slot } = departure;
    if (slot === undefined) {
      this.#waiting.delete(departure);
      return;
    }
    slot.busy -= 1;
    if (slot === this.#shared) return;
    if (this.#waiting.size > 0) this.#serveWaiting(slot);
    else if (slot.connected) this.#idle.push(slot);
    else this.#slots.delete(slot);
  }

  /** Gives up a departure that undici has not begun to write: its connection goes with it, unless others share it. */
  cancel(departure: Departure, error: Error): void {
    const { slot } = departure;
    if (slot !== undefined && slot.busy <= 1 && !slot.http2) {
      this.#forget(slot);
      slot.destroy(error);
      this.#serveWaiting(this.#open());
      return;
    }
    this.release(departure);
  }

  onProtocol(slot: Slot): void {
    this.#protocolKnown = true;
    if (slot.http2) this.#shared = slot;
    while (this.#waiting.size > 0) {
      const next = this.#shared ?? this.#open();
      if (next === undefined) return;
      this.#serveWaiting(next);
    }
  }

  /** The first handshake failed: the next request makes another attempt. */
  onUnreachable(slot: Slot): void {
    if (this.#protocolKnown) return;
    this.#slots.delete(slot);
    this.#serveWaiting(this.#open());
  }

  onDisconnect(slot: Slot): void {
    if (slot === this.#shared && slot.busy === 0) {
      this.#shared = undefined;
      this.#protocolKnown = !this.#options.endpoint.http2;
      this.#slots.delete(slot);
    }
    const at = this.#idle.indexOf(slot);
    if (at === -1) return;
    this.#idle.splice(at, 1);
    this.#slots.delete(slot);
  }

  destroy(error: Error): void {
    for (const slot of this.#slots) slot.destroy(error);
    this.#slots.clear();
    this.#idle.length = 0;
    this.#waiting.clear();
    this.#shared = undefined;
  }

  #open(): Slot | undefined {
    if (this.#slots.size >= this.#options.connections) return undefined;
    if (!this.#protocolKnown && this.#slots.size > 0) return undefined;
    const slot = new Slot(this, this.#options, this.#connector);
    this.#slots.add(slot);
    return slot;
  }

  #serveWaiting(slot: Slot | undefined): void {
    if (slot === undefined) return;
    const next = this.#waiting.values().next().value;
    if (next === undefined) {
      if (slot.connected) this.#idle.push(slot);
      else this.#slots.delete(slot);
      return;
    }
    this.#waiting.delete(next);
    this.#dispatch(next, slot);
  }

  #dispatch(departure: Departure, slot: Slot): void {
    slot.busy += 1;
    departure.slot = slot;
    slot.client.dispatch(departure.dispatchOptions, departure);
  }

  #forget(slot: Slot): void {
    this.#slots.delete(slot);
    if (slot === this.#shared) this.#shared = undefined;
    const at = this.#idle.indexOf(slot);
    if (at !== -1) this.#idle.splice(at, 1);
  }
}
