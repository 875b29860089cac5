/** Journey: the plan's Locust user, ten of whom look at health, configuration, capabilities and workflows. */
import { between, expect, mix, test, users } from 'playload';
import { endpoints } from './plan.ts';

const performanceAgentUser = mix([
  [10, endpoints.health.call],
  [5, endpoints.config.call],
  [5, endpoints.capabilities.call],
  [2, endpoints.workflows.call],
]);

test("ten users do as the plan's Locust user does, for 30 seconds", { tag: '@slow' }, async ({ load }) => {
  const run = await load(users(10).for('30s').thinking(between('1s', '3s')), performanceAgentUser);
  expect(run).toMeet({ successRate: '> 99%', requests: '>= 100' });
  for (const { name, responseTime } of Object.values(endpoints))
    expect(run.endpoint(name)).toMeet({ p95: responseTime });
});
