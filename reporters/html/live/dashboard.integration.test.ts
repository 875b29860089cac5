import { expect, test } from '@playwright/test';
import { encodeSnapshot } from '../../../load/measure/snapshot.ts';
import { sampleRun } from '../../../testing/page-run.ts';
import { launchTestBrowser } from '../../../testing/browser.ts';
import { startDashboard } from './dashboard.ts';

const browse = { title: ['shop.spec.ts', 'shoppers browse'], project: 'load' };

function post(url: string, body: unknown): Promise<number> {
  return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }).then(
    ({ status }) => status,
  );
}

test('an open page follows a run, draws it, and says when it has lost it', async () => {
  const dashboard = await startDashboard();
  const browser = await launchTestBrowser();
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(dashboard.url);
    await expect(page.getByText('Waiting for the first run.')).toBeVisible();
    const early = sampleRun({ seconds: 5 });
    expect(await post(dashboard.snapshotUrl, encodeSnapshot(early, Number.NEGATIVE_INFINITY, browse))).toBe(204);
    await expect(page.locator('h2')).toHaveText('shoppers browse');
    await expect(page.locator('.chart svg').first()).toBeVisible();
    const requests = page.locator('.key > div').filter({ hasText: 'Requests' }).locator('dd');
    await expect(requests).toContainText(early.counts.started.toLocaleString('en-US'));
    const late = sampleRun({ seconds: 9 });
    expect(await post(dashboard.snapshotUrl, encodeSnapshot(late, 4, browse))).toBe(204);
    await expect(requests).toContainText(late.counts.started.toLocaleString('en-US'));
    await expect(page.locator('.run-head .sentence')).toContainText('▸ running');
    await dashboard.close();
    await expect(page.getByText('No connection to the test run')).toBeVisible();
    expect(errors).toEqual([]);
  } finally {
    await browser.close();
    await dashboard.close();
  }
});

test('shares of one run from several generators are shown as one', async () => {
  const dashboard = await startDashboard();
  try {
    const run = sampleRun({ seconds: 3 });
    for (const index of [0, 1]) {
      const segments = run.segments.map((segment) => ({ ...segment, index, of: 2 }));
      await post(dashboard.snapshotUrl, encodeSnapshot({ ...run, segments }, Number.NEGATIVE_INFINITY, browse));
    }
    const html = await (await fetch(dashboard.url)).text();
    const [, json = ''] = /id="playload-data">([^<]*)</.exec(html) ?? [];
    const data = JSON.parse(json) as { runs: { requests: { started: number } }[] };
    expect(data.runs.map(({ requests }) => requests.started)).toEqual([2 * run.counts.started]);
  } finally {
    await dashboard.close();
  }
});

test('what is no snapshot is refused, and the page stays', async () => {
  const dashboard = await startDashboard();
  try {
    expect(await post(dashboard.snapshotUrl, 'no JSON')).toBe(400);
    expect(await post(dashboard.snapshotUrl, 'null')).toBe(400);
    expect(await post(dashboard.snapshotUrl, { schema: 'playload.snapshot/0' })).toBe(400);
    const elsewhere = new URL(dashboard.url);
    elsewhere.pathname = '/etc/passwd';
    expect((await fetch(elsewhere)).status).toBe(404);
    const tooMuch = await post(dashboard.snapshotUrl, 'x'.repeat(9 * 1_024 * 1_024)).catch(() => 'cut off');
    expect([413, 'cut off']).toContain(tooMuch);
    expect((await fetch(dashboard.url)).status).toBe(200);
  } finally {
    await dashboard.close();
  }
});

test('a port that is taken is an error, not another port', async () => {
  const first = await startDashboard();
  try {
    await expect(startDashboard({ port: Number(new URL(first.url).port) })).rejects.toThrow('EADDRINUSE');
  } finally {
    await first.close();
  }
});
