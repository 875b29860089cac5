/**
 * What an operator may set, as one schema. A wrong value stops the start: every problem is reported at once, one line
 * each, naming the variable, what was expected and what came.
 */
import { z } from 'zod';

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

const environmentSchema = z.object({
  PORT: integer(0, 65_535).default(8002),
  HOST: text(/^[\w.:-]{1,255}$/, 'a host name or an address').default('127.0.0.1'),
  DATA_DIR: text(/^[^\0]+$/, 'a folder').default('data'),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  ENVIRONMENT: text(/^[\w.-]{1,64}$/, '1 to 64 letters, digits, `.`, `_` or `-`').default('development'),
  AGENT_ID: text(/^[\w.:-]{1,128}$/, '1 to 128 letters, digits, `.`, `_`, `:` or `-`').default('performance-agent-001'),
  /** How long a stopping agent waits for the requests it has begun, in milliseconds. */
  DRAIN_TIMEOUT_MS: integer(0, 600_000).default(10_000),
});

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
  if (parsed.success) return parsed.data;
  const problems = new Map(
    parsed.error.issues.map((issue) => [String(issue.path[0]), `must be ${issue.message}`] as const),
  );
  throw new EnvironmentError([...problems].map(([name, what]) => `\`${name}\` ${what}, got ${shown(name, set[name])}`));
}

/** Values of secrets are not repeated in an error that may be logged. */
function shown(name: string, value: string | undefined): string {
  return /KEY|SECRET|URL/.test(name) ? 'a value that is not shown' : `\`${value ?? ''}\``;
}
