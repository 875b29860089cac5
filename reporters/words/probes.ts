/** What is said of pages that were looked at beside a load. */
import { probeWords } from '../../load/measure/probe-words.ts';
import type { RunSummary } from '../../load/measure/summary.ts';

/** A line for each of them; none of a load without pages. */
export function probeNotes({ probes = [] }: Pick<RunSummary, 'probes'>): string[] {
  return probes.map(probeWords);
}
