/**
 * What can be said about a load beside its profile and scenario. Options resolve to a new object over one set of
 * defaults; all that is wrong is reported at once, before a request is sent. A length of time is a `Duration`, never a
 * number; a word of several is written with hyphens, as Playwright's are.
 */
import { throwProblems, unknownOptions } from '../options-error.ts';
import { entryName } from '../measure/entry-name.ts';
import { type Duration, durationMsOf, durationProblem, show } from '../measure/units.ts';
import type { Profile } from '../profile/profile.ts';
import { defaultRequestOptions } from '../request/request-options.ts';
import type { ResendRule } from '../request/resend.ts';
import type { Feeder } from './feeder.ts';
import { routeProblems } from './route-problems.ts';

/**
 * What `load` takes beside profile and scenario; `defaultLoadOptions` has what holds otherwise. `Row` is what the feeder
 * in `data` gives to each iteration, `AbortLimits` what `abortOn` takes: for `load`, `RunLimits`.
 */
export interface LoadOptions<Row = undefined, AbortLimits = object> {
  /** Tells several loads of one test apart. */
  readonly name?: string;
  /** Sent at the profile's first level before measuring begins, and in no number. */
  readonly warmUp?: Duration;
  /** Waits so long before anything is sent: for loads side by side in one test. */
  readonly startAfter?: Duration;
  /**
   * Paths with parameters that name the rows of requests, such as `['/shop/:slug', '/files/*']`: the first that fits, before
   * what is made out by itself. `:name` is one segment; `*` is one too, and at the end all the rest.
   */
  readonly routes?: readonly string[];
  /** Rows for the iterations. */
  readonly data?: Feeder<Row>;
  /**
   * Limit of a single request, from its call to the last byte of its response. A request's own `timeout`, Playwright's
   * number of milliseconds, goes before it; without both holds the `actionTimeout` of `use`, if there is one.
   */
  readonly requestTimeout?: Duration;
  /** Statuses that count as success: a list, or a rule. Otherwise those under 400. */
  readonly expectStatus?: readonly number[] | ((status: number) => boolean);
  /** Arrivals under way at once; what is due beyond it is dropped and counted. */
  readonly maxInFlight?: number;
  /** How long iterations may go on after the last was started. */
  readonly gracefulStop?: Duration;
  /** End of a profile that counts iterations, if they take that long. */
  readonly maxDuration?: Duration;
  /**
   * `shared`: users take connections from one pool. `per-user`: each has its own, as browsers do. `per-iteration`: each
   * iteration opens its own (k6's `noVUConnectionReuse`). `per-request`: none is used twice (k6's `noConnectionReuse`).
   */
  readonly connections?: 'shared' | 'per-user' | 'per-iteration' | 'per-request';
  /**
   * Connections to one origin at most: of all users together, divided over shards, or of each user where they are not
   * shared. Without it there is no limit. What finds all of them at work waits for one, which is in its time as
   * `blocked`; `requestTimeout` limits it.
   */
  readonly maxConnections?: number;
  /** Older connections are closed after the request that they carry, so that new ones follow the name's addresses. */
  readonly maxConnectionAge?: Duration;
  /**
   * What is sent once more, at once, when a kept connection was closed before a byte of the answer came (RFC 9112, 9.3.1):
   * `idempotent` requests, and those with an `Idempotency-Key`; `any`; or `never`, and it is a failure. What the server
   * refused unread over HTTP/2 is sent again by any method, save with `never` (RFC 9113, 8.7). It is counted.
   */
  readonly resend?: ResendRule;
  /**
   * Waits out a `Retry-After` of 429 and 503, for so long in all, and sends the request again; a call's own `retryAfter`
   * goes before it. Without it such an answer is one as any other.
   */
  readonly retryAfter?: Duration;
  /** Counts the bytes of bodies and throws them away, for big downloads; a call's own `discardBody` goes before it. */
  readonly discardBody?: boolean;
  /** Offers HTTP/2 where the server speaks TLS. */
  readonly http2?: boolean;
  /** Whose request context sends. `playload`'s is fast; `playwright`'s own is for comparison, and slower with each user. */
  readonly transport?: 'playload' | 'playwright';
  /** The Apdex threshold T: satisfied up to it, tolerating up to four times it. */
  readonly apdex?: Duration;
  /** Limits of despair: once one is met, the run is stopped. */
  readonly abortOn?: AbortLimits;
  /** How long `abortOn` is not looked at, from the start of measuring. */
  readonly abortAfter?: Duration;
  /** `invalid`: a saturated generator voids the run. `warn`: it is only noted, for loads that mean to find a ceiling. */
  readonly whenSaturated?: 'invalid' | 'warn';
  /** Only measured, for what the test makes of it afterwards (a search, a preparation): it needs no thresholds. */
  readonly unjudged?: boolean;
  /** `allowed`: the test may send requests beside the load, which otherwise make it invalid. They are told of all the same. */
  readonly uncounted?: 'allowed' | 'invalid';
  /** Watches the server's process this long before and after the load, without any. */
  readonly observe?: {
    /** Idle, before the warm-up. */
    readonly before?: Duration;
    /** Idle again, after the last response. */
    readonly after?: Duration;
  };
  /**
   * Keeps the head of the bodies of the few requests shown, secrets masked. `false` keeps nothing of any body: for
   * servers whose answers are personal as a whole. Without it holds what `use` says.
   */
  readonly keepBodies?: boolean;
  /** `per-shard`: that each shard loads a server of its own is meant. Otherwise such shards are no load of one server. */
  readonly servers?: 'one' | 'per-shard';
  /** Seeds pauses and whatever else is drawn; a whole number. */
  readonly seed?: number;
}

