/**
 * What is said of the SLOs that a run was judged by. Their names come as their authors wrote them: whoever prints makes
 * them harmless.
 */
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatCount, formatPercent, formatRate } from '../../load/measure/units.ts';

/** `checkout: 98.7 % of 5,000 requests good, 493/s`. */
export function sloWords({ slos = [] }: Pick<RunSummary, 'slos'>): string[] {
  return slos.map(
    ({ name, share, of, perSec }) =>
      `${name}: ${formatPercent(share)} of ${formatCount(of)} requests good, ${formatRate(perSec)}`,
  );
}
