/** No two runs, and no two findings, of one report have the same id. */
import { distinctIds } from '../../load/measure/run-id.ts';

export function withDistinctIds<Summary extends { readonly id: string }, Of extends { readonly summary: Summary }>(
  all: readonly (Of & { readonly summary: Summary })[],
): Of[] {
  const summaries = distinctIds(all.map(({ summary }) => summary));
  return all.map((each, at) => ({ ...each, summary: summaries[at] ?? each.summary }));
}
