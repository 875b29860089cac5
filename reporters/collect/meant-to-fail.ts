/**
 * Tests marked `test.fail()`: the failure that their author wants is no reason to stop a build, and one that did not
 * come is. On shards only the merge can tell.
 */
import type { TestResult } from '@playwright/test/reporter';
import { leftToMerge } from '../../load/measure/left-to-merge.ts';
import { isBad } from '../../load/verdict/verdict-order.ts';
import type { CollectedRun } from './collected-run.ts';
import type { RunPiece } from './run-group.ts';

/** Whether the test failed and was meant to. One that was cut off, timed out or never begun did not fail as meant. */
export function failedAsMeant({ test, result }: Pick<RunPiece, 'test' | 'result'>): boolean {
  return test.expectedStatus === 'failed' && result.status === 'failed';
}

/** The runs of a merge, failed where a test left its failure to the merge and none of its runs is bad. */
export function withMissedFailures(runs: readonly CollectedRun[]): CollectedRun[] {
  const bad = new Set(runs.filter(({ summary }) => isBad(summary.verdict)).map(testOf));
  return runs.map((run) => {
    const left = run.group.pieces.every((piece) => failedAsMeant(piece) && isLeft(piece.result));
    return left && !bad.has(testOf(run)) ? failed(run) : run;
  });
}

/** The same for all runs of one test, on whatever shard. */
export function testOf({ group }: CollectedRun): string {
  return JSON.stringify([group.first.test.titlePath(), group.first.test.repeatEachIndex]);
}

function isLeft({ errors }: TestResult): boolean {
  return errors.length > 0 && errors.every(({ message }) => message?.includes(leftToMerge) === true);
}

function failed(run: CollectedRun): CollectedRun {
  const judgement = {
    ...run.judgement,
    verdict: 'failed',
    reason: 'its test is meant to fail (`test.fail()`), and all that it asks for was met',
  } as const;
  const summary = { ...run.summary, verdict: judgement.verdict, reason: judgement.reason };
  delete summary.expectedToFail; // it is what a build has to stop for
  return { ...run, judgement, summary };
}
