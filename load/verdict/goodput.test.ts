import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { recordRun } from '../../testing/recorded-run.ts';
import { liveThrough, type VirtualRunParts } from '../../testing/virtual-run.ts';
import type { RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { users } from '../profile/users.ts';
import { goodputOf, requestLimits } from './goodput.ts';
import type { RunLimits } from './limits.ts';

const limitsOf: readonly { readonly of: RunLimits; readonly model: 'open' | 'closed'; readonly are: object }[] = [
  { of: { p95: '< 100ms' }, model: 'open', are: { responseTime: 100 } },
  { of: { p95: '< 100ms' }, model: 'closed', are: { serviceTime: 100 } },
  { of: { p50: '< 20ms', p99: '< 200ms', max: '<= 2s' }, model: 'open', are: { responseTime: 20 } }, // the strictest
  { of: { p95: '< 1s', serviceTime: { p99: '< 50ms' } }, model: 'open', are: { responseTime: 1_000, serviceTime: 50 } },
  { of: { p95: { target: '< 50ms', acceptable: '< 100ms' } }, model: 'open', are: { responseTime: 50 } },
  { of: { mean: '< 5ms', min: '< 1ms', stdev: '< 1ms' }, model: 'open', are: {} }, // no single request keeps these
  { of: { p95: '> 100ms' }, model: 'open', are: {} },
  { of: { phases: { waiting: { p95: '< 1ms' } }, lag: { p99: '< 1ms' }, errorRate: '< 1%' }, model: 'open', are: {} },
];
for (const { of, model, are } of limitsOf) {
  test(`a request of a run with ${JSON.stringify(of)} in an ${model} model has to keep ${JSON.stringify(are)}`, () => {
    const { plan } = recordRun({ plan: { model } });
    expect(requestLimits(of, { plan })).toEqual(are);
  });
}

/** Ten arrivals a second for ten seconds, each answered as the tenth of its second says. */
async function hundred(
  answer: (tenth: number) => ReturnType<NonNullable<VirtualRunParts['answer']>>,
  parts: VirtualRunParts = {},
): Promise<RunData> {
  const { data } = await liveThrough(arrivals('10/s').for('10s'), undefined, {
    answer: (_, atMs) => answer(Math.round(atMs / 100) % 10),
    ...parts,
  });
  data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 10_000, generator: [], pid: 1 });
  return data;
}

const fast = { afterMs: 10 };
const slow = { afterMs: 500 };
const counted: readonly {
  readonly say: string;
  readonly answer: (tenth: number) => ReturnType<NonNullable<VirtualRunParts['answer']>>;
  readonly parts?: VirtualRunParts;
  readonly limit?: `< ${number}ms`;
  readonly good: number;
}[] = [
  { say: 'all are quick', answer: () => fast, good: 100 },
  { say: 'three of ten are slow', answer: (tenth) => (tenth < 3 ? slow : fast), good: 70 },
  { say: 'half fail quickly', answer: (tenth) => (tenth < 5 ? { afterMs: 1, status: 500 } : fast), good: 50 },
  {
    say: 'one of ten times out late',
    answer: (tenth) => (tenth === 0 ? { afterMs: 30_000, timesOut: true } : fast),
    good: 90,
  },
  {
    say: 'two of ten time out early and three are slow', // fifty are good, seventy within the limit
    answer: (tenth) => (tenth < 2 ? { afterMs: 20, timesOut: true } : tenth < 5 ? slow : fast),
    good: 50,
  },
  {
    say: 'the last one that was cut off was young',
    answer: (tenth) => (tenth === 9 ? 'never' : fast),
    parts: { gracefulStopMs: 0 },
    good: 81, // ninety were: one of the ten that are lost was young, and which is not kept
  },
  {
    say: 'one user is all that is allowed',
    answer: () => ({ afterMs: 150 }),
    parts: { maxInFlight: 1 },
    limit: '< 200ms',
    good: 50,
  },
];
for (const { say, answer, parts, limit = '< 100ms', good } of counted) {
  test(`goodput where ${say} is ${good} of 100`, async () => {
    const data = await hundred(answer, parts);
    expect(goodputOf({ data }, { p95: limit })).toEqual({ good, of: 100, share: good / 100, perSec: good / 10 });
  });
}

test('goodput of an endpoint is of its own requests', () => {
  const data = recordRun({
    plan: { model: 'open' },
    requests: [
      { path: '/a', ms: 10 },
      { path: '/a', ms: 300 },
      { path: '/b', ms: 10 },
    ],
  });
  expect(goodputOf({ data, endpoint: 'GET /a' }, { p95: '< 100ms' })).toEqual({
    good: 1,
    of: 2,
    share: 0.5,
    perSec: 0.1,
  });
  expect(goodputOf({ data, endpoint: 'GET /c' }, { p95: '< 100ms' })).toBe(undefined);
});

test('nothing is claimed without a limit on a latency, and of a run in which nothing was asked', async () => {
  const data = await hundred(() => fast);
  expect(goodputOf({ data }, { errorRate: '< 1%' })).toBe(undefined);
  expect(goodputOf({ data: recordRun({ requests: [] }) }, { p95: '< 100ms' })).toBe(undefined);
});

test('a closed model is held to its service time', async () => {
  const { data } = await liveThrough(users(1).for('1s'), undefined, { answer: () => ({ afterMs: 100 }) });
  data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 1_000, generator: [], pid: 1 });
  expect(goodputOf({ data }, { p95: '< 150ms' })).toMatchObject({ good: 10, of: 10 });
  expect(goodputOf({ data }, { p95: '< 50ms' })).toMatchObject({ good: 0, of: 10 });
});
