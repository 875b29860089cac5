/**
 * What every request passes before its route: it gets a name, is refused when the agent has too much to do, must show a
 * key when keys are set, and is counted when it is answered. One function instead of six, since each link of a
 * middleware chain costs a promise.
 */
import { randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import type { Logger } from 'pino';
import { recognise, type ApiKey, type Scope } from '../domain/api-keys.ts';
import { ProblemError } from '../domain/problem.ts';
import type { EventLoopMonitor } from '../jobs/event-loop.ts';
import type { Telemetry } from '../jobs/telemetry.ts';
import { isVital, scopeOf } from './access.ts';
import type { AppContext, AppEnv } from './context.ts';
import { RateLimit } from './rate-limit.ts';

export interface GateParts {
  readonly keys: readonly ApiKey[];
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
/** Who asks, as long as there are no keys. */
const anonymous = 'anonymous';
const everybody = { name: anonymous, scopes: new Set<Scope>(['read', 'operate', 'approve']) };
const nobody = { name: anonymous, scopes: new Set<Scope>() };

export function gate(parts: GateParts): MiddlewareHandler<AppEnv> {
  const prefix = randomBytes(6).toString('hex');
  const limit = new RateLimit(parts.rateLimitPerS);
  let count = 0;
  return async (c, next) => {
    const beganAt = performance.now();
    const given = c.req.header('x-request-id');
    const number = count++;
    c.set('requestId', given !== undefined && acceptableId.test(given) ? given : `${prefix}-${number.toString(36)}`);
    const path = c.req.path;
    if (!isVital(path)) shed(parts);
    const { name, scopes } = identify(parts, c, path);
    c.set('caller', name);
    c.set('scopes', scopes);
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

function shed({ loop, shedDelayMs, telemetry }: GateParts): void {
  if (shedDelayMs === 0 || loop.read().p99Ms <= shedDelayMs) return;
  telemetry.onRefused('overload');
  throw new ProblemError('overloaded', 'the agent has more to do than time');
}

/** The caller's key, or what stands for it. */
function identify({ keys, telemetry }: GateParts, c: AppContext, path: string): Pick<ApiKey, 'name' | 'scopes'> {
  if (keys.length === 0) return everybody;
  const scope = scopeOf(c.req.method, path);
  if (scope === undefined) return nobody;
  const [, shown] = /^Bearer ([\w-]{1,128})$/i.exec(c.req.header('authorization') ?? '') ?? [];
  const key = shown === undefined ? undefined : recognise(keys, shown);
  if (key === undefined) {
    telemetry.onRefused('unauthorized');
    throw new ProblemError('unauthorized', 'send `Authorization: Bearer` with a key that this agent knows');
  }
  if (!key.scopes.has(scope)) {
    telemetry.onRefused('forbidden');
    throw new ProblemError('forbidden', `this needs a key with the scope \`${scope}\``);
  }
  return key;
}

function throttle({ rateLimitPerS, telemetry }: GateParts, limit: RateLimit, c: AppContext): void {
  if (rateLimitPerS === 0 || isVital(c.req.path)) return;
  const { caller } = c.var;
  const client = caller === anonymous ? (c.env.incoming?.socket.remoteAddress ?? anonymous) : caller;
  const retryAfterS = limit.take(client, performance.now());
  if (retryAfterS === 0) return;
  telemetry.onRefused('rate_limit');
  throw new ProblemError('too-many-requests', `${rateLimitPerS} requests per second are allowed`, { retryAfterS });
}
