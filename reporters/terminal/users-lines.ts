/** Users who were set up and torn down, where there are such. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { usersWords } from '../words/users.ts';
import { type Canvas, labelled } from './section.ts';

export function usersLines({ users }: Pick<RunSummary, 'users'>, canvas: Canvas): string[] {
  const words = usersWords(users);
  return words === undefined ? [] : labelled('users', words, canvas);
}
