/** Pages beside loads as their users see them: real Playwright runs with a real Chromium, against a shop that is slower under load. */
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { type InnerResult, type InnerRun, runSpec } from '../../testing/inner-playwright.ts';
import { addedMs, slowUnderLoad } from '../../testing/slow-under-load.ts';
import { summarizeProbe } from '../measure/probe-summary.ts';
import type { RunData } from '../measure/run-data.ts';
import { judgeRun } from '../verdict/judge.ts';

let shop: Awaited<ReturnType<typeof slowUnderLoad>>;
test.beforeAll(async () => {
  shop = await slowUnderLoad();
});
test.afterAll(async () => shop.close());

/** The browser of these tests, whichever there is. */
const head = `
import { launchTestBrowser } from ${JSON.stringify(join(resolve(import.meta.dirname, '../..'), 'testing/browser.ts'))};
const browsing = test.extend({
  browser: [async ({}, use) => {
    const browser = await launchTestBrowser();
    await use(browser);
    await browser.close();
  }, { scope: 'worker' }],
});
const visit = (page) => async ({ action }) => {
  await page.goto('/');
  await page.waitForSelector('h1');
  await action('add to cart', async () => {
    await page.click('#add');
    await page.waitForSelector('output:not(:empty)');
  });
};
const item = ({ request }) => request.get('/item');
`;

const run = async (body: string, env: Readonly<Record<string, string>> = {}): Promise<InnerRun> =>
  runSpec(`${head}browsing('probed', async ({ page, load, probe, browser }) => {${body}});`, {
    baseURL: shop.url,
    env,
  });

function only({ results: [result] }: InnerRun): InnerResult {
  if (result === undefined) throw new Error('there was no test');
  return result;
}

function runOf(result: InnerResult, at = 0): RunData {
  const data = result.runs[at];
  if (data === undefined) throw new Error(`there was no run: ${result.errors}`);
  return data;
}

function probed(data: RunData, name = 'page') {
  const probe = data.probes.get(name);
  if (probe === undefined) throw new Error(`nothing looked at the page "${name}"`);
  return summarizeProbe(name, probe);
}

test('a server that is 300 ms slower under load is so in LCP and action; LCP is that of the page itself', async () => {
  const result = only(
    await run(`
      const own = [];
      const ux = await probe(page, async (context) => {
        await visit(page)(context);
        own.push(await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.ownLcp), 100)))));
      }, { name: 'shop', every: '1s', idle: 5 });
      expect(ux.summary.idle.rounds).toBe(5);
      const run = await load(arrivals('10/s').for('8s'), item);
      expect(run).toMeet({ successRate: '100%' });
      expect(ux).toMeet({
        lcp: { p75: '< 2.5s', min: '> 300ms' }, cls: { max: '< 1' }, ttfb: { p95: '< 1s' }, inp: { max: '< 2s' },
        actions: { 'add to cart': { p95: '< 2s' } },
        added: { lcp: '> 200ms', actions: { 'add to cart': '> 200ms' } },
      });
      const told = ux.summary.rounds.map(({ vitals }) => vitals.lcp);
      const last = own.slice(1, 1 + told.length);
      console.log(JSON.stringify({ told, last }));
      for (const [at, lcp] of told.entries()) expect(Math.abs(lcp - last[at])).toBeLessThan(20);
    `),
  );
  const data = runOf(result);
  const { added, load, idle, controlSlowdown, rounds } = probed(data, 'shop');
  console.log(JSON.stringify({ added, load, idle, controlSlowdown, rounds }), result.errors);
  expect(result.errors).toBe('');
  expect(idle.rounds).toBe(5);
  expect(load.rounds).toBeGreaterThanOrEqual(4);
  for (const ms of [added.lcp, added.actions['add to cart']]) expect(Math.abs((ms ?? 0) - addedMs)).toBeLessThan(40);
  expect(rounds.every(({ atMs, phase }) => (phase === 'idle' ? atMs < 0 : atMs >= 0 && atMs < 8_000))).toBe(true);
  expect(judgeRun(data)).toMatchObject({ verdict: 'passed' });
});
