import { expect } from '@playwright/test';
import fc from 'fast-check';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun, reportedRun, summaryOfRuns } from '../../testing/recorded-run.ts';
import { withExtras } from '../../testing/sample-extras.ts';
import { tracedIds, tracedRun } from '../../testing/traced-run.ts';
import type { ReportedRun } from '../reported-run.ts';
import { embeddedJson } from '../html/page-shell.ts';
import { buildErrors, errorCommand } from './error-commands.ts';
import { mostSummaryBytes, renderJobSummary } from './job-summary.ts';
import { mermaidLatency } from './latency-chart.ts';
import { markdownText } from './markdown-text.ts';

const errorCommands = (runs: readonly ReportedRun[], pathOf: (file: string) => string) =>
  buildErrors(runs, pathOf).map(errorCommand);

const green = reportedRun(recordRun({ thresholds: [atMost('p95', 200)] }));
const red = reportedRun(recordRun({ thresholds: [atMost('p95', 50), atMost('max', 500)] }), {
  title: ['load.spec.ts', 'a | b'],
});

test('the job summary opens with the verdict and a row for each run, worst first', () => {
  expect(
    renderJobSummary([green, red], summaryOfRuns([green, red]))
      .split('\n')
      .slice(0, 8),
  ).toEqual([
    '## ✗ Load: failed',
    '',
    '2 runs in 61.2\u00a0s',
    '',
    '| Verdict | Run | Requests | OK | Rate | p50 | p95 | p99 | max |',
    '| :--- | :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    '| ✗\u00a0failed | load.spec.ts › a \\| b | 100 | 100\u00a0% | 10.0/s | 50.0\u00a0ms | \\~95.0\u00a0ms | \\~99.0\u00a0ms | 100\u00a0ms |',
    '| ✓\u00a0passed | load.spec.ts › health answers 100 requests, 20 at a time | 100 | 100\u00a0% | 10.0/s | 50.0\u00a0ms | \\~95.0\u00a0ms | \\~99.0\u00a0ms | 100\u00a0ms |',
  ]);
});

test('percentiles that few requests decide have their mark', () => {
  const short = reportedRun(recordRun({ requests: Array.from({ length: 12 }, (_, n) => ({ path: '/', ms: n + 1 })) }));
  const row = renderJobSummary([short], summaryOfRuns([short])).split('\n')[6];
  expect(row).toMatch(/\| \\~[\d.]+\u00a0ms \| \\~[\d.]+\u00a0ms \| \\~[\d.]+\u00a0ms \| [\d.]+\u00a0ms \|$/);
});

test('the worst run is explained first, with its thresholds', () => {
  const details = renderJobSummary([green, red], summaryOfRuns([green, red])).split('###')[1] ?? '';
  expect(details.split('\n').slice(0, 7)).toEqual([
    ' ✗\u00a0failed · load.spec.ts › a \\| b',
    '',
    '100 iterations by 20 users: p95 95.0 ms (limit &lt; 50ms): GET /api/v1/health, from 0:04 to 0:10, 100 % of its time waiting for the first byte',
    '',
    '|  | Threshold of | Metric | Observed | Expected | Whose |',
    '| :--- | :--- | :--- | ---: | :--- | :--- |',
    '| ✗ | run | p95 | 95.0\u00a0ms | &lt; 50ms | GET /api/v1/health, from 0:04 to 0:10, 100 % of its time waiting for the first byte |',
  ]);
});

test('what users got of an SLO and what was not steady are told of a run', () => {
  const told = reportedRun(recordRun(), {
    slos: [{ name: 'a | b', good: 99, of: 100, share: 0.99, perSec: 9.9 }],
    steadiness: { verdict: 'warming-up', reason: 'the first 10s were slow' },
  });
  expect(renderJobSummary([told], summaryOfRuns([told])).split('\n')).toEqual(
    expect.arrayContaining([
      'a \\| b: 99.0 % of 100 requests good, 9.90/s',
      'still warming up: the first 10s were slow',
    ]),
  );
});

test('a thousand runs stay below the limit, and say so', () => {
  const runs = Array.from({ length: 1_000 }, () => red);
  const markdown = renderJobSummary(runs, summaryOfRuns(runs));
  expect(Buffer.byteLength(markdown)).toBeLessThan(mostSummaryBytes + 200);
  expect(markdown).toMatch(/Details of \d+ more runs did not fit/);
});

test('the chart has a point a second, merged when there are many', () => {
  const requests = Array.from({ length: 400 }, (_, n) => ({ path: '/a', ms: 10, atMs: n * 100 }));
  const chart = mermaidLatency(recordRun({ requests })) ?? '';
  expect(/x-axis \[(.*)\]/.exec(chart)?.[1]?.split(', ').slice(0, 3)).toEqual(['"0s"', '"2s"', '"4s"']);
  expect(/ {2}line \[(.*)\]/.exec(chart)?.[1]?.split(', ')).toHaveLength(20);
});

test('a second in which nothing was answered is no latency of 0', () => {
  const requests = Array.from({ length: 50 }, (_, n) => ({
    path: '/a',
    ms: 10,
    atMs: n * 100,
    ...(n >= 20 && n < 30 && { status: undefined }),
  }));
  const chart = mermaidLatency(recordRun({ requests })) ?? '';
  expect(/x-axis \[(.*)\]/.exec(chart)?.[1]).toBe('"0s", "1s", "3s", "4s"');
  expect(chart).not.toContain('0.000');
  const lost = requests.map((request) => ({ ...request, status: undefined }));
  expect(mermaidLatency(recordRun({ requests: lost }))).toBeUndefined();
});

