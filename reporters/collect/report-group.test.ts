import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { atMost, recordRun, type SampleParts } from '../../testing/recorded-run.ts';
import { samplePiece, sampleResult, sampleTest } from '../../testing/sample-test.ts';
import { nameOfTest, reportGroup } from './report-group.ts';
import type { RunPiece } from './run-group.ts';

const limit = { thresholds: [atMost('p95', 1_000)] };
const half = (index: number, more: SampleParts = {}): SampleParts => ({
  ...limit,
  ...more,
  segment: { index, of: 2, ...more.segment },
});
const piece = (parts: SampleParts, more: Parameters<typeof samplePiece>[1] = {}) => samplePiece(recordRun(parts), more);
const cut = { result: sampleResult({ status: 'interrupted' }) };
const meant = { test: sampleTest({ expected: 'failed' }), result: sampleResult({ status: 'failed' }) };

function reported(pieces: readonly RunPiece[], { onShard = false, isMerge = false } = {}) {
  const [first = piece(limit)] = pieces;
  return reportGroup({ first, pieces }, { rootDir: '/repo', onShard, isMerge });
}

const cases: {
  readonly say: string;
  readonly pieces: readonly RunPiece[];
  readonly where?: Parameters<typeof reported>[1];
  readonly verdict: string;
  readonly reason: string;
  readonly awaitsMerge?: true;
  readonly expectedToFail?: true;
}[] = [
  { say: 'a whole run', pieces: [piece(limit)], verdict: 'passed', reason: 'its threshold is met' },
  { say: 'two halves', pieces: [piece(half(0)), piece(half(1))], verdict: 'passed', reason: 'its threshold is met' },
  { say: 'a half', pieces: [piece(half(1))], verdict: 'incomplete', reason: 'segment 1 of 2 is missing' },
  {
    say: 'a half on its shard',
    pieces: [piece(half(1))],
    where: { onShard: true },
    verdict: 'incomplete',
    reason: 'segment 1 of 2 is missing: the merge of all shards judges the run',
    awaitsMerge: true,
  },
  {
    say: 'a half on its shard that was cut off',
    pieces: [piece(half(1), cut)],
    where: { onShard: true },
    verdict: 'incomplete',
    reason: 'segment 1 of 2 is missing: the merge of all shards judges the run; the run was interrupted before its end',
  },
  {
    say: 'a whole run on a shard',
    pieces: [piece(limit)],
    where: { onShard: true },
    verdict: 'passed',
    reason: 'its threshold is met',
  },
  {
    say: 'a whole run on a shard that was cut off',
    pieces: [piece(limit, cut)],
    where: { onShard: true },
    verdict: 'incomplete',
    reason: 'the run was interrupted before its end',
  },
  {
    say: 'two halves of which one was cut off',
    pieces: [piece(half(0)), piece(half(1), cut)],
    verdict: 'incomplete',
    reason: 'the run was interrupted before its end',
  },
  {
    say: 'a half and something unreadable',
    pieces: [piece(half(0)), samplePiece({ kind: 'unreadable', reason: 'lost' })],
    verdict: 'incomplete',
    reason: "a segment's results could not be read: lost; segment 2 of 2 is missing",
  },
  {
    say: 'a run that failed as meant',
    pieces: [piece({ thresholds: [atMost('p95', 1)] }, meant)],
    verdict: 'failed',
    reason: 'p95 95.0 ms (limit < 1ms): GET /api/v1/health, all the time, 100 % of its time waiting for the first byte',
    expectedToFail: true,
  },
  {
    say: 'a half that failed as meant, on its shard',
    pieces: [piece(half(0), meant)],
    where: { onShard: true },
    verdict: 'incomplete',
    reason: 'segment 2 of 2 is missing: the merge of all shards judges the run',
    awaitsMerge: true,
    expectedToFail: true,
  },
  {
    say: 'a half that failed as meant, when merged',
    pieces: [piece(half(0), meant)],
    where: { isMerge: true },
    verdict: 'incomplete',
    reason: 'segment 2 of 2 is missing',
  },
  {
    say: 'a whole run that failed as meant, when merged',
    pieces: [piece(limit, meant)],
    where: { isMerge: true },
    verdict: 'passed',
    reason: 'its threshold is met',
    expectedToFail: true,
  },
  {
    say: 'two halves of which one failed as meant',
    pieces: [piece(half(0), meant), piece(half(1))],
    verdict: 'passed',
    reason: 'its threshold is met',
  },
];
for (const { say, pieces, where, verdict, reason, awaitsMerge = false, expectedToFail } of cases) {
  test(`${say} is ${verdict}: ${reason}`, () => {
    const run = reported(pieces, where);
    expect(run.judgement).toMatchObject({ verdict, reason });
    expect(run.summary).toMatchObject({ verdict, reason });
    expect(run.awaitsMerge).toBe(awaitsMerge);
    expect(run.summary.expectedToFail).toBe(expectedToFail);
  });
}

test('a run is named as Playwright names its test, with what was measured of it', () => {
  const run = reported([
    samplePiece(recordRun({ ...limit, plan: { name: 'first', index: 3 } }), {
      test: sampleTest({ titles: ['checkout', 'pays'], project: 'stress', tags: ['@load'], repeat: 2 }),
    }),
  ]);
  expect(run.summary).toMatchObject({
    title: ['a.spec.ts', 'checkout', 'pays', 'repetition 3', 'first'],
    file: 'specs/a.spec.ts',
    line: 7,
    project: 'stress',
    tags: ['@load'],
    profile: '100 iterations by 20 users',
    startedAt: '2026-01-01T00:00:00.000Z',
    generator: { verdict: 'unjudged' },
  });
  expect(run.summary.thresholds.filter(({ implied }) => implied !== true)).toEqual([
    { metric: 'p95', scope: 'run', expected: '< 1000ms', actual: 95.039, verdict: 'passed' },
  ]);
  expect(run.segments).toEqual({ expected: 1, present: [1] });
  expect(run.data.counts.ok).toBe(100);
  expect(run.group.pieces).toHaveLength(1);
});

