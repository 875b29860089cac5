/** The headers of a request: what every request carries, what its context adds, what the call says. */
import { release } from 'node:os';
import type { HttpCredentials } from './credentials.ts';
import { basic } from './credentials.ts';
import { headerEntries } from './header-entries.ts';
import { findHeader, setHeader, type HeaderList } from './header-list.ts';
import type { RequestContextOptions } from './request-options.ts';
import type { Target } from './target.ts';

/** Who we are, so that a server's log tells load from traffic. */
const userAgent = `Playload/0.1 (${process.arch}; ${process.platform} ${release()}) node/${process.versions.node}`;

/** Those of each request of a context. As in Playwright's, compressed responses are welcome. */
export function baseHeaders(options: RequestContextOptions): Readonly<HeaderList> {
  const agent = options.userAgent === undefined || options.userAgent === '' ? userAgent : options.userAgent;
  const headers: string[] = ['user-agent', agent, 'accept', '*/*', 'accept-encoding', 'gzip,deflate,br'];
  for (const [name, value] of headerEntries(options.extraHTTPHeaders, 'extraHTTPHeaders'))
    setHeader(headers, name, value);
  return headers;
}

/** The context's own list if nothing is added to it, so that it is written out only once. */
export function requestHeaders(
  base: Readonly<HeaderList>,
  own: Readonly<Record<string, string>> | undefined,
  target: Target,
  credentials: HttpCredentials,
): Readonly<HeaderList> {
  if (own === undefined && !credentials.any) return base;
  const headers = base.slice();
  for (const [name, value] of headerEntries(own, 'headers')) setHeader(headers, name, value);
  const authorization = credentials.unasked(target);
  if (authorization !== undefined) setHeader(headers, 'authorization', authorization);
  return headers;
}

/** With what the address of one hop adds: cookies, and credentials in the URL, which go no further than that URL. */
export function addressHeaders(
  asked: Readonly<HeaderList>,
  { credentials }: Target,
  cookie: string | undefined,
): Readonly<HeaderList> {
  const addsCookie = cookie !== undefined && findHeader(asked, 'cookie') === -1;
  const addsCredentials = credentials !== '' && findHeader(asked, 'authorization') === -1;
  if (!addsCookie && !addsCredentials) return asked;
  const headers = [...asked];
  if (addsCookie) headers.push('cookie', cookie);
  if (addsCredentials) headers.push('authorization', basic(credentials));
  return headers;
}
