/**
 * How a JSON answer is made. Headers are one plain object, given at once: the Node adapter then writes them as they are,
 * while `c.header()` or a header set after the fact makes it build a `Headers` object for each answer, which costs
 * a health check a fifth of its rate.
 */
import type { JSONParsed } from 'hono/utils/types';
import type { TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { AppContext } from './context.ts';

export type Headers = Readonly<Record<string, string>>;

/**
 * On every answer. There is nothing to render, to frame or to keep: an answer is the state of this moment.
 * (OWASP REST Security Cheat Sheet, "Security headers".)
 */
export function commonHeaders(c: AppContext): Record<string, string> {
  return {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-request-id': c.var.requestId,
  };
}

/** Answers `body` as JSON. The type carries body and status on, so that a handler is held to its route definition. */
export function reply<const T, const S extends ContentfulStatusCode>(
  c: AppContext,
  body: T,
  status: S,
  headers?: Headers,
): Response & TypedResponse<JSONParsed<T>, S, 'json'> {
  return replyWith<T, S>(c, JSON.stringify(body), status, headers);
}

/** As {@link reply}, of JSON that is there already, as text or encoded. That it is a `T` is its maker's promise. */
export function replyWith<const T, const S extends ContentfulStatusCode>(
  c: AppContext,
  json: string | Uint8Array<ArrayBuffer>,
  status: S,
  headers?: Headers,
): Response & TypedResponse<JSONParsed<T>, S, 'json'> {
  const all = headers === undefined ? commonHeaders(c) : { ...commonHeaders(c), ...headers };
  return new Response(json, { status, headers: all }) as Response & TypedResponse<JSONParsed<T>, S, 'json'>;
}
