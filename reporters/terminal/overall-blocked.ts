/** The time before the first of a request's phases, over all requests of a run. */
import type { RunData } from '../../load/measure/run-data.ts';

/** Mean wait for a start in milliseconds, over all requests whose times are kept; undefined without one. */
export function overallBlockedMs({ endpoints }: Pick<RunData, 'endpoints'>): number | undefined {
  let [sumMs, count] = [0, 0];
  for (const { blockedMs, service } of endpoints.values()) {
    sumMs += blockedMs;
    count += service.count;
  }
  return count === 0 ? undefined : sumMs / count;
}
