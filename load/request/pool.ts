/** Keeps connections alive between requests: one lane per origin and way to reach it. Users may share a pool. */
import { performance } from 'node:perf_hooks';
import type { ConnectionOptions } from 'node:tls';
import { emptyNetwork } from '../measure/network.ts';
import { NetworkBook } from '../measure/network-book.ts';
import type { NetworkWatch } from './network-watch.ts';
import { Addresses } from './connections/addresses.ts';
import { Connector, type Endpoint } from './connections/connect.ts';
import { ConnectGates } from './connections/connect-gate.ts';
import { Lane } from './connections/lane.ts';
import { withoutBrackets } from './connections/proxy/authority.ts';
import type { ProxyRoute } from './connections/proxy/proxy-route.ts';

export interface PoolOptions {
  /** Connections to one origin at most. */
  readonly connections?: number;
  /** Offer HTTP/2 in the TLS handshake. */
  readonly http2?: boolean;
  /**
   * How long an idle connection is kept; a server's `Keep-Alive: timeout` shortens it, less one second. 0: each carries
   * one request.
   */
  readonly idleTimeoutMs?: number;
  /** Connections older than this are closed after the request that they carry. */
  readonly maxAgeMs?: number;
  /** Told of addresses, and of what goes wrong beside the requests. */
  readonly network?: NetworkWatch;
  /** Looks names up, for all pools of a load. */
  readonly addresses?: Addresses;
  /** Spread out the connections that begin at once, for all pools of a load. */
  readonly gates?: ConnectGates;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
}

/**
 * No limit on connections, as in Playwright's context: a load generator that queues would measure its own queue. An idle
 * connection outlives usual pauses between a user's requests.
 */
export const defaultPoolOptions = {
  connections: Infinity,
  http2: false,
  idleTimeoutMs: 60_000,
  maxAgeMs: Infinity,
  now: () => performance.now(),
} as const satisfies PoolOptions;

/** How a context reaches an origin. Two contexts share connections only if all of it is the same. */
export interface Via {
  readonly tls: ConnectionOptions;
  readonly proxy: ProxyRoute | undefined;
  /** Tells ways apart; equal ways have equal keys. */
  readonly key: string;
}

export class ConnectionPool {
  readonly #options: Required<PoolOptions>;
  readonly #lanes = new Map<string, Lane>();
  #closed = false;

  constructor(options: PoolOptions = {}) {
    const { network = new NetworkBook(emptyNetwork(), () => false), now = defaultPoolOptions.now } = options;
    const { addresses = new Addresses({ now, network }), gates = new ConnectGates({ now }) } = options;
    this.#options = { ...defaultPoolOptions, ...options, network, addresses, gates };
  }

  /** The connections to `origin` (`https://host:port`). */
  lane(origin: string, via: Via): Lane {
    if (this.#closed) throw new Error('the connection pool is closed');
    const key = `${origin} ${via.key}`;
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = this.#open(origin, via);
      this.#lanes.set(key, lane);
    }
    return lane;
  }

  /** Makes sockets to `origin` that are their caller's own, beside the connections that are kept here. */
  connector(origin: string, via: Via): Connector {
    return new Connector({ ...this.#options, endpoint: { ...endpointOf(origin, via), http2: false, asStream: true } });
  }

  /** No connection that is there takes another request; those at work close after theirs. */
  retire(): void {
    for (const lane of this.#lanes.values()) lane.retire();
  }

  /** Ends all connections; requests under way fail. */
  async close(reason = 'the connection pool was closed'): Promise<void> {
    this.#closed = true;
    for (const lane of this.#lanes.values()) lane.destroy(new Error(reason));
    this.#lanes.clear();
  }

  #open(origin: string, via: Via): Lane {
    const { http2, ...options } = this.#options;
    const endpoint = endpointOf(origin, via);
    return new Lane({ origin, endpoint: { ...endpoint, http2: http2 && endpoint.secure }, ...options });
  }
}

function endpointOf(origin: string, { tls, proxy }: Via): Omit<Endpoint, 'http2'> {
  const url = new URL(origin);
  const secure = url.protocol === 'https:';
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { hostname: withoutBrackets(url.hostname), port, secure, tls, proxy };
}

/** A pool for one user or for many. */
export function createPool(options: PoolOptions = {}): ConnectionPool {
  return new ConnectionPool(options);
}
