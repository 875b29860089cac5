/** The headers of a request: what every request carries, what its context adds, what the call says. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { release } from 'node:os';
import type { HttpCredentials } from './credentials.ts';
import { basic } from './credentials.ts';
import { setHeader, type HeaderList } from './header-list.ts';
import type { RequestContextOptions } from './request-options.ts';
import type { Target } from './target.ts';

/** Who we are, so that a server's log tells load from traffic. */
const userAgent = `Playload/0.1 (${process.arch}; ${process.platform} ${release()}) node/${process.versions.node}`;

/** Those of each request of a context. As in Playwright's, compressed responses are welcome. */
export function baseHeaders(options: RequestContextOptions): Readonly<HeaderList> {
  const agent = options.userAgent === undefined || options.userAgent === '' ? userAgent : options.userAgent;
  validateHeaderValue('user-agent', agent);
  const headers: string[] = ['user-agent', agent, 'accept', '*/*', 'accept-encoding', 'gzip,deflate,br'];
  for (const [name, value] of headerEntries(options.extraHTTPHeaders)) setHeader(headers, name, value);
  return headers;
}

/** The context's own list if nothing is added to it, so that it is written out only once. */
export function requestHeaders(
  base: Readonly<HeaderList>,
  own: Readonly<Record<string, string>> | undefined,
  target: Target,
  credentials: HttpCredentials,
): Readonly<HeaderList> {
  if (own === undefined && target.credentials === '' && !credentials.any) return base;
  const headers = base.slice();
  for (const [name, value] of headerEntries(own)) setHeader(headers, name, value);
  const authorization = credentials.unasked(target);
  if (authorization !== undefined) setHeader(headers, 'authorization', authorization);
  else if (target.credentials !== '' && !hasAuthorization(headers)) {
    setHeader(headers, 'authorization', basic(target.credentials));
  }
  return headers;
}

function hasAuthorization(headers: HeaderList): boolean {
  return headers.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'authorization');
}

/** A header set to nothing is left out. Throws in Playwright's words on a value that is no string, else in Node's. */
function headerEntries(headers: Readonly<Record<string, unknown>> | undefined): [string, string][] {
  if (headers === undefined) return [];
  const entries: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    if (typeof value !== 'string') {
      throw new Error(`Expected value of header "${name}" to be String, but "${typeof value}" is found.`);
    }
    validateHeaderName(name);
    validateHeaderValue(name, value);
    entries.push([name, value]);
  }
  return entries;
}
