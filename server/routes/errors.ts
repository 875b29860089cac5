/** Turns what a handler threw, what a schema refused and what no route matched into problem documents. */
import type { Logger } from 'pino';
import type { z } from '@hono/zod-openapi';
import type { AppContext } from './context.ts';
import { problemOf, problemResponse } from './problem.ts';

export function answerError(log: Logger) {
  return (error: Error, c: AppContext): Response => {
    const problem = problemOf(error);
    if (problem !== undefined) return problemResponse(c, problem);
    log.error({ err: error, request_id: c.var.requestId, method: c.req.method, path: c.req.path }, 'request failed');
    return problemResponse(c, {
      kind: 'internal',
      detail: 'the agent failed; its log has the reason under this request id',
    });
  };
}

interface Validation {
  readonly target: string;
  readonly success: boolean;
  readonly error?: z.core.$ZodError;
}

/** Names for the parts of a request, as a caller calls them. */
const parts: Readonly<Record<string, string>> = { json: 'body', param: 'path', query: 'query', header: 'header' };

export function answerInvalid(result: Validation, c: AppContext): Response | undefined {
  if (result.error === undefined) return undefined;
  const part = parts[result.target] ?? result.target;
  return problemResponse(c, {
    kind: 'invalid-request',
    detail: `the ${part} is not what was expected`,
    errors: result.error.issues.map((issue) => ({ in: part, path: issue.path.join('.'), message: issue.message })),
  });
}

interface Route {
  readonly method: string;
  readonly path: string;
}

/** 404 for an unknown path; for a known one 405 with the methods it has, or those methods alone when asked by OPTIONS. */
export function answerNotFound(routes: readonly Route[]) {
  const known = routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({
      method,
      matches: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`),
    }));
  return (c: AppContext): Response => {
    const methods = new Set(known.filter(({ matches }) => matches.test(c.req.path)).map(({ method }) => method));
    if (methods.size === 0) {
      return problemResponse(c, { kind: 'not-found', detail: 'there is no such path' });
    }
    if (methods.has('GET')) methods.add('HEAD');
    const allow = [...methods.add('OPTIONS')].join(', ');
    if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { allow } });
    return problemResponse(c, { kind: 'method-not-allowed', detail: `this path has ${allow}`, headers: { allow } });
  };
}
