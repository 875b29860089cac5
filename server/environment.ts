/**
 * What an operator may set, as one schema. A wrong value stops the start: every problem is reported at once, one line
 * each, naming the variable, what was expected and what came.
 */
import { isIP } from 'node:net';
import { z } from 'zod';
import { AllowedHosts } from './jobs/collection/allowed-hosts.ts';
import { HostList } from './jobs/host-list.ts';
import { readApiKeys, readScopes } from './domain/api-keys.ts';

/** An integer within limits, both included. */
const integer = (min: number, max: number) => {
  const expected = `an integer from ${min} to ${max}`;
  return z
    .string({ error: expected })
    .refine((text) => /^\d{1,15}$/.test(text) && Number(text) >= min && Number(text) <= max, { error: expected })
    .transform(Number);
};

const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  z.enum(words, { error: `one of ${words.join(', ')}` });

const text = (pattern: RegExp, expected: string) => z.string({ error: expected }).regex(pattern, { error: expected });

const host = z
  .string()
  .refine((given) => /^[\w.-]{1,255}$/.test(given) || isIP(given) !== 0, { error: 'a host name or an address' });

const url = (protocols: readonly string[]) => {
  const expected = `a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  return z.string().refine((given) => URL.canParse(given) && protocols.includes(new URL(given).protocol), {
    error: expected,
  });
};

/** Reads a text by a function that throws what is wrong with it. */
const read = <T>(reader: (text: string) => T) =>
  z.string().transform((given, context) => {
    try {
      return reader(given);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });

const list = (given: string) => given.split(',').map((entry) => entry.trim());

const hosts = read((given) => new AllowedHosts(list(given)));
const ownHosts = read((given) => new HostList(list(given)));
const openScopes = read((given) => readScopes(list(given)));
const keys = read((given) => readApiKeys(list(given)));

const environmentSchema = z.object({
  PORT: integer(0, 65_535).default(8002),
  HOST: host.default('127.0.0.1'),
  DATA_DIR: text(/^[^\0]+$/, 'a folder').default('data'),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** One of so many requests is logged; 0 logs none. */
  LOG_REQUESTS_EVERY: integer(0, 1_000_000).default(0),
  ENVIRONMENT: text(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, `.`, `_` or `-`').default('development'),
  AGENT_ID: text(/^[\w.:-]{1,128}$/, '1 to 128 letters, digits, `.`, `_`, `:` or `-`').default('performance-agent-001'),
  /** How long a stopping agent waits for the requests it has begun. */
  DRAIN_TIMEOUT_MS: integer(0, 600_000).default(10_000),

  /** `name:scope+scope:sha256`, comma separated; `new-key.ts` makes them. */
  API_KEYS: keys.default([]),
  /** What everybody may as long as there are no keys. */
  OPEN_SCOPES: openScopes.default(new Set(['read', 'operate', 'approve'] as const)),
  /** Under which names this agent is asked, besides loopback, `HOST` and `ADVERTISED_HOST`; see `host-list.ts`. */
  HOSTS: ownHosts.default(new HostList([])),
  /** Event streams open at a time by one key. */
  EVENT_STREAMS_PER_KEY: integer(1, 100_000).default(100),
  /** Requests per second and key; 0 does not limit. */
  RATE_LIMIT_PER_S: integer(0, 1_000_000).default(0),
  /** Above this lateness of the event loop (99th percentile of a second) all but health is refused; 0 never refuses. */
  SHED_DELAY_MS: integer(0, 60_000).default(500),

  /** Where engines may be; see `allowed-hosts.ts`. */
  METRICS_HOSTS: hosts.default(new AllowedHosts(['127.0.0.1', 'localhost', '[::1]'])),
  SCRAPE_INTERVAL_MS: integer(100, 3_600_000).default(15_000),
  SCRAPE_TIMEOUT_MS: integer(100, 30_000).default(5_000),
  SCRAPES_RUNNING: integer(1, 1_000).default(16),
  SCRAPES_WAITING: integer(0, 10_000).default(64),

  WEBHOOK_URL: url(['http:', 'https:']).optional(),
  WEBHOOK_SECRET: text(/^.{16,}$/, 'at least 16 characters').optional(),
  WEBHOOK_TIMEOUT_MS: integer(100, 600_000).default(30_000),
  WORKFLOWS_RUNNING: integer(1, 10_000).default(64),
  WORKFLOWS_QUEUED: integer(1, 10_000_000).default(200_000),
  WORKFLOW_LEASE_MS: integer(500, 600_000).default(15_000),
  WORKFLOW_POLL_MS: integer(50, 60_000).default(1_000),
  /** Divides the agent's waiting times in workflows; 1 is real life. */
  CLOCK_FACTOR: integer(1, 10_000).default(1),

  SNAPSHOT_RETENTION_H: integer(1, 87_600).default(14 * 24),
  WORKFLOW_RETENTION_H: integer(1, 87_600).default(90 * 24),

  ORCHESTRATOR_URL: url(['http:', 'https:']).optional(),
  /** The host that the orchestrator should find this agent under; `HOST` by default. */
  ADVERTISED_HOST: host.optional(),
});

/** Every variable there is; tests hold the documents to it. @internal */
export const environmentNames: readonly string[] = Object.keys(environmentSchema.shape);

export type Environment = z.output<typeof environmentSchema>;

/** At least one variable is wrong; `problems` has one line for each. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Reads the settings; a variable that is set to nothing counts as not set.
 *
 * @throws {@link EnvironmentError} listing every wrong variable.
 */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    const problems = new Map(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message] as const));
    throw new EnvironmentError(
      [...problems].map(([name, expected]) => `\`${name}\` must be ${expected}, got ${shown(name, set[name])}`),
    );
  }
  const contradictions = contradictionsIn(parsed.data);
  if (contradictions.length > 0) throw new EnvironmentError(contradictions);
  return parsed.data;
}

/** Values that are fine each by itself but not together. */
function contradictionsIn(environment: Environment): string[] {
  const problems: string[] = [];
  const { HOST } = environment;
  // A name that begins like a loopback address may be anywhere.
  const loopback = ['::1', 'localhost'].includes(HOST) || (isIP(HOST) === 4 && HOST.startsWith('127.'));
  if (!loopback && environment.API_KEYS.length === 0) {
    problems.push(
      `\`HOST\` must be a loopback address as long as there is no \`API_KEYS\`, got \`${environment.HOST}\`: without keys everybody who reaches the agent may do everything`,
    );
  }
  if ((environment.WEBHOOK_URL === undefined) !== (environment.WEBHOOK_SECRET === undefined)) {
    problems.push('`WEBHOOK_URL` and `WEBHOOK_SECRET` must be set together: an unsigned webhook would obey anybody');
  }
  return problems;
}

/** Values that may hold a secret are not repeated in an error that may be logged. */
function shown(name: string, value: string | undefined): string {
  return /KEYS|SECRET|URL/.test(name) ? 'a value that is not shown' : `\`${value ?? ''}\``;
}
