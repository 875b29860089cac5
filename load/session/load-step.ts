/** The step of a load in Playwright's report: it lasts as long as the load, and is shown where the test asks for it. */
import type { RunPlan } from '../measure/run-data.ts';
import { type CallSite, locationOf, type SpecLocation } from '../own-frames.ts';
import type { ReducedLoad } from './reduced-load.ts';
import { type Place, placeWords } from './segment.ts';

export interface LoadStep {
  /** `checkout: 500/s for 30s`. */
  readonly title: string;
  readonly options: { readonly subtitle: string; readonly location?: SpecLocation };
}

export function loadStep(
  { profile, resolved }: Pick<ReducedLoad, 'profile' | 'resolved'>,
  { plan, place, at }: { readonly plan: RunPlan; readonly place: Place; readonly at: CallSite },
): LoadStep {
  const location = locationOf(at);
  return {
    title: resolved.name === undefined ? profile.describe() : `${resolved.name}: ${profile.describe()}`,
    options: { subtitle: `${plan.model}${placeWords(place)}`, ...(location !== undefined && { location }) },
  };
}
