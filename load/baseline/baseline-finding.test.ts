import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { compareWithBaseline } from '../analysis/baseline.ts';
import type { BaselineKey, BaselineRun } from '../measure/baseline.ts';
import { type Again, comparedFinding, recordedFinding, undecidedFinding } from './baseline-finding.ts';
import type { Compared } from './compare-load.ts';

const load: BaselineKey = { project: 'load', file: 'a.spec.ts', title: ['a'], profile: '5/s for 1s' };

function run(p95: number | undefined, { errorRate = 0, requests = 200, day = 1, planHash = 'p' } = {}): BaselineRun {
  const latencyMs = p95 === undefined ? undefined : { count: requests, mean: p95, p50: p95, p95, p99: p95 };
  return {
    at: new Date(Date.UTC(2026, 0, day, 12, 30)).toISOString(),
    commit: '0123456789abcdef',
    planHash,
    requests,
    errorRate,
    throughputPerSec: 20,
    ...(latencyMs !== undefined && { latencyMs }),
  };
}

function compared(past: readonly number[], now: BaselineRun): Compared {
  const accepted = past.map((p95, at) => run(p95, { day: at + 1 }));
  const comparison = compareWithBaseline(accepted, now);
  if (comparison === undefined) throw new Error('there is something to compare with');
  return { kind: 'compared', past: accepted, now, comparison, environment: 'here' };
}

const notNeeded: Again = { kind: 'not needed' };
const again = (now: BaselineRun): Again => ({ kind: 'done', load: compared(six, now) });
const six = [50, 50, 50, 50, 50, 50];
const usual = ' against its last 6 runs (50.0 ms); this baseline sees only more than +10 % (55.0 ms)';

const told: readonly {
  readonly what: string;
  readonly first: Compared;
  readonly again?: Again;
  readonly verdict: string;
  readonly sentence: string;
}[] = [
  { what: 'as before', first: compared(six, run(52)), verdict: 'passed', sentence: `p95 52.0 ms: +4 %${usual}` },
  {
    what: 'as one run before',
    first: compared([50], run(52)),
    verdict: 'passed',
    sentence:
      'p95 52.0 ms: +4 % against the run that was recorded (50.0 ms); this baseline sees only more than +50 % (75.0 ms); the baseline is too short to know its spread: 5 runs tell it',
  },
  {
    what: 'quicker',
    first: compared(six, run(25)),
    verdict: 'passed',
    sentence: `p95 25.0 ms: -50 %${usual}; better than its baseline: \`LOAD_BASELINE=update\` records it`,
  },
  {
    what: 'of another spec',
    first: compared(six, run(50, { planHash: 'q' })),
    verdict: 'passed',
    sentence: `p95 50.0 ms: 0 %${usual}; the spec or the options have changed since`,
  },
  {
    what: 'slower twice',
    first: compared(six, run(150)),
    again: again(run(140)),
    verdict: 'failed',
    sentence: `p95 150 ms, and 140 ms measured again: +200 %${usual}`,
  },
  {
    what: 'slower once',
    first: compared(six, run(150)),
    again: again(run(51)),
    verdict: 'passed',
    sentence: `p95 150 ms, and 51.0 ms measured again: +200 %${usual}; measured again it was within its limit, so it was chance`,
  },
  {
    what: 'slower, and then with errors',
    first: compared(six, run(150)),
    again: again(run(50, { errorRate: 0.5 })),
    verdict: 'inconclusive',
    sentence: `p95 150 ms, and 50.0 ms measured again: +200 %${usual}; error rate 0 %, and 50.0 % measured again: 0 % was usual, limit 1.5 %; measured again something else was above its limit`,
  },
  {
    what: 'slower, where nothing can be measured again',
    first: compared(six, run(150)),
    again: { kind: 'not done', why: 'it cannot be' },
    verdict: 'inconclusive',
    sentence: `p95 150 ms: +200 %${usual}; not confirmed: it cannot be`,
  },
  {
    what: 'slower, and then invalid',
    first: compared(six, run(150)),
    again: { kind: 'done', load: { kind: 'undecided', words: 'the run is invalid: why' } },
    verdict: 'inconclusive',
    sentence: `p95 150 ms: +200 %${usual}; not confirmed: measured again, the run is invalid: why`,
  },
  {
    what: 'of too few requests',
    first: compared(six, run(52, { requests: 99 })),
    verdict: 'inconclusive',
    sentence: 'a p95 takes 100 requests that are answered: send more',
  },
  {
    what: 'of so few requests since each took so long',
    first: compared(six, run(5_000, { requests: 10 })),
    again: again(run(5_000, { requests: 10 })),
    verdict: 'failed',
    sentence: `p95 5.00 s, and 5.00 s measured again: +9900 %${usual}`,
  },
  {
    what: 'of fewer than tell a median',
    first: compared(six, run(5_000, { requests: 9 })),
    verdict: 'inconclusive',
    sentence: 'a p95 takes 100 requests that are answered: send more',
  },
  {
    what: 'of a server that is dead',
    first: compared(six, run(undefined, { errorRate: 1 })),
    again: again(run(undefined, { errorRate: 1 })),
    verdict: 'failed',
    sentence: 'error rate 100 %, and 100 % measured again: 0 % was usual, limit 1.5 %',
  },
];
for (const { what, first, again: second = notNeeded, verdict, sentence } of told) {
  test(`a run ${what} is ${verdict}`, () => {
    const finding = comparedFinding(first, second, { load, runs: [0] });
    expect([finding.verdict, finding.sentence]).toEqual([verdict, sentence]);
  });
}

