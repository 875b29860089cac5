/** Which users did not come through their lives, and what most of them failed by, in words. */
import { plainLine } from '../measure/plain-line.ts';
import type { RunData } from '../measure/run-data.ts';
import { formatCount } from '../measure/units.ts';
import { stageWords, userErrorKind, userStages, type UserBook } from '../measure/user-book.ts';

const failedWords = {
  setUp: 'did not get ready',
  tearDown: 'were not torn down',
} as const satisfies Record<keyof UserBook, string>;

/** `3 of 50 users did not get ready: Error: login answered 401`; empty where all came through. */
export function userFailureWords(run: Pick<RunData, 'users' | 'errors'>): string {
  return userStages
    .filter((stage) => run.users[stage].failed > 0)
    .map((stage) => {
      const { begun, failed } = run.users[stage];
      return `${formatCount(failed)} of ${formatCount(begun)} users ${failedWords[stage]}${mainFailure(run, stage)}`;
    })
    .join('; ');
}

function mainFailure({ errors }: Pick<RunData, 'errors'>, stage: keyof UserBook): string {
  const [most] = [...errors.values()]
    .filter(({ kind, endpoint }) => kind === userErrorKind && endpoint.startsWith(`${stageWords[stage]}: `))
    .sort((a, b) => b.count - a.count);
  return most === undefined ? '' : `: ${plainLine(most.sample)}`;
}
