/** The site as it is built, in a real browser: it asks nobody else for anything, is searched, is dark, and has no dead end. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test';
import { launchTestBrowser } from '../testing/browser.ts';
import { groups } from './reference/groups.ts';

const root = resolve(import.meta.dirname, '..');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.png': 'image/png',
  '.json': 'application/json',
};

test.describe.configure({ timeout: 120_000 });

let out: string;
let browser: Browser;
let at: string;
/** What went wrong on any page: errors of the console, and requests that leave the site. */
let troubles: string[];

/** As a static host does: a file, or 404.html. */
const server = createServer(({ url = '/' }, response) => {
  const path = decodeURIComponent(url.split('?')[0] ?? '/');
  const file = join(out, path.endsWith('/') ? `${path}index.html` : path);
  const isThere = existsSync(file) && extname(file) !== '';
  response
    .writeHead(isThere ? 200 : 404, { 'content-type': types[isThere ? extname(file) : '.html'] ?? 'text/plain' })
    .end(readFileSync(isThere ? file : join(out, '404.html')));
});

test.beforeAll(async () => {
  test.setTimeout(240_000);
  out = mkdtempSync(join(tmpdir(), 'site-'));
  execFileSync(process.execPath, ['--import', 'tsx', 'site/build.ts', '--out', out], { cwd: root, stdio: 'pipe' });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchTestBrowser();
});

test.afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
  rmSync(out, { recursive: true, force: true });
});

let context: BrowserContext;
let page: Page;

test.beforeEach(async () => {
  troubles = [];
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${at}/`) && !/^(?:data|blob):/.test(url)) troubles.push(`request: ${url}`);
  });
  context.on('weberror', (error) => troubles.push(error.error().message));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text());
  });
  page = await context.newPage();
});

test.afterEach(async () => {
  await context.close();
  expect(troubles).toEqual([]);
});

/** Opens a page and waits until it listens: what is pressed or clicked before its scripts have run is lost. */
async function visit(path: string): Promise<void> {
  await page.goto(`${at}/${path}`);
  await page.waitForFunction("'__vue_app__' in document.querySelector('#app')");
}

const pages = () =>
  readdirSync(out, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.html') && path !== 'report.html',
  );

test('every link of every page leads to a page, and every address within one to a place in it', () => {
  const texts = new Map(pages().map((path) => [`/${path}`, readFileSync(join(out, path), 'utf8')]));
  expect(texts.size).toBeGreaterThan(20);
  const placesOf = (text: string) => new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => decoded(id)));
  const places = new Map([...texts].map(([path, text]) => [path, placesOf(text)]));
  const dead = [...texts].flatMap(([from, text]) =>
    [...text.matchAll(/<a\b[^>]*\bhref="([^"]+)"/g)]
      .map(([, href = '']) => new URL(decoded(href), `http://site${from}`))
      .filter(({ host }) => host === 'site')
      .filter(({ pathname, hash }) => {
        const path = decodeURIComponent(pathname).replace(/\/$/, '/index.html');
        const ids = places.get(path);
        if (ids === undefined) return !existsSync(join(out, path));
        return hash !== '' && !ids.has(decodeURIComponent(hash.slice(1)));
      })
      .map(({ pathname, hash }) => `${from} → ${pathname}${hash}`),
  );
  expect([...new Set(dead)]).toEqual([]);
});

const decoded = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");

