/**
 * Refuses what a page of another site makes a browser send. Browsers say where a request comes from (`Sec-Fetch-Site`,
 * W3C Fetch Metadata; `Origin`, RFC 6454); whatever is no browser says neither, and passes.
 */
import type { IncomingHttpHeaders } from 'node:http';

interface Sent {
  readonly headers: IncomingHttpHeaders;
  /** Not GET, HEAD or OPTIONS. */
  readonly changes: boolean;
}

/** What is wrong with where the request comes from; `undefined` when it may go on. */
export function crossSiteProblem({ headers, changes }: Sent): string | undefined {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    // Whoever follows a link to here may see what it leads to: the page that has the link does not. A frame is no link: it
    // asks unseen and as often as its page likes, and could hold all event streams of a key.
    const follows = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
    if (changes || !follows) return 'a page of another site may not ask this agent';
  }
  const { origin, host = '' } = headers;
  if (!changes || origin === undefined) return undefined;
  // What is in front of the agent may speak TLS: the scheme is not known here.
  const given = origin.toLowerCase();
  const own = host.toLowerCase();
  if (given === `http://${own}` || given === `https://${own}`) return undefined;
  return `a change may come from pages of \`${host}\` alone; a proxy in front must leave \`Host\` as it is`;
}
