/**
 * One cookie as Playwright stores it: read from a `set-cookie` header (RFC 6265, 5.2) or from `addCookies`, and the
 * requests that it belongs to. By hand, since `tough-cookie` parts from Playwright at escaped paths, IPv6 hosts, dates
 * before 1601 and `partitionKey`, each of which would need a way around it.
 */
import { isIP } from 'node:net';

/** A cookie as Playwright lists it. Written out, since only Playwright 1.64 has cookies of a request context. */
export interface StoredCookie {
  /** Its name. */
  name: string;
  /** What is sent with it, as it is. */
  value: string;
  /** Host that it is sent to; with a leading dot, its subdomains too. */
  domain: string;
  /** Paths that it is sent to begin with this. */
  path: string;
  /** Seconds since 1970; -1 for one that lives as long as its context. */
  expires: number;
  /** Not for scripts of a page. */
  httpOnly: boolean;
  /** Sent over TLS alone, and to this machine. */
  secure: boolean;
  /** Whether a browser sends it along from other sites. */
  sameSite: 'Strict' | 'Lax' | 'None';
  /** Top-level site that it is kept for (CHIPS), where it is partitioned. */
  partitionKey?: string;
}

/** A cookie as `addCookies` takes it: for a `url`, or for `domain` and `path`. */
export interface NewCookie {
  /** Its name. */
  name: string;
  /** What is sent with it, as it is. */
  value: string;
  /** Address whose host and folder it is for, in place of `domain` and `path`. */
  url?: string;
  /** Host that it is sent to; with a leading dot, its subdomains too. */
  domain?: string;
  /** Paths that it is sent to begin with this. */
  path?: string;
  /** Seconds since 1970; -1, the default, for one that lives as long as its context. */
  expires?: number;
  /** Not for scripts of a page; `false` by default. */
  httpOnly?: boolean;
  /** Sent over TLS alone, and to this machine; with a `url`, as its scheme says. */
  secure?: boolean;
  /** Whether a browser sends it along from other sites; `'Lax'` by default. */
  sameSite?: 'Strict' | 'Lax' | 'None';
  /** Top-level site that it is kept for (CHIPS), where it is partitioned. */
  partitionKey?: string;
}

/** What of an address says which cookies go there. */
export interface CookieSite {
  /** As in a `URL`: an IPv6 address stands in brackets. */
  readonly hostname: string;
  readonly pathname: string;
  readonly secure: boolean;
}

export function siteOf(url: string): CookieSite {
  const { hostname, pathname, protocol } = new URL(url);
  return { hostname, pathname, secure: protocol === 'https:' };
}

/** Latest expiry that Playwright's context takes: 9999-12-31, in seconds since 1970. */
const latestExpiry = 253_402_300_799;

/** `expires` of a cookie that lives as long as its context. */
const never = -1;

/** A response's cookie; nothing where the header is no cookie, or one for another site. */
export function receivedCookie(setCookie: string, site: CookieSite): StoredCookie | undefined {
  const [pair = '', ...attributes] = setCookie.split(';');
  const [name, value] = pair.includes('=') ? halves(pair) : ['', pair.trim()];
  if (name === '' && value === '') return undefined;
  const said = attributesOf(attributes);
  const cookie: StoredCookie = {
    name,
    value,
    domain: said.domain || site.hostname,
    path: said.path?.startsWith('/') === true ? said.path : defaultPath(site.pathname),
    expires: said.maxAgeExpires ?? said.expires ?? never,
    httpOnly: said.httpOnly === true,
    secure: said.secure === true,
    sameSite: said.sameSite ?? 'Lax',
  };
  return domainMatches(site.hostname, cookie.domain) ? cookie : undefined;
}

/** Throws in Playwright's words when a cookie says neither `url` nor `domain` and `path`, or both. */
export function addedCookie(cookie: NewCookie): StoredCookie {
  const { name, value, httpOnly = false, sameSite = 'Lax', partitionKey } = cookie;
  checkCookie(cookie);
  return {
    name,
    value,
    ...placeOf(cookie),
    expires: cookie.expires ?? never,
    httpOnly,
    sameSite,
    ...(partitionKey !== undefined && { partitionKey }),
  };
}

export function belongsTo(cookie: StoredCookie, { hostname, pathname, secure }: CookieSite): boolean {
  return (
    domainMatches(hostname, cookie.domain) &&
    pathMatches(pathname, cookie.path) &&
    (!cookie.secure || secure || isLocal(hostname))
  );
}

/** In milliseconds since 1970. */
export function expiryMs({ expires }: StoredCookie): number {
  return expires === never ? Infinity : expires * 1_000;
}

