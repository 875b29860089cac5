/**
 * The request contexts of a load: ours, over connections that its users share or have for themselves, or Playwright's
 * own, which have to be made before the start.
 */
import type { APIRequest, APIRequestContext } from '@playwright/test';
import { NetworkBook } from '../measure/network-book.ts';
import type { Recorder } from '../measure/recorder.ts';
import { inTurn } from '../profile/partition.ts';
import { Addresses } from '../request/connections/addresses.ts';
import { ConnectGates } from '../request/connections/connect-gate.ts';
import { MoreContexts } from './more-contexts.ts';
import { inSteps } from './request-steps.ts';
import type { Profile, Share } from '../profile/profile.ts';
import { holdCertificates } from '../request/client-certificates.ts';
import { RequestContext } from '../request/context.ts';
import { CookieJar } from '../request/cookie-jar.ts';
import { PlaywrightTransport } from '../request/playwright/playwright-transport.ts';
import { type ConnectionPool, createPool, type PoolOptions } from '../request/pool.ts';
import type { RequestContextOptions } from '../request/request-options.ts';
import { UserSockets } from '../request/sockets/user-sockets.ts';
import { Traceparents } from '../request/traceparents.ts';
import { counted } from '../request/uncounted.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';
import type { StreamingRequestContext } from '../run/scenario.ts';
import type { MakeContexts } from '../run/simulated-user.ts';

export interface ContextsParts {
  readonly profile: Profile;
  readonly resolved: ResolvedOptions;
  readonly share: Share;
  /** Is told of the connections beside the requests. */
  readonly recorder: Recorder;
  /** What `use` says of requests, as for Playwright's own `request`. */
  readonly contextOptions: RequestContextOptions;
  /** Playwright's maker of contexts. */
  readonly request: APIRequest;
  readonly now: () => number;
}

