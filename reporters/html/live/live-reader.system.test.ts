/** What a reader of the live page has under the eyes or the keys stays there while the page grows. */
import { expect as baseExpect, test as base, type Page } from '@playwright/test';
import { encodeSnapshot } from '../../../load/measure/snapshot.ts';
import { launchTestBrowser } from '../../../testing/browser.ts';
import { sampleRun } from '../../../testing/page-run.ts';
import { type Dashboard, startDashboard } from './dashboard.ts';

/** On a busy machine a page may take its time. */
const expect = baseExpect.configure({ timeout: 20_000 });

const titles = ['browse', 'buy', 'pay'];
const named = (title: string) => ({ title: ['shop.spec.ts', title], project: 'load' });

/** Three loads under way, and the page that follows them. */
const test = base.extend<{ dashboard: Dashboard; live: Page; grow: (seconds: number) => Promise<void> }>({
  browser: [
    async ({}, use) => {
      const browser = await launchTestBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  dashboard: async ({}, use) => {
    const dashboard = await startDashboard({ pace: { updateEveryMs: 100, updateShare: 1 } });
    await use(dashboard);
    await dashboard.close();
  },
  grow: async ({ dashboard }, use) => {
    await use(async (seconds) => {
      for (const title of titles) {
        const snapshot = encodeSnapshot(sampleRun({ seconds }), Number.NEGATIVE_INFINITY, named(title));
        const { status } = await fetch(dashboard.snapshotUrl, { method: 'POST', body: JSON.stringify(snapshot) });
        expect(status).toBe(204);
      }
    });
  },
  live: async ({ page, dashboard, grow }, use) => {
    await grow(5);
    await page.goto(dashboard.url);
    await expect(page.locator('.run-row')).toHaveCount(3);
    await use(page);
  },
});

/** Until the page shows that much of all runs. */
const grown = (page: Page, seconds: number) =>
  expect(page.locator('.key > div').filter({ hasText: 'Requests' }).locator('dd')).toContainText(
    sampleRun({ seconds }).counts.started.toLocaleString('en-US'),
  );

test('the page says how old it is', async ({ live, grow }) => {
  const age = live.locator('.top .about');
  await expect(age).toHaveText(/^as of \d/);
  const before = (await age.textContent()) ?? '';
  let seconds = 8;
  await expect(async () => {
    await grow((seconds += 1)); // it tells seconds: one that is heard within the same leaves the words as they are
    await expect(age).not.toHaveText(before, { timeout: 300 });
  }).toPass({ timeout: 20_000 });
});

const hands = [
  { what: 'nothing', take: () => Promise.resolve() },
  { what: 'the link to a run', take: (page: Page) => page.locator('.run-row a').first().focus() },
  { what: 'the head of a column', take: (page: Page) => page.locator('.overview th button').first().focus() },
];
for (const { what, take } of hands)
  test(`the window stays where the reader scrolled it, with ${what} in hand`, async ({ live, grow }) => {
    await take(live);
    const at = await live.evaluate<number>('scrollTo(0, 1200), Math.round(scrollY)');
    expect(at).toBe(1_200);
    await grow(9);
    await grown(live, 9);
    expect(await live.evaluate<number>('Math.round(scrollY)')).toBe(at);
  });

const focusable = [
  { what: 'a link', selector: '.run-row a >> nth=1' },
  { what: 'the head of a column', selector: '.overview th button >> nth=1' },
  { what: 'what opens the endpoints', selector: '.all-endpoints > summary' },
  { what: 'a table', selector: '.overview .scroll >> nth=0' },
];
for (const { what, selector } of focusable)
  test(`${what} keeps the focus`, async ({ live, grow }) => {
    await live.locator(selector).focus();
    await grow(9);
    await grown(live, 9);
    await expect(live.locator(selector)).toBeFocused();
  });

test('what is pressed while the page grows is clicked when it is let go, and then the page has grown', async ({
  live,
  grow,
}) => {
  const session = await live.context().newCDPSession(live);
  await session.send('Network.enable');
  await live.locator('.run-row a').nth(1).hover();
  await live.mouse.down();
  const heard = new Promise((resolve) => session.once('Network.eventSourceMessageReceived', resolve));
  await grow(9);
  await heard;
  await live.mouse.up();
  await expect(live.locator('h2')).toHaveText('buy');
  await grown(live, 9);
});

test('a menu of the browser, whose press has no end that a page hears of, keeps the page from nothing', async ({
  live,
  grow,
}) => {
  await live.locator('.run-row a').nth(1).hover();
  await live.mouse.down({ button: 'right' });
  await grow(9);
  await grown(live, 9);
});

test('runs stay in their rows when one has ended, until the reader sorts them', async ({ live, dashboard }) => {
  const rows = live.locator('.run-row a');
  await expect(rows).toHaveText(titles);
  dashboard.testEnded(named('browse'), [], 'gone');
  await expect(live.locator('.run-row').first()).toContainText('incomplete');
  await expect(rows).toHaveText(titles);
  await live.locator('.overview th button').first().click();
  await expect(rows).toHaveText(['buy', 'pay', 'browse']);
});

test('an endpoint that is looked at grows with the runs, in the order of the runs, sorted as it was', async ({
  live,
  grow,
  dashboard,
}) => {
  await live.locator('.all-endpoints > summary').click();
  await live.locator('.all-endpoints a').first().click();
  const article = live.getByRole('article', { name: 'Endpoint' });
  const before = (await article.locator('.sentence').textContent()) ?? '';
  expect(before).toMatch(/requests in 3 runs$/);
  const rows = article.locator('tbody tr');
  dashboard.testEnded(named('browse'), [], 'gone');
  await grow(9);
  await expect(article.locator('.sentence')).not.toHaveText(before);
  await expect(rows.first()).toContainText('browse');
  await article.getByRole('button', { name: 'Run' }).click();
  await article.getByRole('button', { name: 'Run' }).click();
  await expect(rows.first()).toContainText('pay');
  const now = await article.locator('.sentence').textContent();
  await grow(13);
  await expect(article.locator('.sentence')).not.toHaveText(now ?? '');
  await expect(rows.first()).toContainText('pay');
  await expect(article.getByRole('button', { name: 'Run' })).toBeFocused();
});
