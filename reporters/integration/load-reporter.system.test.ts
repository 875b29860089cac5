import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { zipEntries } from '../../testing/zip-entries.ts';
import { atMost } from '../../testing/recorded-run.ts';
import {
  type ChildResult,
  type ChildTest,
  readSummary,
  reporterPath,
  runPlaywright,
  writeSuite,
} from '../../testing/child-suite.ts';

/** Pages and charts are tested where they are made; without them a run is quicker. */
const ours = (options: Record<string, unknown> = {}) => [reporterPath, { html: false, ...options }];
const green: ChildTest = { title: 'green', attaches: [{ thresholds: [atMost('p95', 200)] }] };
const red: ChildTest = { title: 'red', attaches: [{ thresholds: [atMost('p95', 50)] }] };
const plain: ChildTest = { title: 'no load', tag: '@no-load' };

/** In the system's own temporary folder: whoever runs tests in this checkout at the same time clears `test-results/`. */
function folderOf(name: string): string {
  return resolve(suites, test.info().testId, name);
}

const suites = resolve(tmpdir(), `playload-suites-${process.pid}`);
test.afterEach(async () => rm(resolve(suites, test.info().testId), { recursive: true, force: true }));

test('a green run exits 0, prints its figures and keeps the contract', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [green], reporters: [['list'], ours()] });
  const { code, stdout, stderr } = await runPlaywright(folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('✓ child.spec.ts › green');
  expect(stdout).toContain('✓ passed · 1 load run');
  expect(stdout).not.toContain('\u001b[');
  const { verdict, runs, segments } = await readSummary(folder);
  expect({ verdict, segments }).toEqual({ verdict: 'passed', segments: { expected: 1, present: [1] } });
  expect(runs[0]).toMatchObject({
    title: ['child.spec.ts', 'green'],
    file: 'child.spec.ts',
    line: 3,
    project: 'load',
    requests: { scheduled: 100, started: 100, ok: 100, failed: 0, timedOut: 0, dropped: 0, unfinished: 0 },
    thresholds: [
      { metric: 'p95', scope: 'run', expected: '< 200ms', actual: 95.039, verdict: 'passed' },
      ...['failed', 'timedOut', 'unfinished', 'idleIterations', 'exceptions'].map((metric) => ({
        ...{ metric, scope: 'run', expected: '0', actual: 0, verdict: 'passed', implied: true },
      })),
    ],
  });
});

test('a missed threshold exits 1 although every test passed', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [green, red], reporters: [['list'], ours()] });
  const { code, stdout } = await runPlaywright(folder);
  expect(code).toBe(1);
  expect(stdout).toContain('2 passed');
  expect(stdout).toContain('✗ failed · 2 load runs: 1 passed, 1 failed');
  expect((await readSummary(folder)).runs.map(({ verdict }) => verdict)).toEqual(['passed', 'failed']);
});

test('a test that is meant to fail keeps its verdict and lets the build pass', async () => {
  const folder = folderOf('suite');
  const meant = { ...red, body: 'test.fail(); expect(1).toBe(2);' };
  await writeSuite({ folder, tests: [meant], reporters: [['list'], ours()] });
  expect((await runPlaywright(folder)).code).toBe(0);
  const { verdict, runs } = await readSummary(folder);
  expect([verdict, runs[0]?.verdict, runs[0]?.expectedToFail]).toEqual(['passed', 'failed', true]);
});

test('a suite without load runs is left alone', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [plain], reporters: [['list'], ours()] });
  const { code, stdout, stderr } = await runPlaywright(folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('load run');
  await expect(readSummary(folder)).rejects.toThrow('ENOENT');
});

for (const reporter of ['list', 'line', 'dot']) {
  test(`beside \`${reporter}\` the summary is whole`, async () => {
    const folder = folderOf('suite');
    await writeSuite({ folder, tests: [green, plain], reporters: [[reporter], ours()] });
    const { stdout } = await runPlaywright(folder);
    expect(stdout).toMatch(/2 passed \([\s\S]*✓ child\.spec\.ts › green[\s\S]*✓ passed · 1 load run/);
  });
}

test('alone in the configuration it has a terminal reporter of Playwright beside it', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [green], reporters: [ours()] });
  expect((await runPlaywright(folder)).stdout).toMatch(/1 passed \([\s\S]*✓ passed · 1 load run/);
});

