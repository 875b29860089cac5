import { expect, test } from '@playwright/test';
import { recordRun, reportedRun } from '../../testing/recorded-run.ts';
import type { CollectedRun } from './collected-run.ts';
import { withTestEnds } from './test-ends.ts';

const green = reportedRun(recordRun());

function run(
  verdict: CollectedRun['summary']['verdict'],
  { status, expected = 'passed' }: { status: string; expected?: string },
  test: object = { expectedStatus: expected, titlePath: () => ['', 'load', 'a.spec.ts', 'one'], repeatEachIndex: 0 },
): CollectedRun {
  const piece = { test, result: { status }, planIndex: 0, run: { kind: 'unreadable', reason: '' } };
  const { judgement, data, summary } = green;
  const group = { first: piece, pieces: [piece] };
  const segments = { expected: 1, present: [1] };
  return {
    ...{ data, segments, awaitsMerge: false, group: group as unknown as CollectedRun['group'] },
    ...{ judgement: { ...judgement, verdict }, summary: { ...summary, verdict } },
  };
}

const rows = [
  { say: 'passed, of a test that passed', run: run('passed', { status: 'passed' }), verdict: 'passed' },
  { say: 'passed, of a test that failed besides', run: run('passed', { status: 'failed' }), verdict: 'failed' },
  { say: 'measured, of a test that failed besides', run: run('measured', { status: 'failed' }), verdict: 'failed' },
  { say: 'passed, and meant to fail', run: run('passed', { status: 'passed', expected: 'failed' }), verdict: 'failed' },
  { say: 'failed as meant', run: run('failed', { status: 'failed', expected: 'failed' }), verdict: 'failed' },
  { say: 'invalid', run: run('invalid', { status: 'failed' }), verdict: 'invalid' },
] as const;
for (const { say, run: given, verdict } of rows) {
  test(`a run that is ${say} is ${verdict}`, () => {
    expect(withTestEnds([given]).map(({ summary }) => summary.verdict)).toEqual([verdict]);
  });
}

test('a run beside one that explains why its test failed keeps its own verdict', () => {
  const one = { expectedStatus: 'passed', titlePath: () => ['one'], repeatEachIndex: 0 };
  const runs = [run('passed', { status: 'failed' }, one), run('failed', { status: 'failed' }, one)];
  expect(withTestEnds(runs).map(({ summary }) => summary.verdict)).toEqual(['passed', 'failed']);
});
