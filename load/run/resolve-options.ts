/**
 * The options of a load as it is carried out: over one set of defaults, in milliseconds. All that is wrong with them is
 * reported at once, before a request is sent.
 */
import { throwProblems, unknownOptions } from '../options-error.ts';
import { entryName } from '../measure/entry-name.ts';
import { durationMsOf, durationProblem, show } from '../measure/units.ts';
import type { Profile } from '../profile/profile.ts';
import type { ResendRule } from '../request/resend.ts';
import {
  type AnyLoadOptions,
  defaultLoadOptions,
  defaultUse,
  type LoadOptions,
  ofOneLoad,
  takenBack,
  type UseLoadOptions,
} from './load-options.ts';
import { routeProblems } from './route-problems.ts';
import { sampledShareOf, traceProblems } from './trace-problems.ts';
import { userProblems } from './user-problems.ts';

/** `LoadOptions` with every default filled in and every duration in milliseconds. */
export interface ResolvedOptions {
  readonly name: string | undefined;
  readonly warmUpMs: number;
  readonly startAfterMs: number;
  readonly requestTimeoutMs: number;
  readonly routes: readonly string[];
  readonly expectStatus: ((status: number) => boolean) | undefined;
  readonly maxInFlight: number;
  /** Whether users have a life beside their iterations. */
  readonly hasLives: boolean;
  readonly userTimeoutMs: number;
  readonly keepUsers: boolean;
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
  readonly versionHeader: string | undefined;
  /** Of 1: the requests whose `traceparent` says that they are sampled; without it none is given one. */
  readonly sampledShare: number | undefined;
  readonly traceUrl: string | undefined;
  readonly logsUrl: string | undefined;
  readonly servers: 'one' | 'per-shard';
  readonly observeBeforeMs: number;
  readonly observeAfterMs: number;
  readonly cores: number | 'auto';
  readonly seed: number;
}

/** Complete by its type: an option that is forgotten here does not compile. */
const known = {
  name: true,
  warmUp: true,
  startAfter: true,
  data: true,
  user: true,
  userData: true,
  userTimeout: true,
  keepUsers: true,
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
  versionHeader: true,
  traceparent: true,
  traceUrl: true,
  logsUrl: true,
  keepBodies: true,
  cores: true,
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
export function resolveOptions(options: AnyLoadOptions, profile: Profile, use: UseLoadOptions = {}): ResolvedOptions {
  const problems = [...unknownOptions('load', options, known, otherWords), ...useProblems(use)];
  const ms = (option: string, text: unknown, least = 0): number => {
    const read = typeof text === 'string' ? durationMsOf(text) : undefined;
    if (read === undefined) problems.push(durationProblem(option, text));
    else if (read < least) problems.push(`\`${option}\` must be longer than nothing, got ${show(text)}`);
    return read ?? 0;
  };
  const said = saidOf(options, use);
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
    hasLives: given.user !== undefined,
    userTimeoutMs: ms('userTimeout', given.userTimeout, 1),
    keepUsers: given.user !== undefined || given.keepUsers === true,
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
    versionHeader: given.versionHeader,
    sampledShare: sampledShareOf(given.traceparent),
    traceUrl: given.traceUrl,
    logsUrl: given.logsUrl,
    servers: given.servers,
    observeBeforeMs: ms('observe.before', observe.before ?? defaultLoadOptions.observe.before),
    observeAfterMs: ms('observe.after', observe.after ?? defaultLoadOptions.observe.after),
    cores: given.cores,
    seed: given.seed,
  };
  throwProblems([
    ...problems,
    ...valueProblems(resolved, said),
    ...idleProblems(options, said, profile),
    ...routeProblems(resolved.routes),
    ...traceProblems(said),
    ...dataProblems(options, profile),
    ...userProblems(options, profile, resolved),
  ]);
  return resolved;
}

function valueProblems(
  { maxInFlight, maxConnections, cores, seed, versionHeader, ...resolved }: ResolvedOptions,
  { name, expectStatus, keepBodies }: AnyLoadOptions,
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
    ...(cores === 'auto' || (Number.isInteger(cores) && cores >= 1)
      ? []
      : [
          `\`cores\` must be a whole number of at least 1, or \`'auto'\` for all that this process may use but one, got ${show(cores)}`,
        ]),
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
    ...(versionHeader === undefined || /^[\w!#$%&'*+.^`|~-]+$/.test(versionHeader)
      ? []
      : [`\`versionHeader\` must be the name of a header, got ${show(versionHeader)}`]),
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
function idleProblems(options: AnyLoadOptions, said: AnyLoadOptions, profile: Profile): string[] {
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
  'traceparent',
  'user',
  'keepUsers',
] as const;

function isAsked(options: AnyLoadOptions): (option: (typeof ownOptions)[number]) => boolean {
  const defaults: AnyLoadOptions = defaultLoadOptions;
  return (option) => options[option] !== undefined && options[option] !== false && options[option] !== defaults[option];
}

/** Rows that cannot suffice are known before the first request. */
function dataProblems({ data }: AnyLoadOptions, profile: Profile): string[] {
  if (data !== undefined && typeof (data as { rows?: unknown } | null)?.rows !== 'function')
    return [`\`data\` must be a feeder such as \`feeder([…])\`, got ${show(data)}`];
  if (data !== undefined && profile.parts.some((part) => part.kind === 'arrivals' && part.distribution === 'listed'))
    return [`\`data\` would hide the requests of \`${profile.describe()}\`, which are the \`data\` of its iterations`];
  if (data?.order !== 'unique' || profile.total === undefined || profile.total <= data.size) return [];
  return [`\`data\` has ${data.size} unique rows, but \`${profile.describe()}\` needs ${profile.total}`];
}

function statusRule(expectStatus: LoadOptions['expectStatus']): ((status: number) => boolean) | undefined {
  if (expectStatus === undefined || typeof expectStatus === 'function') return expectStatus;
  const expected = new Set(Array.isArray(expectStatus) ? expectStatus : []); // what is neither is a problem of its own
  return (status) => expected.has(status);
}

/** An option of a load that holds only where it is given: what is not there, or taken back, is not in it. */
type Said<AbortLimits> = {
  readonly [Option in keyof AnyLoadOptions<AbortLimits>]: Option extends (typeof takenBack)[number]
    ? Exclude<AnyLoadOptions<AbortLimits>[Option], false>
    : AnyLoadOptions<AbortLimits>[Option];
};

/** What holds of a load: its own options over those of `use`, without those that `false` takes back. */
export function saidOf<AbortLimits>(
  options: AnyLoadOptions<AbortLimits>,
  use: UseLoadOptions<AbortLimits>,
): Said<AbortLimits> {
  const both = { ...withoutUndefined(use), ...withoutUndefined(options) };
  const isTakenBack = ([option, value]: [string, unknown]) =>
    value === false && (takenBack as readonly string[]).includes(option);
  return Object.fromEntries(Object.entries(both).filter((each) => !isTakenBack(each)));
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Value;
}
