import { expect } from '@playwright/test';
import { encodeFindings, findingsAttachment } from '../../load/measure/finding.ts';
import { test } from '../../testing/plain-test.ts';
import { sampleFinding } from '../../testing/sample-finding.ts';
import { atMost, recordRun, reportedRun } from '../../testing/recorded-run.ts';
import { collectedRun, samplePiece, sampleResult, sampleTest } from '../../testing/sample-test.ts';
import type { CollectedRun } from './collected-run.ts';
import { withTestEnds } from './test-ends.ts';

const green = reportedRun(recordRun());

function run(
  verdict: CollectedRun['summary']['verdict'],
  { status, expected = 'passed' }: { status: string; expected?: string },
  test: object = { expectedStatus: expected, titlePath: () => ['', 'load', 'a.spec.ts', 'one'], repeatEachIndex: 0 },
): CollectedRun {
  const piece = { test, result: { status, attachments: [] }, planIndex: 0, run: { kind: 'unreadable', reason: '' } };
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

const ends = [
  { verdict: 'failed', status: 'failed', told: 'measured' },
  { verdict: 'invalid', status: 'failed', told: 'measured' },
  { verdict: 'failed', status: 'timedOut', told: 'failed' }, // that the finding does not explain
  { verdict: 'inconclusive', status: 'failed', told: 'failed' },
  { verdict: 'passed', status: 'failed', told: 'failed' },
  { verdict: 'lost', status: 'failed', told: 'failed' },
] as const;
for (const { verdict, status, told: expected } of ends) {
  test(`a measured run of a test that ${status} beside a finding that is ${verdict} is ${expected}`, () => {
    const text = verdict === 'lost' ? '{' : encodeFindings([sampleFinding({ verdict })]);
    const attachments = [{ name: findingsAttachment, contentType: 'application/json', body: Buffer.from(text) }];
    const piece = samplePiece(recordRun({ plan: { unjudged: true } }), {
      result: sampleResult({ status, attachments }),
    });
    expect(withTestEnds([collectedRun([piece])]).map(({ summary }) => summary.verdict)).toEqual([expected]);
  });
}

const halves = [0, 1].map((index) => recordRun({ segment: { index, of: 2 } }));
const told = [
  { expected: 'passed', ends: ['failed'], runs: [recordRun()], reason: 'its test ended `failed`' },
  { expected: 'passed', ends: ['timedOut'], runs: ['lost'], reason: 'its test ended `timedOut`' },
  {
    expected: 'failed',
    ends: ['passed'],
    runs: [recordRun()],
    reason: 'its test ended `passed`, though it was meant to fail',
  },
  { expected: 'passed', ends: ['passed', 'failed'], runs: halves, reason: 'its test ended `failed` on segment 2' },
  {
    expected: 'passed',
    ends: ['interrupted', 'failed'],
    runs: halves,
    reason: 'its test ended `interrupted` on segment 1',
  },
] as const;
for (const { expected, ends, runs, reason } of told) {
  test(`of a test that is to be ${expected} and was ${ends.join(' and ')}${runs[0] === 'lost' ? ', its run lost,' : ''} it is told: ${reason}`, () => {
    const pieces = ends.map((status, at) => {
      const given = runs[at];
      return samplePiece(typeof given === 'object' ? given : { kind: 'unreadable', reason: 'lost' }, {
        test: sampleTest({ expected }),
        result: sampleResult({ status }),
      });
    });
    const [first = samplePiece()] = pieces;
    const whole = {
      ...collectedRun([samplePiece(recordRun({ thresholds: [atMost('p95', 1_000)] }))]),
      group: { first, pieces },
    };
    const [judged] = withTestEnds([whole]);
    expect(judged?.judgement).toEqual({ ...whole.judgement, verdict: 'failed', reason });
    expect(judged?.summary).toEqual({ ...whole.summary, verdict: 'failed', reason });
  });
}

test('a share that awaits its merge is told nothing yet', () => {
  const piece = samplePiece(halves[0], { result: sampleResult({ status: 'failed' }) });
  const run = collectedRun([piece], true);
  expect(withTestEnds([run])).toEqual([run]);
});
