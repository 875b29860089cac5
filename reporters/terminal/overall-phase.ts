/** One phase of all requests of a run, and the time before the first of them. */
import { LatencyHistogram } from '../../load/measure/histogram.ts';
import type { PhaseName } from '../../load/measure/samples/phases.ts';
import type { RunData } from '../../load/measure/run-data.ts';

/** All endpoints' times of the phase in one histogram; empty when the phase never took place. */
export function overallPhase(run: Pick<RunData, 'endpoints'>, phase: PhaseName): LatencyHistogram {
  const all = new LatencyHistogram();
  for (const { phases } of run.endpoints.values()) all.add(phases[phase]);
  return all;
}

/** Mean wait for a start in milliseconds, over all requests whose times are kept; undefined without one. */
export function overallBlockedMs({ endpoints }: Pick<RunData, 'endpoints'>): number | undefined {
  let [sumMs, count] = [0, 0];
  for (const { blockedMs, service } of endpoints.values()) {
    sumMs += blockedMs;
    count += service.count;
  }
  return count === 0 ? undefined : sumMs / count;
}