test('the html, json and junit reports listed after it carry figures and failures', async () => {
  const folder = folderOf('suite');
  const reporters = [
    ['dot'],
    ours({ html: true }),
    ['html', { open: 'never', outputFolder: 'page' }],
    ['json', { outputFile: 'report.json' }],
    ['junit', { outputFile: 'report.xml' }],
  ];
  await writeSuite({ folder, tests: [green, red], reporters });
  await runPlaywright(folder);
  const junit = await readFile(resolve(folder, 'report.xml'), 'utf8');
  expect(junit).toContain('<property name="p95" value="~95.0 ms (&lt; 200ms)">');
  expect(junit).toContain('tests="2" failures="0" skipped="0" errors="1"');
  expect(junit).toContain('run  p95  expected < 50ms  received 95.0 ms');
  const json = JSON.parse(await readFile(resolve(folder, 'report.json'), 'utf8')) as { stats: { unexpected: number } };
  expect(json.stats.unexpected).toBe(1);
  const page = await htmlReportData(resolve(folder, 'page/index.html'));
  expect(page).toContain('{"type":"p95","description":"~95.0 ms (< 200ms)"');
  expect(page).toContain('load run failed');
  expect(page).toMatch(/"name":"load summary","contentType":"image\/svg\+xml","path":"data\//);
  expect(page).toMatch(/"name":"load report","contentType":"text\/html","path":"data\//);
  expect(page.match(/"type":"p95"/g)).toHaveLength(6); // of each test in the index and in its file, and of its result
});

test('two shards run the load test each, and the merge judges their sum', async () => {
  const folder = folderOf('suite');
  const half = {
    title: 'halved',
    attaches: [{ thresholds: [atMost('p95', 200)], requests: [{ path: '/a', ms: 10 }] }],
  };
  const others = Array.from({ length: 4 }, (_, n) => ({ title: `other ${n}`, tag: '@functional' }));
  await writeSuite({
    folder,
    tests: [{ ...half, tag: '@load' }, ...others],
    reporters: [['blob'], ours({ loadProjects: [] })],
  });
  for (const shard of [1, 2]) {
    const { code, stdout } = await runShard(folder, `${shard}/2`);
    expect({ code, shard }).toEqual({ code: 0, shard });
    expect(stdout).toContain(`share ${shard} of 2 of 1 load was sent; the merge of all shards judges`);
    expect(stdout).not.toContain('incomplete');
  }
  await writeSuite({ folder, tests: [], reporters: [['list'], ours({ loadProjects: [] })] });
  const merged = await runPlaywright(folder, { args: ['merge-reports', '-c', 'merge.config.ts', 'blobs'] });
  expect(merged.code).toBe(0);
  expect(merged.stdout).toContain('6 passed'); // the load test twice, each of the others once
  const { verdict, segments, runs } = await readSummary(folder);
  expect({ verdict, segments }).toEqual({ verdict: 'passed', segments: { expected: 2, present: [1, 2] } });
  expect(runs.map(({ requests }) => requests.ok)).toEqual([2]);
});

test('shards run the tests of setup and teardown projects whole', async () => {
  const folder = folderOf('suite');
  const projects = [
    { name: 'setup', testMatch: 'before.spec.ts', teardown: 'teardown' },
    { name: 'teardown', testMatch: 'before.spec.ts' },
    { name: 'load', metadata: { load: true }, testMatch: 'child.spec.ts', dependencies: ['setup'] },
    { name: 'functional', testMatch: 'child.spec.ts', dependencies: ['setup'] },
  ];
  await writeSuite({ folder, tests: [green], reporters: [['list'], ours()], config: { projects } });
  await copyFile(resolve(folder, 'child.spec.ts'), resolve(folder, 'before.spec.ts'));
  for (const [shard, count] of [
    ['1/2', 3],
    ['2/2', 4],
  ] as const) {
    const { code, stdout, stderr } = await runPlaywright(folder, { args: ['test', `--shard=${shard}`] });
    expect(stderr + stdout).not.toContain('cannot be called on a setup or teardown project');
    expect(stdout).toContain(`${count} passed`);
    expect(code).toBe(0);
  }
});

test('a merge with a missed threshold exits 1 after everything was written', async () => {
  const folder = folderOf('suite');
  const reporters = [['blob'], ours()];
  await writeSuite({ folder, tests: [red], reporters });
  for (const shard of ['1/2', '2/2']) await runShard(folder, shard);
  await writeSuite({ folder, tests: [], reporters: [['dot'], ours(), ['junit', { outputFile: 'report.xml' }]] });
  const merged = await runPlaywright(folder, { args: ['merge-reports', '-c', 'merge.config.ts', 'blobs'] });
  expect(merged.code).toBe(1);
  expect(merged.stdout + merged.stderr).toContain('load run failed: child.spec.ts › red');
  expect((await readSummary(folder)).verdict).toBe('failed');
  expect(await readFile(resolve(folder, 'report.xml'), 'utf8')).toContain(
    'run  p95  expected < 50ms  received 95.0 ms',
  );
});

test('a merge without one of its shards is incomplete and exits 1', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [green], reporters: [['blob'], ours()] });
  await runShard(folder, '1/2');
  await writeSuite({ folder, tests: [], reporters: [['dot'], ours()] });
  const merged = await runPlaywright(folder, { args: ['merge-reports', '-c', 'merge.config.ts', 'blobs'] });
  expect(merged.code).toBe(1);
  const { verdict, segments, runs } = await readSummary(folder);
  expect({ verdict, segments }).toEqual({ verdict: 'incomplete', segments: { expected: 2, present: [1] } });
  expect(runs[0]?.reason).toBe('segment 2 of 2 is missing');
});

