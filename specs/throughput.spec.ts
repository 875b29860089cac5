/**
 * Throughput: the agent answers more a second than the plan asks, with 10,000 workflows stored. The load is open: the
 * clock decides when requests start, so a server that falls behind cannot hide it.
 */
import type { APIRequestContext, APIResponse } from '@playwright/test';
import { arrivals, expect, test } from 'playload';
import { creation, endpoints, storedWorkflows } from './plan.ts';

/** A fifth above each target, so that an answer rate above it can be shown. */
const rows = [
  { endpoint: endpoints.health, rate: '1200/s' },
  { endpoint: endpoints.config, rate: '600/s' },
  { endpoint: endpoints.capabilities, rate: '600/s' },
  { endpoint: endpoints.workflows, rate: '120/s' },
  { endpoint: creation, rate: '120/s' }, // last: it adds to what the others list
] as const;

test.beforeAll('as many workflows are stored as the targets are meant for', async ({ playwright, baseURL }) => {
  const context = await playwright.request.newContext({ timeout: 10_000, ...(baseURL !== undefined && { baseURL }) });
  try {
    expect(await countWorkflows(context), 'fill the store first: npm run seed -- --workflows 10000').toBe(
      storedWorkflows,
    );
  } finally {
    await context.dispose();
  }
});

/** Follows the list's pages until there are enough. */
async function countWorkflows(context: APIRequestContext): Promise<number> {
  let counted = 0;
  let path: string | undefined = '/api/v1/workflows?limit=200';
  while (path !== undefined && counted < storedWorkflows) {
    const page: APIResponse<unknown[]> = await context.get(path);
    counted += (await page.json()).length;
    path = /<([^>]+)>;\s*rel="next"/.exec(page.headers()['link'] ?? '')?.[1];
  }
  return Math.min(counted, storedWorkflows);
}

for (const { endpoint, rate } of rows) {
  test(
    `${endpoint.name} answers ${endpoint.throughput.slice(2)} and more`,
    { tag: '@performance' },
    async ({ load }) => {
      const run = await load(arrivals(rate).for('10s'), endpoint.call, { warmUp: '2s' });
      expect(run).toMeet({
        throughput: endpoint.throughput,
        successRate: '> 99%',
        dropped: '0',
        p95: endpoint.responseTime,
      });
    },
  );
}
