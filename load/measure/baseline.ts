/**
 * A baseline: what the last accepted runs of one load measured, by the environment in which they did. It is a file of its
 * own for each load, schema `playload.baseline/1`, in the folder `load-baseline/`.
 */
import { createHash } from 'node:crypto';
import { accountedFor, lostOf } from './counts.ts';
import type { RunData, RunPlan } from './run-data.ts';
import { figuresOf } from './summary.ts';

export const baselineSchema = 'playload.baseline/1';
/** Beside the configuration. */
export const baselineFolder = 'load-baseline';
/** How many runs of an environment are kept, and of how many environments: the newest of each. */
export const keptBaseline = { runs: 10, environments: 12 } as const;

/** What makes two runs the same load. The text of its scenario does not: a baseline has to tell what became of it. */
export interface BaselineKey {
  readonly project: string;
  /** As Playwright's titles begin, with `/` everywhere. */
  readonly file: string;
  /** Those of its describes and the test's own. */
  readonly title: readonly string[];
  /** Of the load; absent where it has none. */
  readonly name?: string;
  readonly profile: string;
  /** Which of several loads of its test that are alike in all this, from 2; absent for the first. */
  readonly nth?: number;
}

/** `titles`: of the test as Playwright has them, its file first. */
export function baselineKey(
  { project, titles }: { readonly project: string; readonly titles: readonly string[] },
  { name, profile }: Pick<RunPlan, 'name' | 'profile'>,
): BaselineKey {
  const [file = '', ...title] = titles;
  return { project, file: file.replaceAll('\\', '/'), title, ...(name !== undefined && { name }), profile };
}

/** The same load, the `nth` time in its test. */
export function nthKey(key: BaselineKey, nth: number): BaselineKey {
  return nth > 1 ? { ...key, nth } : key;
}

/** What one run measured. */
export interface BaselineRun {
  /** When measuring began, ISO 8601 in UTC. */
  readonly at: string;
  readonly commit?: string;
  /** Of profile, options and spec. */
  readonly planHash?: string;
  /** Origins that were called, where they are on other machines. */
  readonly servers?: readonly string[];
  /** That came to an end, or were cut off. */
  readonly requests: number;
  /** Share of the requests that did not succeed, 0 to 1. */
  readonly errorRate: number;
  readonly throughputPerSec: number;
  /** Response time in an open model, else service time, milliseconds. Absent where nothing was answered. */
  readonly latencyMs?: BaselineLatency;
}

