/**
 * The options of a call and of a context: Playwright's own, and the few that load needs. Playwright's types are asked for
 * them, so that its next version's options are red here rather than ignored.
 */
import type { APIRequest, APIRequestContext } from '@playwright/test';
import type { SampleTags } from '../measure/samples/kind.ts';
import { tagsProblem } from '../measure/tags.ts';
import { type Duration, durationMsOf, show } from '../measure/units.ts';
import { OptionsError, throwProblems } from '../options-error.ts';
import { proxyRoute } from './connections/proxy/proxy-route.ts';
import { headerEntries } from './header-entries.ts';
import { contextTypeProblems, requestTypeProblems } from './option-types.ts';
import type { CookieJar } from './cookie-jar.ts';
import type { ConnectionPool } from './pool.ts';
import type { ResendRule } from './resend.ts';
import type { TraceparentSource } from './traceparents.ts';
import type { AskCallSite, IsForgotten, OnCall, OnPreparing, OnRefused, OnRequest, OnStream } from './sample.ts';

type PlaywrightFetchOptions = NonNullable<Parameters<APIRequestContext['fetch']>[1]>;
type PlaywrightContextOptions = NonNullable<Parameters<APIRequest['newContext']>[0]>;

/** What `get`, `post` and the others take beside the URL: Playwright's options (`timeout` is a number of milliseconds) and a name. */
export interface RequestOptions extends Omit<PlaywrightFetchOptions, 'method'> {
  /** The request's row in every table, in place of its method and route template. */
  readonly name?: string;
  /** Rows of the table of tags that it is counted in besides: `{ tenant: 'a' }`, found by `run.tag('tenant', 'a')`. */
  readonly tags?: SampleTags;
  /**
   * An answer of 429 or 503 with a `Retry-After` of seconds or a date (RFC 9110, 10.2.3) is waited out, and the request
   * sent again: 10 times at most, for so long in all, and never beyond the call's timeout; otherwise that answer stands.
   * The waits are in the call's time. `false`: not for this call.
   */
  readonly retryAfter?: Duration | false;
  /**
   * Reads the body, counts its bytes and throws it away: for big downloads. `body()`, `json()` and `text()` of the
   * response then reject.
   */
  readonly discardBody?: boolean;
}

/** What `fetch` takes beside the URL: the same, and the method. */
export interface FetchOptions extends RequestOptions {
  /** `GET` by default, or that of the `Request` that is sent again. */
  readonly method?: string;
}

/** What a context has for all of its calls that do not say otherwise. */
type CommonOptions = Pick<RequestOptions, 'retryAfter' | 'discardBody'>;

export interface RequestContextOptions extends PlaywrightContextOptions, CommonOptions {
  /** Which requests are sent once more that met a kept connection which the server had closed, or were refused unread. */
  readonly resend?: ResendRule;
  /** Offer HTTP/2 in the TLS handshake; only for a context that has its own pool. */
  readonly http2?: boolean;
  /** Adds a `traceparent` to each call that has none; without it nothing is added. */
  readonly traceparents?: TraceparentSource | undefined;
  /** Where connections come from; without it the context has a pool of its own. */
  readonly pool?: ConnectionPool;
  /** Cookies shared with another context; without them the context has a jar of its own. */
  readonly cookies?: CookieJar;
  /** Asked for each call while its caller is on the stack; the answer goes to `onCall`. */
  readonly callSite?: AskCallSite;
  /** Told of every call when it begins. */
  readonly onCall?: OnCall;
  /** Told of every call that cannot begin at once. */
  readonly onPreparing?: OnPreparing;
  /** Asked of the calls under way when the context is disposed; those it says so of never settle. */
  readonly isForgotten?: IsForgotten;
  /** Told of every call that never became a request. */
  readonly onRefused?: OnRefused;
  /** Told of every call when it is over. */
  readonly onRequest?: OnRequest;
  /** Told of every stream that has begun. */
  readonly onStream?: OnStream;
  /** Milliseconds, monotonic, finer than a millisecond. */
  readonly now?: () => number;
}

/** Complete by its type: an option of Playwright's next version that is forgotten here does not compile. */
const ofPlaywright = {
  baseURL: true,
  clientCertificates: true,
  extraHTTPHeaders: true,
  failOnStatusCode: true,
  httpCredentials: true,
  ignoreHTTPSErrors: true,
  maxRedirects: true,
  proxy: true,
  storageState: true,
  timeout: true,
  userAgent: true,
} as const satisfies Record<keyof PlaywrightContextOptions, true>;

/** What of `use.contextOptions` is about requests; Playwright's own `request` takes all of it, without a type for some. */
export function contextOptionsOf(contextOptions: object): PlaywrightContextOptions {
  return Object.fromEntries(
    Object.entries(contextOptions).filter(([name, value]) => Object.hasOwn(ofPlaywright, name) && value !== undefined),
  );
}

