/**
 * Opens sockets for a pool: TCP or TLS, straight or through a proxy's tunnel, and notes when each step was over. One
 * TLS session per origin is kept for resumption, as Node's own agent does.
 */
import type { LookupAddress } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { NetworkWatch, PeerUse } from '../network-watch.ts';
import { type Addresses, preferred } from './addresses.ts';
import type { ConnectGate, ConnectGates, GiveUp } from './connect-gate.ts';
import { codeOf } from '../failure.ts';
import { Inbox } from './inbox.ts';
import { securityOf, type SecurityDetails } from './security-details.ts';
import { authorityOf } from './proxy/authority.ts';
import type { ProxyRoute } from './proxy/proxy-route.ts';
import { openTunnel } from './proxy/tunnel.ts';

/**
 * A name with several addresses is tried on each in turn (RFC 8305), and each is given as long as Playwright's context
 * gives it: Node's own 250 ms are less than a server under load may take to accept a connection.
 */
const socketOptions = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: 60_000,
  autoSelectFamily: true,
  autoSelectFamilyAttemptTimeout: 5_000,
} as const;

/** What this machine lacks is no failure of an address. */
const ownShortages = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL']);

/** Moments of one connection's birth, on the pool's clock; a step that did not happen is absent. */
export interface ConnectTimes {
  readonly startedAtMs: number;
  lookedUpAtMs: number | undefined;
  connectedAtMs: number | undefined;
  securedAtMs: number | undefined;
}

/** Where to connect to, and how. */
export interface Endpoint {
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
  readonly tls: ConnectionOptions;
  readonly http2: boolean;
  readonly proxy: ProxyRoute | undefined;
  /** Whoever connects reads from the socket itself; otherwise a plain one is read through an inbox. */
  readonly asStream?: true;
}

/** One established connection. */
export interface Connected {
  readonly socket: Socket;
  /** What comes over the socket, where that is not in its events. */
  readonly inbox: Inbox | undefined;
  readonly times: ConnectTimes;
  readonly security: SecurityDetails | undefined;
  /** What the server chose in the TLS handshake. */
  readonly http2: boolean;
}

export type OnConnected = (error: Error | null, connected?: Connected) => void;

export interface ConnectorParts {
  readonly endpoint: Endpoint;
  readonly now: () => number;
  readonly addresses: Addresses;
  readonly gates: ConnectGates;
  readonly network: NetworkWatch;
}

/** Connects sockets to one endpoint. */
export class Connector {
  readonly #endpoint: Endpoint;
  readonly #now: () => number;
  readonly #addresses: Addresses;
  readonly #gate: ConnectGate;
  readonly #network: NetworkWatch;
  /** As it stands in the network's book: `api.example.com:443`. */
  readonly #host: string;
  readonly #knownAddresses = new Set<string>();
  #session: Buffer | undefined;
  #security: SecurityDetails | undefined;

  constructor({ endpoint, now, addresses, gates, network }: ConnectorParts) {
    this.#endpoint = endpoint;
    this.#now = now;
    this.#addresses = addresses;
    this.#network = network;
    this.#host = authorityOf(endpoint);
    this.#gate = gates.of(endpoint.proxy === undefined ? this.#host : endpoint.proxy.url.host);
  }