/**
 * What holds for a load that does not say otherwise. It can be given to `load` as it is, for any profile, and changes
 * nothing: `load(profile, scenario, { ...defaultLoadOptions, seed: 7 })`. `keepBodies` is not in it: its default is what
 * `use` says.
 */
export const defaultLoadOptions = {
  warmUp: '0s',
  startAfter: '0s',
  requestTimeout: '10s',
  maxInFlight: 1_000,
  gracefulStop: '30s',
  maxDuration: '10m',
  connections: 'shared',
  resend: defaultRequestOptions.resend,
  discardBody: false,
  http2: false,
  transport: 'playload',
  abortAfter: '0s',
  whenSaturated: 'invalid',
  uncounted: 'invalid',
  unjudged: false,
  servers: 'one',
  routes: [],
  observe: { before: '0s', after: '0s' },
  seed: 1,
} as const satisfies LoadOptions;

/** What `use` says of loads where the configuration does not. */
export const defaultUse = { keepBodies: true } as const;

/** Options of a single load, and why `use` can't say them of all. */
const ofOneLoad = {
  name: 'it tells the loads of one test apart',
  startAfter: 'it puts loads of one test side by side',
  data: 'its rows are of one scenario',
  unjudged: 'a test that judges nothing says so itself',
} as const satisfies { readonly [Option in keyof LoadOptions]?: string };

/** What `use: { loadOptions }` takes, for every load that does not say otherwise: all but what is of a single load. */
export type UseLoadOptions<AbortLimits = object> = Omit<LoadOptions<undefined, AbortLimits>, keyof typeof ofOneLoad>;

/** The same with every default filled in and every duration in milliseconds. */
export interface ResolvedOptions {
  readonly name: string | undefined;
  readonly warmUpMs: number;
  readonly startAfterMs: number;
  readonly requestTimeoutMs: number;
  readonly routes: readonly string[];
  readonly expectStatus: ((status: number) => boolean) | undefined;
  readonly maxInFlight: number;
  readonly gracefulStopMs: number;
  readonly maxDurationMs: number;
  readonly connections: NonNullable<LoadOptions['connections']>;
  readonly maxConnections: number | undefined;
  readonly maxConnectionAgeMs: number | undefined;
  readonly resend: ResendRule;
  readonly retryAfterMs: number | undefined;
  readonly discardBody: boolean;
  readonly http2: boolean;
  readonly transport: 'playload' | 'playwright';
  readonly apdexMs: number | undefined;
  readonly abortAfterMs: number;
  readonly whenSaturated: 'invalid' | 'warn';
  readonly uncounted: 'invalid' | 'allowed';
  readonly unjudged: boolean;
  readonly keepBodies: boolean;
  readonly servers: 'one' | 'per-shard';
  readonly observeBeforeMs: number;
  readonly observeAfterMs: number;
  readonly seed: number;
}

/** Complete by its type: an option that is forgotten here does not compile. */
const known = {
  name: true,
  warmUp: true,
  startAfter: true,
  data: true,
  routes: true,
  requestTimeout: true,
  expectStatus: true,
  maxInFlight: true,
  gracefulStop: true,
  maxDuration: true,
  connections: true,
  maxConnections: true,
  maxConnectionAge: true,
  resend: true,
  retryAfter: true,
  discardBody: true,
  http2: true,
  transport: true,
  apdex: true,
  abortOn: true,
  abortAfter: true,
  whenSaturated: true,
  uncounted: true,
  unjudged: true,
  observe: true,
  servers: true,
  keepBodies: true,
  seed: true,
} as const satisfies Record<keyof LoadOptions, true>;

/** Words of other tools, and of earlier versions, with what is meant here. */
const otherWords: Readonly<Record<string, string>> = {
  timeout: "the limit of a single request is `requestTimeout`, such as `'10s'`",
};

