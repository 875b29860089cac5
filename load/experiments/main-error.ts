/** What went wrong most often in a load, in the words that stand behind a sentence. */
import type { LoadRun } from '../load-run.ts';
import { formatCount } from '../measure/units.ts';

/** ` (38 × HTTP 429)`, the most frequent error of a load, where it had any. */
export function mainErrorOf(run: LoadRun | undefined): string {
  const errors = run?.figures.errors ?? [];
  const most = errors.find(({ kind }) => kind !== 'exception') ?? errors[0]; // which may be for what a request did
  if (most === undefined) return '';
  const { count, kind, sample } = most;
  return ` (${formatCount(count)} × ${kind === 'exception' ? sample : kind})`;
}
