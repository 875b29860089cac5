/** What a user may set of the reporter, and how it is checked: every problem at once, before a test starts. */
import { isAbsolute } from 'node:path';
import { throwProblems } from '../load/options-error.ts';
import { show } from '../load/measure/units.ts';

/**
 * `reporter: [['list'], ['playload/reporter', { … }], ['html']]`. Everything has a default: with no options the
 * reporter prints to the terminal and writes `summary.json`, `report.html` with `runs/`, and `notice*.json`.
 */
export interface LoadReporterOptions {
  /** Where results are written (`summary.json`, `report.html`, `runs/`, `notice.json`, `notice.teams.json`); relative to the configuration file. */
  readonly outputFolder?: string;
  /**
   * `auto`: details of what is not green and of up to three runs and findings, else a row each; `full` has details of all,
   * `compact` of none. `off` prints nothing, and no progress either.
   */
  readonly terminal?: 'auto' | 'full' | 'compact' | 'off';
  /** Whether `report.html` is written. */
  readonly html?: boolean;
  /** An earlier `summary.json`, with which the page compares; relative to the configuration file. */
  readonly baseline?: string;
  /** Serves the live page on loopback while the tests run; the same as `LOAD_DASHBOARD=1`. */
  readonly dashboard?:
    | boolean
    | {
        /** Where it listens; without it, any free port. */
        readonly port?: number;
      };
  /**
   * Whether charts, headline figures and merged failures are added to the reports of the reporters listed after this
   * one.
   */
  readonly annotate?: boolean;
  /**
   * Names of the projects that hold load tests; without it, those with `metadata: { load: true }` and tests tagged
   * `@load`.
   */
  readonly loadProjects?: readonly string[];
  /** Whether each shard runs every load test on its share. Only one reporter of a configuration can take sharding over. */
  readonly shardLoad?: boolean;
  /** Files and receivers that results are written to besides. */
  readonly exports?: ExportOptions;
}

/** Exports happen only when asked for. `true` writes into the output folder under the usual name; a string is a path. */
export interface ExportOptions {
  /** OTLP/HTTP in JSON, with the course of each run: a collector's address, such as `http://127.0.0.1:4318`. */
  readonly otlp?: string | OtlpOptions;
  /** Prometheus text format, the results at the end; `true` is `metrics.prom`. */
  readonly prometheus?: boolean | string;
  /**
   * OpenMetrics with the moment of each point, for `promtool tsdb create-blocks-from openmetrics`; `true` is
   * `metrics.openmetrics.txt`.
   */
  readonly openmetrics?: boolean | string;
  /** Sends the Prometheus text to a push gateway, such as `http://127.0.0.1:9091`; a path may name the job. */
  readonly pushgateway?: string | ReceiverOptions;
  /** Sends the course of each run by Prometheus' remote write 1.0, such as to `http://127.0.0.1:9090`. */
  readonly remoteWrite?: string | RemoteWriteOptions;
  /**
   * One row a second of every run and of each of its endpoints, and beside it, in `*.findings.csv`, one a figure of
   * every finding; `true` is `series.csv`.
   */
  readonly csv?: boolean | string;
  /** HdrHistogram V2 log, one interval a run; `true` is `latency.hlog`. */
  readonly hdr?: boolean | string;
}

/** Who takes results over HTTP. */
export interface ReceiverOptions {
  /** Without a path the usual one is meant. A user and a password in it are sent as `Authorization`. */
  readonly url: string;
  /** Sent with each request, for instance an API key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** How long all of it may take, repetitions included, in milliseconds. */
  readonly timeoutMs?: number;
}

/** What holds for a receiver that does not say otherwise. */
export const defaultReceiver = { timeoutMs: 10_000 } as const satisfies Partial<ReceiverOptions>;

/** An OpenTelemetry collector, spoken to by OTLP/HTTP. */
export type OtlpOptions = ReceiverOptions;

/** A receiver of Prometheus' remote write. */
export interface RemoteWriteOptions extends ReceiverOptions {
  /** Of every series; without its own `job` that is `playload`. */
  readonly labels?: Readonly<Record<string, string>>;
}

export type ResolvedOptions = Required<Omit<LoadReporterOptions, 'baseline' | 'loadProjects'>> &
  Pick<LoadReporterOptions, 'baseline' | 'loadProjects'>;

export const defaultReporterOptions: ResolvedOptions = {
  outputFolder: 'load-results',
  terminal: 'auto',
  html: true,
  dashboard: false,
  annotate: true,
  shardLoad: true,
  exports: {},
};

type Check = (value: unknown) => string | undefined;

const text: Check = (value) => (typeof value === 'string' && value !== '' ? undefined : 'a text that is not empty');
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : '`true` or `false`');
const flagOrText: Check = (value) =>
  typeof value === 'boolean' || text(value) === undefined ? undefined : '`true`, `false` or a path';

