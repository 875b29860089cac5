/** Limits on a percentile that a chart shows as lines. */
import type { Comparison, Threshold } from '../../../load/measure/threshold.ts';

/** A limit on a percentile that a chart shows as a line. */
export interface LimitLine {
  readonly metric: string;
  readonly comparison: Comparison;
  readonly ms: number;
  readonly kind: 'target' | 'acceptable';
}

/**
 * Only limits of the whole run on a percentile that is drawn: a line must belong to a curve. `group` is what stands
 * before the percentile in the metric's name; `bare` names go without it.
 */
export function limitLines(
  { scope, window, metric, target, acceptable }: Threshold,
  {
    group,
    shown,
    bare = false,
  }: { readonly group: string; readonly shown: readonly string[]; readonly bare?: boolean },
): LimitLine[] {
  const isGrouped = metric.startsWith(`${group}.`);
  const word = isGrouped ? metric.slice(group.length + 1) : metric;
  if (scope.kind !== 'run' || window !== undefined || !(isGrouped || bare) || !shown.includes(word)) return [];
  const line = (kind: LimitLine['kind'], limit: typeof target): LimitLine[] =>
    Number.isFinite(limit.value) ? [{ metric: word, comparison: limit.comparison, ms: limit.value, kind }] : [];
  return [...line('target', target), ...(acceptable === undefined ? [] : line('acceptable', acceptable))];
}
