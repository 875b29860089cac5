/** Which process of a load runs a spec, for specs that do something once only. */
import { nestedWorker } from './cores/nested-settings.ts';
import { shareOfThisProcess } from './segment.ts';

/** One process of a load, in numbers from 1, as `testInfo.config.shard` has them. */
export interface LoadSegment {
  /** Which shard; the only one where loads are played once: each test that is, is played whole. */
  readonly shard: number;
  /** How many shards there are. */
  readonly shards: number;
  /** Which core of its machine. How many there are is known once `load` is called. */
  readonly core: number;
}

export function segmentOfThisProcess({
  shard,
  env,
  pid,
  once,
}: {
  readonly shard: { readonly current: number; readonly total: number } | null;
  readonly env: NodeJS.ProcessEnv;
  readonly pid: number;
  /** Whether loads are played once. */
  readonly once: boolean;
}): LoadSegment {
  if (once) return { shard: 1, shards: 1, core: 1 };
  const nested = nestedWorker(env, pid);
  const { index, of } = nested?.settings.shard ?? shareOfThisProcess(shard, env);
  return { shard: index + 1, shards: of, core: nested?.core ?? 1 };
}