/** Playwright's, where it has one. 20 redirects are also what browsers follow. */
export const defaultRequestOptions = {
  timeoutMs: 30_000,
  maxRedirects: 20,
  maxRetries: 0,
  firstBackoffMs: 250,
  resend: 'idempotent',
} as const;

/** All that is wrong with a context's options, at once. */
export function checkContextOptions(options: RequestContextOptions): void {
  const problems = [...contextTypeProblems(options), ...headerProblems(options), ...proxyProblems(options.proxy)];
  const { timeout, maxRedirects, clientCertificates = [], http2, pool } = options;
  if (isBelow0(timeout)) problems.push(`\`timeout\` must be 0 or more, got ${timeout}`);
  if (isBelow0(maxRedirects)) {
    problems.push(`\`maxRedirects\` must be 0 or more, got ${maxRedirects}`);
  }
  if (http2 !== undefined && pool !== undefined) problems.push('`http2` belongs to the pool: createPool({ http2 })');
  problems.push(...clientCertificates.flatMap(certificateProblems));
  throwProblems(problems);
}

/** What is no number at all is told of as such. */
function isBelow0(value: unknown): boolean {
  return typeof value === 'number' && !(value >= 0);
}

function headerProblems({ userAgent = '', extraHTTPHeaders }: RequestContextOptions): string[] {
  try {
    headerEntries({ 'user-agent': userAgent }, 'userAgent');
    headerEntries(extraHTTPHeaders, 'extraHTTPHeaders');
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function proxyProblems(proxy: RequestContextOptions['proxy']): string[] {
  if (typeof proxy?.server !== 'string') return [];
  try {
    proxyRoute(proxy);
    return [];
  } catch {
    return [`\`proxy.server\` must be a URL such as \`http://proxy:3128\`, got ${show(proxy.server)}`];
  }
}

type ClientCertificate = NonNullable<RequestContextOptions['clientCertificates']>[number];

function certificateProblems(certificate: ClientCertificate): string[] {
  const { origin, cert, certPath, key, keyPath, pfx, pfxPath, passphrase } = certificate;
  const problems: string[] = [];
  const hasCert = cert !== undefined || certPath !== undefined;
  const hasKey = key !== undefined || keyPath !== undefined;
  const hasPfx = pfx !== undefined || pfxPath !== undefined;
  if (origin === '') problems.push('clientCertificates.origin is required');
  if (!hasCert && !hasKey && !hasPfx && passphrase === undefined) {
    problems.push('None of cert, key, passphrase or pfx is specified');
  }
  if (hasCert && !hasKey) problems.push('cert is specified without key');
  if (!hasCert && hasKey) problems.push('key is specified without cert');
  if (hasPfx && (hasCert || hasKey)) problems.push('pfx is specified together with cert, key or passphrase');
  return problems;
}

/** What is wrong with asking Playwright's own context for what only ours does. */
export function unknownToPlaywright(own: Readonly<Record<keyof CommonOptions, unknown>>): OptionsError | undefined {
  const asked = Object.entries(own).filter(([, value]) => value !== undefined && value !== false);
  if (asked.length === 0) return undefined;
  return new OptionsError(asked.map(([name]) => `\`${name}\` is not known to Playwright's own transport`));
}

/** Milliseconds that a `Retry-After` may take in all; undefined when it is not looked at. `otherwise`: where nobody says. */
export function patienceOf(retryAfter: CommonOptions['retryAfter'], otherwise?: number): number | undefined {
  if (retryAfter === false) return undefined;
  return typeof retryAfter === 'string' ? durationMsOf(retryAfter) : otherwise;
}

/** All that is wrong with a call's options; Playwright's words, where it has the option. */
export function checkRequestOptions({
  data,
  form,
  multipart,
  maxRedirects,
  maxRetries,
  timeout,
}: RequestOptions): void {
  const bodies = Number(data !== undefined) + Number(form !== undefined) + Number(multipart !== undefined);
  if (bodies > 1) throw new Error(`Only one of 'data', 'form' or 'multipart' can be specified`);
  if (maxRedirects !== undefined && !(maxRedirects >= 0)) {
    throw new Error(`'maxRedirects' must be greater than or equal to '0'`);
  }
  if (maxRetries !== undefined && !(maxRetries >= 0)) {
    throw new Error(`'maxRetries' must be greater than or equal to '0'`);
  }
  if (timeout !== undefined && !(timeout >= 0)) throw new Error(`'timeout' must be greater than or equal to '0'`);
}

/** Throws an `OptionsError` for types that Playwright's context refuses as well, or would make something else of. */
export function checkRequestTypes(options: RequestOptions): void {
  const tags = tagsProblem(options.tags);
  throwProblems([...requestTypeProblems(options), ...(tags === undefined ? [] : [tags])]);
}
