/** What `load.recovery` makes of a probe and a stress: its verdict, its words, and what is left out of both. */
import { expect } from '@playwright/test';
import { laboratoryOf, type Made, madeRun } from '../../testing/made-run.ts';
import { test } from '../../testing/plain-test.ts';
import type { Finding } from '../measure/finding.ts';
import type { GeneratorSeries } from '../measure/generator-series.ts';
import type { ResourceSeries } from '../measure/resource-series.ts';
import { users } from '../profile/users.ts';
import { findRecovery } from './recovery.ts';
import type { RecoveryQuestion } from './recovery-question.ts';

/**
 * Both latencies are middles of buckets, so that they come back as they are. The stress lasts from 12.5 to 16.5 s; the
 * server needs until the second that begins at 20 s.
 */
const slow = (second: number): number => (second >= 12 && second < 20 ? 501 : 10.03125);
const probe: Made = { model: 'open', seconds: 43, latencyMs: slow };
const stress: Made = { model: 'closed', seconds: 5, plannedS: 4, beganAtMs: 12_500 };

function server({
  cpuAfter = 20,
  rssAfter = () => 70,
  ...rest
}: {
  readonly cpuAfter?: number;
  readonly rssAfter?: (second: number) => number;
  readonly ended?: 'exited';
} = {}): ResourceSeries {
  const samples = Array.from({ length: 44 }, (_, second) => ({
    atMs: second * 1_000,
    cpuPercent: second <= 12 ? 20 : second <= 17 ? 100 : cpuAfter,
    rssMb: second <= 12 ? 60 : second <= 17 ? 90 : rssAfter(second),
    phase: 'load' as const,
  }));
  return { name: 'server', pid: 7, cores: 2, samples, ...rest };
}

function busy(isBusy: (second: number) => boolean): GeneratorSeries {
  return Array.from({ length: 43 }, (_, second) => ({ second, elu: isBusy(second) ? 0.99 : 0.1 }));
}

const before = 'recovered after 3.5s (± 1s): p95 10.0 ms before, limit 15.0 ms; peak 501 ms';

const cases: {
  readonly title: string;
  readonly probe?: Partial<Made>;
  readonly stress?: Partial<Made>;
  readonly question?: Partial<RecoveryQuestion>;
  readonly expected: Pick<Finding, 'verdict' | 'sentence'>;
}[] = [
  { title: 'back in time', expected: { verdict: 'passed', sentence: before } },
  {
    title: 'back too late',
    question: { within: '3s' },
    expected: {
      verdict: 'failed',
      sentence: 'not recovered within 3s: p95 10.0 ms before, limit 15.0 ms, ended at 25.5 times; peak 501 ms',
    },
  },
  {
    title: 'back, and slow again at the end',
    probe: { latencyMs: (second) => (second >= 34 ? 40 : slow(second)) },
    expected: {
      verdict: 'failed',
      sentence:
        'recovered after 3.5s (± 1s): p95 10.0 ms before, limit 15.0 ms; it fell back, and ended at 4.0 times; peak 501 ms',
    },
  },
  {
    title: 'its process back too',
    probe: { resources: [server()] },
    expected: {
      verdict: 'passed',
      sentence: `${before}; CPU back to its level before after 1s: 20.0 % before, limit 25.0 %; memory grew by 30.0 MB (60.0 MB to 90.0 MB) and settled at 70.0 MB`,
    },
  },
  {
    title: 'its CPU still up',
    probe: { resources: [server({ cpuAfter: 80 })] },
    question: { memory: false },
    expected: {
      verdict: 'failed',
      sentence: `${before}; CPU not back to its level before within 27s: 20.0 % before, limit 25.0 %, ended 60.0 points above`,
    },
  },
  {
    title: 'its memory still growing',
    probe: { resources: [server({ rssAfter: (second) => 70 + 2 * (second - 17) })] },
    question: { cpu: false },
    expected: {
      verdict: 'failed',
      sentence: `${before}; memory grew by 62.0 MB (60.0 MB to 122 MB) and still grew by 32.0 MB after the load`,
    },
  },
  {
    title: 'its memory over what it may take',
    probe: { resources: [server()] },
    question: { cpu: false, memory: { limitMb: 25 } },
    expected: {
      verdict: 'failed',
      sentence: `${before}; memory grew by 30.0 MB (60.0 MB to 90.0 MB), less than 25.0 MB is allowed`,
    },
  },
  {
    title: 'its process gone, which is said once',
    probe: { resources: [server({ ended: 'exited' })] },
    expected: { verdict: 'failed', sentence: `${before}; the process ended while it was watched` },
  },
  {
    title: 'a baseline that failed',
    probe: { failed: (second) => (second < 12 ? 5 : 0) },
    expected: {
      verdict: 'invalid',
      sentence: 'not enough data: the baseline itself failed: 60 of 600 requests before the stress, 1.0 % are allowed',
    },
  },
  {
    title: 'a probe that was stopped',
    probe: { seconds: 20, plannedS: 43, stopped: 'the worker ended' },
    expected: { verdict: 'invalid', sentence: 'the probe was stopped after 20s: the worker ended' },
  },
  {
    title: 'a stress of nothing',
    stress: { requests: () => 0 },
    expected: { verdict: 'invalid', sentence: 'the stress sent no request' },
  },
  {
    title: 'a stress that the server has no answer to',
    stress: {
      failed: () => 50,
      change: ({ endpoints, errors }) => {
        for (const { statuses } of endpoints.values()) statuses.set('404', 250);
        errors.set('x', { kind: 'HTTP 404', endpoint: 'GET /', count: 250, sample: 'HTTP 404' });
      },
    },
    expected: { verdict: 'invalid', sentence: 'the stress asked what the server has no answer to (250 × HTTP 404)' },
  },
  {
    title: 'a stress of which the server refused all as too much',
    stress: {
      failed: () => 50,
      change: ({ endpoints }) => {
        for (const { statuses } of endpoints.values()) statuses.set('429', 250);
      },
    },
    expected: { verdict: 'passed', sentence: before },
  },
  {
    title: 'a stress whose books do not balance',
    stress: { change: ({ accounting }) => void accounting.push('3 started, but 2 ok') },
    expected: {
      verdict: 'invalid',
      sentence: 'the stress is invalid: the accounting does not add up: 3 started, but 2 ok',
    },
  },
  {
    title: 'a generator that the stress kept busy',
    probe: { generator: busy((second) => second >= 12 && second <= 16) },
    expected: { verdict: 'passed', sentence: before },
  },
  {
    title: 'a generator that was busy after it too',
    probe: { generator: busy((second) => second >= 12) },
    expected: {
      verdict: 'invalid',
      sentence: expect.stringContaining(
        'before or after the stress the generator could not keep up: its event loop was',
      ) as unknown as string,
    },
  },
];
for (const { title, expected, ...given } of cases) {
  test(`a recovery: ${title}`, async () => {
    const laboratory = laboratoryOf([
      madeRun({ ...probe, ...given.probe }, 3),
      madeRun({ ...stress, ...given.stress }, 4),
    ]);
    const question: RecoveryQuestion = { probe: '50/s', stress: users(10).for('4s'), within: '20s', ...given.question };
    const found = await findRecovery(laboratory, question, { scenario: async () => undefined, options: {} });
    expect({ verdict: found.verdict, sentence: found.sentence }).toEqual(expected);
    expect(found.recoveredAfterMs).toBe(found.sentence.startsWith('recovered') ? 3_500 : undefined);
    expect(laboratory.told).toMatchObject([{ kind: 'recovery', ...expected, runs: [3, 4], folds: true }]);
  });
}

