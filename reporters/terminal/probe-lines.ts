/** Pages that were looked at beside the load, where there are such. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { wrapped } from '../words/plain-text.ts';
import { probeNotes } from '../words/probes.ts';
import { type Canvas, indent } from './section.ts';

export function probeLines(summary: Pick<RunSummary, 'probes'>, { width }: Canvas): string[] {
  return probeNotes(summary).flatMap((note) =>
    wrapped(note, width - 2 * indent.length).map((line, at) => `${indent}${at === 0 ? '' : indent}${line}`),
  );
}