/**
 * `use`: what holds where the load's own `options` do not say otherwise. Throws one `OptionsError` for all that is wrong,
 * the profile's fit with its data included.
 */
export function resolveOptions<Row>(
  options: LoadOptions<Row>,
  profile: Profile,
  use: UseLoadOptions = {},
): ResolvedOptions {
  const problems = [...unknownOptions('load', options, known, otherWords), ...useProblems(use)];
  const ms = (option: string, text: unknown, least = 0): number => {
    const read = typeof text === 'string' ? durationMsOf(text) : undefined;
    if (read === undefined) problems.push(durationProblem(option, text));
    else if (read < least) problems.push(`\`${option}\` must be longer than nothing, got ${show(text)}`);
    return read ?? 0;
  };
  const said: LoadOptions<Row> = { ...withoutUndefined(use), ...withoutUndefined(options) };
  const given = { ...defaultLoadOptions, ...said };
  const observe = observeOf(given.observe, problems);
  const resolved: ResolvedOptions = {
    name: typeof given.name === 'string' ? entryName(given.name) : given.name,
    warmUpMs: ms('warmUp', given.warmUp),
    startAfterMs: ms('startAfter', given.startAfter),
    requestTimeoutMs: ms('requestTimeout', given.requestTimeout, 1),
    routes: given.routes,
    expectStatus: statusRule(given.expectStatus),
    maxInFlight: given.maxInFlight,
    gracefulStopMs: ms('gracefulStop', given.gracefulStop),
    maxDurationMs: ms('maxDuration', given.maxDuration, 1),
    connections: given.connections,
    maxConnections: given.maxConnections,
    maxConnectionAgeMs:
      given.maxConnectionAge === undefined ? undefined : ms('maxConnectionAge', given.maxConnectionAge, 1),
    resend: given.resend,
    retryAfterMs: given.retryAfter === undefined ? undefined : ms('retryAfter', given.retryAfter, 1),
    discardBody: given.discardBody,
    http2: given.http2,
    transport: given.transport,
    apdexMs: given.apdex === undefined ? undefined : ms('apdex', given.apdex, 0.001),
    abortAfterMs: ms('abortAfter', given.abortAfter),
    whenSaturated: given.whenSaturated,
    uncounted: given.uncounted,
    unjudged: given.unjudged,
    keepBodies: given.keepBodies ?? defaultUse.keepBodies,
    servers: given.servers,
    observeBeforeMs: ms('observe.before', observe.before ?? defaultLoadOptions.observe.before),
    observeAfterMs: ms('observe.after', observe.after ?? defaultLoadOptions.observe.after),
    seed: given.seed,
  };
  throwProblems([
    ...problems,
    ...valueProblems(resolved, said),
    ...idleProblems(options, said, profile),
    ...routeProblems(resolved.routes),
    ...dataProblems(options, profile),
  ]);
  return resolved;
}

function valueProblems<Row>(
  { maxInFlight, maxConnections, seed, ...resolved }: ResolvedOptions,
  { name, expectStatus, keepBodies }: LoadOptions<Row>,
): string[] {
  const oneOf = (
    option: 'connections' | 'resend' | 'transport' | 'whenSaturated' | 'uncounted' | 'servers',
    words: readonly string[],
  ) =>
    words.includes(resolved[option])
      ? []
      : [`\`${option}\` must be ${listOf(words)}, got ${show(resolved[option])}${formerly(resolved[option])}`];
  return [
    ...(Number.isInteger(maxInFlight) && maxInFlight >= 1
      ? []
      : [`\`maxInFlight\` must be a whole number of at least 1, got ${show(maxInFlight)}`]),
    ...(maxConnections === undefined || (Number.isInteger(maxConnections) && maxConnections >= 1)
      ? []
      : [`\`maxConnections\` must be a whole number of at least 1, got ${show(maxConnections)}`]),
    ...(['discardBody', 'http2', 'unjudged'] as const).flatMap((option) =>
      typeof resolved[option] === 'boolean'
        ? []
        : [`\`${option}\` must be \`true\` or \`false\`, got ${show(resolved[option])}`],
    ),
    ...(Number.isInteger(seed) ? [] : [`\`seed\` must be a whole number, got ${show(seed)}`]),
    ...(keepBodies === undefined || typeof keepBodies === 'boolean'
      ? []
      : [`\`keepBodies\` must be \`true\` or \`false\`, got ${show(keepBodies)}`]),
    ...oneOf('connections', ['shared', 'per-user', 'per-iteration', 'per-request']),
    ...oneOf('resend', ['idempotent', 'any', 'never']),
    ...oneOf('transport', ['playload', 'playwright']),
    ...oneOf('whenSaturated', ['invalid', 'warn']),
    ...oneOf('uncounted', ['invalid', 'allowed']),
    ...oneOf('servers', ['one', 'per-shard']),
    ...(name === undefined || (typeof name === 'string' && name.trim() !== '')
      ? []
      : [`\`name\` must be some words, got ${show(name)}`]),
    ...(expectStatus === undefined || typeof expectStatus === 'function' || isStatusList(expectStatus)
      ? []
      : [
          `\`expectStatus\` must be a list of statuses such as \`[200, 404]\`, or a function, got ${show(expectStatus)}`,
        ]),
  ];
}

