import { expect } from '@playwright/test';
import { sampleReport, sampleRun } from '../../testing/page-run.ts';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun } from '../../testing/recorded-run.ts';
import { withExtras } from '../../testing/sample-extras.ts';
import { headlineOfRun, isHeadline } from '../verdict/headline.ts';
import { tracedIds, tracedRun } from '../../testing/traced-run.ts';
import type { RunData } from '../measure/run-data.ts';
import { judgeRun } from '../verdict/judge.ts';
import { runPicture } from './run-picture.ts';
import { runText } from './run-text.ts';

const hostile = '<script>alert(1)</script>\u001b[31m & "x"\n::error::y';
const judged = (parts: Parameters<typeof recordRun>[0]) => {
  const run = recordRun(parts);
  return { run, judgement: judgeRun(run) };
};

const lines = [
  { parts: { thresholds: [atMost('p95', 200)] }, starts: '✓ passed · ' },
  { parts: { thresholds: [atMost('p95', 5)] }, starts: '✗ failed · ' },
];
for (const { parts, starts } of lines)
  test(`a headline starts with ${starts}and is known as one`, () => {
    const { run, judgement } = judged(parts);
    const line = headlineOfRun(run, judgement);
    expect(line.startsWith(starts), line).toBe(true);
    expect(line, 'a hundred requests carry no p95').toMatch(/\/s · p95 ~[\d.]+ ms · 100 % ok/);
    expect(isHeadline(line)).toBe(true);
  });

for (const text of ['', 'passed', '✓ passes', '`LOAD_SCALE` leaves experiments as they are'])
  test(`"${text}" is no headline`, () => expect(isHeadline(text)).toBe(false));

test('a picture is whole, holds no script and nothing from outside', () => {
  const { run, judgement } = judged({ thresholds: [atMost('p95', 5)] });
  const picture = runPicture({ ...run, plan: { ...run.plan, profile: hostile } }, { ...judgement, reason: hostile });
  expect(picture).toMatch(/^<svg [^>]*>[\s\S]*<\/svg>$/);
  expect(picture).toContain('&lt;script&gt;');
  expect(picture).not.toMatch(/<script|NaN|undefined|Infinity|\u001b|href/);
  expect(runPicture(run, judgement)).toBe(runPicture(run, judgement));
});

test('a text holds verdict, limits, figures and endpoints, a line each', () => {
  const { run, judgement } = judged({ thresholds: [atMost('p95', 5)] });
  const text = runText(run, judgement);
  expect(text).toMatch(/^✗ failed: /);
  expect(text).toMatch(/✗ {2}run {2}p95 {2}expected < 5ms/);
  expect(text).toMatch(/100 requests · 100 % ok/);
  expect(text).toMatch(/ {2}endpoints\n {2}\S+ \S+ {2}p50 [\d.]+ ms · p95 ~[\d.]+ ms · p99 ~[\d.]+ ms · max [\d.]+ ms/);
  expect(text).toMatch(/\n\n {2}~: a few requests decide it.*\n$/);
  expect(runText({ ...run, plan: { ...run.plan, profile: hostile } }, judgement)).not.toMatch(/\u001b|^::error/m);
});

test('a text tells streams, sockets and server timing of a run that has them, and nothing of one that has not', () => {
  const plain = sampleReport(sampleRun({ seconds: 20 }));
  const streamed = sampleReport(withExtras(sampleRun({ seconds: 20 }), hostile));
  expect(runText(plain.data, plain.judgement)).not.toMatch(/\n {2}(?:streams|WebSockets|server timing)\n/);
  const text = runText(streamed.data, streamed.judgement);
  expect(text).toContain('20 streams · 200 events, 10.00/s · first event p50 110 ms, p99 ~120 ms · gap p50 210 ms');
  expect(text).toContain('2 cut · 1 stalled · 200 tokens, 10.00/s · TTFT p50 410 ms');
  expect(text).toContain(
    '5 opened · 100 messages sent · 300 received · 4 closed by 1000 · 1 closed by 1006 · 1 abnormally',
  );
  expect(text).toMatch(/ of GET \/api\/v1\/health {2}p50 50\.0 ms/);
  expect(text).not.toMatch(/\u001b|^::error/m);
});

test('of traced requests a text has time, trace and links, and nothing that a terminal would obey', () => {
  const plan = { traceUrl: 'https://jaeger.test/{traceId}', logsUrl: 'https://logs.test/?at={time}' };
  const textOf = (run: RunData) => runText(run, judgeRun(run));
  const text = textOf(tracedRun(plan));
  const logs = '      https://logs.test/?at=2026-01-02T03%3A04%3A05.678Z';
  expect(text.split('\n').slice(text.split('\n').indexOf('  traces')).slice(0, 8)).toEqual([
    '  traces',
    `  9.00 s  slow  GET /a  2026-01-02T03:04:05.678Z  trace ${tracedIds.sampled}`,
    `    https://jaeger.test/${tracedIds.sampled}`,
    logs.slice(2),
    `  8.00 s  slow  GET /a  2026-01-02T03:04:05.678Z  trace ${tracedIds.unsampled}, not sampled`,
    logs.slice(2),
    '  7.00 s  slow  GET /a  2026-01-02T03:04:05.678Z',
    logs.slice(2),
  ]);
  expect(textOf(tracedRun(plan, { traceId: hostile }))).not.toMatch(/\u001b|^::error/m);
  expect(textOf(recordRun())).not.toContain('traces');
});
