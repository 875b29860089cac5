/** What of a recording is no load for the server that is meant: each left-out exchange is counted by why. */
import type { Exchange } from './exchange.ts';

export interface Choice {
  /** Origins that are kept beside the recording's main one. */
  readonly origins: readonly string[];
  /** Keep every origin, and static files. */
  readonly all: boolean;
}

export interface Chosen {
  readonly exchanges: readonly Exchange[];
  /** That of the first page, else of the first request. Its requests go to `baseURL`. */
  readonly origin: string;
  /** Counts by why, in words. */
  readonly leftOut: ReadonlyMap<string, number>;
}

const staticTypes = new Set('image font stylesheet script media manifest texttrack'.split(' '));
const staticFile =
  /\.(?:js|mjs|css|map|png|jpe?g|gif|svg|webp|avif|ico|bmp|woff2?|ttf|otf|eot|mp[34]|webm|ogg|wav|wasm|webmanifest)$/i;
const staticMime = /^(?:image|font|audio|video)\/|^text\/css$|javascript$|^application\/wasm$/;

export function isStaticFile(path: string): boolean {
  return staticFile.test(path);
}

export function choose(exchanges: readonly Exchange[], { origins, all }: Choice): Chosen {
  const first = exchanges.find(({ resourceType }) => resourceType === 'document') ?? exchanges[0];
  const origin = first?.url.origin ?? '';
  const leftOut = new Map<string, number>();
  const kept: Exchange[] = [];
  /** Where the last answer has sent the client: that request is followed by itself. */
  const redirected = new Map<string, number>();
  for (const exchange of exchanges) {
    const why = whyLeftOut(exchange, all ? undefined : new Set([origin, ...origins]));
    const from = redirected.get(exchange.url.href);
    if (from !== undefined) {
      redirected.delete(exchange.url.href);
      const before = kept[from];
      if (before !== undefined) kept[from] = followed(before, exchange);
      follow(exchange, from);
    } else if (why !== undefined) leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
    else {
      follow(exchange, kept.length);
      kept.push(exchange);
    }
  }
  return { exchanges: kept, origin, leftOut };

  function follow({ status, responseHeaders, url }: Exchange, at: number): void {
    const location = responseHeaders.find(([name]) => name === 'location')?.[1];
    if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, url.href)) return;
    redirected.set(new URL(location, url).href, at);
  }
}

/** The answer at the end of a redirect is the answer to the request. */
function followed(request: Exchange, last: Exchange): Exchange {
  const { status, responseType, responseText, endMs } = last;
  const cookies = request.responseHeaders.filter(([name]) => name === 'set-cookie'); // they stay, the rest goes
  const responseHeaders = [...cookies, ...last.responseHeaders];
  return { ...request, status, responseHeaders, responseType, responseText, endMs };
}

function whyLeftOut(exchange: Exchange, origins: ReadonlySet<string> | undefined): string | undefined {
  const { method, resourceType, responseType, url, status } = exchange;
  if (method === 'OPTIONS' || resourceType === 'preflight') return 'preflights';
  if (method === 'CONNECT' || method === 'TRACE') return `${method} requests`;
  if (status === 101 || resourceType === 'websocket') return 'WebSockets';
  if (resourceType === 'eventsource' || responseType === 'text/event-stream') return 'event streams';
  if (origins === undefined) return undefined;
  if (!origins.has(url.origin)) return 'of other origins';
  if (resourceType === 'ping' || resourceType === 'cspreport') return 'beacons';
  const isFile = staticTypes.has(resourceType) || isStaticFile(url.pathname) || staticMime.test(responseType);
  return isFile && method === 'GET' ? 'static files' : undefined;
}