test('figures, table and trend tell of the runs before, this one, and the second', () => {
  const finding = comparedFinding(compared([48, 50, 52], run(150)), again(run(140)), { load, runs: [0, 1] });
  expect(finding.figures).toEqual({
    baselineRuns: 3,
    environment: 'here',
    p95Ms: 150,
    usualP95Ms: 49.973,
    limitP95Ms: 74.96,
    changePercent: 200.2,
    seesPercent: 50,
    againP95Ms: 140,
    errorRateShare: 0,
    limitErrorRateShare: 0.02,
    againErrorRateShare: 0,
    worse: 'p95',
  });
  expect(finding.table?.rows.map(({ run: name, p95 }) => [name, p95])).toEqual([
    ['2026-01-01 12:30', 48],
    ['2026-01-02 12:30', 50],
    ['2026-01-03 12:30', 52],
    ['this one', 150],
    ['again', 140],
  ]);
  expect(finding.table?.rows[0]).toEqual({
    ...{ run: '2026-01-01 12:30', commit: '0123456', requests: 200, throughput: 20, errors: 0 },
    ...{ p50: 48, p95: 48, p99: 48, mean: 48 },
  });
  expect(finding.chart?.lines.map(({ name, style, points }) => ({ name, style, points }))).toEqual([
    {
      name: 'accepted',
      style: 'line',
      points: [
        [1, 48],
        [2, 50],
        [3, 52],
      ],
    },
    {
      name: 'this one, and again',
      style: 'points',
      points: [
        [4, 150],
        [5, 140],
      ],
    },
  ]);
  expect(finding.chart?.marks.map(({ on, name }) => [on, name])).toEqual([['left', 'limit']]);
  expect(finding).toMatchObject({ kind: 'baseline', runs: [0, 1] });
  expect(Object.keys(finding)).not.toContain('folds');
});

const names: readonly { readonly key: Partial<BaselineKey>; readonly name: string | undefined }[] = [
  { key: {}, name: undefined },
  { key: { name: 'browse' }, name: 'browse' },
  { key: { nth: 2 }, name: 'no. 2' },
  { key: { name: 'browse', nth: 2 }, name: 'browse, no. 2' },
];
for (const { key, name } of names) {
  test(`the finding of ${JSON.stringify(key)} is called ${name ?? 'nothing'}`, () => {
    expect(undecidedFinding('why', { load: { ...load, ...key }, runs: [0] }).name).toBe(name);
  });
}

test('a run that was recorded is measured, and lies somewhere', () => {
  const [first, second] = [compared([50], run(60)), run(60)];
  expect(recordedFinding({ past: [], now: second, environment: 'here' }, { load, runs: [0], kept: 1 })).toMatchObject({
    verdict: 'measured',
    sentence: 'recorded as run 1 of the baseline in this environment: p95 60.0 ms',
  });
  expect(recordedFinding(first, { load, runs: [0], kept: 2 })).toMatchObject({
    verdict: 'measured',
    sentence:
      'recorded as run 2 of the baseline in this environment: p95 60.0 ms, +20 % against the run that was recorded',
  });
  const thin = { past: [], now: run(60, { requests: 99 }), environment: 'here' };
  expect(recordedFinding(thin, { load, runs: [0], kept: 1 }).sentence).toBe(
    'recorded as run 1 of the baseline in this environment: p95 60.0 ms; of 99 answers nothing can be compared, which takes 100: send more',
  );
});