const unreadable = [
  { what: 'no JSON', raw: '{', reason: 'could not be read' },
  {
    what: 'another schema',
    raw: '{"schema":"playload.run/9"}',
    reason: 'a run of schema `playload.run/9` cannot be read',
  },
  { what: 'nothing', raw: 'null', reason: 'could not be read' },
];
for (const { what, raw, reason } of unreadable) {
  test(`an attachment that holds ${what} makes the run incomplete`, async () => {
    const folder = folderOf('suite');
    await writeSuite({ folder, tests: [{ title: 'lost', attaches: [{ raw }] }, green], reporters: [['dot'], ours()] });
    expect((await runPlaywright(folder)).code).toBe(1);
    const { verdict, runs } = await readSummary(folder);
    expect([verdict, ...runs.map((run) => run.verdict)]).toEqual(['incomplete', 'incomplete', 'passed']);
    expect(runs[0]?.reason).toContain(reason);
  });
}

test('a folder that cannot be written is one line and fails the run, which the terminal still shows', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [green], reporters: [['dot'], ours({ outputFolder: 'taken', html: true })] });
  await writeFile(resolve(folder, 'taken'), 'a file, where a folder is wanted');
  const { code, stdout, stderr } = await runPlaywright(folder);
  expect(code).toBe(1);
  expect(stdout).toContain('✓ passed · 1 load run');
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/taken\/summary\.json` cannot be written: (?:EEXIST|ENOTDIR)/),
  ]);
});

test('options that are wrong stop the run before its first test, with all problems', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [green], reporters: [['dot'], ours({ outputFolder: '', terminal: 'loud' })] });
  const { code, stdout, stderr } = await runPlaywright(folder);
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('`outputFolder` must be a text that is not empty');
  expect(stdout + stderr).toContain('`terminal` must be one of `auto`, `full`, `compact`, `off`, got "loud"');
});

test('titles that attack the terminal, the workflow log and the table stay text', async () => {
  const folder = folderOf('suite');
  const title = 'a\u001b[2J|<img src=x onerror=alert(1)>::error::\u202E`${7*7}`' + 'x'.repeat(1_000);
  const summaryFile = resolve(folder, 'step-summary.md');
  await writeSuite({ folder, tests: [{ ...red, title }], reporters: [ours()] });
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summaryFile, GITHUB_WORKSPACE: folder };
  const { stdout } = await runPlaywright(folder, { env });
  const own = stdout.slice(stdout.indexOf('✗ failed'));
  expect(own).not.toContain('\u001b[2J');
  expect(own.split('\n').filter((line) => line.startsWith('::'))).toEqual([
    expect.stringMatching(
      /^::error file=child\.spec\.ts,line=3,title=load run failed%3A a\|<img[^,]*::a\|<img.*: p95 95\.0 ms \(limit < 50ms\): GET /,
    ),
  ]);
  const markdown = await readFile(summaryFile, 'utf8');
  expect(markdown).toContain('a\\|&lt;img src=x onerror=alert(1)&gt;');
  expect(markdown).not.toContain('<img');
});

test('exports are written where they were asked for, and a collector gets one request', async () => {
  const folder = folderOf('suite');
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      bodies.push(body);
      response.end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const { port } = server.address() as AddressInfo;
    const exports = { otlp: `http://127.0.0.1:${port}/v1/metrics`, prometheus: true, csv: 'csv/own.csv', hdr: true };
    await writeSuite({ folder, tests: [green], reporters: [['dot'], ours({ exports })] });
    expect((await runPlaywright(folder)).code).toBe(0);
  } finally {
    server.close();
  }
  expect(bodies).toHaveLength(1);
  expect(bodies[0]).toContain('"name":"http.client.request.duration"');
  const head = async (path: string) => (await readFile(resolve(folder, path), 'utf8')).split(/\r?\n/)[0];
  expect(await head('load-results/metrics.prom')).toContain('# HELP http_client_request_duration_seconds');
  expect(await head('csv/own.csv')).toContain('time,project,run,tags,endpoint');
  expect(await head('load-results/latency.hlog')).toContain('microseconds');
});

