/** What a load was asked to do, in the form in which it travels with its results. */
import type { RunPlan } from '../measure/run-data.ts';
import type { Profile } from '../profile/profile.ts';
import type { ResolvedOptions } from '../run/resolve-options.ts';

export function planOf(
  profile: Profile,
  { name, warmUpMs, apdexMs, whenSaturated, uncounted, unjudged, servers }: ResolvedOptions,
  { index, isStep }: Pick<RunPlan, 'index' | 'isStep'>,
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
    ...(isStep && { isStep }),
    ...(servers === 'per-shard' && { servers }),
    ...(name !== undefined && { name }),
    ...(durationMs !== undefined && { plannedMs: durationMs }),
    ...(steady !== undefined && { steady }),
    ...(askedRate !== undefined && { askedRate }),
    ...(apdexMs !== undefined && { apdexMs }),
  };
}
