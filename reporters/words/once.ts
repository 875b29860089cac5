/** That runs were no loads. */
import type { RunSummary } from '../../load/measure/summary.ts';

/** ` played once`, where all were: behind how many there are. */
export function onceWords(runs: readonly Pick<RunSummary, 'once'>[]): string {
  return runs.length > 0 && runs.every(({ once }) => once === true) ? ' played once' : '';
}
