/**
 * Stress: what the agent does beyond what is expected of it. The plan's rows, what it really holds beside them, where
 * it breaks, and how long it needs to recover.
 */
import { arrivals, expect, iterations, test, users } from 'playload';
import { mixed } from './mixed.ts';
import { endpoints, levels, memoryGrowthLimitMb, slos, stressLimits } from './plan.ts';

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

/**
 * By rate beyond the throughput target, of the list five times; by users, whom nothing makes think, beyond the peak
 * load.
 */
const searches = [
  { what: 'health', by: { of: 'rate', from: '1001/s', to: '8008/s', atLeast: '1001/s' } },
  { what: 'health', by: { of: 'users', from: levels.normal, to: 800, atLeast: levels.peak } },
  { what: 'workflows', by: { of: 'rate', from: '501/s', to: '4008/s', atLeast: '501/s' } },
  { what: 'workflows', by: { of: 'users', from: levels.normal, to: 800, atLeast: levels.peak } },
] as const;
for (const { what, by } of searches) {
  const noun = by.of === 'rate' ? by.atLeast : `${by.atLeast} users`;
  test(`the breaking point of ${endpoints[what].name} lies at ${noun} or beyond`, { tag }, async ({ load }) => {
    await load.breakingPoint(
      { slo: slos[what], ...by, name: slos[what].name, tolerance: 1.25, step: '4s' },
      endpoints[what].call,
      { warmUp: '1s' },
    );
  });
}

test('health, CPU and memory are back to their calm within five seconds of a stampede', { tag }, async ({ load }) => {
  const { stress } = await load.recovery(
    {
      probe: '200/s',
      stress: users(200).for('5s'),
      stressing: mixed,
      within: '5s',
      floor: '20ms',
      memory: { limitMb: memoryGrowthLimitMb },
    },
    endpoints.health.call,
  );
  expect(stress).toMeet({ successRate: stressLimits.mixed });
});
