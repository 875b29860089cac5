/** What requests beside the books say of a run: its numbers tell of a part of the load only. */
import { formatCount } from '../measure/units.ts';
import type { RunData } from '../measure/run-data.ts';

/** Rows that a sentence names. */
const named = 3;

/** One sentence, with what to do; undefined when every request was counted. */
export function uncountedRequests({ uncounted, counts }: RunData): string | undefined {
  const rows = [...uncounted].sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return undefined;
  const sum = rows.reduce((total, [, count]) => total + count, 0);
  const list = rows.slice(0, named).map(([row, count]) => (count === 1 ? row : `${formatCount(count)} × ${row}`));
  const rest = rows.length > named ? ', …' : '';
  return (
    `${formatCount(sum)} request${sum === 1 ? ' was' : 's were'} sent beside the ${formatCount(counts.started)} in the books: ${list.join(', ')}${rest}. ` +
    "Send them with the scenario's `request` or with a context of its `newContext`; if they are no part of the load, say `uncounted: 'allowed'`"
  );
}

/** Why the run says nothing of its load: undefined where the spec allows such requests. */
export function uncountedReason(run: RunData): string | undefined {
  return run.plan.uncounted === 'allowed' ? undefined : uncountedRequests(run);
}
