/** What is said of a run that held no one state, or whose books Little's law doubts; nothing of one that was steady. */
import type { RunSummary } from '../../load/measure/summary.ts';

export function steadinessWords({ steadiness }: Pick<RunSummary, 'steadiness'>): string[] {
  if (steadiness === undefined) return [];
  const { verdict, reason, accounting } = steadiness;
  return [
    ...(verdict === 'warming-up' ? [`still warming up: ${reason}`] : []),
    ...(verdict === 'unsteady' ? [`unsteady: ${reason}`] : []),
    ...(accounting === undefined ? [] : [`accounting: ${accounting}`]),
  ];
}
