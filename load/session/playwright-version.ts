/**
 * Which Playwright runs us, where it makes a difference that cannot be seen before it is needed. What can be looked at, a
 * method that is there or not, is looked at where it is used.
 */
import { OptionsError } from '../options-error.ts';

/** Reporters may leave tests out and take sharding over, and a response tells when its parts came. */
const preprocessing = { major: 1, minor: 62 } as const;

/** Whether reporters see all tests before one begins, and may leave some out. `version`: that of `testInfo.config`. */
export function preprocesses(version: string): boolean {
  return isAtLeast(version, preprocessing);
}

/** What is said of a run by Playwright's own transport where responses tell no moments; undefined where they do. */
export function missingTimes(version: string, transport: string): string | undefined {
  if (transport !== 'playwright' || isAtLeast(version, preprocessing)) return undefined;
  return `Playwright ${version} does not tell when the parts of a call happened, as 1.62 and newer do: times are those of whole calls, with what Playwright itself takes, and without phases`;
}

/**
 * Throws an `OptionsError` where Playwright's own `--shard` would give the load to one shard alone. `shard` is that of
 * `testInfo.config`.
 */
export function refuseOwnShard({
  version,
  shard,
}: {
  readonly version: string;
  readonly shard: { readonly current: number; readonly total: number } | null;
}): void {
  if (shard === null || shard.total === 1 || preprocesses(version)) return;
  throw new OptionsError([
    `\`--shard\` shares out a load from Playwright 1.62 on, and this is ${version}, which gives each test to one shard whole: leave \`--shard\` out, and start each machine with \`LOAD_SHARD=${shard.current}/${shard.total}\` in its environment`,
  ]);
}

function isAtLeast(version: string, least: { readonly major: number; readonly minor: number }): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > least.major || (major === least.major && minor >= least.minor);
}
