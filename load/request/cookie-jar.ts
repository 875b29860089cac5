/**
 * The cookies of one context. Most load runs have none or the same few, so an empty jar costs nothing and a `cookie`
 * header is worked out once per path until the jar changes.
 */
import {
  addedCookie,
  belongsTo,
  expiryMs,
  receivedCookie,
  sentCookie,
  siteOf,
  type NewCookie,
  type StoredCookie,
} from './cookie.ts';
import type { Target } from './target.ts';

/** Which cookies `clearCookies` takes away: those that fit all that is given. */
export interface CookieFilter {
  /** Domain of the cookies, whole or by a pattern. */
  domain?: string | RegExp;
  /** Name of the cookies, whole or by a pattern. */
  name?: string | RegExp;
  /** Path of the cookies, whole or by a pattern. */
  path?: string | RegExp;
}

/** `cookie` headers remembered at most. */
const remembered = 1_000;

interface KnownHeader {
  readonly value: string | undefined;
  /** When a cookie in it expires. */
  readonly untilMs: number;
}

export class CookieJar {
  /** By name, and in the order of Playwright's list: a cookie set anew is the last of its name. */
  readonly #cookies = new Map<string, StoredCookie[]>();
  readonly #headers = new Map<string, KnownHeader>();

  /** The `cookie` header for a request, if there are cookies for it. */
  headerFor(target: Target): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    const key = target.origin + target.pathname;
    const known = this.#headers.get(key);
    if (known !== undefined && Date.now() < known.untilMs) return known.value;
    // Longer paths first (RFC 6265, 5.4); sorting keeps the order of equals.
    const sent = this.#living()
      .filter((cookie) => belongsTo(cookie, target))
      .sort((one, other) => other.path.length - one.path.length);
    const value = sent.length === 0 ? undefined : sent.map(sentCookie).join('; ');
    if (this.#headers.size >= remembered) this.#headers.clear();
    this.#headers.set(key, { value, untilMs: Math.min(...sent.map(expiryMs)) });
    return value;
  }

  /** Takes a response's `set-cookie` header; one that is no cookie, or for another site, is ignored as by a browser. */
  store(setCookie: string, target: Target): void {
    const cookie = receivedCookie(setCookie, target);
    if (cookie !== undefined) this.#put(cookie);
  }

  /** All or none: throws in Playwright's words when one of them is wrong. */
  add(cookies: readonly NewCookie[]): void {
    for (const cookie of cookies.map(addedCookie)) this.#put(cookie);
  }

  /** Those that would be sent to one of `urls`, or all. */
  list(urls: readonly string[]): StoredCookie[] {
    const sites = urls.map(siteOf);
    return this.#living()
      .filter((cookie) => sites.length === 0 || sites.some((site) => belongsTo(cookie, site)))
      .map((cookie) => ({ ...cookie }));
  }

  clear({ name, domain, path }: CookieFilter): void {
    this.#keep((cookie) => {
      return !(matches(cookie.name, name) && matches(cookie.domain, domain) && matches(cookie.path, path));
    });
  }

  #put(cookie: StoredCookie): void {
    const { name, domain, path } = cookie;
    const others = (this.#cookies.get(name) ?? []).filter((one) => one.domain !== domain || one.path !== path);
    this.#cookies.set(name, [...others, cookie]);
    this.#headers.clear();
  }

  /** Forgets what has expired. */
  #living(): StoredCookie[] {
    const nowMs = Date.now();
    this.#keep((cookie) => expiryMs(cookie) >= nowMs);
    return [...this.#cookies.values()].flat();
  }

  #keep(isKept: (cookie: StoredCookie) => boolean): void {
    for (const [name, cookies] of this.#cookies) {
      const kept = cookies.filter(isKept);
      if (kept.length === cookies.length) continue;
      this.#headers.clear();
      if (kept.length === 0) this.#cookies.delete(name);
      else this.#cookies.set(name, kept);
    }
  }
}

function matches(value: string, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string'
    ? value === wanted
    : new RegExp(wanted.source, wanted.flags.replace(/[gy]/g, '')).test(value);
}
