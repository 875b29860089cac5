import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun, reportedRun, summaryOfRuns } from '../../testing/recorded-run.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { renderUnfinishedPage } from './unfinished-page.ts';

test('findings so far stand first, without the runs that they fold, and nothing is markup', () => {
  const runs = ['step', 'alone <b>'].map((name) =>
    reportedRun(recordRun({ plan: { unjudged: true } }), { title: ['a.spec.ts', name], reason: 'not judged' }),
  );
  const findings = [sampleFindingSummary({ runs: [0], name: '<i>', sentence: 'holds' })];
  const page = renderUnfinishedPage({ ...summaryOfRuns(runs), findings });
  expect(page.match(/<li>.*<\/li>/g)).toEqual([
    '<li><b>measured</b> stress.spec.ts › where it breaks: breaking point of &lt;i&gt;: holds</li>',
    '<li><b>measured</b> a.spec.ts › alone &lt;b&gt;: not judged</li>',
  ]);
});
