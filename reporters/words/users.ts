/** What is said of users who were set up before a load and torn down after it. */
import type { RunSummary } from '../../load/measure/summary.ts';
import { formatCount, formatMs } from '../../load/measure/units.ts';

/** As a note that stands alone: `users: 50 set up (p50 301 ms), 50 torn down`. */
export function usersNotes({ users }: Pick<RunSummary, 'users'>): string[] {
  const words = usersWords(users);
  return words === undefined ? [] : [`users: ${words}`];
}

/** `50 set up (p50 301 ms), 50 torn down (p50 12.1 ms)`, with how many of them failed; nothing of a load without such users. */
export function usersWords(users: RunSummary['users']): string | undefined {
  if (users === undefined) return undefined;
  return [endWords('set up', users.setUp), endWords('torn down', users.tearDown)].join(', ');
}

function endWords(what: string, { begun, failed, ms }: NonNullable<RunSummary['users']>['setUp']): string {
  const notes = [
    ...(ms === undefined ? [] : [`p50 ${formatMs(ms.p50)}`]),
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
  ];
  return `${formatCount(begun - failed)} ${what}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}
