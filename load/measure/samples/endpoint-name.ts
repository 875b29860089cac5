/**
 * The row a request belongs to: method and route template. Numbers, UUIDs and long hexadecimal or mixed ids in a path
 * become `:id`, so that a million orders are one endpoint; a name given with the request wins.
 */
const id =
  /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=[0-9a-z]*\d)[0-9a-f]{16,}|(?=[0-9A-Z]*\d)[0-9A-HJKMNP-TV-Z]{26})$/i;

/** A JWT (RFC 7519) begins with a JSON object in base64url; one in a path is an id, and a secret. */
const jwt = /^eyJ[\w-]{8,}(?:(?:\.|%2e)[\w-]*)+$/i;

/** `/api/v1/workflows/42/events` → `/api/v1/workflows/:id/events`; the query and the origin are left out. */
export function routeTemplate(url: string): string {
  const path = pathOf(url);
  return path
    .split('/')
    .map((part) => (id.test(part) || jwt.test(part) ? ':id' : part))
    .join('/');
}

function pathOf(url: string): string {
  const scheme = url.indexOf('://');
  const start = scheme === -1 ? 0 : url.indexOf('/', scheme + 3);
  if (start === -1) return '/';
  const end = url.slice(start).search(/[?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end) || '/';
}

/** Origins told apart at most. */
const mostOrigins = 20;

/** Names remembered at most; a run with more distinct URLs works them out anew. */
const remembered = 10_000;

/** A name for each request, worked out once per URL. */
export class EndpointNames {
  readonly #byMethod = new Map<string, Map<string, string>>();
  readonly #named = new Set<string>();
  readonly #origins = new Set<string>();
  #count = 0;

  /** Scheme, host and port of what was called, as far as the first URL of each row says; the first few. */
  get origins(): string[] {
    return [...this.#origins];
  }

  of(method: string, url: string, name: string | undefined): string {
    if (name !== undefined) return this.#given(name, url);
    const known = this.#byMethod.get(method)?.get(url);
    return known ?? this.#remember(method, url, `${method} ${routeTemplate(url)}`);
  }

  #given(name: string, url: string): string {
    if (!this.#named.has(name) && this.#named.size < remembered) {
      this.#named.add(name);
      this.#noteOrigin(url);
    }
    return name;
  }

  #noteOrigin(url: string): void {
    if (this.#origins.size < mostOrigins && URL.canParse(url)) this.#origins.add(new URL(url).origin);
  }

  #remember(method: string, url: string, fresh: string): string {
    if (this.#count >= remembered) {
      this.#byMethod.clear();
      this.#count = 0;
    }
    this.#count += 1;
    this.#noteOrigin(url);
    const byUrl = this.#byMethod.get(method) ?? new Map<string, string>();
    this.#byMethod.set(method, byUrl.set(url, fresh));
    return fresh;
  }
}