export interface Contexts {
  readonly make: MakeContexts;
  /** Takes a context back to the cookies it was made with. Absent with Playwright's, which several arrivals share. */
  readonly renew?: (request: StreamingRequestContext) => void;
  /** Cuts off what the contexts that scenarios asked for have under way; those of the users are theirs to close. */
  readonly giveUp: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export async function openContexts(parts: ContextsParts): Promise<Contexts> {
  if (parts.resolved.transport === 'playwright') return playwrightContexts(parts);
  const contexts = await ownContexts(parts);
  return parts.recorder.data.plan.once === true ? shownInSteps(contexts) : contexts;
}

/** Playwright's own contexts make steps by themselves. */
function shownInSteps(contexts: Contexts): Contexts {
  return {
    ...contexts,
    make: (callbacks) => {
      const { request, newContext, outside, ...rest } = contexts.make(callbacks);
      return {
        ...rest,
        request: inSteps(request),
        outside: () => inSteps(outside()),
        newContext: async (options) => inSteps(await newContext(options)),
      };
    },
  };
}

async function ownContexts(parts: ContextsParts): Promise<Contexts> {
  const { resolved, contextOptions, now, recorder } = parts;
  const { requestTimeoutMs, connections, resend, retryAfterMs, discardBody, sampledShare } = resolved;
  const { clientCertificates } = contextOptions;
  const common: RequestContextOptions = {
    ...contextOptions,
    ...(clientCertificates && { clientCertificates: holdCertificates(clientCertificates) }),
    timeout: requestTimeoutMs,
    resend,
    discardBody,
    ...(retryAfterMs !== undefined && { retryAfter: `${retryAfterMs}ms` }),
    ...(sampledShare !== undefined && { traceparents: traceparentsOf(sampledShare, parts) }),
  };
  const pools: ConnectionPool[] = [];
  const options = poolOptions(parts);
  const open = () => {
    const pool = createPool(options);
    pools.push(pool);
    return pool;
  };
  const shared = areShared(resolved) ? open() : undefined;
  const cookies = await cookiesOf(contextOptions);
  const more = new MoreContexts();
  const allSockets: UserSockets[] = [];
  return {
    make: ({ isAtWork, ...callbacks }) => {
      const pool = shared ?? open();
      const own = { pool, ...callbacks, onCall: counted(callbacks.onCall), now };
      const cookies = new CookieJar();
      const sockets = new UserSockets({
        ...{ options: common, pool, cookies, now, books: recorder.sockets, callbacks, isAtWork },
      });
      allSockets.push(sockets);
      return {
        sockets,
        request: new RequestContext({ ...common, ...own, cookies }),
        outside: () => new RequestContext({ ...common, ...outsideOf(cookies), pool, now }),
        newContext: more.ofUser(async (options) => {
          const timeout = options.timeout ?? requestTimeoutMs;
          return new RequestContext({ ...common, ...options, timeout, ...own });
        }),
        endIteration: () => {
          sockets.endIteration();
          if (connections === 'per-iteration') pool.retire();
        },
      };
    },
    renew: (request) => {
      void request.clearCookies(); // both do their work at once; their promises are Playwright's form
      if (cookies.length > 0) void request.addCookies(cookies);
    },
    giveUp: async () => {
      await Promise.all([more.close(), ...allSockets.map(async (sockets) => sockets.endLoad())]);
    },
    close: async () => {
      await Promise.all([more.close(), ...allSockets.map(async (sockets) => sockets.close())]);
      for (const pool of pools) await pool.close();
    },
  };
}

/** One source for all users: ids are drawn many at a time. */
function traceparentsOf(share: number, parts: ContextsParts): Traceparents {
  const network = networkBookOf(parts);
  return new Traceparents({ share, onInvalid: (traceparent) => network.traceparentInvalid(traceparent) });
}

/** Of a context whose calls are part of the load, and in none of its numbers. */
const outsideOf = (cookies: CookieJar) => ({ cookies, onCall: counted(() => undefined) });

/** One limit and one set of connections for all users; otherwise each has its own. */
export function areShared({ connections }: Pick<ResolvedOptions, 'connections'>): boolean {
  return connections === 'shared' || connections === 'per-request';
}

/** Names are looked up once for all pools, so that the users of a load share out the addresses; and they share one gate. */
function poolOptions(parts: ContextsParts): PoolOptions {
  const { resolved, share, now } = parts;
  const { http2, connections, maxConnections, maxConnectionAgeMs } = resolved;
  const network = networkBookOf(parts);
  return {
    http2,
    now,
    network,
    addresses: new Addresses({ now, network }),
    gates: new ConnectGates({ now }),
    ...(connections === 'per-request' && { idleTimeoutMs: 0 }),
    ...(maxConnectionAgeMs !== undefined && { maxAgeMs: maxConnectionAgeMs }),
    ...(maxConnections !== undefined && {
      connections: areShared(resolved) ? inTurn(maxConnections, share) : maxConnections,
    }),
  };
}

function networkBookOf({ recorder, now }: ContextsParts): NetworkBook {
  return new NetworkBook(recorder.data.network, () => recorder.isMeasured(now()));
}

async function cookiesOf({
  storageState,
}: RequestContextOptions): Promise<Awaited<ReturnType<RequestContext['cookies']>>> {
  if (storageState === undefined) return [];
  const context = new RequestContext({ storageState });
  const cookies = await context.cookies();
  await context.dispose();
  return cookies;
}

/** One a user as far as they are few: making one is slow, and thousands are collected as garbage. */
const mostPlaywrightContexts = 256;

async function playwrightContexts({
  request,
  contextOptions,
  resolved,
  profile,
  now,
}: ContextsParts): Promise<Contexts> {
  const { baseURL } = contextOptions;
  const count = profile.model === 'open' ? 1 : Math.min(profile.peak, mostPlaywrightContexts);
  const made: APIRequestContext[] = [];
  const more = new MoreContexts();
  const common = { ...contextOptions, timeout: resolved.requestTimeoutMs };
  const close = async () => {
    await more.close();
    for (const context of made) await context.dispose();
  };
  try {
    for (let n = 0; n < count; n++) made.push(await request.newContext(common));
  } catch (error) {
    await close();
    throw error;
  }
  let next = 0;
  return {
    make: (callbacks) => {
      const context = made[next++ % made.length];
      if (context === undefined) throw new Error('at least one context was made');
      return {
        request: new PlaywrightTransport({ context, ...callbacks, now, ...(baseURL !== undefined && { baseURL }) }),
        outside: () => {
          throw new Error("`user` is not known to Playwright's own transport");
        },
        newContext: more.ofUser(async (options) => {
          const asked = { ...common, ...options };
          return new PlaywrightTransport({
            context: await request.newContext(asked),
            ...callbacks,
            now,
            baseURL: asked.baseURL,
          });
        }),
      };
    },
    giveUp: async () => more.close(),
    close,
  };
}
