/** What went wrong most often in a load, in the words that stand behind a sentence. */
import type { RunData } from '../measure/run-data.ts';
import { formatCount } from '../measure/units.ts';
import { userErrorKind } from '../measure/user-book.ts';

/** ` (300 × ECONNREFUSED)`, where anything went wrong; an error of the scenario's own, which may be for it, by its words. */
export function mainErrorOf({ errors }: Pick<RunData, 'errors'>): string {
  const commonest = [...errors.values()].sort((a, b) => b.count - a.count);
  const most = commonest.find(({ kind }) => !isOwn(kind)) ?? commonest[0];
  if (most === undefined) return '';
  const { count, kind, sample } = most;
  return ` (${formatCount(count)} × ${isOwn(kind) ? sample : kind})`;
}

/** Of the test's own code: its kind says nothing. */
function isOwn(kind: string): boolean {
  return kind === 'exception' || kind === userErrorKind;
}
