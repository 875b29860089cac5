import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { sampleResult, sampleSuite, sampleTest, type SampleTestParts } from '../../testing/sample-test.ts';
import { LoadTests, missingRun, whyWithoutRun } from './missing-runs.ts';

const passed = [sampleResult()];
const failed = [sampleResult({ status: 'failed' })];

const cases: {
  readonly say: string;
  readonly parts: SampleTestParts;
  readonly any: boolean;
  readonly missing: boolean;
}[] = [
  { say: 'is tagged as a load test and passed', parts: { tags: ['@load'], results: passed }, any: true, missing: true },
  { say: 'is tagged and was never begun', parts: { tags: ['@load'] }, any: true, missing: true },
  { say: 'is tagged and left out by wish', parts: { tags: ['@load'], expected: 'skipped' }, any: true, missing: false },
  { say: 'is of another kind and failed', parts: { results: failed }, any: false, missing: false },
  {
    say: 'takes `load` and passed',
    parts: { fn: ({ load }: { load: unknown }) => load, results: passed },
    any: true,
    missing: false,
  },
  {
    say: 'takes `load` and failed',
    parts: { fn: ({ load }: { load: unknown }) => load, results: failed },
    any: true,
    missing: true,
  },
  {
    say: 'takes `load` and was never begun',
    parts: { fn: ({ load }: { load: unknown }) => load },
    any: true,
    missing: true,
  },
  {
    say: 'takes `load` and failed as meant',
    parts: { fn: ({ load }: { load: unknown }) => load, expected: 'failed', results: failed },
    any: true,
    missing: false,
  },
  {
    say: 'takes `load` and failed at its second try',
    parts: { fn: ({ load }: { load: unknown }) => load, results: [...passed, ...failed] },
    any: true,
    missing: true,
  },
  {
    say: 'takes `load`, is tagged `@no-load` and failed',
    parts: { fn: ({ load }: { load: unknown }) => load, tags: ['@no-load'], results: failed },
    any: false,
    missing: false,
  },
  {
    say: 'takes `loaded` and failed',
    parts: { fn: ({ loaded }: { loaded: unknown }) => loaded, results: failed },
    any: false,
    missing: false,
  },
  {
    say: 'takes `download` and failed',
    parts: { fn: ({ download }: { download: unknown }) => download, results: failed },
    any: false,
    missing: false,
  },
];
const written = [
  { source: 'async ({ page, load }) => {}', missing: true },
  { source: 'async ({load}) => {}', missing: true },
  { source: 'async ({ load, page }, info) => {}', missing: true },
  { source: 'async function name( \n { load: send }) {}', missing: true },
  { source: 'async (fixtures) => use(({ load }) => load)', missing: false },
  { source: `async (${'x'.repeat(2_000)}, { load }) => {}`, missing: false },
  { source: `async ({ ${'x'.repeat(2_000)}, load }) => {}`, missing: false }, // so far into a test nobody looks
  { source: 'async ({ page }) => { const { load } = page; }', missing: false },
];
for (const { source, missing } of written) {
  const fn = Object.assign(() => undefined, { toString: () => source });
  cases.push({
    say: `is written ${source.slice(0, 60)} and failed`,
    parts: { fn, results: failed },
    any: missing,
    missing,
  });
}
for (const { say, parts, any, missing } of cases) {
  test(`a test without a run that ${say} ${missing ? 'is' : 'is not'} missing one`, () => {
    const given = sampleTest(parts);
    const tests = new LoadTests(sampleSuite([given]), undefined);
    expect({ any: tests.any, missing: tests.without(() => false) }).toEqual({ any, missing: missing ? [given] : [] });
    expect(tests.without(() => true)).toEqual([]); // its run is known
  });
}

test('a test that is tagged and takes `load` misses one run, not two', () => {
  const given = sampleTest({ tags: ['@load'], fn: ({ load }: { load: unknown }) => load, results: failed });
  expect(new LoadTests(sampleSuite([given]), undefined).without(() => false)).toEqual([given]);
});

