import { expect } from '@playwright/test';
import { leftToMerge } from '../../load/measure/left-to-merge.ts';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun } from '../../testing/recorded-run.ts';
import {
  collectedRun,
  samplePiece,
  sampleResult,
  sampleTest,
  type SampleResultParts,
} from '../../testing/sample-test.ts';
import { failedAsMeant, testOf, withMissedFailures } from './meant-to-fail.ts';

const ends = [
  { expected: 'failed', status: 'failed', meant: true },
  { expected: 'failed', status: 'passed', meant: false },
  { expected: 'failed', status: 'timedOut', meant: false },
  { expected: 'failed', status: 'interrupted', meant: false },
  { expected: 'passed', status: 'failed', meant: false },
] as const;
for (const { expected, status, meant } of ends) {
  test(`a test that is expected to be ${expected} and ${status} failed as meant: ${meant}`, () => {
    const piece = { test: sampleTest({ expected }), result: sampleResult({ status }) };
    expect(failedAsMeant(piece)).toBe(meant);
  });
}

const marked = sampleTest({ expected: 'failed' });
const good = recordRun({ thresholds: [atMost('p95', 1_000)] });
const missed = recordRun({ thresholds: [atMost('p95', 1)] });
const left: SampleResultParts = { status: 'failed', errors: [`expected to fail: ${leftToMerge}`] };
const told = (run: typeof good, ...results: readonly SampleResultParts[]) => {
  const [first = samplePiece(run), ...more] = results.map((result) =>
    samplePiece(run, { test: marked, result: sampleResult(result) }),
  );
  return collectedRun([first, ...more]);
};

const rows = [
  { say: 'left its failure to the merge, and nothing failed', runs: [told(good, left)], verdicts: ['failed'] },
  { say: 'left its failure to the merge, which has one', runs: [told(missed, left)], verdicts: ['failed'] },
  {
    say: 'left its failure to the merge, which has one in another of its loads',
    runs: [told(good, left), told(missed, left)],
    verdicts: ['passed', 'failed'],
  },
  {
    say: 'failed by itself',
    runs: [told(good, { status: 'failed', errors: ['expect(1).toBe(2)'] })],
    verdicts: ['passed'],
  },
  {
    say: 'failed by itself besides',
    runs: [told(good, { status: 'failed', errors: [leftToMerge, 'expect(1).toBe(2)'] })],
    verdicts: ['passed'],
  },
  { say: 'failed without a word', runs: [told(good, { status: 'failed', errors: [] })], verdicts: ['passed'] },
  {
    say: 'failed with an error that has no message',
    runs: [told(good, { status: 'failed', errors: [undefined] })],
    verdicts: ['passed'],
  },
  { say: 'passed', runs: [told(good, { ...left, status: 'passed' })], verdicts: ['passed'] },
] as const;
for (const { say, runs, verdicts } of rows) {
  test(`of a test that is meant to fail and ${say} the runs are ${verdicts.join(' and ')}`, () => {
    const judged = withMissedFailures(runs);
    expect(judged.map(({ summary }) => summary.verdict)).toEqual(verdicts);
    expect(judged.map(({ judgement }) => judgement.verdict)).toEqual(verdicts);
  });
}

test('one of two shards that failed by itself is no failure that was left to the merge', () => {
  const half = (index: number, result: SampleResultParts) =>
    samplePiece(recordRun({ segment: { index, of: 2 }, thresholds: [atMost('p95', 1_000)] }), {
      test: marked,
      result: sampleResult(result),
    });
  const run = collectedRun([half(0, left), half(1, { status: 'failed', errors: ['expect(1).toBe(2)'] })]);
  expect(withMissedFailures([run]).map(({ summary }) => summary.verdict)).toEqual(['passed']);
});

test('a failure that did not come is the reason, and stops the build', () => {
  const [run] = withMissedFailures([told(good, left)]);
  const reason = 'its test is meant to fail (`test.fail()`), and all that it asks for was met';
  expect(run?.judgement).toMatchObject({ verdict: 'failed', reason, generator: { verdict: 'unjudged' } });
  expect(run?.summary).toMatchObject({ verdict: 'failed', reason, title: ['a.spec.ts', 'health'] });
  expect(run?.group.pieces).toHaveLength(1);
  expect(Object.keys(run?.summary ?? {})).not.toContain('expectedToFail');
  expect(told(good, left).summary.expectedToFail).toBe(true); // as it was before
});

test('runs of one test are known by titles and repetition, on whatever shard', () => {
  const keyOf = (titles: string[], repeat: number) =>
    testOf(collectedRun([samplePiece(good, { test: sampleTest({ titles, repeat }) })]));
  expect(keyOf(['one'], 0)).toBe(keyOf(['one'], 0));
  expect(new Set([keyOf(['one'], 0), keyOf(['two'], 0), keyOf(['one'], 1)]).size).toBe(3);
});
