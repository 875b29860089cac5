/**
 * Load: the agent answers what is expected of it. The plan's rows by thread pool, and its four levels all at once.
 */
import { batch, expect, iterations, test } from 'playload';
import { mixed } from './mixed.ts';
import { endpoints, levels, loadLimits } from './plan.ts';

const rows = [
  { endpoint: endpoints.health, requests: 100, users: 20 },
  { endpoint: endpoints.config, requests: 50, users: 10 },
  { endpoint: endpoints.capabilities, requests: 50, users: 10 },
  { endpoint: endpoints.workflows, requests: 30, users: 10 },
] as const;

for (const { endpoint, requests, users } of rows) {
  test(`${endpoint.name} answers ${requests} requests by ${users} users`, { tag: '@performance' }, async ({ load }) => {
    const run = await load(iterations(requests, { users }), endpoint.call);
    expect(run).toMeet({ ...loadLimits, requests: `${requests}` });
    expect(run.endpoint(endpoint.name)).toMeet({ p95: endpoint.responseTime });
  });
}

test('four endpoints answer 100 mixed requests by 20 users', { tag: '@performance' }, async ({ load }) => {
  const run = await load(iterations(100, { users: 20 }), mixed);
  expect(run).toMeet({ ...loadLimits, requests: '100' });
  for (const { name } of Object.values(endpoints))
    expect(run.endpoint(name)).toMeet({ requests: '25', successRate: '100%' });
});

for (const [level, size] of Object.entries(levels)) {
  for (const endpoint of Object.values(endpoints)) {
    test(
      `${endpoint.name} answers ${size} requests at once (${level} load)`,
      { tag: '@performance' },
      async ({ load }) => {
        const run = await load(batch(size), endpoint.call);
        expect(run).toMeet({ ...loadLimits, requests: `${size}` });
      },
    );
  }
}
