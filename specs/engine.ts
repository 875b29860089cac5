/** The inference engine behind the agent: a fake one, whose trouble these specs choose. */
import type { APIRequestContext } from '@playwright/test';
import { expect } from 'playload';

const { ENGINE_PORT = '9101', ENGINE_URL = `http://127.0.0.1:${ENGINE_PORT}` } = process.env;

/** Turns the engine to a scenario from its beginning, with a fault of its metrics page or none. */
export async function playScenario(
  request: APIRequestContext,
  scenario: string,
  fault: object | null = null,
): Promise<void> {
  const response = await request.put(`${ENGINE_URL}/control`, { data: { scenario, fault } });
  expect(response.status(), await response.text()).toBe(200);
}

/** Makes the engine known to the agent under a name of its own, with the flags it runs with. */
export async function registerInstance(request: APIRequestContext, id: string): Promise<void> {
  const response = await request.put(`/api/v1/instances/${id}`, {
    data: {
      engine: 'vllm',
      metrics_url: `${ENGINE_URL}/metrics`,
      slos: [{ name: 'first token', metric: 'ttft_p95_s', op: '<', target: 2, window_s: 60 }],
      config: { '--gpu-memory-utilization': 0.9, '--max-num-seqs': 256, '--kv-cache-dtype': 'auto' },
    },
  });
  expect([200, 201], await response.text()).toContain(response.status());
}

export async function forgetInstance(request: APIRequestContext, id: string): Promise<void> {
  const response = await request.delete(`/api/v1/instances/${id}`);
  expect([200, 204], await response.text()).toContain(response.status());
}

/** Waits until the agent has seen enough of the instance to speak about it. */
export async function waitForFindings(request: APIRequestContext, id: string): Promise<void> {
  await expect
    .poll(
      async () => {
        const response = await request.post('/api/v1/analyze', { data: { instance_id: id, window_s: 60 } });
        return response.ok() ? ((await response.json()) as { findings: unknown[] }).findings.length : 0;
      },
      { timeout: 30_000 },
    )
    .toBeGreaterThan(0);
}
