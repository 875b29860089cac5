import { expect as baseExpect } from '@playwright/test';
import { encodeSnapshot } from '../../../load/measure/snapshot.ts';
import { sampleRun } from '../../../testing/page-run.ts';
import { launchTestBrowser } from '../../../testing/browser.ts';
import { test } from '../../../testing/plain-test.ts';
import { type Pace, startDashboard } from './dashboard.ts';

/** A page is brought up to date every quarter of a minute at least: on a busy machine that is how long it may take. */
const expect = baseExpect.configure({ timeout: 20_000 });

/** For tests that look at many states of a page one after the other. */
const hurried: Partial<Pace> = { updateEveryMs: 100, updateShare: 1, comeBackMs: 100 };

const browse = { title: ['shop.spec.ts', 'shoppers browse'], project: 'load' };

function post(url: string, body: unknown): Promise<number> {
  return fetch(url, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }).then(
    ({ status }) => status,
  );
}

test('an open page follows a run, draws it, and keeps how it ended', async () => {
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
    dashboard.testEnded(browse, [], 'its test ended without bringing it: worker process exited unexpectedly');
    dashboard.end({ verdict: 'incomplete', files: ['/project/load-results/report.html'] });
    await dashboard.close();
    await expect(page.locator('.run-head')).toContainText('worker process exited unexpectedly');
    await expect(page.getByText('the test run has ended: 1 incomplete')).toBeVisible();
    await expect(page.getByText('/project/load-results/report.html')).toBeVisible();
    await expect(page.getByRole('status')).toContainText('this page follows it no longer');
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

test('two runs that are heard of in turn never swap, and each shows its limits of the last time', async () => {
  const limitsOf = () => [{ metric: 'p95', scope: 'run', expected: '< 1ms', verdict: 'passed' as const }];
  const dashboard = await startDashboard({ limitsOf, pace: hurried });
  const browser = await launchTestBrowser();
  try {
    const page = await browser.newPage();
    const tests = ['shoppers browse', 'shoppers buy'].map((title) => ({
      title: ['shop.spec.ts', title],
      project: 'load',
    }));
    await page.goto(dashboard.url);
    const requests = page.locator('.key > div').filter({ hasText: 'Requests' }).locator('dd');
    for (let turn = 0; turn < 6; turn++) {
      const run = sampleRun({ seconds: 3 + turn });
      for (const each of turn % 2 === 0 ? tests : tests.toReversed())
        await post(dashboard.snapshotUrl, encodeSnapshot(run, Number.NEGATIVE_INFINITY, each));
      await expect(requests).toContainText(run.counts.started.toLocaleString('en-US'));
      await expect(page.locator('h2').filter({ hasText: 'shoppers' })).toHaveText('shoppers browse');
    }
    await expect(page.getByText(/missed p95 .* limit < 1ms/)).toBeVisible();
    await expect(page.getByText('nothing is judged before the end')).toBeVisible();
  } finally {
    await browser.close();
    await dashboard.close();
  }
});

test('whoever reads a run that ends while another goes on stays on it', async () => {
  const dashboard = await startDashboard({ pace: hurried });
  const browser = await launchTestBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(dashboard.url);
    const other = { ...browse, title: ['shop.spec.ts', 'shoppers buy'] };
    for (const each of [browse, other])
      await post(dashboard.snapshotUrl, encodeSnapshot(sampleRun({ seconds: 3 }), Number.NEGATIVE_INFINITY, each));
    await expect(page.locator('h2')).toHaveText('shoppers browse');
    dashboard.testEnded(browse, [], 'its test ended without bringing it');
    await expect(page.locator('.run-head')).toContainText('its test ended without bringing it');
    await expect(page.locator('h2')).toHaveText('shoppers browse');
    await expect(page.locator('tr.run-row')).toHaveText([/incomplete.*shoppers browse/, /running.*shoppers buy/]);
  } finally {
    await browser.close();
    await dashboard.close();
  }
});

/** Runs in the page: all that it has said at its foot, in turn, since the first of it stands there for a second. */
const noticesKept = `
  globalThis.notices = [];
  new MutationObserver(() => {
    const said = document.querySelector('.lost')?.textContent ?? '';
    if (said !== '' && said !== notices.at(-1)) notices.push(said);
  }).observe(document, { subtree: true, childList: true });
`;

test('a page whose server is killed says so, and comes back no more after a while', async () => {
  const dashboard = await startDashboard({ pace: hurried });
  const browser = await launchTestBrowser();
  try {
    const page = await browser.newPage();
    await page.addInitScript(noticesKept);
    await page.goto(dashboard.url);
    await expect(page.getByText('Waiting for the first run.')).toBeVisible();
    await dashboard.close();
    await expect
      .poll(async () => page.evaluate<string[]>('notices'), { timeout: 60_000 })
      .toEqual([
        expect.stringContaining('No connection to the test run'),
        expect.stringContaining('did not say how it ended'),
      ]);
  } finally {
    await browser.close();
    await dashboard.close();
  }
});
