/** What a reader who has one minute is to see: the runs in the order of their need, each with its reasons. */
import type { RunSummary, ThresholdSummary } from '../../load/measure/summary.ts';
import { byVerdict } from '../../load/verdict/verdict-order.ts';

/** In a stable order: of one verdict as they came. */
export function worstFirst<Run extends Pick<RunSummary, 'verdict'>>(runs: readonly Run[]): Run[] {
  return runs.toSorted((a, b) => byVerdict(a.verdict, b.verdict));
}

/** Whose the missed limits are, each once. */
export function culpritsOf(thresholds: readonly Pick<ThresholdSummary, 'verdict' | 'culprit'>[]): string[] {
  return [
    ...new Set(
      thresholds.flatMap(({ verdict, culprit }) =>
        verdict === 'failed' && culprit !== undefined ? [culprit.words] : [],
      ),
    ),
  ];
}
