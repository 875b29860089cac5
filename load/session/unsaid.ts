/**
 * What a load test has to be told beside the thresholds that its author had judged: a run that was invalid, cut short
 * or without thresholds, a failed check. Silence about one of these would be a green test that means nothing.
 */
import type { RunData } from '../measure/run-data.ts';
import { awaitsMerge, lostGenerators } from '../measure/segment-place.ts';
import { describeThresholds } from '../verdict/describe.ts';
import { judgeRun } from '../verdict/judge.ts';
import { isBad } from '../verdict/verdict-order.ts';

/** The error to fail the test with, in words; undefined if all is said, or if the merge of segments will say it. */
export function unsaidOf(run: RunData, testHasFailed: boolean): string | undefined {
  if (awaitsMerge(run) && lostGenerators(run).length === 0) return undefined;
  const { verdict, reason, thresholds } = judgeRun(run);
  if (!isBad(verdict)) return undefined;
  const name = run.plan.name === undefined ? run.plan.profile : `${run.plan.name}: ${run.plan.profile}`;
  const implied = thresholds.filter((threshold) => threshold.verdict === 'failed' && threshold.implied === true);
  if (implied.length > 0) return `${verdict}: ${name}: ${reason}\n\n${describeThresholds(run, implied)}`;
  const stopped = run.segments.some((segment) => segment.stopped !== undefined);
  if (verdict === 'failed' && testHasFailed && !stopped) return undefined; // by the very thresholds that were missed
  return `${verdict}: ${name}: ${reason}`;
}
