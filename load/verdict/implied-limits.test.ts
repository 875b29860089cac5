import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../testing/plain-test.ts';
import { emptyEndpoint, type RunData } from '../measure/run-data.ts';
import { emptySocketBook } from '../measure/socket-book.ts';
import { arrivals } from '../profile/arrivals.ts';
import { iterations } from '../profile/iterations.ts';
import type { Profile } from '../profile/profile.ts';
import { users } from '../profile/users.ts';
import type { Scenario } from '../run/scenario.ts';
import { liveThrough, type VirtualRunParts } from '../../testing/virtual-run.ts';
import { judgeRun } from './judge.ts';
import { parseLimits } from './parse-limits.ts';

type Ask = { readonly of?: string; readonly limits: object; readonly every?: number; readonly from?: number };

interface Case extends VirtualRunParts {
  readonly profile?: Profile;
  readonly scenario?: Scenario<unknown>;
  readonly asked: readonly Ask[];
}

async function judged({ profile = arrivals('20/s').for('5s'), scenario, asked, ...parts }: Case) {
  const { data, end } = await liveThrough(profile, scenario, parts);
  const durationMs = end.endedAtMs - end.beganAtMs;
  const stopped = end.stopped === undefined ? {} : { stopped: end.stopped };
  data.segments.push({
    runId: 'r',
    index: 0,
    of: 1,
    startedAtEpochMs: 0,
    durationMs,
    generator: [],
    pid: 1,
    ...stopped,
  });
  for (const ask of asked) put(data, ask);
  return judgeRun(data);
}

function put(data: RunData, { of, limits, every, from }: Ask): void {
  const window =
    every === undefined
      ? from === undefined
        ? undefined
        : ({ kind: 'between', fromMs: from, toMs: undefined, text: 'later' } as const)
      : ({ kind: 'every', lengthMs: every, text: 'each' } as const);
  const scope = of === undefined ? ({ kind: 'run' } as const) : ({ kind: 'endpoint', name: of } as const);
  const subject = { scope, model: data.plan.model, apdexGiven: false, ...(window !== undefined && { window }) };
  data.thresholds.push(...parseLimits(limits, subject));
}

const failEach = (nth: number) => {
  let n = 0;
  return () => ({ afterMs: 10, status: ++n % nth === 0 ? 500 : 200 });
};
const p95 = { p95: '< 200ms' };

