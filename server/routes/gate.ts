/**
 * What every request passes before its route: it gets a name, must be meant for this agent and come from no other site,
 * is refused when the agent has too much to do, must show a key when keys are set, and is counted when it is answered. One
 * function instead of six, since each link of a middleware chain costs a promise.
 */
import { randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import { anonymous, recognise, shownKey, type ApiKey, type Scope } from '../domain/api-keys.ts';
import { ProblemError } from '../domain/problem.ts';
import type { EventLoopMonitor } from '../jobs/event-loop.ts';
import type { Telemetry } from '../jobs/telemetry.ts';
import { isProbe, isVital, scopeOf } from './access.ts';
import { clientOf, incomingOf } from './client.ts';
import type { AppContext, AppEnv } from './context.ts';
import { crossSiteProblem } from './cross-site.ts';
import type { OwnHosts } from './own-hosts.ts';
import { problemResponse } from './problem.ts';
import { RateLimit } from './rate-limit.ts';

export interface GateParts {
  readonly keys: readonly ApiKey[];
  /** What everybody may as long as there are no keys. */
  readonly openScopes: ReadonlySet<Scope>;
  readonly hosts: OwnHosts;
  readonly rateLimitPerS: number;
  readonly loop: EventLoopMonitor;
  /** 0 never refuses. */
  readonly shedDelayMs: number;
  readonly telemetry: Telemetry;
  readonly log: Logger;
  /** One of so many requests is logged; 0 logs none. */
  readonly logEvery: number;
}

/** A name given by the caller is kept when it is harmless in a log and in a header. */
const acceptableId = /^[\w.:-]{1,128}$/;
/** Who asks, and what that caller may. */
type Caller = Pick<ApiKey, 'name' | 'scopes'>;

export function gate(parts: GateParts): MiddlewareHandler<AppEnv> {
  const prefix = randomBytes(6).toString('hex');
  const nobody: Caller = { name: anonymous, scopes: parts.keys.length === 0 ? parts.openScopes : new Set() };
  const limit = new RateLimit(parts.rateLimitPerS);
  let count = 0;
  return async (c, next) => {
    const beganAt = performance.now();
    const given = c.req.header('x-request-id');
    const number = count++;
    c.set('requestId', given !== undefined && acceptableId.test(given) ? given : `${prefix}-${number.toString(36)}`);
    const path = c.req.path;
    if (!isProbe(path)) admit(parts, c);
    if (!isVital(path)) shed(parts);
    const caller = identify(parts, nobody, c);
    if (caller === undefined) return refuseUnknown(parts, c);
    c.set('caller', caller.name);
    c.set('scopes', caller.scopes);
    throttle(parts, limit, c);
    await next();
    const tookMs = performance.now() - beganAt;
    const route = routePath(c, -1);
    parts.telemetry.onRequest(c.req.method, route === '/*' ? 'unmatched' : route, c.res.status, tookMs);
    if (parts.logEvery > 0 && number % parts.logEvery === 0) {
      const { requestId: request_id, caller } = c.var;
      parts.log.info({ request_id, caller, method: c.req.method, path, status: c.res.status, ms: tookMs }, 'request');
    }
  };
}

function admit({ hosts, telemetry }: GateParts, c: AppContext): void {
  const incoming = incomingOf(c.env);
  if (incoming === undefined) return;
  if (!hosts.isMeant(incoming)) {
    telemetry.onRefused('misdirected');
    throw new ProblemError(
      'misdirected',
      'this agent does not answer to that host: use `localhost` or an address of it, or have the host put on `HOSTS`',
    );
  }
  const { method } = c.req;
  const changes = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
  const problem = crossSiteProblem({ headers: incoming.headers, changes });
  if (problem === undefined) return;
  telemetry.onRefused('cross_site');
  throw new ProblemError('cross-site', problem);
}

function shed({ loop, shedDelayMs, telemetry }: GateParts): void {
  if (shedDelayMs === 0 || loop.read().p99Ms <= shedDelayMs) return;
  telemetry.onRefused('overload');
  throw new ProblemError('overloaded', 'the agent has more to do than time');
}

/** Whoever shows a key, or `nobody` where none is needed; `undefined` for a key that is missing or unknown. */
function identify({ keys, telemetry }: GateParts, nobody: Caller, c: AppContext): Caller | undefined {
  const scope = scopeOf(c.req.method, c.req.path);
  if (scope === undefined) return nobody;
  const caller = keys.length === 0 ? nobody : keyOf(keys, c);
  if (caller === undefined || caller.scopes.has(scope)) return caller;
  telemetry.onRefused('forbidden');
  const whose = keys.length === 0 ? 'an agent whose `OPEN_SCOPES` have' : 'a key with';
  throw new ProblemError('forbidden', `this needs ${whose} the scope \`${scope}\``);
}

function keyOf(keys: readonly ApiKey[], c: AppContext): ApiKey | undefined {
  const authorization = c.req.header('authorization');
  const shown = authorization === undefined ? undefined : shownKey(authorization);
  return shown === undefined ? undefined : recognise(keys, shown);
}

const bearer = 'Bearer realm="performance agent"';
const basic = 'Basic realm="performance agent", charset="UTF-8"';

/** A browser that wants to show a page is told how it may ask its user; to others that would only be a dead end. */
function refuseUnknown({ telemetry }: GateParts, c: AppContext): Response {
  telemetry.onRefused('unauthorized');
  const shows = c.req.method === 'GET' && c.req.header('accept')?.includes('text/html') === true;
  return problemResponse(c, {
    kind: 'unauthorized',
    detail: 'send `Authorization: Bearer` with a key that this agent knows, or the key as the password of any user',
    headers: { 'www-authenticate': shows ? `${basic}, ${bearer}` : bearer },
  });
}

function throttle({ rateLimitPerS, telemetry }: GateParts, limit: RateLimit, c: AppContext): void {
  if (rateLimitPerS === 0 || isVital(c.req.path)) return;
  const retryAfterS = limit.take(clientOf(c), performance.now());
  if (retryAfterS === 0) return;
  telemetry.onRefused('rate_limit');
  throw new ProblemError('too-many-requests', `${rateLimitPerS} requests per second are allowed`, { retryAfterS });
}
