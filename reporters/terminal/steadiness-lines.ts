/** Whether a run held one state, and what users got of its SLOs. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { plainLine } from '../words/plain-text.ts';
import { sloWords } from '../words/slos.ts';
import { steadinessWords } from '../words/steadiness.ts';
import { type Canvas, labelled } from './section.ts';

export function steadinessLines(summary: Pick<RunSummary, 'steadiness'>, canvas: Canvas): string[] {
  return steadinessWords(summary).flatMap((words) =>
    labelled('steadiness', plainLine(words), canvas).map((line) => canvas.paint.fair(line)),
  );
}

export function sloLines(summary: Pick<RunSummary, 'slos'>, canvas: Canvas): string[] {
  return sloWords(summary).flatMap((words) => labelled('goodput', plainLine(words), canvas));
}
