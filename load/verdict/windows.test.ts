import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import type { RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import type { Profile } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import { liveThrough, type VirtualRunParts } from '../../testing/virtual-run.ts';
import type { TimeWindow } from '../measure/threshold.ts';
import { judgeThreshold } from './judge.ts';
import { receivedText } from './judged-threshold.ts';
import { parseLimits } from './parse-limits.ts';

async function ran(profile: Profile, parts: VirtualRunParts): Promise<RunData> {
  const { data, end } = await liveThrough(profile, undefined, parts);
  const durationMs = end.endedAtMs - end.beganAtMs;
  data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs, generator: [], pid: 1 });
  const { durationMs: plannedMs } = profile;
  return { ...data, plan: { ...data.plan, ...(plannedMs !== undefined && { plannedMs }) } };
}

const failingFrom = (fromMs: number, share = 2) => {
  let n = 0;
  return {
    answer: (_: string, atMs: number) => ({ afterMs: 5, status: atMs >= fromMs && ++n % share === 0 ? 500 : 200 }),
  };
};
const fine = { answer: () => ({ afterMs: 5 }) };

const rows: readonly {
  readonly name: string;
  readonly profile: Profile;
  readonly parts: VirtualRunParts;
  readonly every: number;
  readonly limit: object;
  readonly received: string;
  readonly verdict: 'passed' | 'failed';
}[] = [
  {
    name: 'the last ten seconds of a minute',
    ...{ profile: arrivals('10/s').for('60s'), parts: failingFrom(50_000), every: 10_000 },
    ...{ limit: { successRate: '> 95%' }, received: '50.0 % from 0:50 to 1:00', verdict: 'failed' },
  },
  {
    name: 'a tail shorter than a window',
    ...{ profile: users(5).for('3900ms'), parts: failingFrom(2_000), every: 2_000 },
    ...{ limit: { successRate: '100%' }, received: '50.0 % from 0:02.0 to 0:03.9', verdict: 'failed' },
  },
  {
    name: 'exactly no errors in each window, not in the best one',
    ...{ profile: arrivals('10/s').for('6s'), parts: failingFrom(4_000), every: 2_000 },
    ...{ limit: { errorRate: '0%' }, received: '50.0 % from 0:04 to 0:06', verdict: 'failed' },
  },
  {
    name: 'exactly so many requests in each window, not in the best one',
    ...{ profile: arrivals('50/s').for('2s').followedBy(arrivals('70/s').for('2s')), parts: fine, every: 2_000 },
    ...{ limit: { requests: '100' }, received: '140 from 0:02 to 0:04', verdict: 'failed' },
  },
  {
    name: 'a number of requests is asked of whole windows alone',
    ...{ profile: arrivals('50/s').for('5s'), parts: fine, every: 2_000 },
    ...{ limit: { requests: '100' }, received: '100 from 0:00 to 0:02', verdict: 'passed' },
  },
  {
    name: 'a rest is judged by its own length',
    ...{ profile: arrivals('50/s').for('5s'), parts: fine, every: 2_000 },
    ...{ limit: { throughput: '>= 50/s' }, received: '50.0/s from 0:00 to 0:02', verdict: 'passed' },
  },
  {
    name: 'a window without an answer has no throughput',
    ...{ profile: arrivals('1/m').for('6s'), parts: fine, every: 2_000 },
    ...{ limit: { throughput: '> 0.1/s' }, received: '0/s from 0:02 to 0:04', verdict: 'failed' },
  },
  {
    name: 'the answer that comes after the end makes no window of its own',
    ...{ profile: arrivals('10/s').for('2s'), parts: { answer: () => ({ afterMs: 700 }) }, every: 1_000 },
    ...{ limit: { successRate: '100%' }, received: '100 % from 0:00 to 0:01', verdict: 'passed' },
  },
];
for (const { name, profile, parts, every, limit, received, verdict } of rows) {
  test(`${name}: ${JSON.stringify(limit)} is ${verdict}`, async () => {
    const run = await ran(profile, parts);
    const window = { kind: 'every', lengthMs: every, text: 'each' } as const;
    const subject = { scope: { kind: 'run' }, model: run.plan.model, apdexGiven: false, window } as const;
    const judged = parseLimits(limit, subject).map((threshold) => judgeThreshold(run, threshold));
    expect(judged.map((each) => [each.verdict, receivedText(each)])).toEqual([[verdict, received]]);
  });
}

const slowing = {
  profile: arrivals('10/s').for('4s'),
  answer: (_: string, atMs: number) => ({ afterMs: 10 + Math.floor(atMs / 1_000) * 20 }),
};
const between = (fromMs: number, toMs: number) => ({ kind: 'between', fromMs, toMs, text: 'then' }) as const;
const twoSeconds = { kind: 'every', lengthMs: 2_000, text: 'each' } as const;

const figures: readonly {
  readonly limit: object;
  readonly window: TimeWindow;
  readonly endpoint?: string;
  readonly received: RegExp;
}[] = [
  { limit: { min: '< 1s' }, window: between(1_000, 3_000), received: /^3[01]\.\d ms$/ },
  { limit: { max: '< 1s' }, window: between(1_000, 3_000), received: /^5[01]\.\d ms$/ },
  { limit: { mean: '< 1s' }, window: between(1_000, 3_000), received: /^4[01]\.\d ms$/ },
  { limit: { p50: '< 1s' }, window: between(1_000, 3_000), received: /^3[01]\.\d ms$/ },
  { limit: { min: '< 1s' }, window: twoSeconds, received: /^5[01]\.\d ms from 0:02 to 0:04$/ },
  { limit: { mean: '< 1s' }, window: twoSeconds, received: /^6[01]\.\d ms from 0:02 to 0:04$/ },
  { limit: { max: '> 1ms' }, window: twoSeconds, received: /^3[01]\.\d ms from 0:00 to 0:02$/ },
  { limit: { max: '< 1s' }, window: twoSeconds, endpoint: 'GET /', received: /^7[01]\.\d ms from 0:02 to 0:04$/ },
  { limit: { max: '< 1s' }, window: twoSeconds, endpoint: 'GET /b', received: /^no data from 0:00 to 0:02$/ },
  { limit: { requests: '> 1' }, window: twoSeconds, endpoint: 'GET /b', received: /^0 from 0:00 to 0:02$/ },
  { limit: { successRate: '100%' }, window: between(3_500, 3_900), received: /^no data$/ }, // no whole second
];
for (const { limit, window, endpoint, received } of figures) {
  test(`${JSON.stringify(limit)} of ${endpoint ?? 'a run'} that slows down, ${JSON.stringify(window)}: ${received.source}`, async () => {
    const run = await ran(slowing.profile, slowing);
    const scope = endpoint === undefined ? ({ kind: 'run' } as const) : ({ kind: 'endpoint', name: endpoint } as const);
    const judged = parseLimits(limit, { scope, model: 'open', apdexGiven: false, window });
    expect(judged.map((threshold) => receivedText(judgeThreshold(run, threshold)))).toEqual([
      expect.stringMatching(received),
    ]);
  });
}

test('of equal windows the first is told', async () => {
  const run = await ran(arrivals('10/s').for('6s'), fine);
  const subject = { scope: { kind: 'run' }, model: 'open', apdexGiven: false, window: twoSeconds } as const;
  const judged = parseLimits({ requests: '< 1' }, subject).map((threshold) => judgeThreshold(run, threshold));
  expect(judged.map(receivedText)).toEqual(['20 from 0:00 to 0:02']);
});
