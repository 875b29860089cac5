/**
 * The row a request belongs to: method and route template. Numbers, UUIDs and long hexadecimal or mixed ids in a path
 * become `:id`, so that a million orders are one endpoint. The user's own routes go before that, and a name given with the
 * request before all. A GraphQL operation stands behind its path.
 */
import { operationInUrl } from './graphql-operation.ts';
import { RoutePattern, segmentsOf } from './route-pattern.ts';

const id =
  /^(?:\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?=[0-9a-z]*\d)[0-9a-f]{16,}|(?=[0-9A-Z]*\d)[0-9A-HJKMNP-TV-Z]{26})$/i;

/** A JWT (RFC 7519) begins with a JSON object in base64url; one in a path is an id, and a secret. */
const jwt = /^eyJ[\w-]{8,}(?:(?:\.|%2e)[\w-]*)+$/i;

/** A status of HTTP is no id where it is all there is, or where the segment before says so: `/429`, `/status/503`. */
const httpStatus = /^[1-5]\d\d$/;

/**
 * `/api/v1/workflows/42/events` → `/api/v1/workflows/:id/events`; the query and the origin are left out. The first of the
 * user's own `routes` that fits goes before. It depends on the
 * URL alone, so that a row has one name in every run and every segment, however many others there are.
 */
export function routeTemplate(url: string, routes: readonly RoutePattern[] = []): string {
  const segments = segmentsOf(pathOf(url));
  return routes.find((route) => route.fits(segments))?.route ?? `/${segments.map(templateOf).join('/')}`;
}

function templateOf(segment: string, at: number, segments: readonly string[]): string {
  if (httpStatus.test(segment) && (at === 0 || segments[at - 1] === 'status')) return segment;
  return id.test(segment) || jwt.test(segment) ? ':id' : segment;
}

function pathOf(url: string): string {
  const scheme = url.indexOf('://');
  const start = scheme === -1 ? 0 : url.indexOf('/', scheme + 3);
  if (start === -1) return '/';
  const end = url.slice(start).search(/[?#]/);
  return end === -1 ? url.slice(start) : url.slice(start, start + end);
}

/** Origins told apart at most. */
const mostOrigins = 20;

/** Names remembered at most; a run with more distinct URLs works them out anew. */
const remembered = 10_000;

/** GraphQL operations told apart at most; a client that makes up a name for each leaves room for the other rows. */
const mostOperations = 100;

/** A name for each request, worked out once per URL. */
export class EndpointNames {
  readonly #routes: readonly RoutePattern[];
  readonly #byMethod = new Map<string, Map<string, string>>();
  readonly #named = new Set<string>();
  readonly #origins = new Set<string>();
  readonly #operations = new Set<string>();
  #count = 0;

  /** `routes`: the user's own, of which the first that fits names the row. */
  constructor(routes: readonly string[] = []) {
    this.#routes = routes.map((route) => new RoutePattern(route));
  }

  /** Scheme, host and port of what was called, as far as the first URL of each row says; the first few. */
  get origins(): string[] {
    return [...this.#origins];
  }

  get originCount(): number {
    return this.#origins.size;
  }

  of(method: string, url: string, name: string | undefined, operation?: string): string {
    if (name !== undefined) return this.#given(name, url);
    const known = this.#byMethod.get(method)?.get(url);
    const row = known ?? this.#remember(method, url, this.#workOut(method, url));
    return operation === undefined ? row : this.#withOperation(row, operation);
  }

  #workOut(method: string, url: string): string {
    const row = `${method} ${routeTemplate(url, this.#routes)}`;
    const operation = method === 'GET' ? operationInUrl(url) : undefined;
    return operation === undefined ? row : this.#withOperation(row, operation);
  }

  #withOperation(row: string, operation: string): string {
    const wanted = `${row} ${operation}`;
    if (this.#operations.has(wanted)) return wanted;
    if (this.#operations.size >= mostOperations) return `${row} (other operations)`;
    this.#operations.add(wanted);
    return wanted;
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
