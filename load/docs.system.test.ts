/**
 * What the docs show runs: each spec of a page lies in a project that has the packed package, and is sent against a small
 * shop, first as the load that it is, made smaller, and then played once.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { cleanEnvironment, readSummary } from '../testing/child-suite.ts';
import { testLaunchOptions } from '../testing/browser.ts';
import { blocksOf, type DocBlock } from '../testing/doc-blocks.ts';
import { docsShop } from '../testing/docs-shop.ts';
import { installPacked, packInto } from '../testing/packed-package.ts';

let folder: string;
let shop: Server;
let baseURL: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-docs-'));
  shop = docsShop().listen(0, '127.0.0.1');
  await new Promise((done) => shop.once('listening', done));
  baseURL = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  await installPacked(folder, { tarball: await packInto(folder) });
});

test.afterAll(async () => {
  shop.closeAllConnections();
  shop.close();
  await rm(folder, { recursive: true, force: true });
});

const isSpec = ({ language, text }: DocBlock): boolean => /^[jt]s$/.test(language) && /^test\(/m.test(text);
const isImported = ({ text }: DocBlock): boolean => /^(?:import |const .* = require)/m.test(text);

/** A project of that name, with the configuration of docs/getting-started.md and what else a page shows as files. */
async function projectOf(page: string, name = basename(page, '.md')): Promise<string> {
  const project = join(folder, name);
  await mkdir(project, { recursive: true });
  await symlink(join(folder, 'node_modules'), join(project, 'node_modules'));
  const [config] = blocksOf('docs/getting-started.md').filter(({ file }) => file === 'playwright.config.ts');
  const files = blocksOf(page).flatMap((block, at) => {
    if (isSpec(block) && isImported(block)) return [{ ...block, file: block.file ?? `tests/doc-${at}.load.spec.ts` }];
    return block.file?.startsWith('tests/') === true ? [{ ...block, file: block.file }] : [];
  });
  const commentless = ({ language, text }: DocBlock) => (language === 'csv' ? text.replace(/^#.*\n/, '') : text);
  const all = new Map(files.map((block) => [block.file, commentless(block)]));
  all.set('playwright.config.ts', await withBrowser(config?.text ?? ''));
  all.set('package.json', '{ "name": "user", "private": true }');
  for (const [file, text] of all) {
    await mkdir(dirname(join(project, file)), { recursive: true });
    await writeFile(join(project, file), text);
  }
  return project;
}

/** The configuration with a browser that is here, for a machine without Playwright's own. */
async function withBrowser(config: string): Promise<string> {
  const launchOptions = JSON.stringify(await testLaunchOptions());
  const given = config.replace('use: { ', `use: { launchOptions: ${launchOptions}, `);
  expect(given).not.toBe(config);
  return given;
}

/** Runs the command of the docs, and resolves with its exit code and all that it said. */
async function runLoads(
  project: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: unknown; said: string }> {
  const cli = join(folder, 'node_modules/@playwright/test/cli.js');
  return new Promise((done) => {
    execFile(
      process.execPath,
      [cli, 'test', '--project=load'],
      { cwd: project, env: { ...cleanEnvironment(), BASE_URL: baseURL, ...env }, maxBuffer: 1e8 },
      (failure, stdout, stderr) => {
        done({ code: failure === null ? 0 : failure.code, said: stdout + stderr });
      },
    );
  });
}

for (const page of ['docs/getting-started.md', 'docs/recipes.md', 'docs/migrating.md']) {
  test(`the specs of ${page} are found by its configuration, and hold as functional tests`, async () => {
    const project = await projectOf(page);
    const specs = blocksOf(page).filter((block) => isSpec(block) && isImported(block));
    const { code, said } = await runLoads(project, { LOAD_ONCE: '1' });
    expect(code, said).toBe(0);
    expect(said).toContain(`\n  ${specs.length} passed`);
  });
}

/** What of a line is the same in every run: no figure, no verdict, no width of a column. */
const shapeOf = (line: string): string =>
  line
    .replace(/[✓✗⊘~]/g, '')
    .replace(/\d[\d.,]*/g, '#')
    .replace(/# (?:ms|s)\b/g, '#')
    .replace(/\s+/g, ' ')
    .trim();

/** Lines that are there or not by what the machine does. */
const byChance = /^ *(?:generator|it waited|connect|blocked|✓ implied|~:|[^ ]* ?.* · 1 load run)/;

test('the first spec of docs/getting-started.md prints what the page shows', async () => {
  const page = 'docs/getting-started.md';
  const { said } = await runLoads(await projectOf(page, 'first'), {});
  const shown = blocksOf(page).find(({ text }) => text.startsWith('✓'));
  const lines = (shown?.text ?? '').split('\n').filter((line) => line !== '' && !byChance.test(line));
  expect(lines.length).toBeGreaterThan(10);
  const printed = said.split('\n').map(shapeOf);
  expect(printed).toEqual(expect.arrayContaining(lines.map(shapeOf)));
});

test('the scripts that were moved over hold as loads', async () => {
  const project = await projectOf('docs/migrating.md', 'moved');
  await runLoads(project, { LOAD_SCALE: '0.5', LOAD_DURATION: '4s' });
  const { runs } = await readSummary(project);
  for (const run of runs) {
    expect(run.requests.failed, run.title.join(' › ')).toBe(0);
    expect(run.checks.failed).toBe(0);
  }
  expect(runs).toHaveLength(3);
});
