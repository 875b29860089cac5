import { cpus, hostname } from 'node:os';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun } from '../../testing/recorded-run.ts';
import { collectedRun, samplePiece, sampleResult, sampleTest } from '../../testing/sample-test.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import { environmentHere, summaryOf } from './summary-of.ts';

const times = { startedAt: new Date(0), durationMs: 1_234.5 };
const environment = { node: 'v20', os: 'any', cpu: 'any', cores: 1 };

test('without any run nothing has passed', () => {
  expect(summaryOf({ runs: [], findings: [] }, times, environment)).toEqual({
    schema: 'playload.summary/2',
    verdict: 'incomplete',
    startedAt: '1970-01-01T00:00:00.000Z',
    durationMs: 1_235,
    segments: { expected: 1, present: [] },
    environment,
    runs: [],
  });
});

for (const { said, verdict } of [
  { said: ['passed'], verdict: 'passed' },
  { said: ['inconclusive'], verdict: 'measured' },
  { said: ['measured'], verdict: 'measured' },
  { said: ['passed', 'invalid'], verdict: 'invalid' },
  { said: ['invalid', 'failed'], verdict: 'failed' },
] as const) {
  test(`a run that was only measured, with findings that are ${said.join(' and ')}, is ${verdict}`, () => {
    const data = recordRun({ plan: { unjudged: true }, thresholds: [] });
    const measured = collectedRun([samplePiece(data)]);
    const findings = said.map((each) => ({
      summary: sampleFindingSummary({ verdict: each }),
      test: sampleTest(),
      result: sampleResult(),
    }));
    expect(summaryOf({ runs: [measured], findings }, times, environment).verdict).toBe(verdict);
  });
}

const run = (limitMs: number, { index = 0, of = 1 } = {}, expected: 'passed' | 'failed' = 'passed') =>
  collectedRun([
    samplePiece(recordRun({ thresholds: [atMost('p95', limitMs)], segment: { index, of } }), {
      test: sampleTest({ expected }),
      result: sampleResult({ status: expected }),
    }),
  ]);
const rows = [
  { say: 'one that passed', runs: [run(1_000)], verdict: 'passed', expected: 1, present: [1] },
  {
    say: 'one that failed and one that passed',
    runs: [run(1_000), run(1)],
    verdict: 'failed',
    expected: 1,
    present: [1],
  },
  {
    say: 'one that failed as meant',
    runs: [run(1_000), run(1, {}, 'failed')],
    verdict: 'passed',
    expected: 1,
    present: [1],
  },
  {
    say: 'shares of a load on three and on twelve',
    runs: [run(1_000, { index: 1, of: 3 }), run(1_000, { index: 10, of: 12 }), run(1_000, { index: 1, of: 12 })],
    verdict: 'incomplete',
    expected: 12,
    present: [2, 11],
  },
] as const;
for (const { say, runs, verdict, expected, present } of rows) {
  test(`runs with ${say} are ${verdict}, of segments ${present.join(' and ')} of ${expected}`, () => {
    const summary = summaryOf({ runs, findings: [] }, times, environment);
    expect(summary).toMatchObject({ verdict, segments: { expected, present } });
    expect(summary.runs).toEqual(runs.map((each) => each.summary));
  });
}

test('the environment is that of this machine, with the commit where one is known', () => {
  const [cpu] = cpus();
  const here = environmentHere('/', {});
  expect(here).toEqual({
    node: process.version,
    os: expect.stringMatching(/^\w+ \S+ \w+$/) as unknown,
    cpu: cpu?.model.trim() ?? 'unknown',
    host: hostname(),
    cores: cpus().length,
  });
  expect(environmentHere('/', { GITHUB_SHA: 'abc' })).toEqual({ ...here, commit: 'abc' });
});
