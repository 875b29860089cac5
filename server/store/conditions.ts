/** Conditions on the state of a workflow, written out and not bound: a partial index only serves the query that repeats its own. */
import { sql } from 'kysely';
import { runningStatuses, waitingStatuses } from '../domain/workflows/states.ts';

const among = (words: readonly string[]) => sql<boolean>`status in (${sql.join(words.map((word) => sql.lit(word)))})`;

/** A step of the machine is due. */
export const running = among(runningStatuses);
/** No other workflow of the instance may begin. */
export const active = among([...runningStatuses, ...waitingStatuses]);
