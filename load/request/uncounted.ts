/**
 * Notices requests of this process that no load counts: those of Playwright's own contexts, of `fetch`, of whatever else
 * is built on Node's HTTP, and of a `RequestContext` that belongs to no load. Only while somebody watches, and without
 * a look at the requests of loads: those go over sockets of our own, or say whose they are.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import type { OnCall } from './sample.ts';

export interface UncountedRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  /** Who sent it, in words: `fetch`. */
  readonly by: string;
}

export interface Watch {
  readonly onUncounted: (request: UncountedRequest) => void;
  /** Requests to this URL are nobody's concern: the live page's. */
  readonly exceptUrl: string | undefined;
}

const watches = new Set<Watch>();
const countedCalls = new WeakSet<OnCall>();
/** Set while Playwright's context sends a request of a load, or one is measured; in use only where a load does either. */
const ofLoad = new AsyncLocalStorage<true>();

/** The callback of a context whose calls are in a load's books. */
export function counted(onCall: OnCall): OnCall {
  countedCalls.add(onCall);
  return onCall;
}

export function isCounted(onCall: OnCall | undefined): boolean {
  return onCall !== undefined && countedCalls.has(onCall);
}

/** Sends requests that are of a load: by Playwright's context, or by whatever a scenario measures. */
export function sendCounted<Sent>(send: () => Sent): Sent {
  return ofLoad.run(true, send);
}

/** A request of a `RequestContext` that belongs to no load. */
export function tellUncounted(method: string, url: string): void {
  if (watches.size > 0) tell({ method, url, by: 'a `RequestContext` of its own' });
}

/** Tells of each uncounted request as it is sent, until the returned function is called. */
export function watchUncounted(watch: Watch): () => void {
  if (watches.size === 0) {
    subscribe('http.client.request.start', onHttp);
    subscribe('undici:request:create', onUndici);
  }
  watches.add(watch);
  return () => {
    if (!watches.delete(watch) || watches.size > 0) return;
    unsubscribe('http.client.request.start', onHttp);
    unsubscribe('undici:request:create', onUndici);
  };
}

function tell(request: UncountedRequest): void {
  for (const { onUncounted, exceptUrl } of watches) if (request.url !== exceptUrl) onUncounted(request);
}

function onHttp(message: unknown): void {
  const { request } = message as { readonly request: ClientRequest };
  // A tunnel is how a request gets through a proxy, not a request.
  if (request.method === 'CONNECT' || ofLoad.getStore() === true) return;
  const host = request.getHeader('host');
  const authority = typeof host === 'string' ? host : request.host;
  tell({ method: request.method, url: `${request.protocol}//${authority}${request.path}`, by: senderOf(request) });
}

/** Playwright's contexts are known by their agent or, where that was changed, by how they write what they can decode. */
function senderOf(request: ClientRequest): string {
  const agent = String(request.getHeader('user-agent'));
  const isPlaywrights = agent.startsWith('Playwright/') || request.getHeader('accept-encoding') === 'gzip,deflate,br';
  return isPlaywrights ? "Playwright's own request context" : "Node's `http`";
}

function onUndici(message: unknown): void {
  if (ofLoad.getStore() === true) return;
  const { request } = message as { readonly request: Readonly<Record<'method' | 'origin' | 'path', unknown>> };
  tell({ method: String(request.method), url: `${String(request.origin)}${String(request.path)}`, by: '`fetch`' });
}
