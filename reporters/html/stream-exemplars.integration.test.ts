import { expect } from '@playwright/test';
import { recordRun, reportedRun } from '../../testing/recorded-run.ts';
import { test } from '../../testing/report-page-test.ts';

const request = {
  why: 'failed',
  kind: 'body-cut-off',
  endpoint: 'GET /events',
  atMs: 1_000,
  serviceMs: 90_000,
  method: 'GET',
  url: 'http://a.test/events',
  phases: {},
  requestHeaders: {},
  responseHeaders: {},
  status: 200,
} as const;

test('a single stream says what came of it, and a plain request nothing of streams', async ({ openReport }) => {
  const run = recordRun();
  const cut = '5 events, the first after 203 ms, 4 tokens; cut off';
  run.exemplars.addAll([
    { ...request, stream: cut },
    { ...request, kind: 'reset' },
  ]);
  const page = await openReport([reportedRun(run)]);
  const bodyOf = async (kind: string) => {
    const entry = page.locator('.exemplars details', { has: page.locator('.why', { hasText: kind }) });
    await entry.locator('summary').first().click();
    return entry.first();
  };
  await expect((await bodyOf('body-cut-off')).locator('.stream')).toHaveText(cut);
  await expect((await bodyOf('reset')).locator('.stream')).toHaveCount(0);
});
