/** The windows of a run as `timeToRecovery` takes them. */
import type { RunData } from '../measure/run-data.ts';
import type { RecoveryWindow } from './recovery.ts';
import { stretchOf } from './run-seconds.ts';

/**
 * One window per `windowS` seconds of the measured part between two moments of it; a last piece shorter than that is
 * left out. A request that was dropped or never ended counts as failed in the window it was due in.
 */
export function recoveryWindows(
  data: RunData,
  { fromMs, toMs, windowS = 1 }: { readonly fromMs: number; readonly toMs: number; readonly windowS?: number },
): RecoveryWindow[] {
  const [from, to] = [Math.ceil(fromMs / 1_000), Math.floor(toMs / 1_000)];
  const count = Math.max(0, Math.floor((to - from) / windowS));
  return Array.from({ length: count }, (_, at) => {
    const { requests, ok, latency, inFlight } = stretchOf(data, from + at * windowS, from + (at + 1) * windowS);
    const p95Ms = latency.percentile(95);
    return { requests, failed: requests - ok, inFlight, ...(p95Ms !== undefined && { p95Ms }) };
  });
}
