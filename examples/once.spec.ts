/**
 * One test, two uses: `LOAD_ONCE=1` runs it as a functional test (one user, each task once, nothing judged by its speed),
 * and without it, it is the load that its profile says.
 */
import { arrivals, expect, feeder, mix, test } from 'playload';

interface Page {
  readonly limit: number;
}

const pages = feeder<Page>([{ limit: 5 }, { limit: 20 }]);

const visitor = mix<Page>([
  [10, ({ request }) => request.get('/api/v1/health')],
  [5, ({ request }) => request.get('/api/v1/config')],
  [
    1,
    async ({ request, data, check }) => {
      const response = await request.get<unknown[]>(`/api/v1/workflows?limit=${data.limit}`);
      check('a page of workflows', (await response.json()).length === data.limit);
    },
  ],
]);

test('visitors find what they look for', async ({ load }) => {
  const run = await load(arrivals('100/s').for('10s'), visitor, { warmUp: '1s', data: pages });
  expect(run).toMeet({ successRate: '> 99.9%', p95: '< 100ms', requests: '>= 900', dropped: '0' });
  expect(run.endpoint('GET /api/v1/workflows')).toMeet({ successRate: '100%', p95: '< 200ms' });
});