test('a server that came back just in time has not fallen back, however slow the windows before', async () => {
  const late = (second: number): number => (second >= 12 && second < 26 ? 501 : 10.03125);
  const laboratory = laboratoryOf([madeRun({ ...probe, latencyMs: late }), madeRun(stress, 1)]);
  const question: RecoveryQuestion = { probe: '50/s', stress: users(10).for('4s'), within: '10s' };
  const { verdict, sentence } = await findRecovery(laboratory, question, {
    scenario: async () => undefined,
    options: {},
  });
  expect({ verdict, sentence }).toEqual({ verdict: 'passed', sentence: before.replace('3.5s', '9.5s') });
});

test('a recovery is drawn with the stress in it, and tabled by phase', async () => {
  const laboratory = laboratoryOf([madeRun({ ...probe, resources: [server()] }), madeRun(stress, 1)]);
  const question: RecoveryQuestion = { probe: '50/s', stress: users(10).for('4s'), within: '20s', name: 'health' };
  await findRecovery(laboratory, question, { scenario: async () => undefined, options: {} });
  const [finding] = laboratory.told;
  expect(finding?.name).toBe('health');
  expect(finding?.table?.rows).toEqual([
    {
      phase: 'before',
      from: 0,
      requests: 600,
      failed: 0,
      p95: 10.03125,
      'worst p95': 10.03125,
      'CPU %': 20,
      memory: 60,
    },
    { phase: 'stress', from: 12.5, requests: 150, failed: 0, p95: 501, 'worst p95': 501, 'CPU %': 100, memory: 90 },
    {
      phase: 'after',
      from: 16.5,
      requests: 1_300,
      failed: 0,
      p95: 10.03125,
      'worst p95': 501,
      'CPU %': 20,
      memory: 70,
    },
  ]);
  expect(finding?.chart?.spans).toEqual([{ from: 12.5, to: 16.5, name: 'stress' }]);
  expect(finding?.chart?.marks).toEqual([
    { on: 'left', at: 15.046875, name: 'as before' },
    { on: 'x', at: 20, name: 'recovered after 3.5s' },
  ]);
  expect(finding?.chart?.lines.map(({ name, points }) => [name, points.length])).toEqual([
    ['p95', 43],
    ['CPU', 44],
  ]);
});
