import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { liveThrough, type VirtualRunParts } from '../../testing/virtual-run.ts';
import type { RunData } from '../measure/run-data.ts';
import { arrivals } from '../profile/arrivals.ts';
import { errorBudgets, type ErrorBudgetOptions } from './error-budget.ts';
import type { RunLimits } from './limits.ts';

/** Ten arrivals a second for thirty seconds. */
async function measured(answer: NonNullable<VirtualRunParts['answer']>): Promise<RunData> {
  const { data } = await liveThrough(arrivals('10/s').for('30s'), undefined, { answer });
  data.segments.push({ runId: 'r', index: 0, of: 1, startedAtEpochMs: 0, durationMs: 30_000, generator: [], pid: 1 });
  return data;
}

/** From 10 s to 20 s a fifth fails, and a tenth is slow. */
const troubled: NonNullable<VirtualRunParts['answer']> = (_, atMs) => {
  const tenth = Math.round(atMs / 100) % 10;
  const isTrouble = atMs >= 9_999 && atMs < 19_999;
  if (isTrouble && tenth < 2) return { afterMs: 5, status: 500 };
  return { afterMs: isTrouble && tenth === 2 ? 400 : 20 };
};

test('each objective has a budget of its own, the one used up most first', async () => {
  const data = await measured(troubled);
  expect(errorBudgets({ data }, { p95: '< 100ms', errorRate: '< 5%' })).toEqual([
    {
      limit: 'errorRate < 5%',
      objective: 0.95,
      bad: 20,
      of: 300,
      used: 1.33333333333,
      windows: [
        { fromMs: 0, toMs: 10_000, bad: 0, of: 100, burn: 0 },
        { fromMs: 10_000, toMs: 20_000, bad: 20, of: 100, burn: 4 },
        { fromMs: 20_000, toMs: 30_000, bad: 0, of: 100, burn: 0 },
      ],
      worst: { fromMs: 10_000, toMs: 20_000, bad: 20, of: 100, burn: 4 },
      sentence: 'errorRate < 5%: 133.3 % of the error budget used, fastest from 10s to 20s at 4 times its rate',
    },
    {
      limit: 'p95 < 100ms',
      objective: 0.95,
      bad: 10,
      of: 280, // what failed has no latency
      used: 0.714285714286,
      windows: [
        { fromMs: 0, toMs: 10_000, bad: 0, of: 100, burn: 0 },
        { fromMs: 10_000, toMs: 20_000, bad: 10, of: 80, burn: 2.5 },
        { fromMs: 20_000, toMs: 30_000, bad: 0, of: 100, burn: 0 },
      ],
      worst: { fromMs: 10_000, toMs: 20_000, bad: 10, of: 80, burn: 2.5 },
      sentence: 'p95 < 100ms: 71.4 % of the error budget used, fastest from 10s to 20s at 2.5 times its rate',
    },
  ]);
});

const objectives: readonly { readonly limits: RunLimits; readonly used: readonly (readonly [string, number])[] }[] = [
  { limits: { successRate: '> 90%' }, used: [['successRate > 90%', 0.666666666667]] },
  { limits: { p90: '<= 100ms' }, used: [['p90 <= 100ms', 0.357142857143]] },
  {
    limits: { p50: '< 10ms', p99: '< 1s' },
    used: [
      ['p50 < 10ms', 2],
      ['p99 < 1s', 0],
    ],
  },
  {
    limits: { responseTime: { p95: '< 100ms' }, max: '< 2s', mean: '< 50ms' },
    used: [['responseTime.p95 < 100ms', 0.714285714286]],
  },
  { limits: { errorRate: { target: '< 5%', acceptable: '< 10%' } }, used: [['errorRate < 5%', 1.33333333333]] },
];
for (const { limits, used } of objectives) {
  test(`of ${JSON.stringify(limits)} is used up ${JSON.stringify(used)}`, async () => {
    const data = await measured(troubled);
    expect(errorBudgets({ data }, limits).map((budget) => [budget.limit, budget.used])).toEqual(used);
  });
}

test('a limit is missed exactly where its budget is overdrawn, requests that are lost among them', async () => {
  for (const lost of [13, 17]) {
    let n = -1;
    const data = await measured(() => ((n += 1) < lost ? { afterMs: 5_000, timesOut: true } : { afterMs: 20 }));
    const [budget] = errorBudgets({ data }, { p95: '< 100ms' });
    expect(budget).toMatchObject({ bad: lost, of: 300 });
    expect((budget?.used ?? 0) > 1).toBe(lost > 15);
  }
});

test('of an endpoint, by windows of a minute, of which the rest is one', async () => {
  const data = await measured(troubled);
  const [budget] = errorBudgets({ data, endpoint: 'GET /' }, { errorRate: '< 5%' }, { window: '1m' });
  expect(budget?.windows).toEqual([{ fromMs: 0, toMs: 30_000, bad: 20, of: 300, burn: 1.33333333333 }]);
  expect(errorBudgets({ data, endpoint: 'GET /nobody' }, { errorRate: '< 5%' })).toEqual([]);
});

const refused: readonly { readonly limits: RunLimits; readonly options?: unknown; readonly says: string }[] = [
  {
    limits: { errorRate: '0%' },
    says: '`errorBudget` needs a limit that lets some requests go wrong, such as `errorRate: "< 1%"` or `p95: "< 100ms"`',
  },
  {
    limits: { max: '< 1s', throughput: '> 5/s', serviceTime: { p95: '< 1s' } },
    says: '`errorBudget` needs a limit that lets some requests go wrong, such as `errorRate: "< 1%"` or `p95: "< 100ms"`',
  },
  { limits: { errorRate: '< 1%' }, options: { window: '1500ms' }, says: '`window` counts whole seconds, got "1500ms"' },
  {
    limits: { errorRate: '< 1%' },
    options: { every: '1s' },
    says: '`every` is no option of `errorBudget`; known are window',
  },
  { limits: { errorRate: '< 1%' }, options: null, says: '`errorBudget` takes its options as an object, got null' },
];
for (const { limits, options, says } of refused) {
  test(`refused: ${JSON.stringify(limits)} ${JSON.stringify(options)}`, async () => {
    const data = await measured(troubled);
    expect(() => errorBudgets({ data }, limits, options as ErrorBudgetOptions)).toThrow(says);
  });
}
