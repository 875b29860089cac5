/** What a load was asked to do, in the form in which it travels with its results. */
import { maskText } from '../measure/mask.ts';
import type { RunPlan } from '../measure/run-data.ts';
import type { ReducedLoad } from './reduced-load.ts';

export function planOf(
  { profile, resolved, plan, steady }: Pick<ReducedLoad, 'profile' | 'resolved' | 'plan' | 'steady'>,
  { index, isStep, ofExperiment }: Pick<RunPlan, 'index' | 'isStep'> & { readonly ofExperiment?: true },
): RunPlan {
  const { name, warmUpMs, apdexMs, whenSaturated, uncounted, unjudged, servers, traceUrl, logsUrl } = resolved;
  const { durationMs, askedRate, stages } = profile;
  const isPlayed = plan.once === true && ofExperiment === true; // as any other load: its experiment finds nothing
  return {
    index,
    profile: profile.describe(),
    model: profile.model,
    warmUpMs,
    whenSaturated,
    ...(uncounted === 'allowed' && { uncounted }),
    ...(unjudged && !isPlayed && { unjudged }),
    ...(isStep && !isPlayed && { isStep }),
    ...plan,
    ...(servers === 'per-shard' && { servers }),
    ...(name !== undefined && { name }),
    ...(durationMs !== undefined && { plannedMs: durationMs }),
    ...(stages !== undefined && { stages }),
    ...(steady !== undefined && { steady }),
    ...(askedRate !== undefined && { askedRate }),
    ...(apdexMs !== undefined && { apdexMs }),
    ...(traceUrl !== undefined && { traceUrl: maskText(traceUrl) }),
    ...(logsUrl !== undefined && { logsUrl: maskText(logsUrl) }),
  };
}
