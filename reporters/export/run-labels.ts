/** How a run is called in exports: which test, which project, and its own name where the test has several. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { plainLine } from '../words/plain-text.ts';

export interface RunLabels {
  readonly project: string;
  readonly run: string;
}

export function runLabels({ project, title }: Pick<RunSummary, 'project' | 'title'>): RunLabels {
  return { project: plainLine(project), run: title.map(plainLine).join(' › ') };
}