  /**
   * `done` is called with the connection or an error, and not before this has returned what gives the attempt up. An
   * error of the socket may come later still: `done` hears of it, and whoever has the connection does too.
   */
  connect(done: OnConnected): GiveUp {
    if (this.#gate.isOpen) return this.#begin(done);
    let begun: GiveUp | undefined;
    const giveUp = (): void => {
      if (!this.#gate.quit(giveUp)) begun?.();
    };
    this.#gate.wait(giveUp, () => void (begun = orFail(done, () => this.#begin(done))));
    return giveUp;
  }

  /** Whether others that have begun hold it up. */
  waits(giveUp: GiveUp): boolean {
    return this.#gate.isInLine(giveUp);
  }

  /** The server has accepted the connection that was born at these times. */
  answered(times: ConnectTimes): void {
    this.#gate.leave(times);
  }

  #begin(done: OnConnected): GiveUp {
    const times: ConnectTimes = {
      startedAtMs: this.#now(),
      lookedUpAtMs: undefined,
      connectedAtMs: undefined,
      securedAtMs: undefined,
    };
    const { proxy, hostname, port } = this.#endpoint;
    const fail = (error: Error): void => {
      this.#gate.leave(times);
      done(error);
    };
    this.#gate.enter(times);
    if (proxy !== undefined) {
      const giveUp = new AbortController();
      openTunnel(proxy, { hostname, port }, giveUp.signal).then(
        (socket) => {
          times.connectedAtMs = this.#now();
          socket.on('error', fail);
          this.#secure({ socket, inbox: undefined, times, done });
        },
        (error: unknown) => fail(error instanceof Error ? error : new Error(String(error))),
      );
      return () => {
        this.#gate.leave(times);
        giveUp.abort();
      };
    }
    const inbox = this.#endpoint.secure || this.#endpoint.asStream === true ? undefined : new Inbox();
    const onread = inbox && { onread: inbox.onread };
    const socket = connectTcp({ host: hostname, port, ...socketOptions, ...onread, lookup: this.#lookup });
    socket.on('error', (error: Error) => {
      if (times.connectedAtMs === undefined) this.#addresses.distrust(hostname);
      fail(error);
    });
    socket.on('connectionAttemptFailed', (address: string, _port, _family, error: Error) => {
      if (!ownShortages.has(codeOf(error) ?? '')) this.#network.connectFailed(this.#host, address);
    });
    socket.on('connectionAttemptTimeout', (address: string) => this.#network.connectFailed(this.#host, address));
    socket.once('lookup', () => void (times.lookedUpAtMs = this.#now()));
    socket.once('connect', () => {
      times.connectedAtMs = this.#now();
      this.#secure({ socket, inbox, times, done });
    });
    return () => {
      this.#gate.leave(times);
      socket.destroy();
    };
  }

  /** A new connection's own counter. */
  use(address: string): PeerUse {
    return this.#network.connected(this.#host, this.#endpoint.proxy === undefined ? address : `${address} (proxy)`);
  }

  /** Addresses are noted that no connection may ever reach: an idle server behind a busy name shall be seen. */
  readonly #lookup: LookupFunction = (hostname, options, callback) => {
    this.#addresses.lookup(hostname, options, (error, list) => {
      for (const { address } of preferred(list as LookupAddress[])) {
        if (this.#knownAddresses.has(address)) continue;
        this.#knownAddresses.add(address);
        this.#network.addressKnown(this.#host, address);
      }
      callback(error, list);
    });
  };

  #secure(parts: { socket: Socket; inbox: Inbox | undefined; times: ConnectTimes; done: OnConnected }): void {
    const { socket, inbox, times, done } = parts;
    if (!this.#endpoint.secure) {
      this.#gate.connected(times);
      done(null, { socket, inbox, times, security: undefined, http2: false });
      return;
    }
    const fail = (error: Error): void => {
      this.#gate.leave(times);
      socket.destroy();
      done(error);
    };
    const secured = orFail(fail, () => this.#handshake(socket));
    secured?.on('error', fail);
    secured?.on('session', (session: Buffer) => void (this.#session = session));
    secured?.once('secureConnect', () => {
      times.securedAtMs = this.#now();
      this.#gate.leave(times);
      const security = orFail(fail, () => this.#remember(secured));
      if (security !== undefined)
        done(null, { socket: secured, inbox: undefined, times, security, http2: secured.alpnProtocol === 'h2' });
    });
  }

  #handshake(socket: Socket): TLSSocket {
    const { hostname, tls, http2 } = this.#endpoint;
    return connectTls({
      socket,
      host: hostname,
      ...(isIP(hostname) === 0 && { servername: hostname }),
      ...tls,
      ALPNProtocols: http2 ? ['h2', 'http/1.1'] : ['http/1.1'],
      ...(this.#session !== undefined && { session: this.#session }),
    });
  }

  /** A resumed session carries no certificate; what the full handshake showed is still true. */
  #remember(socket: TLSSocket): SecurityDetails {
    const fresh = securityOf(socket);
    if (fresh.subjectName === undefined && this.#security !== undefined) {
      return { ...this.#security, ...(fresh.protocol !== undefined && { protocol: fresh.protocol }) };
    }
    return (this.#security = fresh);
  }
}

/** What is thrown in a socket's event would end the process: it ends this connection alone. */
function orFail<Made>(fail: (error: Error) => void, make: () => Made): Made | undefined {
  try {
    return make();
  } catch (error) {
    fail(error instanceof Error ? error : new Error(String(error)));
    return undefined;
  }
}
