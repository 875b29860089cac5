/** Tests without a load that ran while this one lasted: they took part of the machine, so they are named. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { besideWords } from '../words/beside.ts';
import { plainLine } from '../words/plain-text.ts';
import { type Canvas, labelled } from './section.ts';

export function besideLines({ beside }: Pick<RunSummary, 'beside'>, canvas: Canvas): string[] {
  if (beside === undefined) return [];
  return labelled('beside', plainLine(besideWords(beside)), canvas).map((line) => canvas.paint.fair(line));
}
