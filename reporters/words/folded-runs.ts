/** Runs that need no place of their own, since they were run for a finding alone and its table has them. */
import type { RunSummary, Summary } from '../../load/measure/summary.ts';
import { isBad } from '../../load/verdict/verdict-order.ts';

/** One that is bad is shown by itself all the same: the finding rests on it. */
export function foldedRuns({ runs, findings = [] }: Pick<Summary, 'runs' | 'findings'>): ReadonlySet<RunSummary> {
  const folded = findings.flatMap(({ folds, runs: at }) =>
    folds === true ? at.flatMap((each) => runs[each] ?? []) : [],
  );
  return new Set(folded.filter(({ verdict }) => !isBad(verdict)));
}
