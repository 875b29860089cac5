/** Opens a report page from its file in a real browser; a request beyond it, an error or a dialog fails the test. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test as base, expect, type Page } from '@playwright/test';
import type { FindingSummary } from '../load/measure/summary.ts';
import { renderReportPage, type ReportPageOptions } from '../reporters/html/report-page.ts';
import type { ReportedRun } from '../reporters/reported-run.ts';
import { launchTestBrowser } from './browser.ts';
import { sampleSummary } from './page-run.ts';

export interface OpenOptions extends ReportPageOptions {
  readonly findings?: readonly FindingSummary[];
  /** The fragment of its address, `#run=…`. */
  readonly at?: string;
}

type OpenReport = (runs: readonly ReportedRun[], options?: OpenOptions) => Promise<Page>;

/**
 * `openReport` writes the page, opens it from its file, and at the end of the test finds fault with any request or
 * error.
 */
export const test = base.extend<{ openReport: OpenReport }>({
  browser: [
    async ({}, use) => {
      const browser = await launchTestBrowser();
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  openReport: async ({ page }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'));
    const troubles: string[] = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('dialog', (dialog) => {
      troubles.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss(); // nothing waits for it
    });
    page.on('request', (request) => {
      if (!/^(?:file|data|blob):/.test(request.url())) troubles.push(`request: ${request.url()}`);
    });
    await use(async (runs, { findings, at = '', ...options } = {}) => {
      const file = join(folder, 'report.html');
      const summary = { ...sampleSummary(runs), ...(findings !== undefined && { findings }) };
      await writeFile(file, renderReportPage(runs, summary, options));
      await page.goto(`${pathToFileURL(file).href}${at}`);
      return page;
    });
    await rm(folder, { recursive: true });
    expect(troubles).toEqual([]);
  },
});

/**
 * What the page's thread works, in milliseconds since it was opened: time in which the machine did something else is not
 * in it. To be called before the page is opened.
 */
export async function workOf(page: Page): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
  };
}

/**
 * No timer and no frame of the page is due from here on: what it shows then, it has not waited to show. To be called
 * before the page is opened.
 */
export async function stopClock(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
}

/** Scrolls down so that every chart comes into view, and is drawn there: its legend moves what is below it. */
export async function seeAll(page: Page): Promise<void> {
  for (const chart of await page.locator('article .chart:visible').all()) {
    await chart.scrollIntoViewIfNeeded();
    await expect(chart).not.toBeEmpty();
  }
}

/** Runs in the page: pairs of labels of a chart that share more than their edges. */
export const overlapsOnPage = `[...document.querySelectorAll('article .chart')].flatMap((chart) => {
  const texts = [...chart.querySelectorAll('svg text')].map((text) => [text.textContent, text.getBoundingClientRect()]);
  return texts.flatMap(([a, one], at) => texts.slice(at + 1).flatMap(([b, two]) => {
    const x = Math.min(one.right, two.right) - Math.max(one.left, two.left);
    const y = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
    return x > 1 && y > 4 ? [a + ' / ' + b] : [];
  }));
})`;
