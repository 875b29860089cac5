/**
 * A client class as teams have them, full of `expect`: the same class in a functional test, where its assertions are steps
 * of the report, and under load, where they cost next to nothing and a failed one is a failed iteration.
 */
import { expect, type LoadRequestContext, test, users } from 'playload';

interface Workflow {
  readonly id: string;
  readonly status: string;
}

class AgentClient {
  readonly #request: LoadRequestContext;

  constructor(request: LoadRequestContext) {
    this.#request = request;
  }

  async isHealthy(): Promise<void> {
    const response = await this.#request.get('/api/v1/health');
    await expect(response, 'the agent is healthy').toBeOK();
    expect(await response.json()).toMatchObject({ uptime_seconds: expect.any(Number) });
  }

  /** The newest workflows, at most so many. */
  async workflows(limit: number): Promise<readonly Workflow[]> {
    const response = await this.#request.get<Workflow[]>(`/api/v1/workflows?limit=${limit}`);
    await expect(response, 'workflows are listed').toBeOK();
    const workflows = await response.json();
    expect(workflows.length, 'no more than were asked for').toBeLessThanOrEqual(limit);
    return workflows;
  }
}

test('the client finds the agent as it should be', { tag: '@no-load' }, async ({ request }) => {
  const client = new AgentClient(request);
  await client.isHealthy();
  await client.workflows(5);
});

test('twenty users of the client for five seconds', async ({ load }) => {
  const run = await load(
    users(20).for('5s'),
    async ({ request }) => {
      const client = new AgentClient(request);
      await client.isHealthy();
      await test.step('look at workflows', async () => client.workflows(5));
    },
    { warmUp: '1s' },
  );
  expect(run).toMeet({ successRate: '100%', exceptions: '0', p95: '< 200ms' });
});
