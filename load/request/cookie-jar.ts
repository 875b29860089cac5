/**
 * The cookies of one context (RFC 6265, by tough-cookie), in the shape of Playwright's cookies. Most load runs have none
 * or the same few, so an empty jar costs nothing and a `cookie` header is worked out once per path until the jar changes.
 */
import { Cookie, CookieJar as ToughJar } from 'tough-cookie';
import type { APIRequestContext } from '@playwright/test';
import type { Target } from './target.ts';

export type StoredCookie = Awaited<ReturnType<APIRequestContext['cookies']>>[number];
export type NewCookie = Parameters<APIRequestContext['addCookies']>[0][number];
export type CookieFilter = NonNullable<Parameters<APIRequestContext['clearCookies']>[0]>;

/** `cookie` headers remembered at most. */
const remembered = 1_000;

/** Latest expiry that Playwright's context takes: 9999-12-31, in seconds since 1970. */
const latestExpiry = 253_402_300_799;

interface KnownHeader {
  readonly value: string;
  /** When a cookie in it expires. */
  readonly untilMs: number;
}

export class CookieJar {
  readonly #jar = new ToughJar(undefined, {
    rejectPublicSuffixes: false,
    looseMode: true,
    prefixSecurity: 'unsafe-disabled',
  });
  readonly #headers = new Map<string, KnownHeader>();
  #empty = true;

  /** The `cookie` header for a request, if there are cookies for it. */
  headerFor(target: Target): string | undefined {
    if (this.#empty) return undefined;
    const key = target.origin + target.pathname;
    const known = this.#headers.get(key);
    const nowMs = Date.now();
    if (known !== undefined && nowMs < known.untilMs) return known.value === '' ? undefined : known.value;
    const cookies = this.#jar.getCookiesSync(target.href);
    const value = cookies
      .map((cookie) => (cookie.key === '' ? cookie.value : `${cookie.key}=${cookie.value}`))
      .join('; ');
    if (this.#headers.size >= remembered) this.#headers.clear();
    this.#headers.set(key, { value, untilMs: Math.min(...cookies.map(expiryMs), nowMs + 60_000) });
    return value === '' ? undefined : value;
  }

  /** Takes a response's `set-cookie` header; one that is no cookie, or for another site, is ignored as by a browser. */
  store(setCookie: string, target: Target): void {
    const cookie = Cookie.parse(setCookie, { loose: true });
    if (cookie === undefined || (cookie.key === '' && cookie.value === '')) return;
    fixExpiry(cookie);
    this.#changed();
    this.#jar.setCookieSync(cookie, target.href, { ignoreError: true });
  }

  /** Throws in Playwright's words when a cookie says neither `url` nor `domain` and `path`, or both. */
  add(cookies: readonly NewCookie[]): void {
    const checked = cookies.map(checkedCookie);
    this.#changed();
    for (const { cookie, url } of checked) this.#jar.setCookieSync(cookie, url, { ignoreError: false });
  }

  /** Those that would be sent to one of `urls`, or all. */
  list(urls: readonly string[]): StoredCookie[] {
    if (this.#empty) return [];
    const found = urls.length === 0 ? this.#all() : urls.flatMap((url) => this.#jar.getCookiesSync(url));
    return [...new Set(found)].filter((cookie) => expiryMs(cookie) > Date.now()).map(playwrightCookie);
  }

  clear({ name, domain, path }: CookieFilter): void {
    if (this.#empty) return;
    this.#changed();
    const kept = this.#all().filter((cookie) => {
      const candidate = playwrightCookie(cookie);
      const gone = matches(candidate.name, name) && matches(candidate.domain, domain) && matches(candidate.path, path);
      return !gone;
    });
    this.#jar.removeAllCookiesSync();
    for (const cookie of kept) this.#jar.store.putCookie(cookie, () => undefined);
    this.#empty = kept.length === 0;
  }

  #all(): Cookie[] {
    const { cookies } = this.#jar.serializeSync() ?? { cookies: [] };
    return cookies.flatMap((serialized) => Cookie.fromJSON(serialized) ?? []);
  }

  #changed(): void {
    this.#empty = false;
    this.#headers.clear();
  }
}

function matches(value: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string'
    ? value === wanted
    : new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).test(value);
}

/**
 * tough-cookie counts `Max-Age` from when a cookie was last sent, so that one in use never expires. RFC 6265, 5.2.2
 * counts from when it was received, which is now.
 */
function fixExpiry(cookie: Cookie): void {
  if (typeof cookie.maxAge !== 'number') return;
  const expiresMs = cookie.maxAge <= 0 ? 0 : Math.min(Date.now() + cookie.maxAge * 1_000, latestExpiry * 1_000);
  cookie.expires = new Date(expiresMs);
  cookie.maxAge = null;
}

/** When a cookie is gone; a session's cookie lives as long as the jar. */
function expiryMs(cookie: Cookie): number {
  return cookie.expiryTime() ?? Infinity;
}

const sameSites: Readonly<Record<string, StoredCookie['sameSite']>> = { strict: 'Strict', lax: 'Lax', none: 'None' };

function playwrightCookie(cookie: Cookie): StoredCookie {
  const expiresMs = expiryMs(cookie);
  const domain = cookie.domain ?? '';
  return {
    name: cookie.key,
    value: cookie.value,
    domain: cookie.hostOnly === true || !domain.includes('.') ? domain : `.${domain}`,
    path: cookie.path ?? '/',
    expires: expiresMs === Infinity ? -1 : Math.min(expiresMs / 1_000, latestExpiry),
    httpOnly: cookie.httpOnly,
    secure: cookie.secure,
    sameSite: sameSites[cookie.sameSite ?? 'lax'] ?? 'Lax',
  };
}

function checkedCookie(cookie: NewCookie): { cookie: Cookie; url: string } {
  checkCookie(cookie);
  const { url, domain, path, expires = -1 } = cookie;
  const at = new URL(url ?? `https://${(domain ?? '').replace(/^\./, '')}${path ?? '/'}`);
  const parts = {
    key: cookie.name,
    value: cookie.value,
    path: path ?? at.pathname.slice(0, at.pathname.lastIndexOf('/') + 1),
    expires: expires === -1 ? ('Infinity' as const) : new Date(expires * 1_000),
    httpOnly: cookie.httpOnly ?? false,
    secure: url === undefined ? (cookie.secure ?? false) : at.protocol === 'https:',
    sameSite: (cookie.sameSite ?? 'Lax').toLowerCase(),
  };
  // Without a domain the jar makes it a cookie of this host alone; a leading dot says: and of its subdomains.
  const wide = domain?.startsWith('.') === true;
  return { url: at.href, cookie: new Cookie(wide ? { ...parts, domain: domain.slice(1) } : parts) };
}

function checkCookie({ url, domain, path, expires = -1 }: NewCookie): void {
  if (url === undefined && (domain === undefined || path === undefined)) {
    throw new Error('Cookie should have a url or a domain/path pair');
  }
  if (url !== undefined && domain !== undefined) throw new Error('Cookie should have either url or domain');
  if (url !== undefined && path !== undefined) throw new Error('Cookie should have either url or path');
  if ((expires < 0 && expires !== -1) || expires > latestExpiry) {
    throw new Error(
      'Cookie should have a valid expires, only -1 or a positive number for the unix timestamp in seconds is allowed',
    );
  }
}
