/** What a log says of one request, and why a line of it can't be sent again. */

/** One request of a log, as a scenario gets it in `data`. */
export interface ReplayedRequest {
  /** Such as `GET`. */
  readonly method: string;
  /** Path and query, to be sent to the `baseURL` of the test: a log says what was asked, not whom it is asked now. */
  readonly url: string;
  /** Names in lower case. Absent where the log keeps none, as an access log. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent where the request had none, or the log does not keep it. */
  readonly body?: string;
  /** The status it was answered with then. Absent where the log does not say it. */
  readonly status?: number;
}

/** A line that can be sent again: its moment in milliseconds since 1970. */
export interface RecordedLine {
  readonly atMs: number;
  readonly request: ReplayedRequest;
}

/** A line, or why it can't be sent again, in words that are counted. */
export type ReadLine = RecordedLine | { readonly leftOut: string };

/** Lines of a log, in whatever order they stand. */
export interface ReadLog {
  readonly lines: readonly ReadLine[];
  /** The clock of the log knows whole seconds only: all of a second have the same moment. */
  readonly wholeSeconds: boolean;
}

/** Of headers, what belongs to a connection, a cookie jar or a login that is over: a request context has its own. */
const ofTheConnection = new Set(
  'connection content-length cookie host keep-alive proxy-authorization proxy-connection te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
);

/** Names in lower case; without those of a connection, and HTTP/2's pseudo-headers. */
export function sendableHeaders(headers: Iterable<readonly [string, string]>): Record<string, string> {
  const sendable: Record<string, string> = {};
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && !ofTheConnection.has(name)) sendable[name] = value;
  }
  return sendable;
}

/**
 * A path that stays one. At its start two slashes, or a backslash, would be another host to who resolves it (RFC 3986,
 * 4.2): a log full of `//wp-login.php` would be sent to whoever has that name. `/.//a` is the path `//a` of the same host.
 */
export function samePath(url: string): string {
  const query = url.indexOf('?');
  const path = (query === -1 ? url : url.slice(0, query)).replaceAll('\\', '%5C');
  return `${path.startsWith('//') ? '/.' : ''}${path}${query === -1 ? '' : url.slice(query)}`;
}

/** Methods that can be sent to a path. */
const method = /^[A-Z][A-Z-]{0,30}$/;

/** Why a request line says nothing that can be sent; undefined where it can. */
export function whyNotSent(asked: { readonly method: string; readonly url: string }): string | undefined {
  if (asked.method === 'CONNECT') return 'CONNECT';
  if (!method.test(asked.method) || !/^\/[\x21-\x7e\u0080-\uffff]*$/.test(asked.url)) return 'malformed';
  return undefined;
}
