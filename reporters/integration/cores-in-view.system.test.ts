/**
 * What people see of a load from two cores: on a real terminal, on the live page in a real browser while it goes on, and in
 * the reports once it is over. The second core fails all its requests and has too much to do.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { launchTestBrowser } from '../../testing/browser.ts';
import { cleanEnvironment, cli, readSummary, reporterPath } from '../../testing/child-suite.ts';
import { type OnTerminal, onTerminal } from '../../testing/terminal.ts';

test.describe.configure({ mode: 'default' });

const library = resolve(import.meta.dirname, '../../load/index.ts');
const folder = () => resolve(tmpdir(), `playload-in-view-${process.pid}`, test.info().testId);

let browser: Browser;
let server: Server;
/** Requests by core. */
const sent = new Map<string, number>();
/** Process of each core. */
const pids = new Map<string, number>();

test.beforeAll(async () => {
  browser = await launchTestBrowser();
});
test.afterAll(async () => browser.close());
test.beforeEach(async () => {
  sent.clear();
  pids.clear();
  server = createServer(({ url = '' }, response) => {
    const [, core = '', pid = ''] = url.split('/');
    sent.set(core, (sent.get(core) ?? 0) + 1);
    pids.set(core, Number(pid));
    response.writeHead(core === '2' ? 500 : 200).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
test.afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder(), { recursive: true, force: true });
});

async function start(spec: string): Promise<OnTerminal> {
  await mkdir(folder(), { recursive: true });
  const { port } = server.address() as AddressInfo;
  const config = {
    workers: 1,
    respectGitIgnore: false,
    use: { baseURL: `http://127.0.0.1:${port}` },
    reporter: [['list'], [reporterPath]],
  };
  const files = {
    'package.json': '{ "type": "module" }',
    'playwright.config.ts': `export default ${JSON.stringify(config)};`,
    'load.spec.ts': `import { expect, test, users } from ${JSON.stringify(library)};
      const core = process.env.LOAD_CORE ?? '1';
      ${spec}`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(resolve(folder(), name), text);
  const env = { ...cleanEnvironment(), LOAD_DASHBOARD: '1' };
  return onTerminal([process.execPath, cli, 'test'], { cwd: folder(), env });
}

/** As soon as its address stands on the terminal. */
async function livePage({ shown }: OnTerminal): Promise<Page> {
  const address = () => /http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}/.exec(shown())?.[0];
  await expect.poll(address, { timeout: 60_000 }).toBeDefined();
  const page = await browser.newPage();
  await page.goto(address() ?? '');
  return page;
}

const requestsOf = (page: Page) => page.locator('.key > div').filter({ hasText: 'Requests' }).locator('dd');

/** Each user of core 1 sends at most ten a second; core 2 is at work for most of the time. */
const unequal = `test('load', async ({ load }) => {
  const run = await load(users(4).for('20s').pacing('100ms'), ({ request }) => {
    for (const begunMs = performance.now(); core === '2' && performance.now() - begunMs < 55; );
    return request.get('/' + core + '/' + process.pid, { name: 'page' });
  }, { cores: 2 });
  expect(run).toMeet({ errorRate: '< 90%' });
});`;

test('a load of two cores is shown as one, and the core that has too much to do is named', async () => {
  const terminal = await start(unequal);
  const page = await livePage(terminal);
  const shown = async () => Number((await requestsOf(page).textContent({ timeout: 120_000 }))?.replaceAll(/\D/g, ''));
  await expect.poll(async () => (await shown()) > (sent.get('1') ?? 0), { timeout: 30_000 }).toBe(true);
  await expect(page.locator('.run-head')).toContainText('▸ running');
  await expect(page.locator('.run-head')).toContainText('2 cores');
  await expect(page.getByText(/^saturated: generator 2 of 2: its event loop was/)).toBeVisible({ timeout: 30_000 });
  expect(terminal.process.exitCode).toBeNull();

  expect(await terminal.ended).toBe(1);
  const [one = 0, two = 0] = ['1', '2'].map((core) => sent.get(core));
  await expect(requestsOf(page)).toHaveText((one + two).toLocaleString('en-US'));
  await page.close();

  const line =
    /(\d[\d.,]*)\/s · 4 users · p95 [\d.]+ m?s · (\d+\.\d) % errors · event loops \d[\d.]* %, \d[\d.]* %, saturated/g;
  const told = [...terminal.shown().matchAll(line)].map(([, rate, errors]) => [Number(rate), Number(errors)] as const);
  expect(told.length, terminal.shown()).toBeGreaterThan(0);
  expect(Math.max(...told.map(([rate]) => rate))).toBeGreaterThan(21); // core 1 alone sends 20
  expect(Math.max(...told.map(([, errors]) => errors))).toBeGreaterThan(10); // core 1 alone has none

  const names = /generator 2 of 2: its event loop was \d[\d.]* % busy/;
  expect(terminal.shown()).toMatch(names);
  expect(terminal.shown()).toMatch(/2 cores, begun [\d.]+ ms apart/);
  const [run] = (await readSummary(folder())).runs;
  expect(run).toMatchObject({ verdict: 'invalid', cores: 2, requests: { ok: one, failed: two } });
  expect(run?.generator.reason).toMatch(names);
  const report = await browser.newPage();
  await report.goto(pathToFileURL(resolve(folder(), 'load-results/report.html')).href);
  await expect(report.getByText(names).last()).toBeVisible();
  await report.close();
});

/** The run is under way until what is looked for was seen. */
const long = `import { existsSync } from 'node:fs';
test('load', async ({ load }) => {
  await load(users(4).for('60s').pacing('50ms'), ({ request }) => request.get('/' + core + '/' + process.pid, { name: 'page' }), { cores: 2, unjudged: true, whenSaturated: 'warn' });
});
test('later', async () => {
  test.setTimeout(120_000);
  while (!existsSync('seen')) await new Promise((done) => setTimeout(done, 100));
});`;

test('a core that is killed is named on the live page while the run is under way', async () => {
  const terminal = await start(long);
  const page = await livePage(terminal);
  await expect(requestsOf(page)).toBeVisible({ timeout: 120_000 });
  await expect.poll(() => pids.size, { timeout: 60_000 }).toBe(2);
  process.kill(pids.get('2') ?? 0, 'SIGKILL');
  await expect(page.getByText(/core 2 of 2 ended its test as failed: .*SIGKILL/).first()).toBeVisible({
    timeout: 60_000,
  });
  expect(terminal.process.exitCode).toBeNull();
  await writeFile(resolve(folder(), 'seen'), '');
  expect(await terminal.ended).toBe(1);
  await page.close();
});