test('a collector that is not there is one line and fails the run: somebody counts on it', async () => {
  const folder = folderOf('suite');
  const otlp = 'http://127.0.0.1:2/v1/metrics'; // of no server: a port that was free a moment ago may be another's now
  await writeSuite({ folder, tests: [green], reporters: [['dot'], ours({ exports: { otlp } })] });
  const { code, stderr } = await runPlaywright(folder);
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringContaining(`load reporter: OTLP export: \`${otlp}\` could not be reached`),
  ]);
});

test('a live page is served while tests run, and workers know where to post', async () => {
  const folder = folderOf('suite');
  const body = `
    const { PLAYLOAD_LIVE_URL = '' } = process.env;
    expect(PLAYLOAD_LIVE_URL).toMatch(/^http:\\/\\/127\\.0\\.0\\.1:\\d+\\/snapshot\\?token=/);
    const { origin, search } = new URL(PLAYLOAD_LIVE_URL);
    expect((await fetch(origin + '/' + search)).status).toBe(200);
    expect((await fetch(origin)).status).toBe(403);`;
  await writeSuite({ folder, tests: [{ ...green, body }], reporters: [['dot'], ours()] });
  const { code, stdout } = await runPlaywright(folder, { env: { LOAD_DASHBOARD: '1' } });
  expect({ code, said: /^Live results at http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/m.test(stdout) }).toEqual({
    code: 0,
    said: true,
  });
});

test('an interrupted run is written as incomplete', async () => {
  const folder = folderOf('suite');
  const body = 'console.log("waiting"); await new Promise(() => undefined);';
  await writeSuite({ folder, tests: [{ ...green, body }], reporters: [['list'], ours()] });
  const { code, stdout } = await runPlaywright(folder, { interruptAt: 'waiting' });
  expect(code).toBe(130);
  expect(stdout).toContain('◌ incomplete · 1 load run');
  const { verdict, runs } = await readSummary(folder);
  expect([verdict, runs[0]?.reason]).toEqual(['incomplete', 'the run was interrupted before its end']);
});

test('a reporter that throws beside it takes no result away', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [green], reporters: [['dot'], ['./throwing.ts'], ours()] });
  await writeFile(
    resolve(folder, 'throwing.ts'),
    'export default class { onTestEnd() { throw new Error("no"); } onEnd() { throw new Error("never"); } }',
  );
  expect((await runPlaywright(folder)).stdout).toContain('✓ passed · 1 load run');
  expect((await readSummary(folder)).verdict).toBe('passed');
});

test('repetitions of a test are runs of their own', async () => {
  const folder = folderOf('suite');
  await writeSuite({ folder, tests: [green], reporters: [['dot'], ours()] });
  expect((await runPlaywright(folder, { args: ['test', '--repeat-each=2'] })).code).toBe(0);
  expect((await readSummary(folder)).runs.map(({ title }) => title)).toEqual([
    ['child.spec.ts', 'green'],
    ['child.spec.ts', 'green', 'repetition 2'],
  ]);
});

test('two loads of one test are two runs, named by their author', async () => {
  const folder = folderOf('suite');
  const attaches = ['before', 'after'].map((name, index) => ({
    plan: { name, index },
    thresholds: [atMost('p95', 200)],
  }));
  await writeSuite({ folder, tests: [{ title: 'twice', attaches }], reporters: [['dot'], ours()] });
  expect((await runPlaywright(folder)).code).toBe(0);
  expect((await readSummary(folder)).runs.map(({ title }) => title.at(-1))).toEqual(['before', 'after']);
});

/** Runs one shard, whose blob report lands beside those of the others. */
async function runShard(folder: string, shard: string): Promise<ChildResult> {
  const PLAYWRIGHT_BLOB_OUTPUT_FILE = resolve(folder, 'blobs', `report-${shard.replace('/', '-')}.zip`);
  return runPlaywright(folder, { args: ['test', `--shard=${shard}`], env: { PLAYWRIGHT_BLOB_OUTPUT_FILE } });
}

/** The JSON inside Playwright's page: entries of a zip archive in base64. */
async function htmlReportData(path: string): Promise<string> {
  const page = await readFile(path, 'utf8');
  const [, base64 = ''] = /data:application\/zip;base64,([A-Za-z0-9+/=]+)/.exec(page) ?? [];
  return [...zipEntries(Buffer.from(base64, 'base64')).values()].map(String).join('\n');
}
