/**
 * Runs whose numbers are good and whose test failed all the same, on whatever machine: by an assertion of another kind,
 * or because it was meant to fail and did not. What the test is judged by is told of the run too, so that a summary does
 * not pass what the runner fails.
 */
import { shardOf } from '../../load/measure/segment-place.ts';
import { isBad } from '../../load/verdict/verdict-order.ts';
import { bringsBadFinding } from './collected-finding.ts';
import type { CollectedRun } from './collected-run.ts';
import { testOf } from './meant-to-fail.ts';

export function withTestEnds(runs: readonly CollectedRun[]): CollectedRun[] {
  const explained = new Set(runs.filter(isExplanation).map(testOf));
  return runs.map((run) => (explained.has(testOf(run)) ? run : withEnd(run)));
}

/** A run that is bad, or waits for others, says already why its test ended so; and so does a bad finding beside it. */
function isExplanation({ summary, awaitsMerge, group }: CollectedRun): boolean {
  return (
    awaitsMerge ||
    isBad(summary.verdict) ||
    group.pieces.some(({ result }) => result.status === 'failed' && bringsBadFinding(result))
  );
}

function withEnd(run: CollectedRun): CollectedRun {
  const other = run.group.pieces.find(({ test, result }) => result.status !== test.expectedStatus);
  if (other === undefined) return run;
  const segment = other.run.kind === 'run' ? other.run.segments[0] : undefined;
  const where = segment === undefined || shardOf(segment).of === 1 ? '' : ` on segment ${segment.index + 1}`;
  const meant = other.test.expectedStatus === 'failed' ? ', though it was meant to fail' : '';
  const reason = `its test ended \`${other.result.status}\`${where}${meant}`;
  const judgement = { ...run.judgement, verdict: 'failed', reason } as const;
  return { ...run, judgement, summary: { ...run.summary, verdict: 'failed', reason } };
}
