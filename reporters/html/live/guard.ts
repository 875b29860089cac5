/** Who may talk to the live page's server: a loopback address is open to every page in the reader's browser. */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** On every answer: no page frames it, loads it as its own, or hears its address, which has the token in it. */
export const guardingHeaders = {
  'content-security-policy': "frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

const loopbackNames = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether the request names a loopback host. A page elsewhere can have its own name resolve to 127.0.0.1 (DNS
 * rebinding), but it cannot send another `Host` than its own.
 */
export function namesLoopback({ headers: { host = '' } }: Pick<IncomingMessage, 'headers'>): boolean {
  return loopbackNames.has(host.replace(/:\d+$/, ''));
}

/**
 * Whether a request may come from a page of another origin, as the browser itself tells (Fetch Metadata, RFC 6454). A
 * port is no part of a site, so `same-site` is any page served on this machine. What sends neither header, such as a
 * worker or curl, has the token to show.
 */
export function comesFromElsewhere({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== `http://${host}`) return true;
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** Compares in constant time. */
export function sameToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The body of a request, or undefined if it is longer than the limit; the rest is then not read. */
export async function bodyWithin(request: IncomingMessage, limitBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limitBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
