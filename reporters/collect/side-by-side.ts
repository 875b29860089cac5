/**
 * What went on beside a load in the same test run: another load, which makes both invalid, since each measured the
 * other, or tests without a load, which are named. Only workers of one process of Playwright are compared: the shards
 * of one load are meant to overlap. One worker runs one test at a time, so a test never stands beside itself, and
 * several loads of one test are its author's wish. What is played once measures nothing, and disturbs nobody.
 */
import type { TestCase, TestResult } from '@playwright/test/reporter';
import { shardOf } from '../../load/measure/segment-place.ts';
import { isBad, worstVerdict } from '../../load/verdict/verdict-order.ts';
import type { CollectedRun } from './collected-run.ts';
import { nameOfTest } from './report-group.ts';

/** An attempt of a test that put no load on anything. */
export interface PlainAttempt {
  readonly test: TestCase;
  readonly result: TestResult;
}

interface Span {
  readonly workerIndex: number;
  /** Which shard, from 0; -1 where nothing tells, after a merge. */
  readonly shard: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SideBySideParts {
  readonly runs: readonly CollectedRun[];
  readonly plain: readonly PlainAttempt[];
  /** After a merge, runs of one segment and tests without a load tell nothing of where they ran. */
  readonly merging: boolean;
}

/** The clock may be set while tests run; what overlaps by less is not told from that. */
export const leastOverlapMs = 10;

/** The runs, each with what stood beside it. */
export function withNeighbours({ runs, plain, merging }: SideBySideParts): CollectedRun[] {
  const spans = new Map(runs.map((run) => [run, run.data.plan.once === true ? [] : spansOf(run, merging)]));
  const attempts = merging ? [] : plain.map((attempt) => ({ attempt, span: spanOf(attempt.result) }));
  return runs.map((run) => {
    const own = spans.get(run) ?? [];
    const meets = (span: Span) => own.some((each) => overlap(each, span));
    const others = runs.filter((other) => isOther(run, other) && (spans.get(other) ?? []).some(meets));
    const beside = attempts.flatMap(({ attempt, span }) => (meets(span) ? [nameOfTest(attempt.test)] : []));
    return besideTests(besideLoads(run, others), [...new Set(beside)]);
  });
}

function isOther(run: CollectedRun, other: CollectedRun): boolean {
  return run !== other && !run.group.pieces.some(({ test }) => other.group.pieces.some((piece) => piece.test === test));
}

function spansOf({ group }: CollectedRun, merging: boolean): Span[] {
  return group.pieces.flatMap(({ run, result: { workerIndex } }) =>
    run.kind === 'unreadable'
      ? []
      : run.segments.map(({ startedAtEpochMs, durationMs, ...segment }) => ({
          workerIndex,
          shard: merging ? shardAfterMerge(segment) : 0,
          fromMs: startedAtEpochMs - run.plan.warmUpMs,
          toMs: startedAtEpochMs + durationMs,
        })),
  );
}

/** Without shards nothing tells which machine it was. */
function shardAfterMerge(segment: Parameters<typeof shardOf>[0]): number {
  const { index, of } = shardOf(segment);
  return of > 1 ? index : -1;
}

function spanOf({ workerIndex, startTime, duration }: TestResult): Span {
  return { workerIndex, shard: 0, fromMs: startTime.getTime(), toMs: startTime.getTime() + duration };
}

function overlap(a: Span, b: Span): boolean {
  const samePlace = a.shard === b.shard && a.shard >= 0 && a.workerIndex !== b.workerIndex;
  return samePlace && Math.min(a.toMs, b.toMs) - Math.max(a.fromMs, b.fromMs) >= leastOverlapMs;
}

function besideLoads(run: CollectedRun, others: readonly CollectedRun[]): CollectedRun {
  const [first] = others;
  if (first === undefined || run.awaitsMerge) return run;
  const more = others.length === 1 ? '' : ` and ${others.length - 1} more`;
  const why = `the load of \`${first.summary.title.join(' › ')}\`${more} ran at the same time, so each measured the other: run load tests with \`workers: 1\``;
  const verdict = worstVerdict([run.judgement.verdict, 'invalid']);
  const reason = !isBad(run.judgement.verdict) ? why : `${run.judgement.reason}; ${why}`;
  return {
    ...run,
    besideLoad: why,
    judgement: { ...run.judgement, verdict, reason },
    summary: { ...run.summary, verdict, reason },
  };
}

function besideTests(run: CollectedRun, beside: readonly string[]): CollectedRun {
  return beside.length === 0 ? run : { ...run, summary: { ...run.summary, beside } };
}
