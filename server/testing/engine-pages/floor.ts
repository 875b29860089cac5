/** How right the analysis must be at least: what was measured last. A change that falls below it is no improvement. */
import type { ScoreCard } from './score-card.ts';

export const floor = { precision: 0.99, recall: 0.96, exact: 84, misread: 0 } as const;

/** A line for each figure that is worse than the floor. */
export function belowFloor({ precision, recall, exact, misread }: ScoreCard): string[] {
  return [
    ...((precision ?? 0) < floor.precision ? [`precision ${String(precision)} is below ${floor.precision}`] : []),
    ...((recall ?? 0) < floor.recall ? [`recall ${String(recall)} is below ${floor.recall}`] : []),
    ...(exact < floor.exact ? [`${exact} sequences are answered exactly, expected ${floor.exact}`] : []),
    ...(misread > floor.misread ? [`${misread} sequences are misread, expected at most ${floor.misread}`] : []),
  ];
}