const checks: Readonly<Record<keyof LoadReporterOptions, Check>> = {
  outputFolder: text,
  terminal: (value) =>
    ['auto', 'full', 'compact', 'off'].includes(value as string)
      ? undefined
      : 'one of `auto`, `full`, `compact`, `off`',
  html: flag,
  baseline: text,
  dashboard: (value) =>
    flag(value) === undefined || (isRecord(value) && onlyKeys(value, ['port']) && isPort(value['port']))
      ? undefined
      : '`true`, `false` or `{ port }` with a port from 0 to 65535',
  annotate: flag,
  loadProjects: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === 'string') ? undefined : 'a list of project names',
  shardLoad: flag,
  exports: (value) => (isRecord(value) ? undefined : 'an object'),
};

const exportChecks: Readonly<Record<keyof ExportOptions, Check>> = {
  otlp: receiver(),
  prometheus: flagOrText,
  openmetrics: flagOrText,
  pushgateway: receiver(),
  remoteWrite: receiver('labels'),
  csv: flagOrText,
  hdr: flagOrText,
};

/**
 * Throws `OptionsError` that lists every wrong value. Playwright hands a reporter options of its own beside the user's,
 * more with every version, so a name that is unknown here is none of its business: see `refuseUnknown`.
 */
export function resolveOptions(given: Readonly<Record<string, unknown>> = {}): ResolvedOptions {
  const own = Object.fromEntries(Object.entries(given).filter(([name, value]) => isKnown(name) && value !== undefined));
  const exports = isRecord(own['exports']) ? own['exports'] : {};
  refuse([...problemsOf(own, checks, ''), ...problemsOf(exports, exportChecks, 'exports.')]);
  return { ...defaultReporterOptions, ...(own as LoadReporterOptions) };
}

/** As a configuration resolves its reporters: path or name, and what its author wrote beside it. */
type ReporterEntry = readonly [name: string, options?: unknown];

/**
 * Throws `OptionsError` for options that the author of the configuration wrote and that are unknown. Written is what
 * stands in the fullest entry of the configuration all of whose values came here; Playwright's own reporters have a name
 * there, all others a path.
 */
export function refuseUnknown(given: Readonly<Record<string, unknown>>, entries: readonly ReporterEntry[]): void {
  const [written = {}] = entries
    .flatMap(([name, options]) => (isAbsolute(name) && isRecord(options) && isFrom(options, given) ? [options] : []))
    .sort((a, b) => Object.keys(b).length - Object.keys(a).length);
  refuse(problemsOf(written, checks, ''));
}

/** Options of a single reporter are handed on as they are, so the very same values mark them. */
function isFrom(options: Readonly<Record<string, unknown>>, given: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(options).every(([name, value]) => Object.is(given[name], value));
}

const isKnown = (name: string) => Object.hasOwn(checks, name);

function refuse(problems: readonly string[]): void {
  throwProblems(problems.map((problem) => `load reporter: ${problem}`));
}

function problemsOf(
  given: Readonly<Record<string, unknown>>,
  known: Readonly<Record<string, Check>>,
  prefix: string,
): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const check = Object.hasOwn(known, name) ? known[name] : undefined;
    if (check === undefined)
      return [`\`${prefix}${name}\` is no option; there are ${Object.keys(known).map(ticked(prefix)).join(', ')}`];
    const wanted = value === undefined ? undefined : check(value);
    return wanted === undefined ? [] : [`\`${prefix}${name}\` must be ${wanted}, got ${show(value)}`];
  });
}

const ticked = (prefix: string) => (name: string) => `\`${prefix}${name}\``;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function onlyKeys(value: object, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key));
}

function isPort(value: unknown): boolean {
  return value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535);
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
}

/** `more`: options of its own that are names with texts. */
function receiver(more?: 'labels'): Check {
  const names = ['url', 'headers', 'timeoutMs', ...(more === undefined ? [] : [more])];
  const fits = (value: Readonly<Record<string, unknown>>) => {
    const { url, headers = {}, timeoutMs = 1, labels = {} } = value;
    return (
      onlyKeys(value, names) &&
      isHttpUrl(url) &&
      areTexts(headers) &&
      typeof timeoutMs === 'number' &&
      timeoutMs > 0 &&
      areTexts(labels) &&
      Object.keys(labels).every((name) => labelName.test(name))
    );
  };
  return (value) =>
    isHttpUrl(value) || (isRecord(value) && fits(value)) ? undefined : `an http(s) URL or \`{ ${names.join(', ')} }\``;
}

/** Of Prometheus' data model; what begins with two underscores is its own. */
const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

function areTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isRecord(value) && Object.values(value).every((each) => typeof each === 'string');
}
