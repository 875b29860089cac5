/**
 * What the processes of a load must be at one in before any of them sends: each runs the spec for itself, and one that
 * takes another path through it would send another load.
 */
import type { Profile } from '../../profile/profile.ts';
import type { LoadOptions } from '../../run/load-options.ts';
import type { ResolvedOptions } from '../../run/resolve-options.ts';
import { hashOf, planHashOf } from '../segment-origin.ts';

export interface Agreement {
  /** The load as people read it. */
  readonly words: string;
  /** Of profile, options and spec file. */
  readonly planHash: string;
  /** Of the scenario's text. */
  readonly scenarioHash: string;
  /** Of the text of what its users do beside it; absent without. */
  readonly userHash?: string;
  /** Rows that its feeder has; absent without one. */
  readonly rows?: number;
  /** Rows for its users, likewise. */
  readonly userRows?: number;
  /** Absent where `use` names none. */
  readonly baseURL?: string;
}

export interface AgreementParts {
  readonly words: string;
  readonly profile: Profile;
  readonly scenario: (...args: never) => unknown;
  readonly resolved: ResolvedOptions;
  readonly data: LoadOptions<unknown>['data'];
  readonly user?: ((...args: never) => unknown) | undefined;
  readonly userData?: LoadOptions<unknown>['userData'];
  readonly baseURL: string | undefined;
  readonly specFile: string;
}

export function agreementOf(parts: AgreementParts): Agreement {
  const { words, profile, scenario, resolved, data, user, userData, baseURL, specFile } = parts;
  return {
    words,
    planHash: planHashOf(profile, resolved, specFile),
    scenarioHash: hashOf(scenario.toString()),
    ...(user !== undefined && { userHash: hashOf(user.toString()) }),
    ...(data !== undefined && { rows: data.size }),
    ...(userData !== undefined && { userRows: userData.size }),
    ...(baseURL !== undefined && resolved.servers === 'one' && { baseURL }),
  };
}

const samePath =
  'the test runs once on each core and must come to the same loads in the same order on each: draw nothing at random, and let no option depend on the process';

/** How a core's load differs from the first core's, and what to do; undefined when it is the same. */
export function disagreement(first: Agreement, other: Agreement): string | undefined {
  if (first.words !== other.words)
    return `called \`${other.words}\`, and the first core \`${first.words}\`: ${samePath}`;
  if (first.planHash !== other.planHash) return `called \`${other.words}\` with other options: ${samePath}`;
  if (first.scenarioHash !== other.scenarioHash) return `called \`${other.words}\` with another scenario: ${samePath}`;
  if (first.userHash !== other.userHash) return `called \`${other.words}\` with another \`user\`: ${samePath}`;
  if (first.rows !== other.rows)
    return `has ${rowsOf(other.rows)} in its feeder, and the first core ${rowsOf(first.rows)}: ${samePath}`;
  if (first.userRows !== other.userRows)
    return `has ${rowsOf(other.userRows)} in its \`userData\`, and the first core ${rowsOf(first.userRows)}: ${samePath}`;
  if (first.baseURL === other.baseURL) return undefined;
  return `has ${serverOf(other)}, and the first core ${serverOf(first)}: a server that a fixture starts is one for each core, so start it with \`webServer\` or \`globalSetup\`, or say \`servers: 'per-shard'\` if servers of their own are meant`;
}

function rowsOf(rows: number | undefined): string {
  return rows === undefined ? 'no row' : rows === 1 ? '1 row' : `${rows} rows`;
}

function serverOf({ baseURL }: Agreement): string {
  return baseURL === undefined ? 'no `baseURL`' : `the \`baseURL\` \`${baseURL}\``;
}
