import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sampleResult, sampleTest } from '../../testing/sample-test.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { withVoidFindings } from './void-findings.ts';

const runs = [{}, { besideLoad: 'b ran at the same time' }];
const rows = [
  {
    say: 'a comparison',
    kind: 'comparison',
    on: [0, 1],
    verdict: 'invalid',
    sentence: 'b ran at the same time; otherwise passed: it holds',
  },
  {
    say: 'a baseline',
    kind: 'baseline',
    on: [1],
    verdict: 'inconclusive',
    sentence: 'b ran at the same time; otherwise passed: it holds',
  },
  { say: 'one on another run', kind: 'baseline', on: [0], verdict: 'passed', sentence: 'it holds' },
  { say: 'one on no run', kind: 'leak', on: [], verdict: 'passed', sentence: 'it holds' },
  { say: 'one on a run that is not there', kind: 'leak', on: [7], verdict: 'passed', sentence: 'it holds' },
] as const;
for (const { say, kind, on, verdict, sentence } of rows) {
  test(`of a run beside another load ${say} is ${verdict}`, () => {
    const summary = sampleFindingSummary({ kind, verdict: 'passed', sentence: 'it holds', runs: on });
    const [found] = withVoidFindings([{ summary, test: sampleTest(), result: sampleResult() }], runs);
    expect(found?.summary).toMatchObject({ verdict, sentence });
  });
}
