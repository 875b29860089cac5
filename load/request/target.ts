/** Where a request goes: `baseURL`, the URL of the call and `params` made into one address, in parts as a socket needs them. */
import { pairsOf, textOf } from './pairs.ts';

export interface Target {
  /** The whole address. */
  readonly href: string;
  /** `https://host:port`. */
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  /** As the `host` header says it: with the port unless it is the scheme's own. */
  readonly host: string;
  readonly hostname: string;
  readonly pathname: string;
  readonly secure: boolean;
  /** `user:password` from the URL, decoded; empty if there is none. */
  readonly credentials: string;
}

export type Params = Record<string, string | number | boolean> | URLSearchParams | string;

export function targetOf(url: URL): Target {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw Object.assign(new TypeError(`Protocol "${url.protocol}" not supported. Expected "http:"`), {
      code: 'ERR_INVALID_PROTOCOL',
    });
  }
  const credentials =
    url.username === '' && url.password === ''
      ? ''
      : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    href: url.href,
    origin: url.origin,
    path: url.pathname + url.search,
    host: url.host,
    hostname: url.hostname,
    pathname: url.pathname,
    secure: url.protocol === 'https:',
    credentials,
  };
}

/** URLs remembered at most; parsing one costs as much as a tenth of a request. */
const remembered = 1_000;

/** Resolves the URLs of one context. */
export class Targets {
  readonly #baseURL: string | undefined;
  readonly #known = new Map<string, Target>();

  constructor(baseURL: string | undefined) {
    this.#baseURL = baseURL;
  }

  /** Throws Node's `TypeError: Invalid URL` when there is no base for a relative one. */
  resolve(url: string, params: Params | null | undefined): Target {
    if (params !== undefined && params !== null) return targetOf(withParams(this.#parse(url), params));
    const known = this.#known.get(url);
    if (known !== undefined) return known;
    const target = targetOf(this.#parse(url));
    if (this.#known.size >= remembered) this.#known.clear();
    this.#known.set(url, target);
    return target;
  }

  #parse(url: string): URL {
    return URL.canParse(url, this.#baseURL) ? new URL(url, this.#baseURL) : new URL(url);
  }
}

/** A string is appended to the query as it is; an object's values are encoded. */
function withParams(url: URL, params: Params): URL {
  if (typeof params !== 'string' && !(params instanceof URLSearchParams)) {
    for (const [name, value] of pairsOf(params, 'params')) {
      if (value !== undefined) url.searchParams.append(name, textOf(value, `params.${name}`));
    }
    return url;
  }
  const query = params.toString().replace(/^\?/, '');
  if (query !== '') url.search = url.search === '' ? query : `${url.search}&${query}`;
  return url;
}
