/**
 * Stress: what the agent does beyond what is expected of it. The plan's rows, what it really holds beside them, where
 * it breaks, and how long it needs to recover.
 */
import {
  type BreakingPoint,
  breakingPointSearch,
  defaultObjective,
  describeBreakingPoint,
  describeRecovery,
  judgeStep,
  timeToRecovery,
} from '../load/analysis/index.ts';
import { arrivals, expect, iterations, test, users } from '../load/index.ts';
import { mixed } from './mixed.ts';
import { endpoints, stressLimits } from './plan.ts';

const tag = ['@stress', '@slow'];

test('health holds 500 requests by 50 users', { tag }, async ({ load }) => {
  const run = await load(iterations(500, { users: 50 }), endpoints.health.call);
  expect(run).toMeet({ successRate: stressLimits.health, requests: '500' });
});

test('four endpoints hold 1000 mixed requests by 50 users', { tag }, async ({ load }) => {
  const run = await load(iterations(1_000, { users: 50 }), mixed);
  expect(run).toMeet({ successRate: stressLimits.mixed, requests: '1000' });
});

test('no request of 5000 by 50 users fails, and none takes a second', { tag }, async ({ load }) => {
  const run = await load(iterations(5_000, { users: 50 }), mixed);
  expect(run).toMeet({ successRate: '100%', max: '< 1s', requests: '5000' });
});

test('health holds twice its throughput target for ten seconds', { tag }, async ({ load }) => {
  const run = await load(arrivals('2000/s').for('10s'), endpoints.health.call, { warmUp: '2s' });
  expect(run).toMeet({
    successRate: '100%',
    dropped: '0',
    responseTime: { p95: { target: '< 50ms', acceptable: '< 100ms' } },
  });
});

/** Long enough for a p95 of its own, short enough for a dozen. */
const step = { warmUp: '1s', measured: '4s' } as const;
const searched = { startRate: 500, maxRate: 4_000 } as const;

test(
  'the breaking point of the workflow list lies beyond five times its throughput target',
  { tag },
  async ({ load }) => {
    test.setTimeout(300_000);
    const search = breakingPointSearch({ ...searched, tolerance: 1.25, confirmations: 1, maxSteps: 20 });
    for (let next = search.next(); next.kind === 'step'; next = search.next()) {
      const { rate } = next;
      const run = await load(arrivals(`${Math.round(rate)}/s`).for(step.measured), endpoints.workflows.call, {
        name: `${next.purpose} at ${Math.round(rate)}/s`,
        warmUp: step.warmUp,
        unjudged: true,
        whenSaturated: 'warn',
      });
      search.report(judgeStep(run.step(rate), { ...defaultObjective, p95: '200ms' }));
    }
    const end = search.next();
    if (end.kind !== 'done') throw new Error('a search ends with a result');
    test.info().annotations.push({ type: 'breaking point', description: describeBreakingPoint(end.result) });
    expect(sustainedRate(end.result), describeBreakingPoint(end.result)).toBeGreaterThan(500);
  },
);

function sustainedRate(result: BreakingPoint): number {
  return 'sustains' in result ? result.sustains.rate : 0;
}

test('health is back to its calm within five seconds of a stampede', { tag }, async ({ load }) => {
  const probe = ['200/s', '12s', '10s'] as const;
  const calm = await load(arrivals(probe[0]).for(probe[1]), endpoints.health.call, {
    name: 'calm',
    warmUp: '2s',
    unjudged: true,
  });
  const stampede = await load(users(200).for('5s'), mixed, { name: 'stampede', unjudged: true, whenSaturated: 'warn' });
  const after = await load(arrivals(probe[0]).for(probe[2]), endpoints.health.call, {
    name: 'after',
    unjudged: true,
    whenSaturated: 'warn',
  });

  expect(stampede).toMeet({ successRate: stressLimits.mixed });
  const recovery = timeToRecovery({ baseline: calm.seconds, after: after.seconds, options: { floor: '20ms' } });
  test.info().annotations.push({ type: 'recovery', description: describeRecovery(recovery) });
  expect(recovery, describeRecovery(recovery)).toMatchObject({ kind: 'recovered' });
  if (recovery.kind === 'recovered') expect(recovery.afterMs).toBeLessThanOrEqual(5_000);
});
