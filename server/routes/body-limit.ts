/** No body is larger than the agent needs: what is announced larger is refused unread, what grows larger is cut off. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { AppContext, AppEnv } from './context.ts';
import { problemResponse } from './problem.ts';

/** 64 KiB: the largest sensible request is a few hundred bytes. */
const largestBodyBytes = 64 * 1024;

const limited = bodyLimit({
  maxSize: largestBodyBytes,
  onError: (c) =>
    problemResponse(c as AppContext, { kind: 'body-too-large', detail: `a body may have ${largestBodyBytes} bytes` }),
});

/**
 * A body that says its length is judged by that alone; the HTTP parser holds it to its word. Only one that comes in
 * chunks is counted, which costs a stream of another kind for each request.
 */
export const limitBody: MiddlewareHandler<AppEnv> = (c, next) => {
  const announced = c.req.header('content-length');
  const chunked = c.req.header('transfer-encoding') !== undefined;
  const modest = announced === undefined || Number(announced) <= largestBodyBytes;
  return modest && !chunked ? next() : limited(c, next);
};
