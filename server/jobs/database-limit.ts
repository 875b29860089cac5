/** A database that hangs is one that does not answer. */
import { ProblemError } from '../domain/problem.ts';

/** How long those wait who ask how it is; a supervisor gives up soon after. */
export const databaseLimitMs = 2_000;

/** @throws {@link ProblemError} `not-ready` when there is no answer in so many milliseconds */
export async function within<Answer>(asked: Promise<Answer>, limitMs: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ProblemError('not-ready', 'the database does not answer')), limitMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