const silent: readonly (Case & { readonly name: string; readonly reason: RegExp })[] = [
  {
    name: 'every answer is a 500, and only a latency was asked for',
    answer: () => ({ afterMs: 2, status: 500 }),
    asked: [{ limits: p95 }],
    reason: /^\d+ failed requests \(none allowed\): \d+ × HTTP 500 on .*; 2 of 2 limits missed$/,
  },
  {
    name: '96 of 100 answers are a quick 429',
    answer: (_, atMs) => ({ afterMs: 5, status: atMs < 200 ? 200 : 429 }),
    asked: [{ limits: p95 }],
    reason: /^96 failed requests \(none allowed\): 96 × HTTP 429 on GET \//,
  },
  {
    name: 'quick failures beside slow answers: the percentile is of the answers',
    answer: (url) => (url === '/good' ? { afterMs: 100 } : { afterMs: 1, status: 500 }),
    profile: iterations(300, { users: 10 }),
    scenario: async ({ request, iteration }) => request.get(iteration % 25 === 0 ? '/good' : '/bad'),
    asked: [{ limits: { p95: '< 50ms', failed: '< 300' } }],
    reason: /^p95 100 ms \(limit < 50ms\): GET \/good/,
  },
  {
    name: 'every second request is reset, and the check runs only where it was answered',
    profile: iterations(40, { users: 2 }),
    scenario: async ({ request, check, iteration }) => {
      const response = await request.get(iteration % 2 === 0 ? '/bad' : '/good');
      if (response.status() === 200) check('fine', true);
    },
    answer: (url) => ({ afterMs: 1, status: url === '/bad' ? 502 : 200 }),
    asked: [{ limits: { checks: '100%' } }],
    reason: /^20 failed requests \(none allowed\): 20 × HTTP 502 on GET \/bad/,
  },
  {
    name: 'the server hangs from the first second on, nothing waits for it, and the throughput is met',
    profile: users(10).for('4s'),
    gracefulStopMs: 0,
    answer: (_, atMs) => (atMs > 1_000 ? 'never' : { afterMs: 2 }),
    asked: [{ limits: { throughput: '> 150/s' } }],
    reason: /^10 unfinished requests \(none allowed\): 10 cut off at the end on GET \//,
  },
  {
    name: 'nine of ten arrivals are dropped',
    maxInFlight: 1,
    answer: () => ({ afterMs: 495 }),
    asked: [{ limits: { p95: '< 2s' } }],
    reason: /^90 dropped arrivals \(none allowed\): all the time, with up to 1 request in flight/,
  },
  {
    name: 'a limit on one part of the time says nothing of the rest',
    answer: (_, atMs) => ({ afterMs: 1, status: atMs < 1_000 ? 500 : 200 }),
    asked: [{ limits: { successRate: '100%' }, from: 2_000 }],
    reason: /^20 failed requests \(none allowed\): 20 × HTTP 500 on GET \//,
  },
  {
    name: 'a limit on one endpoint says nothing of the others',
    scenario: async ({ request, iteration }) => request.get(iteration % 2 === 0 ? '/bad' : '/good'),
    answer: (url) => ({ afterMs: 1, status: url === '/bad' ? 500 : 200 }),
    asked: [{ of: 'GET /good', limits: { successRate: '100%' } }],
    reason: /^50 failed requests on GET \/bad \(none allowed\): 50 × HTTP 500, all the time/,
  },
  {
    name: 'a success rate does not speak of what was cut off',
    profile: users(1).for('1s'),
    gracefulStopMs: 100,
    answer: (_, atMs) => (atMs > 990 ? 'never' : { afterMs: 1 }),
    asked: [{ limits: { successRate: '> 99%' } }],
    reason:
      /iterations were still under way at the end of the graceful stop; missed besides: 1 unfinished request \(none allowed\)/,
  },
  {
    name: 'a request that was cut off is as old as it is: a shorter limit is missed',
    profile: users(1).for('1s'),
    gracefulStopMs: 4_000,
    answer: (_, atMs) => (atMs > 500 ? 'never' : { afterMs: 100 }),
    asked: [{ limits: { unfinished: '1', max: '< 3s' } }],
    reason: /^max 4\.40 s \(limit < 3s\): GET \//,
  },
];
for (const { name, reason, ...given } of silent) {
  test(`not green: ${name}`, async () => {
    const { verdict, reason: said } = await judged(given);
    expect(verdict).toBe('failed');
    expect(said).toMatch(reason);
  });
}

const spoken: readonly (Case & { readonly name: string })[] = [
  { name: 'nothing went wrong', asked: [{ limits: p95 }] },
  { name: 'a success rate speaks of failures', answer: failEach(100), asked: [{ limits: { successRate: '>= 99%' } }] },
  { name: 'an error rate does', answer: failEach(100), asked: [{ limits: { errorRate: '<= 1%' } }] },
  { name: 'a count does', answer: failEach(100), asked: [{ limits: { failed: '<= 1' } }] },
  { name: 'every window does', answer: failEach(100), asked: [{ limits: { errorRate: '<= 5%' }, every: 1_000 }] },
  {
    name: 'all endpoints do',
    scenario: async ({ request, iteration }) => request.get(iteration % 2 === 0 ? '/bad' : '/good'),
    answer: (url) => ({ afterMs: 1, status: url === '/bad' ? 500 : 200 }),
    asked: [
      { of: 'GET /good', limits: { successRate: '100%' } },
      { of: 'GET /bad', limits: { failed: '50' } },
    ],
  },
  {
    name: 'dropped arrivals may be spoken of',
    maxInFlight: 1,
    answer: () => ({ afterMs: 495 }),
    asked: [{ limits: { dropped: '90' } }],
  },
];
for (const { name, ...given } of spoken) {
  test(`green: ${name}`, async () => {
    const { verdict, reason } = await judged(given);
    expect(`${verdict}: ${reason}`).toMatch(/^passed: /);
  });
}