/** As it stands in a `cookie` header. */
export function sentCookie({ name, value }: StoredCookie): string {
  return name === '' ? value : `${name}=${value}`;
}

interface Attributes {
  domain?: string;
  path?: string;
  expires?: number;
  /** `Max-Age`, which wins over `Expires`, as the moment that it leads to. */
  maxAgeExpires?: number;
  httpOnly?: boolean;
  secure?: boolean;
  sameSite?: StoredCookie['sameSite'];
}

const sameSites: Readonly<Record<string, StoredCookie['sameSite']>> = { strict: 'Strict', lax: 'Lax', none: 'None' };

/** The last of a name counts. */
function attributesOf(texts: readonly string[]): Attributes {
  const said: Attributes = {};
  for (const text of texts) {
    const [name, value] = halves(text);
    Object.assign(said, attributeOf(name.toLowerCase(), value));
  }
  return said;
}

function attributeOf(name: string, value: string): Attributes {
  switch (name) {
    case 'domain':
      return { domain: withDot(value.toLowerCase()) };
    case 'path':
      return { path: value };
    case 'expires':
      return optional('expires', dateOf(value));
    case 'max-age':
      return optional('maxAgeExpires', afterAge(value));
    case 'httponly':
      return { httpOnly: true };
    case 'secure':
      return { secure: true };
    case 'samesite':
      return optional('sameSite', sameSites[value.toLowerCase()]);
    default:
      return {};
  }
}

function optional<K extends keyof Attributes>(name: K, value: Attributes[K] | undefined): Attributes {
  return value === undefined ? {} : { [name]: value };
}

function halves(text: string): [string, string] {
  const at = text.indexOf('=');
  return at === -1 ? [text.trim(), ''] : [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

/** A leading dot says: and its subdomains. */
function withDot(domain: string): string {
  return domain.startsWith('.') || !domain.includes('.') ? domain : `.${domain}`;
}

/**
 * By `Date`, as in Playwright: servers end a session with `0`, `-1` or an ISO date, which are no dates to RFC 6265's own
 * algorithm (5.1.1), so that the session would live on.
 */
function dateOf(text: string): number | undefined {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : bounded(atMs / 1_000);
}

/** RFC 6265, 5.2.2. */
function afterAge(text: string): number | undefined {
  if (!/^-?\d+$/.test(text)) return undefined;
  const seconds = Number(text);
  return seconds <= 0 ? 0 : bounded(Date.now() / 1_000 + seconds);
}

function bounded(expires: number): number {
  return Math.min(Math.max(expires, 0), latestExpiry);
}

/** RFC 6265, 5.1.4. */
function defaultPath(pathname: string): string {
  return pathname.slice(0, Math.max(pathname.lastIndexOf('/'), 1));
}

/** RFC 6265, 5.1.3: an address has no subdomains. */
function domainMatches(hostname: string, domain: string): boolean {
  if (hostname === domain || `.${hostname}` === domain) return true;
  return domain.startsWith('.') && hostname.endsWith(domain) && isIP(hostname) === 0;
}

/** RFC 6265, 5.1.4; both are compared as they are written, escapes and all. */
function pathMatches(pathname: string, path: string): boolean {
  if (!pathname.startsWith(path)) return false;
  return pathname.length === path.length || path.endsWith('/') || pathname[path.length] === '/';
}

/** Hosts that `Secure` cookies are sent to over plain http too: potentially trustworthy (Secure Contexts, 3.1). */
function isLocal(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127\.\d+\.\d+\.\d+$/.test(hostname)
  );
}

function placeOf({
  url,
  domain = '',
  path = '/',
  secure = false,
}: NewCookie): Pick<StoredCookie, 'domain' | 'path' | 'secure'> {
  if (url === undefined) return { domain, path, secure };
  const at = siteOf(url);
  return {
    domain: at.hostname,
    path: at.pathname.slice(0, at.pathname.lastIndexOf('/') + 1),
    secure: at.secure,
  };
}

function checkCookie({ url, domain, path, expires = never }: NewCookie): void {
  if (url === undefined && (domain === undefined || path === undefined)) {
    throw new Error('Cookie should have a url or a domain/path pair');
  }
  if (url !== undefined && domain !== undefined) throw new Error('Cookie should have either url or domain');
  if (url !== undefined && path !== undefined) throw new Error('Cookie should have either url or path');
  if ((expires < 0 && expires !== never) || expires > latestExpiry) {
    throw new Error(
      'Cookie should have a valid expires, only -1 or a positive number for the unix timestamp in seconds is allowed',
    );
  }
}
