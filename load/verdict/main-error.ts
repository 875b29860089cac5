/** What went wrong most often in a load, in the words that stand behind a sentence. */
import type { RunData } from '../measure/run-data.ts';
import { formatCount } from '../measure/units.ts';
import { isOfTest, totals } from './error-words.ts';

/** ` (300 × ECONNREFUSED)`, where anything went wrong; an error of the scenario's own, which may be for it, by its words. */
export function mainErrorOf({ errors }: Pick<RunData, 'errors'>): string {
  const all = [...errors.values()];
  const ofOthers = all.filter(({ kind }) => !isOfTest(kind));
  const groups = ofOthers.length > 0 ? ofOthers : all;
  const [most] = totals(groups, ({ kind, sample }) => (isOfTest(kind) ? sample : kind));
  return most === undefined ? '' : ` (${formatCount(most[1])} × ${most[0]})`;
}
