/** The report where no script runs, as Jenkins serves it by its own policy; and what a chat shows of it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { sampleReport, sampleRun, sampleSummary } from '../../testing/page-run.ts';
import { test } from '../../testing/report-page-test.ts';
import { sampleFindingSummary } from '../../testing/sample-finding.ts';
import type { ReportedRun } from '../reported-run.ts';
import { renderReportPage } from './report-page.ts';

/** `hudson.model.DirectoryBrowserSupport.CSP` as it comes. */
const jenkinsPolicy = "sandbox; default-src 'none'; img-src 'self'; style-src 'self';";

const served = test.extend<{ open: (html: string, policy?: string) => Promise<Page> }>({
  open: async ({ page }, use) => {
    const pages = new Map<string, { html: string; policy: string | undefined }>();
    const server: Server = createServer((request, response) => {
      const { html = '', policy } = pages.get(request.url ?? '') ?? {};
      response.setHeader('content-type', 'text/html; charset=utf-8');
      if (policy !== undefined) response.setHeader('content-security-policy', policy);
      response.end(html);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await use(async (html, policy) => {
      pages.set('/report.html', { html, policy });
      await page.goto(`http://127.0.0.1:${port}/report.html`);
      return page;
    });
    server.close();
    server.closeAllConnections();
  },
});

const failing = sampleReport(sampleRun({ seconds: 5 }), ['a.spec.ts', 'workflows <b>hold</b>']);
const other = sampleReport(sampleRun({ seconds: 3, extras: false, warmUpSeconds: 0 }), ['a.spec.ts', 'search']);

function render(runs: readonly ReportedRun[], changes: Partial<ReturnType<typeof sampleSummary>> = {}): string {
  return renderReportPage(runs, { ...sampleSummary(runs), ...changes });
}

served('by the policy of Jenkins there are verdict, reasons and the table of runs', async ({ open }) => {
  const page = await open(render([failing, other], { findings: [sampleFindingSummary({ runs: [] })] }), jenkinsPolicy);
  await expect(page.locator('.sentence')).toHaveText(/^✗ failed findings: 1 measured; runs: /);
  await expect(page.locator('li')).toHaveText(
    '○ measured breaking point: sustains 198/s (3 of 3), fails 208/s (0 of 2), first by latency',
  );
  const row = page.locator('tbody tr').first();
  await expect(row).toHaveText(
    /✗ failed.*workflows <b>hold<\/b>.*limit.*load · @performance.*80\/s for 5s.*p95 < 60ms.* %.* ms/,
  );
  const cell = row.locator('td').first();
  await expect(cell).toHaveCSS('border-top-width', '1px'); // its own: a style sheet is refused here
  await expect(page.locator('.chart')).toHaveCount(0);
});

served('no figure breaks from its unit, styles or none', async ({ open }) => {
  const page = await open(render([failing, other]), jenkinsPolicy);
  await page.setViewportSize({ width: 700, height: 600 });
  const unbroken = await page
    .locator('tbody td[data-head="p95"]')
    .evaluateAll((cells) => cells.map((cell) => (cell as unknown as { noWrap: boolean }).noWrap));
  expect(unbroken).toEqual([true, true]);
});

served('with styles and without a script it reads as well, and axe finds nothing', async ({ open, browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.setContent(render([failing, other]));
  await expect(page.locator('tbody tr')).toHaveCount(2);
  await context.close();
  const seen = await open(render([failing, other]).replaceAll(/<script>[\s\S]*?<\/script>/g, ''));
  const { violations } = await new AxeBuilder({ page: seen }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
});

served('a script puts the page in its place', async ({ open }) => {
  const page = await open(render([failing]));
  await expect(page.locator('h2')).toBeVisible();
  await expect(page.locator('.about.plain')).toHaveCount(0);
});

const previews = [
  {
    what: 'of one run',
    html: () => render([failing]),
    title: '✗ failed: workflows <b>hold</b>',
    description: /^workflows <b>hold<\/b>: .*limit/,
  },
  {
    what: 'of several',
    html: () => render([failing, other]),
    title: /^✗ failed: \d failed/,
    description: /^workflows <b>hold<\/b>: .*limit/,
  },
  {
    what: 'of nothing',
    html: () => render([]),
    title: '✓ passed: no run',
    description: '',
  },
] as const;
for (const { what, html, title, description } of previews)
  served(`the preview ${what} says the verdict, what it is of, and why`, async ({ open }) => {
    const page = await open(html(), jenkinsPolicy);
    await expect(page).toHaveTitle(title);
    const meta = (name: string) => page.locator(`meta[name="${name}"], meta[property="${name}"]`);
    await expect(meta('og:title')).toHaveAttribute('content', title);
    await expect(meta('description')).toHaveAttribute('content', description);
    await expect(meta('og:description')).toHaveAttribute('content', description);
    expect((await meta('description').getAttribute('content'))?.length).toBeLessThanOrEqual(300);
  });

served('what was tested stands in the head, and only an address of the web is a link', async ({ open }) => {
  const { environment } = sampleSummary([failing]);
  const context = { branch: 'main', subject: 'Fix <i>it</i>', author: 'Ada', host: 'runner-7' };
  const of = (url: string) =>
    render(
      [{ ...failing, summary: { ...failing.summary, targets: [{ origin: 'http://shop.test', version: '1.2' }] } }],
      {
        environment: { ...environment, ...context, ci: { name: 'GitHub Actions', job: 'load', url } },
      },
    );
  for (const policy of [jenkinsPolicy, undefined]) {
    const page = await open(of('https://ci.test/run/7?a="b"'), policy);
    const head = page.locator('.about').first();
    await expect(head).toHaveText(
      /main.*commit 0123456789.*“Fix <i>it<\/i>”.*Ada.*GitHub Actions: load.*target http:\/\/shop\.test, version 1\.2/,
    );
    await expect(page.locator('.top .about').last()).toContainText('on runner-7');
    await expect(head.getByRole('link')).toHaveAttribute('href', 'https://ci.test/run/7?a=%22b%22');
    const hostile = await open(of('javascript:alert(1)'), policy);
    await expect(hostile.locator('.about').first()).toContainText('GitHub Actions: load');
    await expect(hostile.locator('.top .about').getByRole('link')).toHaveCount(0);
  }
});

for (const words of [
  '"><img src=x onerror=alert(1)>',
  "' onload='alert(1)",
  '</title><script>alert(1)</script>',
  'x'.repeat(10_000),
])
  served(`inert without a script of ours: ${words.slice(0, 40)}`, async ({ open }) => {
    const run = sampleReport(sampleRun({ seconds: 2, words }), ['a.spec.ts', words]);
    const summary = { ...run.summary, project: words, tags: [words], owners: [words] };
    const page = await open(
      render([{ ...run, summary, judgement: { ...run.judgement, reason: words } }], {
        findings: [sampleFindingSummary({ name: words, sentence: words, runs: [] })],
      }).replaceAll(/<script>[\s\S]*?<\/script>/g, ''),
    );
    await expect(page.locator('img, main script, [onload], [onerror]')).toHaveCount(0);
    await expect(page.locator('tbody tr')).toContainText(words.slice(0, 150));
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(1_280);
  });
