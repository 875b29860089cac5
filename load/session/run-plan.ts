/** What a load was asked to do, in the form in which it travels with its results. */
import type { RunPlan } from '../measure/run-data.ts';
import type { Profile } from '../profile/profile.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';

/** `index`: which load of its test, from 0. */
export function planOf(
  profile: Profile,
  { name, warmUpMs, apdexMs, whenSaturated, uncounted, unjudged, servers }: ResolvedOptions,
  index: number,
): RunPlan {
  const { durationMs, steady, askedRate } = profile;
  return {
    index,
    profile: profile.describe(),
    model: profile.model,
    warmUpMs,
    whenSaturated,
    ...(uncounted === 'allowed' && { uncounted }),
    ...(unjudged && { unjudged }),
    ...(servers === 'per-shard' && { servers }),
    ...(name !== undefined && { name }),
    ...(durationMs !== undefined && { plannedMs: durationMs }),
    ...(steady !== undefined && { steady }),
    ...(askedRate !== undefined && { askedRate }),
    ...(apdexMs !== undefined && { apdexMs }),
  };
}
