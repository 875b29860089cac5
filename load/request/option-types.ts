/** The types of options, for callers without TypeScript and for values that came as `any`: out of a row, or a configuration. */
import { durationMsOf, show } from '../measure/units.ts';

interface Rule {
  readonly holds: (value: unknown) => boolean;
  readonly must: string;
}

const text: Rule = { holds: (value) => typeof value === 'string', must: 'a text' };
const boolean: Rule = { holds: (value) => typeof value === 'boolean', must: '`true` or `false`' };
const whole: Rule = {
  // Below 0 is refused in Playwright's words.
  holds: (value) => typeof value === 'number' && (Number.isInteger(value) || !(value >= 0)),
  must: 'a whole number',
};
const milliseconds: Rule = {
  holds: (value) => typeof value === 'number',
  must: 'a number of milliseconds',
};

/** Options of ours that a call has as well as its context. */
const ofBoth = [
  ['discardBody', boolean],
  [
    'retryAfter',
    {
      holds: (value) => value === false || (typeof value === 'string' && durationMsOf(value) !== undefined),
      must: 'a duration such as `300ms`, `30s` or `5m`, or `false` for none',
    },
  ],
] as const satisfies readonly (readonly [string, Rule])[];

const ofRequest = new Map<string, Rule>([
  ['failOnStatusCode', boolean],
  ['ignoreHTTPSErrors', boolean],
  ['maxRedirects', whole],
  ['maxRetries', whole],
  ['name', text],
  ['signal', { holds: (value) => value instanceof AbortSignal, must: 'an `AbortSignal`' }],
  ['timeout', milliseconds],
  ...ofBoth,
]);

const ofContext = new Map<string, Rule>([
  ['baseURL', text],
  ['failOnStatusCode', boolean],
  ['ignoreHTTPSErrors', boolean],
  ['maxRedirects', whole],
  ['timeout', milliseconds],
  ['userAgent', text],
  ...ofBoth,
]);

/** Of the options of a call; costs as much as there are options. */
export function requestTypeProblems(options: object): string[] {
  return typeProblems(ofRequest, options);
}

/** Of the options of a context, those within its credentials and its proxy included. */
export function contextTypeProblems(options: { httpCredentials?: unknown; proxy?: unknown }): string[] {
  const { httpCredentials, proxy } = options;
  const credentials: readonly unknown[] = Array.isArray(httpCredentials) ? httpCredentials : [httpCredentials];
  return [
    ...typeProblems(ofContext, options),
    ...credentials.flatMap((one) => partProblems('httpCredentials', one, ['username', 'password'])),
    ...partProblems('proxy', proxy, ['server']),
  ];
}

const none: string[] = [];

/** What is `null` was not given. */
function typeProblems(rules: ReadonlyMap<string, Rule>, options: object): string[] {
  let problems = none;
  for (const name in options) {
    const rule = rules.get(name);
    if (rule === undefined) continue;
    const value: unknown = options[name as keyof typeof options];
    if (value === undefined || value === null || rule.holds(value)) continue;
    problems = [...problems, `\`${name}\` must be ${rule.must}, got ${show(value)}`];
  }
  return problems;
}

/** The values are secrets, so that only their type is told. */
function partProblems(option: string, value: unknown, needed: readonly string[]): string[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [`\`${option}\` must be an object, got ${typeName(value)}`];
  const known: Readonly<Record<string, unknown>> = { ...value };
  return ['server', 'bypass', 'username', 'password', 'origin']
    .filter((name) => needed.includes(name) || known[name] !== undefined)
    .filter((name) => typeof known[name] !== 'string')
    .map((name) => `\`${option}.${name}\` must be a text, got ${typeName(known[name])}`);
}

function typeName(value: unknown): string {
  return value === undefined || value === null ? String(value) : `a ${typeof value}`;
}
