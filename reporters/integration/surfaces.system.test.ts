/** A real load in a Playwright of its own: what its HTML report, its trace, JSON, JUnit, CI systems and chats get of it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import type { JSONReport } from '@playwright/test/reporter';
import { launchTestBrowser } from '../../testing/browser.ts';
import { type ChildResult, readSummary, reporterPath, runPlaywright, writeSuite } from '../../testing/child-suite.ts';
import { zipEntries } from '../../testing/zip-entries.ts';

test.describe.configure({ mode: 'serial' });

const spec = `
import { test, expect, iterations } from ${JSON.stringify(resolve(import.meta.dirname, '../../load/index.ts'))};
test('good enough', async ({ load }) => {
  const run = await load(iterations(20, { users: 2 }), ({ request }) => request.get('/ok'), { whenSaturated: 'warn' });
  expect(run).toMeet({ p95: { target: '< 0.001ms', acceptable: '< 60s' } });
});
test('red', async ({ load }) => {
  const run = await load(iterations(20, { users: 2 }), ({ request }) => request.get('/fail'), { whenSaturated: 'warn', name: 'a.b' });
  expect(run).toMeet({ successRate: '100%' });
});
`;

let [folder, code, stdout] = ['', undefined as ChildResult['code'] | undefined, ''];
let server: Server;
test.beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(request.url === '/fail' ? 503 : 200).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'playload-surfaces-'));
  const reporters = [
    ['list'],
    [reporterPath],
    ['html', { open: 'never', outputFolder: 'page' }],
    ['json', { outputFile: 'report.json' }],
    ['junit', { outputFile: 'report.xml' }],
  ];
  await writeSuite({ folder, tests: [], reporters, config: { use: { baseURL, trace: 'on' } } });
  await writeFile(resolve(folder, 'child.spec.ts'), spec);
  const env = {
    GITHUB_STEP_SUMMARY: resolve(folder, 'github.md'),
    TF_BUILD: 'True',
    BUILD_SOURCESDIRECTORY: folder,
    GITLAB_CI: 'true',
  };
  ({ code, stdout } = await runPlaywright(folder, { env }));
});
test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const read = async (path: string) => readFile(resolve(folder, path), 'utf8');

async function resultsOf() {
  const { suites } = JSON.parse(await read('report.json')) as JSONReport;
  return suites.flatMap(({ specs }) =>
    specs.flatMap(({ title, tags, tests: [first] }) => {
      const { annotations = [], results = [] } = first ?? {};
      return { title, tags, annotations, attachments: results[0]?.attachments ?? [], steps: results[0]?.steps ?? [] };
    }),
  );
}

test('each thing stands once in the reports, and a verdict that Playwright has not is a tag', async () => {
  expect(code).toBe(1);
  const [good, red] = await resultsOf();
  const own = (all: readonly { readonly name: string }[] = []) =>
    all.map(({ name }) => name).filter((name) => name.startsWith('load '));
  expect(own(good?.attachments).sort()).toEqual([
    'load report',
    'load report of all runs',
    'load summary',
    'load summary.txt',
  ]);
  expect(own(red?.attachments).sort()).toEqual(['load report a b', 'load summary a b', 'load summary a b.txt']);
  expect(good?.annotations.filter(({ type }) => type === 'load')).toHaveLength(1);
  expect(good?.annotations[0]?.description).toMatch(/^≈ acceptable · [\d.,]+\/s · p95 ~[\d.]+ ms · 100 % ok · /);
  expect(red?.annotations.filter(({ type }) => type === 'a.b load')).toHaveLength(1);
  expect([good?.tags, red?.tags]).toEqual([['acceptable'], []]);
  expect(await read('report.xml')).toContain('<property name="load" value="≈ acceptable · ');
});

test('the terminal prints no text that the summary says again', () => {
  expect(stdout).not.toContain('load summary');
});

interface TraceEvent {
  readonly type: string;
  readonly title?: string;
  readonly subtitle?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly stack?: readonly { readonly file: string; readonly line: number }[];
  readonly attachments?: readonly { readonly name: string; readonly contentType: string }[];
}

test('the trace has picture and text of the worker, the load at its line, and the limits of its assertion', async () => {
  const [, red] = await resultsOf();
  const trace = red?.attachments.find(({ name }) => name === 'trace')?.path ?? '';
  const entries = zipEntries(await readFile(trace));
  const events = (entries.get('test.trace') ?? Buffer.from(''))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TraceEvent);
  const shown = events.flatMap(({ attachments = [] }) => attachments).map(({ name }) => name);
  expect(shown).toEqual(expect.arrayContaining(['load summary a b', 'load summary a b.txt']));
  const steps = events.filter(({ type }) => type === 'before');
  expect(steps.find(({ title }) => title === 'a.b: 20 iterations by 2 users')?.stack?.[0]).toMatchObject({ line: 8 });
  const asserted = steps.find(({ title }) => title?.includes('toMeet'));
  expect(asserted).toMatchObject({ subtitle: 'successRate 100%', params: { expected: 'successRate 100%' } });
  const drawn = [...entries.values()].filter((entry) => entry.subarray(0, 5).toString() === '<svg ');
  expect(drawn).toHaveLength(1);
});

test('a link in the HTML report opens the page at its run', async () => {
  const browser = await launchTestBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(pathToFileURL(resolve(folder, 'page/index.html')).href);
    await page.getByText('red', { exact: true }).first().click();
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.getByText('load report a b').first().click(),
    ]);
    const { runs } = await readSummary(folder);
    const id = runs.find(({ title }) => title.includes('red'))?.id ?? 'none';
    await opened.waitForURL(new RegExp(`/page/data/[0-9a-f]{40}\\.html#run=${id}`));
    await expect(opened.locator('body')).toContainText('red');
    const stub = await browser.newPage();
    await stub.goto(pathToFileURL(resolve(folder, `load-results/runs/${id}.html`)).href);
    await stub.waitForURL(new RegExp(`/load-results/report\\.html#run=${id}`));
  } finally {
    await browser.close();
  }
});

test('CI systems and chats get what they take', async () => {
  const markdown = await read('github.md');
  expect(markdown.indexOf('✗\u00a0failed')).toBeLessThan(markdown.indexOf('≈\u00a0acceptable'));
  expect(await read('load-results/summary.md')).toBe(markdown);
  expect(stdout).toContain(`##vso[task.uploadsummary]${resolve(folder, 'load-results/summary.md')}`);
  expect(stdout).toMatch(
    /^##vso\[task\.logissue type=error;sourcepath=child\.spec\.ts;linenumber=7;\]load run failed: red › a\.b/m,
  );
  expect(await read('load-results/metrics.txt')).toMatch(
    /^load_p95_ms\{project="load",run="child\.spec\.ts › good enough"\} /m,
  );
  expect(JSON.parse(await read('load-results/codequality.json'))).toMatchObject([
    { check_name: 'load', location: { path: 'child.spec.ts', lines: { begin: 7 } } },
  ]);
  const { text } = JSON.parse(await read('load-results/notice.json')) as { text: string };
  expect(text).toMatch(/^✗ Load failed: 2 load runs in /);
  expect(JSON.parse(await read('load-results/notice.teams.json'))).toMatchObject({ type: 'message' });
});
