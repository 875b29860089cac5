import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun, reportedRun, summaryOfRuns } from '../../testing/recorded-run.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { foldedRuns } from './folded-runs.ts';

const [one, two, bad] = (['measured', 'passed', 'invalid'] as const).map((verdict) =>
  reportedRun(recordRun(), { verdict, title: ['a.spec.ts', verdict] }),
);
if (one === undefined || two === undefined || bad === undefined) throw new Error('there are three');
const { folds, ...open } = sampleFindingSummary();

const rows = [
  { what: 'no finding', findings: undefined, folded: [] },
  { what: 'one that folds the first', findings: [sampleFindingSummary({ runs: [0] })], folded: ['measured'] },
  { what: 'one that folds a bad run', findings: [sampleFindingSummary({ runs: [0, 2] })], folded: ['measured'] },
  {
    what: 'two of one run',
    findings: [sampleFindingSummary({ runs: [1] }), sampleFindingSummary({ runs: [1] })],
    folded: ['passed'],
  },
  { what: 'one that folds none', findings: [{ ...open, runs: [0, 1] }], folded: [] },
  { what: 'one of a run that is not there', findings: [sampleFindingSummary({ runs: [7] })], folded: [] },
];
for (const { what, findings, folded } of rows) {
  test(`with ${what}, ${folded.length === 0 ? 'no run is' : `${folded.join()} is`} folded`, () => {
    const summary = { ...summaryOfRuns([one, two, bad]), ...(findings !== undefined && { findings }) };
    expect([...foldedRuns(summary)].map(({ title }) => title.at(-1))).toEqual(folded);
    expect(folds).toBe(true);
  });
}