test('braces in the text of a page are text, though pages are templates', () => {
  expect(readFileSync(join(out, 'releasing.html'), 'utf8')).toMatch(/\$(?:\{|&#123;){2} secrets\.NPM_TOKEN \}\}/);
});

test('the search finds an option, and leads to its table', async () => {
  await visit('');
  await page.keyboard.press('Control+k');
  await page.locator('#localsearch-input').fill('maxConnectionAge');
  const found = page.locator('#localsearch-list a', { hasText: 'LoadOptions' });
  await found.first().click();
  await expect(page.locator('h3', { hasText: 'LoadOptions' }).first()).toBeInViewport();
  expect(new URL(page.url()).pathname).toBe('/reference.html');
});

test('files that are shown as they are stand in no search', async () => {
  await visit('');
  await page.keyboard.press('Control+k');
  await page.locator('#localsearch-input').fill('kind: Job');
  const found = page.locator('#localsearch-list a');
  await expect(found.first()).toBeVisible();
  for (const link of await found.all()) expect(await link.getAttribute('href')).not.toContain('/files/');
  expect(existsSync(join(out, 'files/deploy/kubernetes/load.yaml.html'))).toBe(true);
});

test('the switch makes it dark, and the report in it too', async () => {
  await visit('example-report.html');
  const report = page.frameLocator('.report-frame iframe');
  await expect(report.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(page.locator('html')).not.toHaveClass(/dark/);
  await page.locator('.VPNavBarAppearance button').click();
  await expect(page.locator('html')).toHaveClass(/dark/);
  await expect(report.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('the report lives in its page and as a page of its own: a row opens its charts', async () => {
  await page.goto(`${at}/example-report.html`);
  const report = page.frameLocator('.report-frame iframe');
  await report.locator('tbody tr', { hasText: 'workflows hold 80 a second' }).locator('td').nth(3).click();
  const chart = report.locator('article .chart').first();
  await chart.scrollIntoViewIfNeeded();
  await expect(chart.locator('svg')).toBeVisible();
  await page.goto(`${at}/report.html`);
  await expect(page.getByText('twelve users browse').first()).toBeVisible();
});

test('each name of the reference has a place of its own', async () => {
  await page.goto(`${at}/reference.html`);
  for (const name of groups.flatMap(({ names }) => names)) await expect(page.locator(`a[id="${name}"]`)).toHaveCount(1);
  await page.goto(`${at}/reference.html#LoadOptions.requestTimeout`);
  await expect(page.locator('a[id="LoadOptions.requestTimeout"] ~ code').first()).toBeInViewport();
  await expect(page.locator('tr', { has: page.locator('a[id="LoadOptions.requestTimeout"]') })).toContainText("'10s'");
});

test('an address that is none shows the way home', async () => {
  await page.goto(`${at}/no-such-page.html`);
  await expect(page.getByRole('link', { name: /home/i })).toBeVisible();
  expect(troubles.splice(0)).toEqual([
    'Failed to load resource: the server responded with a status of 404 (Not Found)',
  ]);
});

test.describe('without JavaScript', () => {
  test.beforeEach(async () => {
    await context.close();
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
  });

  test('pages can be read, and the report be opened', async () => {
    await page.goto(`${at}/getting-started.html`);
    await expect(page.getByRole('heading', { name: 'The first test' })).toBeVisible();
    await page.goto(`${at}/example-report.html`);
    const opened = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Open it as a page of its own' }).click();
    await expect((await opened).getByText('twelve users browse')).toBeVisible();
  });

  test('an address that is none shows the way home as well', async () => {
    await page.goto(`${at}/no-such-page.html`);
    await page.getByRole('link', { name: 'home' }).click();
    await expect(page).toHaveURL(`${at}/`);
  });
});

test('a page leads to the one after it', async () => {
  await page.goto(`${at}/load-models.html`);
  await page.locator('.pager-link.next').click();
  await expect(page).toHaveURL(/request-context/);
});

for (const width of [1_280, 390])
  test(`no page is wider than ${width} px`, async () => {
    await page.setViewportSize({ width, height: 800 });
    for (const path of pages()) {
      if (path === '404.html') continue;
      await page.goto(`${at}/${path}`);
      const wider = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect({ path, wider }).toEqual({ path, wider: 0 });
    }
  });

test('on a telephone the menu opens and leads on', async () => {
  await page.setViewportSize({ width: 390, height: 800 });
  await visit('verdicts.html');
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.locator('.VPSidebar').getByRole('link', { name: 'Read a report' }).click();
  await expect(page).toHaveURL(/reports/);
});

for (const colorScheme of ['light', 'dark'] as const)
  for (const path of ['', 'overview.html', 'load-options.html', 'verdicts.html', 'example-report.html'])
    test(`/${path} is accessible, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(`${at}/${path}`);
      await page.evaluate('document.fonts.ready');
      const { violations } = await new AxeBuilder({ page }).exclude('.report-frame').analyze();
      const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(bad.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
    });
