/**
 * Which share of the load this process carries: all of it, or a shard's. Playwright's own shard is taken, `LOAD_SHARD`
 * where the shards are started by other means.
 */
import { OptionsError } from '../options-error.ts';
import { show } from '../measure/units.ts';
import { type Share, wholeShare } from '../profile/profile.ts';

/** Which shard of a load, and which core of that shard's machine. Cores multiply with shards. */
export interface Place {
  readonly shard: Share;
  readonly core: Share;
}

/** The segments of a shard follow one another. */
export function shareOf({ shard, core }: Place): Share {
  return { index: shard.index * core.of + core.index, of: shard.of * core.of };
}

/** `, on 2 cores, shard 1 of 3`, as far as there is more than one. */
export function placeWords({ shard, core }: Place): string {
  const cores = core.of === 1 ? '' : `, on ${core.of} cores`;
  return shard.of === 1 ? cores : `${cores}, shard ${shard.index + 1} of ${shard.of}`;
}

type Environment = Readonly<Record<string, string | undefined>>;

export function shareOfThisProcess(
  shard: { readonly current: number; readonly total: number } | null,
  env: Environment,
): Share {
  if (shard !== null) return { index: shard.current - 1, of: shard.total };
  const text = env['LOAD_SHARD'];
  if (text === undefined || text === '') return wholeShare;
  const [, current, total] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const share = { index: Number(current) - 1, of: Number(total) };
  if (!(share.of >= 1 && share.index >= 0 && share.index < share.of)) {
    throw new OptionsError([`\`LOAD_SHARD\` must be a shard such as \`2/4\`, got ${show(text)}`]);
  }
  return share;
}

/** How many shards share this machine: `LOAD_SHARDS_HERE`, 1 where nobody says so. */
export function shardsHere(env: Environment): number {
  const text = env['LOAD_SHARDS_HERE'];
  if (text === undefined || text === '') return 1;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new OptionsError([`\`LOAD_SHARDS_HERE\` must be a whole number of at least 1, got ${show(text)}`]);
}

/** What CI systems call a run, the same in all its jobs, in the order in which they are asked. */
const runVariables = [
  ...['CI_PIPELINE_ID', 'BUILD_BUILDID', 'CIRCLE_WORKFLOW_ID', 'BUILDKITE_BUILD_ID', 'BITBUCKET_BUILD_NUMBER'],
  ...['DRONE_BUILD_NUMBER', 'TRAVIS_BUILD_ID', 'SEMAPHORE_WORKFLOW_ID', 'APPVEYOR_BUILD_ID'],
  ...['CODEBUILD_BATCH_BUILD_IDENTIFIER', 'TEAMCITY_BUILD_ID', 'BUILD_TAG'],
];

/** What a run is called of which nobody says it. */
export const unknownRunId = 'local';

/**
 * The same for all shards of one run: `LOAD_RUN_ID`, or what the CI system calls it. Where neither is known, only the
 * time and the hash of the plan tell runs apart.
 */
export function sharedRunId(env: Environment): string {
  const github = env['GITHUB_RUN_ID'];
  if (env['LOAD_RUN_ID'] !== undefined) return env['LOAD_RUN_ID'];
  if (github !== undefined) return `github-${github}-${env['GITHUB_RUN_ATTEMPT'] ?? '1'}`;
  const known = runVariables.find((name) => (env[name] ?? '') !== '');
  return known === undefined ? unknownRunId : (env[known] ?? unknownRunId);
}

/** When all shards are to begin, in milliseconds since 1970: `LOAD_START_AT`, in seconds. Undefined: at once. */
export function startAtEpochMs(env: Environment): number | undefined {
  const text = env['LOAD_START_AT'];
  if (text === undefined || text === '') return undefined;
  const seconds = Number(text);
  if (!Number.isFinite(seconds))
    throw new OptionsError([`\`LOAD_START_AT\` must be seconds since 1970, got ${show(text)}`]);
  return seconds * 1_000;
}

/**
 * How many milliseconds this machine's clock is ahead of the others' (NTP's offset), where its runner knows it:
 * `LOAD_CLOCK_OFFSET_MS`. 0 where nobody says so.
 */
export function clockOffsetMs(env: Environment): number {
  const text = env['LOAD_CLOCK_OFFSET_MS'];
  if (text === undefined || text === '') return 0;
  const ms = Number(text);
  if (!Number.isFinite(ms))
    throw new OptionsError([`\`LOAD_CLOCK_OFFSET_MS\` must be a number of milliseconds, got ${show(text)}`]);
  return ms;
}
