/** What users got of each SLO that a run was judged by, for its reports. */
import { entry, type RunData } from '../measure/run-data.ts';
import type { SloSummary } from '../measure/summary.ts';
import type { Threshold } from '../measure/threshold.ts';
import { toDigits } from '../measure/units.ts';
import { goodputWithin, strictest } from './goodput.ts';

/** Of those that the whole run was held against and that limit a latency. */
export function goodputOfSlos(run: RunData): SloSummary[] {
  const bySlo = new Map<string, Threshold[]>();
  for (const threshold of run.thresholds) {
    const { slo, scope, window } = threshold;
    if (slo !== undefined && scope.kind === 'run' && window === undefined) entry(bySlo, slo, () => []).push(threshold);
  }
  return [...bySlo].flatMap(([name, thresholds]) => {
    const goodput = goodputWithin({ data: run }, strictest(thresholds, run.plan.model));
    if (goodput === undefined) return [];
    const { good, of, share, perSec } = goodput;
    return [{ name, good, of, share, perSec: toDigits(perSec, 3) }];
  });
}
