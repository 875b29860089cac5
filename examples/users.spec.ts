/**
 * Users with a life: each registers an engine of its own before its first iteration and takes it back when the load is
 * over, in no number; meanwhile it looks at what it has registered, with pauses as people make them.
 */
import { arrivals, between, expect, feeder, type LoadUser, test, users } from 'playload';

const { ENGINE_URL = 'http://127.0.0.1:9101' } = process.env;

/** What each user has for all of its iterations. */
interface Registered {
  readonly path: string;
}

interface Fleet {
  readonly engine: 'vllm' | 'sglang';
}

const fleets = feeder<Fleet>([{ engine: 'vllm' }, { engine: 'sglang' }]);

const operator: LoadUser<Registered, Fleet> = async ({ request, user, data }, use) => {
  const path = `/api/v1/instances/operator-${user}`;
  const registered = await request.put(path, { data: { engine: data.engine, metrics_url: `${ENGINE_URL}/metrics` } });
  if (!registered.ok()) throw new Error(`registering answered ${registered.status()}`);
  await use({ path });
  await request.delete(path);
};

test('operators look after engines of their own', async ({ load }) => {
  const run = await load(
    users(8).for('5s'),
    async ({ request, state, userData, check, pause }) => {
      const instance = await request.get<Fleet>(state.path);
      check('it is mine', (await instance.json()).engine === userData.engine);
      await pause(between('100ms', '300ms'));
      await request.get('/api/v1/config');
      await pause('100ms');
    },
    { user: operator, userData: fleets, routes: ['/api/v1/instances/:id'] },
  );
  expect(run).toMeet({ successRate: '100%', p95: '< 200ms' });
});

test('they arrive, and readers beside them, judged as one', async ({ load }) => {
  const [looks, reads] = await Promise.all([
    load(arrivals('50/s').for('5s'), ({ request, state }) => request.get(state.path), {
      name: 'operators',
      user: operator,
      userData: fleets,
      maxInFlight: 8, // so many are set up before the first arrival
      routes: ['/api/v1/instances/:id'],
    }),
    load(arrivals('50/s').for('5s'), ({ request }) => request.get('/api/v1/config'), { name: 'readers' }),
  ]);
  expect(looks).toMeet({ userFailures: '0' });
  expect.loads(looks, reads).toMeet({ successRate: '100%', p95: '< 200ms' });
});
