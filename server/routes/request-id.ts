/** Every request has a name that its answer, its problem and its log line share. */
import { randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './context.ts';

/** A name given by the caller is kept when it is harmless in a log and in a header. */
const acceptable = /^[\w.:-]{1,128}$/;

/** Names requests: the caller's own `X-Request-Id`, or a prefix of this process and a count, which costs nearly nothing. */
export function requestIds(): MiddlewareHandler<AppEnv> {
  const prefix = randomBytes(6).toString('hex');
  let count = 0;
  return (c, next) => {
    const given = c.req.header('x-request-id');
    c.set('requestId', given !== undefined && acceptable.test(given) ? given : `${prefix}-${(count++).toString(36)}`);
    return next();
  };
}
