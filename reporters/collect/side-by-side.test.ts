import type { TestCase } from '@playwright/test/reporter';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun } from '../../testing/recorded-run.ts';
import { collectedRun, samplePiece, sampleResult, sampleTest } from '../../testing/sample-test.ts';
import { withNeighbours } from './side-by-side.ts';

const epochMs = Date.UTC(2026, 0, 1);

interface LoadParts {
  readonly test?: TestCase;
  readonly worker?: number;
  /** Moments count from the same one for all. */
  readonly fromMs?: number;
  readonly forMs?: number;
  readonly warmUpMs?: number;
  readonly segment?: { readonly index: number; readonly of: number };
  readonly limitMs?: number;
  readonly once?: true;
}

/** A load of ten seconds, by default from 0 on worker 0, whose limit is met. */
function load(name: string, parts: LoadParts = {}, onShard = false) {
  const {
    worker = 0,
    fromMs = 0,
    forMs = 10_000,
    warmUpMs = 0,
    segment = { index: 0, of: 1 },
    limitMs = 1_000,
    once,
  } = parts;
  const run = recordRun({
    plan: { warmUpMs, ...(once && { once }) },
    thresholds: [atMost('p95', limitMs)],
    segment: { ...segment, startedAtEpochMs: epochMs + fromMs, durationMs: forMs },
  });
  const { test: given = sampleTest({ titles: [name] }) } = parts;
  return collectedRun([samplePiece(run, { test: given, result: sampleResult({ workerIndex: worker }) })], onShard);
}

const why = (other: string, more = '') =>
  `the load of \`a.spec.ts › ${other}\`${more} ran at the same time, so each measured the other: run load tests with \`workers: 1\``;
const same = sampleTest({ titles: ['same'] });

const rows = [
  { say: 'alone', runs: [load('a')], verdicts: ['passed'] },
  { say: 'beside another worker', runs: [load('a'), load('b', { worker: 1 })], verdicts: ['invalid', 'invalid'] },
  { say: 'on one worker', runs: [load('a'), load('b')], verdicts: ['passed', 'passed'] },
  {
    say: 'after the other',
    runs: [load('a'), load('b', { worker: 1, fromMs: 10_000 })],
    verdicts: ['passed', 'passed'],
  },
  {
    say: '9 ms into the other',
    runs: [load('a'), load('b', { worker: 1, fromMs: 9_991 })],
    verdicts: ['passed', 'passed'],
  },
  {
    say: '10 ms into the other',
    runs: [load('a'), load('b', { worker: 1, fromMs: 9_990 })],
    verdicts: ['invalid', 'invalid'],
  },
  {
    say: 'with a warm-up in the other',
    runs: [load('a'), load('b', { worker: 1, fromMs: 10_000, warmUpMs: 10 })],
    verdicts: ['invalid', 'invalid'],
  },
  {
    say: 'within the other',
    runs: [load('a'), load('b', { worker: 1, fromMs: 4_000, forMs: 100 })],
    verdicts: ['invalid', 'invalid'],
  },
  {
    say: 'of one test',
    runs: [load('a', { test: same }), load('b', { test: same, worker: 1 })],
    verdicts: ['passed', 'passed'],
  },
  {
    say: 'beside one of three',
    runs: [load('a'), load('b', { worker: 1, fromMs: 5_000 }), load('c', { worker: 2, fromMs: 15_000 })],
    verdicts: ['invalid', 'invalid', 'passed'],
  },
  {
    say: 'beside another, both played once',
    runs: [load('a', { once: true }), load('b', { worker: 1, once: true })],
    verdicts: ['passed', 'passed'],
  },
  {
    say: 'beside another, and has failed by itself',
    runs: [load('a', { limitMs: 1 }), load('b', { worker: 1 })],
    verdicts: ['failed', 'invalid'],
  },
] as const;
for (const { say, runs, verdicts } of rows) {
  test(`loads of which one is ${say} are ${verdicts.join(', ')}`, () => {
    const judged = withNeighbours({ runs, plain: [], merging: false });
    expect(judged.map(({ summary }) => summary.verdict)).toEqual(verdicts);
    expect(judged.map(({ judgement }) => judgement.verdict)).toEqual(verdicts);
  });
}

