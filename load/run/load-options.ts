/**
 * What can be said about a load beside its profile and scenario, and what holds where nothing is said. A length of time
 * is a `Duration`, never a number; a word of several is written with hyphens, as Playwright's are.
 */
import type { Duration, Percent } from '../measure/units.ts';
import { defaultRequestOptions } from '../request/request-options.ts';
import type { ResendRule } from '../request/resend.ts';
import type { Feeder } from './feeder.ts';
import type { LoadUser } from './user-life.ts';

/**
 * What `load` takes beside profile and scenario; `defaultLoadOptions` has what holds otherwise. `Row` is what the feeder
 * in `data` gives to each iteration, `AbortLimits` what `abortOn` takes: for `load`, `RunLimits`; `State` is what `user` gives
 * to `use`, `UserRow` what the feeder in `userData` gives to each user. `false` takes back what `use` says of an option that
 * has no default.
 */
export interface LoadOptions<Row = undefined, AbortLimits = object, State = unknown, UserRow = unknown> {
  /** Tells several loads of one test apart. */
  readonly name?: string;
  /** Sent at the profile's first level before measuring begins, and in no number. */
  readonly warmUp?: Duration;
  /** Waits so long before the load begins, for loads side by side in one test. Its users are set up meanwhile. */
  readonly startAfter?: Duration;
  /**
   * Paths with parameters that name the rows of requests, such as `['/shop/:slug', '/files/*']`: the first that fits, before
   * what is made out by itself. `:name` is one segment; `*` is one too, and at the end all the rest.
   */
  readonly routes?: readonly string[];
  /** Rows for the iterations. */
  readonly data?: Feeder<Row>;
  /**
   * What each user does once before its first iteration and after the load, in the manner of a Playwright fixture: log in,
   * `await use(state)`, log out. Its requests and its time are in no number. A user who does not get ready sends nothing,
   * and fails the run unless a limit on `userFailures` says otherwise. In an open model there are `maxInFlight` users,
   * who take the arrivals in turn.
   */
  readonly user?: LoadUser<State, UserRow>;
  /** Rows for the users, one for each: `data` in `user`, `userData` in the scenario. */
  readonly userData?: Feeder<UserRow>;
  /** Limit of each end of a user's life: until it calls `use`, and from the end of the load until it ends. */
  readonly userTimeout?: Duration;
  /**
   * In an open model a user keeps its cookies from one arrival to the next. Without it each arrival is a stranger, save where
   * `user` is given, whose users always keep them; in a closed model all do.
   */
  readonly keepUsers?: boolean;
  /**
   * Limit of a single request, from its call to the last byte of its response, and of a measured call. A request's own `timeout`, Playwright's
   * number of milliseconds, goes before it; without both holds the `actionTimeout` of `use`, if there is one.
   */
  readonly requestTimeout?: Duration;
  /** Statuses that count as success: a list, or a rule. Otherwise those under 400. */
  readonly expectStatus?: readonly number[] | ((status: number) => boolean) | false;
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
  readonly maxConnections?: number | false;
  /** Older connections are closed after the request that they carry, so that new ones follow the name's addresses. */
  readonly maxConnectionAge?: Duration | false;
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
  readonly retryAfter?: Duration | false;
  /**
   * Gives each request a `traceparent` of its own (W3C Trace Context), and says of so many of them that they are sampled:
   * `'1%'`, or `'0%'` for ids alone. A call's redirects, retries and resends have that of the call. One that the spec
   * gives, by `headers` or `extraHTTPHeaders`, goes before it.
   */
  readonly traceparent?: Percent | false;
  /**
   * Where traces are looked at, for a link from each sampled request that a report shows: an address with `{traceId}`, such as
   * `https://tempo.example/trace/{traceId}`. It may hold `{spanId}`, `{time}` (ISO 8601, UTC), `{fromMs}` and `{toMs}`
   * (Unix milliseconds, a minute before the request and after it) too.
   */
  readonly traceUrl?: string | false;
  /** Where the logs are, for a link from each request that a report shows: an address with any of the same. */
  readonly logsUrl?: string | false;
  /** Counts the bytes of bodies and throws them away, for big downloads; a call's own `discardBody` goes before it. */
  readonly discardBody?: boolean;
  /** Offers HTTP/2 where the server speaks TLS. */
  readonly http2?: boolean;
  /** Whose request context sends. `playload`'s is fast; `playwright`'s own is for comparison, and slower with each user. */
  readonly transport?: 'playload' | 'playwright';
  /** The Apdex threshold T: satisfied up to it, tolerating up to four times it. */
  readonly apdex?: Duration | false;
  /** Limits of despair: once one is met, the run is stopped. */
  readonly abortOn?: AbortLimits | false;
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
  /** Header of the server's answers that has its version, such as `x-build`, before those that are usual for it. */
  readonly versionHeader?: string | false;
  /** `per-shard`: that each shard loads a server of its own is meant. Otherwise such shards are no load of one server. */
  readonly servers?: 'one' | 'per-shard';
  /**
   * Cores of this machine that send, each with a process of its own that runs the spec; a whole number, or `auto` for all
   * that the process may use but one, divided by the shards of this machine (`LOAD_SHARDS_HERE`). Users, arrivals,
   * iterations and rows are dealt to them as to shards, and the run that comes back is of all. An `OptionsError` where the
   * machine has fewer.
   */
  readonly cores?: number | 'auto';
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
  userTimeout: '30s',
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
  cores: 1,
  seed: 1,
} as const satisfies LoadOptions;

/** What `use` says of loads where the configuration does not. */
export const defaultUse = { keepBodies: true } as const;

/** Options that hold for no load unless somebody says them: `false` says that they hold for this one neither. */
export const takenBack = [
  'keepUsers',
  'expectStatus',
  'maxConnections',
  'maxConnectionAge',
  'retryAfter',
  'apdex',
  'versionHeader',
  'traceparent',
  'traceUrl',
  'logsUrl',
  'abortOn',
] as const satisfies readonly Exclude<keyof LoadOptions, keyof typeof defaultLoadOptions>[];

/** Options of a single load, and why `use` can't say them of all. */
export const ofOneLoad = {
  name: 'it tells the loads of one test apart',
  startAfter: 'it puts loads of one test side by side',
  data: 'its rows are of one scenario',
  user: 'what it gives its users is of one scenario',
  userData: 'its rows are of one scenario',
  unjudged: 'a test that judges nothing says so itself',
} as const satisfies { readonly [Option in keyof LoadOptions]?: string };

/** What `use: { loadOptions }` takes, for every load that does not say otherwise: all but what is of a single load. */
export type UseLoadOptions<AbortLimits = object> = Omit<LoadOptions<undefined, AbortLimits>, keyof typeof ofOneLoad>;

/** The options of any load, whatever its rows and its users are. */
export type AnyLoadOptions<AbortLimits = object> = Omit<LoadOptions<unknown, AbortLimits>, 'user'> & {
  readonly user?: (...args: never) => unknown;
};
