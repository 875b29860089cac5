/** The live page of a real test run, in a real browser: two loads side by side, the limits of the last time, and the end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { type Browser, expect as baseExpect, type Page, test } from '@playwright/test';
import { launchTestBrowser } from '../../testing/browser.ts';
import { cleanEnvironment, cli, reporterPath } from '../../testing/child-suite.ts';

/** A page is brought up to date every quarter of a minute at least: on a busy machine that is how long it may take. */
const expect = baseExpect.configure({ timeout: 20_000 });

test.describe.configure({ mode: 'default' });

const library = resolve(import.meta.dirname, '../../load/index.ts');
const folder = () => resolve(tmpdir(), `playload-live-page-${process.pid}`, test.info().testId);

let browser: Browser;
let server: Server;
let lastPath = '';
test.beforeAll(async () => {
  browser = await launchTestBrowser();
  server = createServer(({ url = '' }, response) => {
    lastPath = url;
    response.writeHead(200).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await browser.close();
});
test.afterEach(async () => rm(folder(), { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder(), { recursive: true });
  const { port } = server.address() as AddressInfo;
  const use = { baseURL: `http://127.0.0.1:${port}` };
  const config = { workers: 2, fullyParallel: true, respectGitIgnore: false, use, reporter: [['dot'], [reporterPath]] };
  await writeFile(resolve(folder(), 'package.json'), '{ "type": "module" }');
  await writeFile(resolve(folder(), 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
  for (const [name, text] of Object.entries(files))
    await writeFile(
      resolve(folder(), name),
      `import { arrivals, expect, test } from ${JSON.stringify(library)};\n${text}`,
    );
}

interface Started {
  /** Resolves when it is gone. */
  readonly ended: Promise<unknown>;
  readonly page: () => Promise<Page>;
}

function start(env: NodeJS.ProcessEnv = {}): Started {
  const child = spawn(process.execPath, [cli, 'test'], {
    cwd: folder(),
    env: { ...cleanEnvironment(), LOAD_DASHBOARD: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const page = async () => {
    const address = () => /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}/.exec(said)?.[0];
    await expect.poll(address, { timeout: 60_000 }).toBeDefined();
    const opened = await browser.newPage();
    await opened.goto(address() ?? '');
    return opened;
  };
  return { ended: once(child, 'close'), page };
}

const loadOf = (title: string) => `test(${JSON.stringify(title)}, async ({ load }) => {
  const run = await load(arrivals('40/s').for(process.env.LASTS ?? '1s'), ({ request }) => request.get('/', { name: 'page' }), { whenSaturated: 'warn', name: 'shoppers' });
  expect(run).toMeet({ p95: '< 10s', requests: '> 30' });
});\n`;

test('two loads side by side stay in their places, stand to the limits of the last time, and end with a verdict', async () => {
  test.setTimeout(150_000);
  await write({ 'a.spec.ts': loadOf('browse'), 'b.spec.ts': loadOf('buy') });
  await start().ended;
  const { ended, page: open } = start({ LASTS: '12s' });
  const page = await open();
  await expect(page.locator('.run-head')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(/(holds|close) p95 .*, limit < 10s/)).toBeVisible();
  const head = await page.locator('h2').first().textContent();
  const seen = new Set<string | null>();
  for (let n = 0; n < 8; n++) {
    await page.waitForTimeout(700);
    seen.add(await page.locator('h2').first().textContent());
  }
  expect([...seen]).toEqual([head]);
  await ended;
  await expect(page.getByText(/the test run has ended: 2 \w+/)).toBeVisible();
  await expect(page.getByText('load-results/report.html')).toBeVisible();
  await expect(page.getByText('▸ running')).toHaveCount(0);
  await expect(page.locator('.lost')).toContainText('follows it no longer');
  await page.close();
});

test('a load whose worker is killed says so', async () => {
  test.setTimeout(120_000);
  const killed = `test('killed', async ({ load }) => {
    await load(arrivals('40/s').for('30s'), ({ request }) => request.get('/' + process.pid), { unjudged: true });
  });`;
  await write({ 'a.spec.ts': killed });
  const { ended, page: open } = start();
  const page = await open();
  await expect(page.locator('.run-head')).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => lastPath, { timeout: 60_000 }).toMatch(/^\/\d+$/); // the page may come before a request
  process.kill(Number(lastPath.slice(1)), 'SIGKILL');
  await expect(page.locator('.run-head')).toContainText('worker process exited unexpectedly', { timeout: 60_000 });
  await expect(page.locator('.run-head')).toContainText('incomplete');
  await ended;
  await expect(page.getByText('the test run has ended: 1 incomplete')).toBeVisible();
  await page.close();
});