test('the other load is named, all others are counted, and a failure of its own comes first', () => {
  const runs = [load('a', { limitMs: 1 }), load('b', { worker: 1 }), load('c', { worker: 2 })];
  const [a, b] = withNeighbours({ runs, plain: [], merging: false });
  expect(b?.summary.reason).toBe(why('a', ' and 1 more'));
  expect(b?.judgement.reason).toBe(why('a', ' and 1 more'));
  expect(a?.summary.reason).toBe(`${runs[0]?.judgement.reason ?? ''}; ${why('b', ' and 1 more')}`);
  expect(b?.judgement.thresholds).toEqual(runs[1]?.judgement.thresholds);
  expect(b?.summary.title).toEqual(['a.spec.ts', 'b']);
  const [pair] = withNeighbours({ runs: runs.slice(1), plain: [], merging: false });
  expect(pair?.summary.reason).toBe(why('c'));
});

const halves = (shardA: number, shardB: number) => [
  load('a', { segment: { index: shardA, of: 2 } }, true),
  load('b', { worker: 1, segment: { index: shardB, of: 2 } }, true),
];
const merges = [
  { say: 'on two shards', runs: halves(0, 1), merging: true, beside: false },
  { say: 'on one shard, the first', runs: halves(0, 0), merging: true, beside: true },
  { say: 'on one shard, the second', runs: halves(1, 1), merging: true, beside: true },
  { say: 'of one segment each', runs: [load('a'), load('b', { worker: 1 })], merging: true, beside: false },
];
for (const { say, runs, merging, beside } of merges) {
  test(`after a merge loads ${say} ${beside ? 'are' : 'are not'} told to have run at the same time`, () => {
    const awaited = runs.map((run) => ({ ...run, awaitsMerge: false }));
    const reasons = withNeighbours({ runs: awaited, plain: [], merging }).map(({ summary }) => summary.reason);
    expect(reasons.map((reason) => reason.includes('at the same time'))).toEqual([beside, beside]);
  });
}

test('a share that awaits its merge is judged there', () => {
  const runs = halves(0, 0);
  expect(withNeighbours({ runs, plain: [], merging: true })).toEqual(runs);
});

test('a run of which nothing could be read stands beside nothing', () => {
  const lost = collectedRun([
    samplePiece({ kind: 'unreadable', reason: 'lost' }, { result: sampleResult({ workerIndex: 1 }) }),
  ]);
  const [, b] = withNeighbours({ runs: [lost, load('b')], plain: [], merging: false });
  expect(b?.summary.verdict).toBe('passed');
});

const plainCases = [
  { say: 'on another worker meanwhile', worker: 1, fromMs: 0, merging: false, beside: ['a.spec.ts › plain'] },
  { say: 'on its own worker', worker: 0, fromMs: 0, merging: false, beside: undefined },
  { say: 'afterwards', worker: 1, fromMs: 10_000, merging: false, beside: undefined },
  { say: 'that ended when it began', worker: 1, fromMs: -10_000, merging: false, beside: undefined },
  { say: 'that ended 10 ms after it began', worker: 1, fromMs: -9_990, merging: false, beside: ['a.spec.ts › plain'] },
  {
    say: 'of merged reports, which tell nothing of where they ran',
    worker: 1,
    fromMs: 0,
    merging: true,
    beside: undefined,
  },
] as const;
for (const { say, worker, fromMs, merging, beside } of plainCases) {
  test(`a test without a load ${say} is ${beside === undefined ? 'not ' : ''}named beside it`, () => {
    const attempt = {
      test: sampleTest({ titles: ['plain'] }),
      result: sampleResult({ workerIndex: worker, startTime: new Date(epochMs + fromMs), duration: 10_000 }),
    };
    const [run] = withNeighbours({ runs: [load('a')], plain: [attempt, attempt], merging });
    expect(run?.summary.beside).toEqual(beside); // once, however often it was tried
    expect(run?.summary.verdict).toBe('passed');
    expect(run?.summary.title).toEqual(['a.spec.ts', 'a']);
  });
}