test('a run of one second has no course to draw', () => {
  expect(mermaidLatency(recordRun({ requests: [{ path: '/a', ms: 1 }] }))).toBeUndefined();
});

const texts = [
  { text: '<img src=x onerror=alert(1)>', shown: '&lt;img src=x onerror=alert(1)&gt;' },
  { text: 'a|b\nc', shown: 'a\\|b c' },
  { text: '[link](http://x) `code` **bold**', shown: '\\[link\\](http://x) \\`code\\` \\*\\*bold\\*\\*' },
  { text: '&lt;', shown: '&amp;lt;' },
  { text: 'x'.repeat(301), shown: `${'x'.repeat(299)}…` },
  { text: '😀'.repeat(151), shown: `${'😀'.repeat(149)}…` },
];
for (const { text, shown } of texts) {
  test(`${JSON.stringify(text.slice(0, 40))} is literal in Markdown`, () => {
    expect(markdownText(text)).toBe(shown);
  });
}

const pieces = fc.constantFrom(
  ...[
    '\\',
    '`',
    '|',
    '<',
    '>',
    '&',
    '[',
    '](',
    ')',
    '*',
    '#',
    '!',
    '~',
    '::error::',
    '##[',
    '\n',
    '\r',
    '\u2028',
    '\u001b[31m',
  ],
  ...['</script>', '<!--', '<img src=x onerror=alert(1)>', 'a', ' ', '"', "'"],
);
const outside = fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join(''));

test('property: no text leaves its cell, begins markup or ends the script it stands in', () => {
  fc.assert(
    fc.property(outside, (text) => {
      const shown = markdownText(text);
      const bare = shown.replace(/\\[\\`*_{}[\]|~#$!]/g, '');
      if (/[\n\r\u2028\u001b`|<>[\]*#]/.test(bare) || shown.startsWith('::')) throw new Error(shown);
      const json = embeddedJson({ [text]: text });
      if (/[<\u2028\u2029]/.test(json)) throw new Error(json);
      if ((JSON.parse(json) as Record<string, string>)[text] !== text) throw new Error(json);
    }),
    { numRuns: 1_000 },
  );
});

test('each missed threshold is one annotation, escaped, and none of a green run', () => {
  const tricky = reportedRun(recordRun({ thresholds: [atMost('p95', 50)] }), { title: ['a.spec.ts', '50% a:b,c'] });
  expect(errorCommands([green, tricky], (file) => `repo/${file}`)).toEqual([
    '::error file=repo/specs/load.spec.ts,line=12,title=load run failed%3A 50%25 a%3Ab%2Cc::50%25 a:b,c: p95 95.0 ms (limit < 50ms): GET /api/v1/health, from 0:04 to 0:10, 100 %25 of its time waiting for the first byte',
  ]);
});

test('a run that is invalid says why, in one annotation', () => {
  const invalid = reportedRun(recordRun({ thresholds: [atMost('p95', 50)] }), {
    verdict: 'invalid',
    reason: 'saturated',
  });
  expect(errorCommands([invalid], (file) => file)).toEqual([
    '::error file=specs/load.spec.ts,line=12,title=load run invalid%3A health answers 100 requests%2C 20 at a time::health answers 100 requests, 20 at a time: saturated',
  ]);
});

test('a failure that its author wants is no error of the build', () => {
  const { summary, ...rest } = red;
  expect(errorCommands([{ ...rest, summary: { ...summary, expectedToFail: true } }], (file) => file)).toEqual([]);
});

test('a run that streamed has tables of it, and hostile names are inert in them', () => {
  const plain = sampleReport(sampleRun({ seconds: 20 }));
  const streamed = sampleReport(withExtras(sampleRun({ seconds: 20 }), '<script>|`'));
  const shown = renderJobSummary([streamed], summaryOfRuns([streamed]));
  expect(renderJobSummary([plain], summaryOfRuns([plain]))).not.toContain('| Stream |');
  for (const title of ['Stream', 'Tokens', 'WebSocket', 'Server timing']) expect(shown).toContain(`| ${title} |`);
  expect(shown).toContain('| &lt;script&gt;\\|\\` of GET /api/v1/health | 100 | 50.5');
});

test('traced requests lead to their traces and logs, and no id ends its link', () => {
  const plan = { traceUrl: 'https://jaeger.test/{traceId}', logsUrl: 'https://logs.test/' };
  const summaryOf = (traceId?: string) => {
    const run = reportedRun(tracedRun(plan, traceId === undefined ? {} : { traceId }));
    return renderJobSummary([run], summaryOfRuns([run]));
  };
  const cells = '| slow | GET /a | 9.00\u00a0s | 2026-01-02T03:04:05.678Z |';
  expect(summaryOf()).toContain(
    `${cells} [trace ${tracedIds.sampled}](https://jaeger.test/${tracedIds.sampled}) · [logs](https://logs.test/) |`,
  );
  expect(summaryOf()).toContain(`| trace ${tracedIds.unsampled}, not sampled · [logs](https://logs.test/) |`);
  expect(summaryOf('](javascript:x) | <b>')).toContain(
    '[trace \\](javascript:x) \\| &lt;b&gt;](https://jaeger.test/%5D%28javascript%3Ax%29%20%7C%20%3Cb%3E)',
  );
});