test('a threshold without data, one of windows and one that nobody wrote say so', () => {
  const every = { ...atMost('p95', 50), window: { kind: 'every', lengthMs: 5_000, text: 'every 5s' } } as const;
  const requests = [
    { path: '/', ms: 20, atMs: 0 },
    { path: '/', ms: 80, atMs: 6_000 },
    { path: '/', ms: 1, atMs: 9_000, status: 500 },
  ];
  const { summary } = reported([
    piece({ thresholds: [every, { ...atMost('p95', 1), scope: { kind: 'endpoint', name: 'nobody' } }], requests }),
  ]);
  expect(summary.thresholds.filter(({ verdict }) => verdict === 'failed')).toEqual([
    {
      metric: 'p95',
      scope: 'run, every 5s',
      expected: '< 50ms',
      actual: 80.25,
      verdict: 'failed',
      at: { fromMs: 5_000, toMs: 10_000 },
      culprit: {
        ...{ name: 'GET /', words: 'GET /, 100 % of its time waiting for the first byte' },
        at: { fromMs: 5_000, toMs: 10_000 },
      },
    },
    { metric: 'p95', scope: 'nobody', expected: '< 1ms', verdict: 'failed' },
    {
      ...{ metric: 'failed', scope: 'run', expected: '0', actual: 1, verdict: 'failed', implied: true },
      culprit: { name: 'GET /', words: '1 × HTTP 500 on GET /, at 0:09', at: { fromMs: 9_000, toMs: 9_000 } },
    },
  ]);
});

test('a run of which nothing could be read began when its test did', () => {
  const result = sampleResult({ startTime: new Date(7_000) });
  const { summary } = reported([samplePiece({ kind: 'unreadable', reason: 'lost' }, { result })]);
  expect(summary).toMatchObject({ startedAt: '1970-01-01T00:00:07.000Z', profile: 'unknown', verdict: 'incomplete' });
});

test('a judge that throws has lost a result, and says so beside all else that is amiss', () => {
  const broken = recordRun(half(0));
  broken.thresholds.push({ ...atMost('p95', 1), scope: { kind: 'nothing' } as never });
  const { judgement } = reported([samplePiece(broken)]);
  expect(judgement).toEqual({
    verdict: 'incomplete',
    reason: expect.stringMatching(/^segment 2 of 2 is missing; the run could not be judged: ./) as unknown,
    thresholds: [],
    generator: { verdict: 'unjudged', reason: 'nothing was judged' },
  });
});

const target = (n: number) => ({ origins: [`http://h${n}`], ownServer: true });
const own = { servers: 'per-shard' } as const;
const open = { model: 'open', profile: '20/s for 10s', plannedMs: 10_000 } as const;
const shared: {
  readonly plan: SampleParts['plan'];
  readonly targets: readonly number[];
  readonly requests?: [];
  readonly profile: string;
}[] = [
  { plan: open, targets: [0, 1], profile: '20/s for 10s' },
  { plan: { ...open, ...own }, targets: [0, 1], profile: '20/s for 10s, on 2 servers, 10.0/s each' },
  { plan: { ...open, ...own }, targets: [0, 0], profile: '20/s for 10s, on 1 server, 20.0/s each' },
  { plan: { ...own, profile: '2 users' }, targets: [0, 1], profile: '2 users, on 2 servers, 10.0/s each' },
  { plan: { ...own, profile: '2 users' }, targets: [0, 1], requests: [], profile: '2 users, on 2 servers' },
];
for (const { plan, targets, requests, profile } of shared) {
  test(`halves of "${plan?.profile ?? ''}"${requests ? ' without a request' : ''} on servers ${targets.join(' and ')} are told as ${profile}`, () => {
    const pieces = targets.map((n, index) =>
      piece(
        half(index, {
          ...(plan && { plan }),
          ...(requests && { requests }),
          segment: { index, of: 2, target: target(n) },
        }),
      ),
    );
    expect(reported(pieces).summary.profile).toBe(profile);
  });
}

test('a test is named by its titles, and which repetition of it this is', () => {
  expect(nameOfTest(sampleTest({ titles: ['checkout', 'pays'] }))).toBe('a.spec.ts › checkout › pays');
  expect(nameOfTest(sampleTest({ titles: ['pays'], repeat: 1 }))).toBe('a.spec.ts › pays › repetition 2');
});

test('a run tells what users got of its SLO, and whether it was steady', () => {
  const requests = Array.from({ length: 600 }, (_, n) => ({ path: '/', ms: n < 540 ? 20 : 300, atMs: n * 100 }));
  const run = piece({
    thresholds: [{ ...atMost('p95', 100), slo: 'quick' }],
    requests,
    plan: { steady: { fromMs: 0, toMs: 60_000 } },
    segment: { durationMs: 60_000 },
  });
  expect(reported([run]).summary).toMatchObject({
    slos: [{ name: 'quick', good: 540, of: 600, share: 0.9, perSec: 9 }],
    steadiness: {
      verdict: 'unsteady',
      reason: 'p50 was 20.1 ms and in the last 6s 301 ms: its percentiles mix both',
    },
  });
  expect(reported([piece(limit)]).summary).not.toHaveProperty('slos');
});
