/** One phase of all requests of a run. */
import { LatencyHistogram } from '../load/measure/histogram.ts';
import type { PhaseName } from '../load/measure/measured-request.ts';
import type { RunData } from '../load/measure/run-data.ts';

/** All endpoints' times of the phase in one histogram; empty when the phase never took place. */
export function overallPhase(run: Pick<RunData, 'endpoints'>, phase: PhaseName): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const { phases } of run.endpoints.values()) all.add(phases[phase]);
  return all;
}
