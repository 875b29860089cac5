/** Sustained load: the same again and again, for a second as in the plan, and for a minute. */
import { batches, expect, test, arrivals } from 'playload';
import { endpoints, stressLimits } from './plan.ts';

test('health answers 10 batches of 10 every 100 ms', { tag: ['@stress', '@slow'] }, async ({ load }) => {
  const run = await load(batches(10, { of: 10, every: '100ms' }), endpoints.health.call);
  expect(run).toMeet({ successRate: stressLimits.sustained, requests: '100' });
});

test(
  'health answers 100 requests a second for a minute, in each ten seconds of it',
  { tag: ['@stress', '@slow'] },
  async ({ load }) => {
    const run = await load(arrivals('100/s').for('60s'), endpoints.health.call, { warmUp: '2s' });
    expect(run).toMeet({ successRate: stressLimits.sustained, requests: '6000', dropped: '0' });
    expect(run.every('10s')).toMeet({ successRate: stressLimits.sustained, p95: endpoints.health.responseTime });
  },
);
