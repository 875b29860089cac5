import { expect } from '@playwright/test';
import { reportedRun } from '../../testing/recorded-run.ts';
import { test } from '../../testing/report-page-test.ts';
import { tracedIds, tracedRun } from '../../testing/traced-run.ts';

test('a request leads to its trace where that was sampled, and to its logs; it says when it was sent', async ({
  openReport,
}) => {
  const plan = { traceUrl: 'https://jaeger.test/{traceId}', logsUrl: 'https://logs.test/?at={time}' };
  const page = await openReport([reportedRun(tracedRun(plan))]);
  const entries = page.locator('.exemplars details');
  for (const at of [0, 1, 2]) await entries.nth(at).locator('summary').click();
  const links = async (at: number) =>
    Promise.all(
      (await entries.nth(at).locator('a').all()).map(async (link) =>
        Promise.all([link.textContent(), link.getAttribute('href'), link.getAttribute('rel')]),
      ),
    );
  const logs = ['logs', 'https://logs.test/?at=2026-01-02T03%3A04%3A05.678Z', 'noopener noreferrer'];
  const trace = [`trace ${tracedIds.sampled}`, `https://jaeger.test/${tracedIds.sampled}`, 'noopener noreferrer'];
  expect(await links(0)).toEqual([trace, logs]);
  expect(await links(1)).toEqual([logs]);
  expect(await links(2)).toEqual([logs]);
  await expect(entries.nth(0)).toContainText('sent 2026-01-02T03:04:05.678Z');
  await expect(entries.nth(1)).toContainText(`trace ${tracedIds.unsampled}, not sampled`);
  await expect(entries.nth(2)).toContainText('`traceparent` is none: nonsense');
});

test('ids and templates that were tampered with are text, and no link that does anything', async ({ openReport }) => {
  const plan = { traceUrl: 'javascript:alert(1)//{traceId}', logsUrl: 'data:text/html,{traceId}' };
  const page = await openReport([reportedRun(tracedRun(plan, { traceId: '"><img src=x onerror=alert(1)>' }))]);
  await page.locator('.exemplars summary').first().click();
  await expect(page.locator('.exemplars details').first()).toContainText('"><img src=x');
  await expect(page.locator('.exemplars a, .exemplars img')).toHaveCount(0);
});
