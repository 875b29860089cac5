/** Where a redirect leads (RFC 9110, 15.4), with the method and headers that a browser would send there. */
import { findHeader, removeHeader, setHeader, type HeaderList } from './header-list.ts';
import type { HopAsked } from './hop.ts';
import { targetOf } from './target.ts';

const redirectStatuses = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return redirectStatuses.has(status);
}

/** The next request; nothing when the response says no place. Throws when the place is no URL. */
export function nextHop(status: number, location: string | undefined, from: HopAsked): HopAsked | undefined {
  if (location === undefined || location === '') return undefined;
  // Header bytes are Latin-1 to the parser, while servers that don't encode a path write UTF-8.
  const written = Buffer.from(location, 'latin1').toString('utf8');
  if (!URL.canParse(written, from.target.href)) {
    throw new Error(`uri requested responds with an invalid redirect URL: ${written}`);
  }
  const target = targetOf(new URL(written, from.target.href));
  const headers: HeaderList = [...from.asked];
  removeHeader(headers, 'cookie');
  const rewritten = becomesGet(status, from.method);
  if (rewritten) for (const name of contentHeaders) removeHeader(headers, name);
  if (findHeader(headers, 'host') !== -1) setHeader(headers, 'host', target.host);
  if (target.origin !== from.target.origin) removeHeader(headers, 'authorization');
  return { method: rewritten ? 'GET' : from.method, target, asked: headers, body: rewritten ? undefined : from.body };
}

const contentHeaders = ['content-encoding', 'content-language', 'content-length', 'content-location', 'content-type'];

function becomesGet(status: number, method: string): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}
