/** From how many cores a run was sent, and how far apart they began. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatMs } from '../../load/measure/units.ts';

/** `2 cores, begun 1.20 ms apart`; undefined for a run that was sent from one. */
export function coresWords({ cores, startSkewMs }: Pick<RunSummary, 'cores' | 'startSkewMs'>): string | undefined {
  if (cores === undefined || cores === 1) return undefined;
  return startSkewMs === undefined ? `${cores} cores` : `${cores} cores, begun ${formatMs(startSkewMs)} apart`;
}
