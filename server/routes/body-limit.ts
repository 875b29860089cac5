/** No body is larger than the agent needs: what is announced larger is refused unread, what grows larger is cut off. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AppContext, AppEnv } from './context.ts';
import { problemResponse } from './problem.ts';

/** 64 KiB: the largest sensible request is a few hundred bytes. */
export const largestBodyBytes = 64 * 1024;

const limited = bodyLimit({
  maxSize: largestBodyBytes,
  onError: (c) =>
    problemResponse(c as AppContext, {
      status: 413,
      code: 'body-too-large',
      title: 'Body too large',
      detail: `a body may have ${largestBodyBytes} bytes`,
    }),
});

/** A method without a body does not pay for the check. */
export const limitBody: MiddlewareHandler<AppEnv> = (c, next) =>
  c.req.method === 'GET' || c.req.method === 'HEAD' ? next() : limited(c, next);
