import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun, reportedRun, summaryOfRuns } from '../../testing/recorded-run.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { errorCommand, findingErrors } from './error-commands.ts';
import { mostSummaryBytes, renderJobSummary } from './job-summary.ts';

const steps = Array.from({ length: 4 }, () =>
  reportedRun(recordRun({ plan: { unjudged: true } }), { title: ['stress.spec.ts', 'where it breaks', 'step'] }),
);
const alone = reportedRun(recordRun({ plan: { unjudged: true } }), { title: ['load.spec.ts', 'by itself'] });

test('findings stand above the runs, the worst first, and their runs are not listed', () => {
  const runs = [...steps, alone];
  const findings = [sampleFindingSummary(), sampleFindingSummary({ verdict: 'failed', name: 'a|b', runs: [0] })];
  const markdown = renderJobSummary(runs, { ...summaryOfRuns(runs), findings });
  expect(markdown.split('\n').slice(0, 15)).toEqual([
    '## ○ Load: measured',
    '',
    '5 runs in 61.2\u00a0s',
    '',
    '| Verdict | Finding | Answer | Test |',
    '| :--- | :--- | :--- | :--- |',
    '| ✗\u00a0failed | breaking point of a\\|b | sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency | stress.spec.ts › where it breaks |',
    '| ○\u00a0measured | breaking point | sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency | stress.spec.ts › where it breaks |',
    '',
    '| Verdict | Run | Requests | OK | Rate | p50 | p95 | p99 | max |',
    '| :--- | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    '| ○\u00a0measured | load.spec.ts › by itself | 100 | 100\u00a0% | 10.0/s | 50.0\u00a0ms | \\~95.0\u00a0ms | \\~99.0\u00a0ms | 100\u00a0ms |',
    '',
    '4 of the runs were made for the findings alone',
    '',
  ]);
  expect(markdown).not.toContain('› step');
  expect(markdown.split('###')[1]?.split('\n')).toEqual([
    ' ✗\u00a0failed · breaking point of a\\|b · stress.spec.ts › where it breaks',
    '',
    'sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency; rests on 1 run',
    '',
    '<details><summary>Table</summary>',
    '',
    '| rate | outcome | throughput | p95 |',
    '| ---: | :--- | ---: | ---: |',
    '| 50.0/s | holds | 50.0/s | – |',
    '| 100/s | holds | 100/s | 40.0 ms |',
    '| 198/s | holds | 198/s | 80.0 ms |',
    '| 208/s | breaks: latency and backlog | 199/s | 160 ms |',
    '',
    '</details>',
    '',
    '',
  ]);
});

test('where all runs were made for a finding there is no table of runs', () => {
  const markdown = renderJobSummary(steps, { ...summaryOfRuns(steps), findings: [sampleFindingSummary()] });
  expect(markdown).not.toContain('| Verdict | Run |');
});

test('of a hundred findings each is a row, of more it is said, and all stay below the limit', () => {
  const findings = Array.from({ length: 3_000 }, (_, at) => sampleFindingSummary({ name: `n${at}` }));
  const markdown = renderJobSummary(steps, { ...summaryOfRuns(steps), findings });
  expect(markdown).toContain('\n\nand 2,900 more findings\n');
  expect(Buffer.byteLength(markdown)).toBeLessThan(mostSummaryBytes + 200);
  expect(markdown).toMatch(/Details of [\d,]+ more findings and runs did not fit/);
});

test('names and cells that attack the table stay text', () => {
  const words = '<img src=x>|\n`a`';
  const finding = sampleFindingSummary({
    name: words,
    sentence: words,
    table: { columns: [{ name: words, unit: 'text' }], rows: [{ [words]: words }] },
  });
  const markdown = renderJobSummary(steps, { ...summaryOfRuns(steps), findings: [finding] });
  expect(markdown).not.toContain('<img');
  expect(markdown).toContain('| &lt;img src=x&gt;\\| \\`a\\` |\n| :--- |\n| &lt;img src=x&gt;\\| \\`a\\` |');
});

const commands = [
  { verdict: 'failed', told: 1 },
  { verdict: 'invalid', told: 1 },
  { verdict: 'inconclusive', told: 0 },
  { verdict: 'passed', told: 0 },
  { verdict: 'measured', told: 0 },
] as const;
for (const { verdict, told } of commands) {
  test(`a finding that is ${verdict} is ${told === 1 ? 'an' : 'no'} error of the build`, () => {
    const finding = sampleFindingSummary({ verdict, name: '50%', sentence: 'so\nit is' });
    const line = `::error file=repo/specs/stress.spec.ts,line=12,title=load finding ${verdict}%3A breaking point of 50%25%3A where it breaks::where it breaks: so it is`;
    expect(findingErrors([finding], (file) => `repo/${file}`).map(errorCommand)).toEqual(told === 1 ? [line] : []);
    expect(findingErrors([{ ...finding, expectedToFail: true }], (file) => file)).toEqual([]);
  });
}
