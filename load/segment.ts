/**
 * Which share of the load this process carries: all of it, or a shard's. Playwright's own shard is taken, `LOAD_SHARD`
 * where the shards are started by other means.
 */
import { OptionsError } from './options-error.ts';
import { show } from './measure/units.ts';
import { type Share, wholeShare } from './profile/profile.ts';

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

/** The same for all shards of one run: what the CI system calls it, or `LOAD_RUN_ID`. */
export function runIdOf(env: Environment): string {
  const github = env['GITHUB_RUN_ID'];
  if (env['LOAD_RUN_ID'] !== undefined) return env['LOAD_RUN_ID'];
  if (github !== undefined) return `github-${github}-${env['GITHUB_RUN_ATTEMPT'] ?? '1'}`;
  return env['CI_PIPELINE_ID'] ?? env['BUILD_BUILDID'] ?? 'local';
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