export interface BaselineLatency {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Baseline {
  readonly schema: typeof baselineSchema;
  readonly load: BaselineKey;
  /** By environment, oldest first, as its runs are. */
  readonly environments: Readonly<Record<string, readonly BaselineRun[]>>;
}

/** Undefined where no request came to an end. */
export function baselineRunOf(run: RunData, commit?: string): BaselineRun | undefined {
  const { startedAt, requests, throughputPerSec = 0, responseMs, serviceMs } = figuresOf(run);
  const all = accountedFor(requests);
  if (all === 0) return undefined;
  const latency = responseMs ?? serviceMs;
  const [segment] = run.segments;
  const at = segment?.commit ?? commit;
  return {
    at: startedAt,
    ...(at !== undefined && { commit: at }),
    ...(segment?.planHash !== undefined && { planHash: segment.planHash }),
    ...serversOf(run),
    requests: all,
    errorRate: (lostOf(requests) + requests.unfinished) / all,
    throughputPerSec,
    ...(latency !== undefined && { latencyMs: latencyOf(latency) }),
  };
}

/** Ports of a loopback change from run to run, and are the same server. */
function serversOf({ segments }: Pick<RunData, 'segments'>): Pick<BaselineRun, 'servers'> {
  const elsewhere = segments.flatMap(({ target }) =>
    target === undefined || target.machine !== undefined ? [] : target.origins,
  );
  return elsewhere.length === 0 ? {} : { servers: [...new Set(elsewhere)].sort() };
}

function latencyOf({ count, mean, p50, p95, p99 }: BaselineLatency): BaselineLatency {
  return { count, mean, p50, p95, p99 };
}

/** What of the machines decides how fast a run is. Runs of different environments are not compared. */
export function baselineEnvironment({ segments }: Pick<RunData, 'segments'>): string {
  const machines = [...new Set(segments.map(({ environment = 'unknown machine' }) => environment))].sort();
  const targets = segments.flatMap(({ target }) => target ?? []);
  const where = targets.some(({ machine }) => machine !== undefined) ? 'server on this machine' : 'server elsewhere';
  const processes = Math.max(1, ...segments.map(({ of }) => of));
  return [
    machines.join(' and '),
    ...(targets.length === 0 ? [] : [where]),
    ...(processes === 1 ? [] : [`sent by ${processes} processes`]),
  ].join(', ');
}

/** Throws a `TypeError` that says what is wrong. */
export function decodeBaseline(text: string, load: BaselineKey): Baseline {
  const read = parsed(text);
  const { schema, environments } = read;
  if (schema !== baselineSchema)
    throw new TypeError(
      /^playload\.baseline\/\d+$/.test(String(schema))
        ? `it has schema \`${String(schema)}\`, and this version of playload reads \`${baselineSchema}\``
        : `it is no baseline of schema \`${baselineSchema}\``,
    );
  if (keyText(read.load) !== keyText(load)) throw new TypeError('it is the baseline of another load');
  if (!isRecord(environments) || !Object.values(environments).every((runs) => Array.isArray(runs) && runs.every(isRun)))
    throw new TypeError('its runs are damaged');
  return { schema, load, environments: environments as Baseline['environments'] };
}

function parsed(text: string): Partial<Record<keyof Baseline, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    if (isRecord(read)) return read;
  } catch {
    // said below
  }
  throw new TypeError('it is no JSON object');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRun(run: unknown): boolean {
  if (!isRecord(run) || !isRecord(run['latencyMs'])) return false;
  const { at, commit, planHash, servers = [], requests, errorRate, throughputPerSec, latencyMs } = run;
  const { count, mean, p50, p95, p99 } = latencyMs;
  const texts = [commit, planHash].every((value) => value === undefined || typeof value === 'string');
  const positive = [requests, count, mean, p50, p95, p99].every((value) => isNumber(value) && value > 0);
  const share = isNumber(errorRate) && errorRate >= 0 && errorRate <= 1;
  const isTime = typeof at === 'string' && Number.isFinite(Date.parse(at));
  const named = Array.isArray(servers) && servers.every((server) => typeof server === 'string');
  return isTime && texts && named && positive && share && isNumber(throughputPerSec) && throughputPerSec >= 0;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** For a repository: one value a line, so that a change reads well. */
export function encodeBaseline(baseline: Baseline): string {
  return `${JSON.stringify(baseline, undefined, 2)}\n`;
}

/** With one more run; what is too old falls away. */
export function withBaselineRun(
  known: Baseline | undefined,
  { load, environment, run }: { readonly load: BaselineKey; readonly environment: string; readonly run: BaselineRun },
): Baseline {
  const others = Object.entries(known?.environments ?? {}).filter(([name]) => name !== environment);
  const runs = [...runsOf(known, environment), run].slice(-keptBaseline.runs);
  const kept = [...others, [environment, runs] as const].slice(-keptBaseline.environments);
  return { schema: baselineSchema, load, environments: Object.fromEntries(kept) };
}

export function runsOf(baseline: Baseline | undefined, environment: string): readonly BaselineRun[] {
  const environments = baseline?.environments ?? {};
  return Object.hasOwn(environments, environment) ? (environments[environment] ?? []) : [];
}

/** `the-list-answers-browse-1f0c9a3b`: what people find it by, and what tells it from all others. */
export function baselineName(key: BaselineKey): string {
  const words = [...key.title, key.name ?? '', key.nth === undefined ? '' : String(key.nth)].join(' ');
  const slug = words
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '');
  return `${slug === '' ? 'load' : slug}-${shortHash(keyText(key))}`;
}

/** Of a text, for a file's name. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

function keyText(key: unknown): string {
  const { project, file, title, name, profile, nth } = (key ?? {}) as Partial<BaselineKey>;
  return JSON.stringify([project, file, title, name ?? null, profile, nth ?? null]);
}
