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

/** What became of the requests of an endpoint, as an attribute of their count. */
export const outcomes = ['ok', 'failed', 'timedOut'] as const;
/** Of these the endpoint is not known. */
export const withoutEndpoint = ['dropped', 'unfinished'] as const;
