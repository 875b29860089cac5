/**
 * Overload: with an engine that hangs, more collections are asked for than the agent will hold. It says so at once,
 * stays healthy meanwhile, and is itself again afterwards.
 */
import { arrivals, batch, expect, iterations, test } from 'playload';
import { forgetInstance, playScenario, registerInstance } from './engine.ts';
import { endpoints } from './plan.ts';

/** Each of its own, since the agent asks an engine once for all who wait for the same answer. */
const all = Array.from({ length: 200 }, (_, at) => `hanging-engine-${at}`);
/** What hangs is given up after the scrape's own timeout of five seconds. */
const recoveryMs = 10_000;

test(
  'collections beyond the queue are refused with 503 and Retry-After, and then taken again',
  { tag: ['@stress', '@slow'] },
  async ({ load, request }) => {
    // Played once, one collection waits for longer than it may, and nothing is left hanging.
    const instances = load.once ? all.slice(0, 4) : all;
    const instanceOf = (iteration: number) => instances[iteration % instances.length];
    await playScenario(request, 'healthy', load.once ? { kind: 'slow', delay_ms: 1_500 } : { kind: 'hang' });
    for (const id of instances) await registerInstance(request, id);

    const [refused, health] = await Promise.all([
      load(
        batch(instances.length),
        async ({ request: client, iteration, check, metrics }) => {
          const response = await client.post('/api/v1/collect/vllm', {
            data: { instance_id: instanceOf(iteration), timeout_ms: 1_000 },
          });
          metrics.rate('refused', response.status() === 503);
          check(
            'a refusal says when to come back',
            response.status() !== 503 || response.headers()['retry-after'] !== undefined,
          );
        },
        { name: 'collections', requestTimeout: '30s', expectStatus: [503, 504] },
      ),
      load(arrivals('50/s').for('6s'), endpoints.health.call, { name: 'health meanwhile' }),
    ]);
    expect(refused).toMeet({ successRate: '100%', requests: `${instances.length}` });
    expect(refused.metric('refused')).toMeet({ rate: '> 50%' });
    expect(health).toMeet({ successRate: '100%' });
    expect(health.after('1s')).toMeet({ p95: endpoints.health.responseTime });

    // An agent that watches two hundred engines twice a second would be kept busy by that alone.
    for (const id of instances.slice(4)) await forgetInstance(request, id);
    await playScenario(request, 'healthy');
    const collect = () => request.post('/api/v1/collect/vllm', { data: { instance_id: instances[0] } });
    await expect.poll(async () => (await collect()).status(), { timeout: recoveryMs }).toBe(200);
    const after = await load(
      iterations(40, { users: 4 }),
      ({ request: client, iteration }) =>
        client.post('/api/v1/collect/vllm', { data: { instance_id: instances[iteration % 4] } }),
      { name: 'afterwards' },
    );
    expect(after).toMeet({ successRate: '100%', p95: { target: '< 3s', acceptable: '< 5s' } });
    for (const id of instances.slice(0, 4)) await forgetInstance(request, id);
  },
);