test('the limits that were implied are told among the thresholds', async () => {
  const { thresholds } = await judged({ asked: [{ limits: p95 }] });
  expect(thresholds.map(({ metric, implied = false }) => `${metric} ${implied ? 'implied' : 'asked'}`)).toEqual([
    'p95 asked',
    'failed implied',
    'timedOut implied',
    'unfinished implied',
    'dropped implied',
    'idleIterations implied',
    'exceptions implied',
  ]);
});

test('a row without requests, as of sockets that were opened before the load, is asked for none of its own', async () => {
  const { data } = await liveThrough(arrivals('20/s').for('1s'));
  data.segments.push({
    ...{ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0 },
    durationMs: 1_000,
    generator: [],
    pid: 1,
  });
  data.endpoints.set('GET /ws', { ...emptyEndpoint(), socket: emptySocketBook() });
  put(data, { of: 'GET /', limits: { successRate: '100%' } });
  const { verdict, thresholds } = judgeRun(data);
  expect(verdict).toBe('passed');
  expect(thresholds.filter(({ scope }) => scope.includes('GET /ws'))).toEqual([]);
});

test('a load that is only to be measured says what went wrong, and is never passed', async () => {
  const measured = async (parts: VirtualRunParts) => {
    const { data } = await liveThrough(arrivals('20/s').for('1s'), undefined, parts);
    return judgeRun({ ...data, plan: { ...data.plan, unjudged: true } });
  };
  expect(await measured({})).toMatchObject({ verdict: 'measured', reason: 'measured, not judged' });
  expect(await measured({ answer: () => ({ afterMs: 1, status: 503 }) })).toMatchObject({
    verdict: 'measured',
    reason: 'measured, not judged; 20 of 20 requests did not succeed (20 × HTTP 503)',
  });
  expect(await measured({ answer: () => 'never', gracefulStopMs: 0 })).toMatchObject({ verdict: 'failed' });
});

/** Limits that speak of no loss, all of which a healthy server meets. */
const harmless = fc.subarray(
  [{ p95: '< 1m' }, { mean: '< 1m' }, { max: '< 1m' }, { throughput: '> 0.001/s' }, { iterations: '> 0' }],
  { minLength: 1 },
);
const losses = fc.constantFrom('failed', 'timed out', 'unfinished', 'dropped');

test('whatever limits a spec sets, if they name no loss then one lost request leaves nothing passed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ perSec: fc.integer({ min: 1, max: 30 }), at: fc.nat(), limits: harmless, loss: losses }),
      async ({ perSec, at, limits, loss }) => {
        const profile = arrivals(`${perSec}/s`).for('2s');
        const asked = limits.map((each) => ({ limits: each }));
        const lost = at % (profile.total ?? 1);
        expect((await judged({ profile, asked })).verdict).toBe('passed');
        expect((await judged({ profile, asked, ...losing(loss, lost) })).verdict).toBe('failed');
      },
    ),
    { numRuns: 60 },
  );
});

/** The server, or the generator, loses the request with this number. */
function losing(loss: 'failed' | 'timed out' | 'unfinished' | 'dropped', lost: number): VirtualRunParts {
  let n = -1;
  const only = (answer: ReturnType<NonNullable<VirtualRunParts['answer']>>) => () => {
    n += 1;
    return n === lost ? answer : { afterMs: 0 };
  };
  switch (loss) {
    case 'failed':
      return { answer: only({ afterMs: 0, status: 500 }) };
    case 'timed out':
      return { answer: only({ afterMs: 100, timesOut: true }) };
    case 'unfinished':
      return { answer: only('never'), gracefulStopMs: 0 };
    case 'dropped':
      return { answer: () => ({ afterMs: 1_500 }), maxInFlight: 1 };
  }
}
