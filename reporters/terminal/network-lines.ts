/** What the connections went through, where it is worth a line. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { networkWords } from '../words/network.ts';
import { plainLine } from '../words/plain-text.ts';
import { type Canvas, labelled, wrapLabelled } from './section.ts';

export function networkLines({ network }: Pick<RunSummary, 'network'>, canvas: Canvas): string[] {
  return networkWords(network).flatMap((words, at) =>
    at === 0 ? labelled('network', plainLine(words), canvas) : wrapLabelled(plainLine(words), canvas),
  );
}