/** `a`, `b` or `c`. */
function listOf(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
}

/** Words that were of an option once. */
const formerWords: Readonly<Record<string, string>> = {
  undici: 'playload',
  'per user': 'per-user',
  'per shard': 'per-shard',
};

function formerly(word: string): string {
  return Object.hasOwn(formerWords, word) ? `, which is \`${formerWords[word] ?? ''}\` now` : '';
}

function isStatusList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((status) => Number.isInteger(status) && status >= 100 && status <= 599)
  );
}

function observeOf(observe: unknown, problems: string[]): NonNullable<LoadOptions['observe']> {
  if (typeof observe === 'object' && observe !== null) return observe;
  problems.push(`\`observe\` must be such as \`{ before: "5s", after: "10s" }\`, got ${show(observe)}`);
  return {};
}

function useProblems(use: object): string[] {
  const kept: Readonly<Record<string, string>> = ofOneLoad;
  return [
    ...unknownOptions('loadOptions', use, known, otherWords),
    ...Object.keys(use)
      .filter((option) => Object.hasOwn(kept, option))
      .map((option) => `\`${option}\` is for \`load\`, not for \`loadOptions\` in \`use\`: ${kept[option] ?? ''}`),
  ];
}

/**
 * Options that this load would not look at: who gives them expects something of them. A default asks for nothing, and
 * what `use` says of all loads holds for those that it fits. `said`: the load's own `options` over those of `use`.
 */
function idleProblems<Row>(options: LoadOptions<Row>, said: LoadOptions<Row>, profile: Profile): string[] {
  const { abortOn, connections, http2, transport } = said;
  const words = `\`${profile.describe()}\``;
  const asks = (option: 'maxInFlight' | 'maxDuration' | 'abortAfter') =>
    options[option] !== undefined && options[option] !== defaultLoadOptions[option];
  return [
    ...(asks('maxInFlight') && profile.model === 'closed'
      ? [`\`maxInFlight\` limits arrivals: ${words} has no more under way than users`]
      : []),
    ...(asks('maxDuration') && profile.durationMs !== undefined
      ? [`\`maxDuration\` ends a profile that counts: ${words} knows its own end`]
      : []),
    ...(asks('abortAfter') && abortOn === undefined ? ['`abortAfter` needs limits in `abortOn` to put off'] : []),
    ...(transport === 'playwright' ? ownOptions.filter(isAsked(options)) : []).map(
      (option) => `\`${option}\` is not known to Playwright's own transport`,
    ),
    ...(http2 === true && connections === 'per-request'
      ? ["`connections: 'per-request'` has nothing that requests of `http2` could share"]
      : []),
    ...Object.keys(options.observe ?? {})
      .filter((key) => key !== 'before' && key !== 'after')
      .map((key) => `\`observe.${key}\` is no option; known are before and after`),
  ];
}

/** Options of our own connections. */
const ownOptions = [
  'http2',
  'connections',
  'maxConnections',
  'maxConnectionAge',
  'resend',
  'retryAfter',
  'discardBody',
] as const;

function isAsked<Row>(options: LoadOptions<Row>): (option: (typeof ownOptions)[number]) => boolean {
  const defaults: LoadOptions = defaultLoadOptions;
  return (option) => options[option] !== undefined && options[option] !== defaults[option];
}

/** Rows that cannot suffice are known before the first request. */
function dataProblems<Row>({ data }: LoadOptions<Row>, profile: Profile): string[] {
  if (data !== undefined && typeof (data as { rows?: unknown } | null)?.rows !== 'function')
    return [`\`data\` must be a feeder such as \`feeder([…])\`, got ${show(data)}`];
  if (data?.order !== 'unique' || profile.total === undefined || profile.total <= data.size) return [];
  return [`\`data\` has ${data.size} unique rows, but \`${profile.describe()}\` needs ${profile.total}`];
}

function statusRule(expectStatus: LoadOptions['expectStatus']): ((status: number) => boolean) | undefined {
  if (expectStatus === undefined || typeof expectStatus === 'function') return expectStatus;
  const expected = new Set(Array.isArray(expectStatus) ? expectStatus : []); // what is neither is a problem of its own
  return (status) => expected.has(status);
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}