const cut = 'the time of the whole suite was over';
const reasons = [
  { results: [], why: 'it was never started' },
  { results: [], cut, why: `it was never started: ${cut}` },
  { results: passed, why: 'it passed without a load, so nothing was measured; tag it `@no-load` if that is meant' },
  { results: [sampleResult({ status: 'skipped' })], why: 'it was left out after another test had failed' },
  { results: [sampleResult({ status: 'skipped' })], cut, why: `it had not ended: ${cut}` },
  { results: [sampleResult({ status: 'interrupted' })], why: 'it was interrupted before its load had ended' },
  {
    results: [sampleResult({ status: 'interrupted' })],
    cut,
    why: `it was interrupted before its load had ended: ${cut}`,
  },
  { results: failed, why: 'it failed before its load had ended' },
  { results: [sampleResult({ status: 'timedOut' })], why: 'it failed before its load had ended' },
  { results: [sampleResult({ status: 'failed', errors: [undefined] })], why: 'it failed before its load had ended' },
  { results: [...passed, ...failed], why: 'it failed before its load had ended' }, // the last try counts
  {
    results: [
      sampleResult({ status: 'failed', errors: ['\u001b[31mno \u001b[1mserver\u001b[22m\u001b[39m', 'second'] }),
    ],
    why: 'it failed before its load had ended: no server',
  },
] as const;
for (const { results, why, ...more } of reasons) {
  const last = results.at(-1);
  const status =
    results.length > 1
      ? 'at last failed'
      : last === undefined
        ? 'not begun'
        : `${last.status} (${last.errors.length} errors)`;
  test(`a test that is ${status}${'cut' in more ? ' in a suite that was cut short' : ''} is without a run: ${why}`, () => {
    expect(whyWithoutRun(sampleTest({ results }), 'cut' in more ? more.cut : undefined)).toBe(why);
  });
}

test('a missing run is incomplete, of no segment, and has nothing measured in it', () => {
  const given = sampleTest({
    results: [sampleResult({ status: 'failed', startTime: new Date(5_000) })],
    tags: ['@load'],
  });
  const run = missingRun(given, { reason: 'its worker died', rootDir: '/repo' });
  expect(run).toMatchObject({
    judgement: {
      verdict: 'incomplete',
      reason: 'its worker died',
      thresholds: [],
      generator: { verdict: 'unjudged', reason: 'nothing was measured' },
    },
    summary: {
      title: ['a.spec.ts', 'health'],
      file: 'specs/a.spec.ts',
      line: 7,
      project: 'load',
      tags: ['@load'],
      profile: 'no load',
      model: 'closed',
      verdict: 'incomplete',
      reason: 'its worker died',
      startedAt: '1970-01-01T00:00:05.000Z',
      durationMs: 0,
    },
    segments: { expected: 1, present: [] },
    awaitsMerge: false,
  });
  expect(run.data.plan).toEqual({ index: 0, profile: 'no load', model: 'closed', warmUpMs: 0, whenSaturated: 'warn' });
  expect(run.group.first).toEqual({
    test: given,
    result: given.results[0],
    planIndex: 0,
    run: { kind: 'unreadable', reason: 'its worker died' },
  });
  expect(run.group.pieces).toEqual([run.group.first]);
  expect(run.summary.expectedToFail).toBeUndefined();
});

test('a run that is missing because its test failed as meant is expected to fail', () => {
  const given = sampleTest({ results: failed, expected: 'failed' });
  expect(missingRun(given, { reason: 'x', rootDir: '/' }).summary.expectedToFail).toBe(true);
});

test('a test that was never begun stands in the results as one that was skipped, on no worker', () => {
  const given = sampleTest();
  const { result } = missingRun(given, { reason: 'x', rootDir: '/' }).group.first;
  expect(result).toEqual({
    ...{
      retry: 0,
      workerIndex: -1,
      parallelIndex: -1,
      status: 'skipped',
      startTime: expect.any(Date) as Date,
      duration: 0,
    },
    ...{ errors: [], attachments: [], annotations: given.annotations, steps: [], stdout: [], stderr: [] },
  });
});
