/**
 * What the connections of a run went through that is no request of its own: kept ones that the server had closed, answers
 * that asked for patience, names that could not be looked up, and which addresses had how much of the load. It stands
 * beside the books: nothing here is a failed request.
 */
import type { Again } from './samples/kind.ts';

/** An address of a host that was called. */
export interface PeerCounts {
  /** As it was called: `api.example.com:443`. */
  readonly host: string;
  /** Its IP address, with ` (proxy)` behind that of a proxy in between. */
  readonly address: string;
  /** Connections that carried a request. */
  connections: number;
  /** As they were sent, redirects and repetitions too. */
  requests: number;
  /** Attempts to connect that were refused or came to nothing. */
  failedConnects: number;
}

/** Lookups of a name that failed while its last good answer was used. */
export interface LookupFailures {
  count: number;
  /** Message of the first. */
  readonly sample: string;
}

/** Calls that carried a `traceparent` of their own which no server takes (W3C Trace Context, 3.2). */
export interface InvalidTraceparents {
  count: number;
  /** The first of them. */
  readonly sample: string;
}

export interface NetworkData {
  /**
   * Requests sent once more at once: a kept connection was closed before a byte of the answer had come (RFC 9112, 9.3.1),
   * or the server had refused them unread (RFC 9113, 8.7).
   */
  staleConnections: number;
  /** Answers with `Retry-After` that were waited out, and how long all of them took. */
  readonly retryAfter: { waits: number; waitedMs: number };
  /** By host name. */
  readonly lookupFailures: Map<string, LookupFailures>;
  /** Calls whose own `traceparent` is none, where a load gives one to each; absent without them. */
  invalidTraceparents?: InvalidTraceparents;
  /** By host and address. */
  readonly peers: Map<string, PeerCounts>;
}

/** Addresses told apart at most, and names. */
const mostPeers = 200;
const mostNames = 50;
const others = '(others)';

export function emptyNetwork(): NetworkData {
  return { staleConnections: 0, retryAfter: { waits: 0, waitedMs: 0 }, lookupFailures: new Map(), peers: new Map() };
}

/** Nothing is known of the connections: they are not ours, or there were none. */
export function isEmptyNetwork({ invalidTraceparents, ...network }: NetworkData): boolean {
  const { staleConnections, retryAfter, lookupFailures, peers } = network;
  return (
    invalidTraceparents === undefined && staleConnections + retryAfter.waits + lookupFailures.size + peers.size === 0
  );
}

export function addAgain(into: NetworkData, { staleConnections, waits, waitedMs }: Again): void {
  into.staleConnections += staleConnections;
  into.retryAfter.waits += waits;
  into.retryAfter.waitedMs += waitedMs;
}

export function addNetwork(into: NetworkData, from: NetworkData): void {
  addAgain(into, { staleConnections: from.staleConnections, ...from.retryAfter });
  for (const [name, { count, sample }] of from.lookupFailures) noteLookupFailure(into, { name, sample, count });
  if (from.invalidTraceparents !== undefined) noteInvalidTraceparent(into, from.invalidTraceparents);
  for (const { host, address, connections, requests, failedConnects } of from.peers.values()) {
    const peer = peerOf(into, host, address);
    peer.connections += connections;
    peer.requests += requests;
    peer.failedConnects += failedConnects;
  }
}

/** The row of an address, made if need be. */
export function peerOf({ peers }: NetworkData, host: string, address: string): PeerCounts {
  const known = peers.get(`${host} ${address}`);
  if (known !== undefined) return known;
  const [ofHost, ofAddress] = peers.size < mostPeers ? [host, address] : [others, others];
  const row = peers.get(`${ofHost} ${ofAddress}`);
  if (row !== undefined) return row;
  const made = { host: ofHost, address: ofAddress, connections: 0, requests: 0, failedConnects: 0 };
  peers.set(`${ofHost} ${ofAddress}`, made);
  return made;
}

export function noteLookupFailure(
  { lookupFailures }: NetworkData,
  { name, sample, count = 1 }: { readonly name: string; readonly sample: string; readonly count?: number },
): void {
  const key = lookupFailures.has(name) || lookupFailures.size < mostNames ? name : others;
  const known = lookupFailures.get(key);
  if (known === undefined) lookupFailures.set(key, { count, sample });
  else known.count += count;
}

export function noteInvalidTraceparent(into: NetworkData, { sample, count }: InvalidTraceparents): void {
  if (into.invalidTraceparents === undefined) into.invalidTraceparents = { count, sample };
  else into.invalidTraceparents.count += count;
}
