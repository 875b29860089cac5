import { arrivals, expect, test } from 'playload';

test('workflows answer 200 requests a second', async ({ load }) => {
  const run = await load(
    arrivals('200/s').for('10s'),
    async ({ request, check }) => {
      const response = await request.get<unknown[]>('/api/v1/workflows?limit=20');
      check('twenty of them', (await response.json()).length === 20);
    },
    { warmUp: '2s' },
  );
  expect(run).toMeet({ successRate: '> 99.9%', p95: { target: '< 50ms', acceptable: '< 200ms' }, dropped: '0' });
});
