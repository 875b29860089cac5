import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { atMost } from '../../testing/recorded-run.ts';
import { type ChildTest, readSummary, reporterPath, runPlaywright, writeSuite } from '../../testing/child-suite.ts';

const ours = (options: Record<string, unknown> = {}) => [reporterPath, options];
const green: ChildTest = { title: 'green', attaches: [{ thresholds: [atMost('p95', 200)] }] };
/** A load that never ends, as far as its reporter can tell. */
const endless: ChildTest = { title: 'endless', body: 'console.log("waiting"); await new Promise(() => undefined);' };
const yesterday = 'the words of yesterday';
/** What CI systems and chats take. */
const forOthers = ['summary.md', 'metrics.txt', 'codequality.json', 'notice.json', 'notice.teams.json'];

const suites = resolve(tmpdir(), `playload-files-${process.pid}`);
test.afterEach(async () => rm(resolve(suites, test.info().testId), { recursive: true, force: true }));

/** A suite beside which the green results of another day lie. `extra` goes into its configuration. */
async function suiteWithPast(tests: readonly ChildTest[], extra: Record<string, unknown> = {}): Promise<string> {
  const folder = resolve(suites, test.info().testId, 'suite');
  await writeSuite({ folder, tests, reporters: [['list'], ours()] });
  await mkdir(resolve(folder, 'load-results'));
  const past = { schema: 'playload.summary/2', verdict: 'passed', runs: [], words: yesterday };
  await writeFile(resolve(folder, 'load-results/summary.json'), JSON.stringify(past));
  for (const name of ['report.html', ...forOthers]) await writeFile(resolve(folder, 'load-results', name), yesterday);
  const path = resolve(folder, 'playwright.config.ts');
  const text = await readFile(path, 'utf8');
  await writeFile(
    path,
    text.replace(/;\n$/, `;\n`).replace(/^export default \{/, `export default { ...${JSON.stringify(extra)},`),
  );
  return folder;
}

/** Verdict and reasons, and that nothing of yesterday is left, nor a draft. */
async function filesOf(folder: string) {
  const { verdict, runs, unfinished } = await readSummary(folder);
  const page = await readFile(resolve(folder, 'load-results/report.html'), 'utf8');
  const names = await readdir(resolve(folder, 'load-results'));
  expect(page).not.toContain(yesterday);
  const atEnd = unfinished === undefined ? ['notice.json', 'notice.teams.json', 'runs'] : [];
  expect(names.sort()).toEqual(['report.html', 'summary.json', ...atEnd].sort());
  const runLines = runs.map((run) => `${run.title.at(-1) ?? ''}: ${run.verdict}: ${run.reason}`);
  return { verdict, runs: runLines, unfinished: unfinished?.reason };
}

const deaths = [
  { how: 'process.exit', body: 'process.exit(3);', says: /worker process exited unexpectedly \(code=3/ },
  { how: 'SIGKILL, as for its memory', body: 'process.kill(process.pid, "SIGKILL");', says: /signal=SIGKILL/ },
  { how: 'an error before its load', body: 'throw new Error("no login");', says: /no login/ },
  { how: 'no load at all', body: '', says: /it passed without a load/ },
];
for (const { how, body, says } of deaths) {
  test(`a load test that ends by ${how} is listed, and nothing is green`, async () => {
    const folder = await suiteWithPast([green, { title: 'lost', body }]);
    const { code, stdout } = await runPlaywright(folder);
    const { verdict, runs, unfinished } = await filesOf(folder);
    expect({ code, verdict, unfinished }).toEqual({ code: 1, verdict: 'incomplete', unfinished: undefined });
    expect(runs.sort()[1]).toMatch(says);
    expect(stdout).toContain('lost');
  });
}

test('tests that were skipped by wish, or are tagged `@no-load`, are no load tests without a run', async () => {
  const tests = [green, { title: 'skipped', body: 'test.skip();' }, { title: 'plain', tag: '@no-load' }];
  const folder = await suiteWithPast(tests);
  expect((await runPlaywright(folder)).code).toBe(0);
  expect(await filesOf(folder)).toMatchObject({ verdict: 'passed', unfinished: undefined });
});

test('a suite without load tests leaves earlier results alone', async () => {
  const folder = await suiteWithPast([{ title: 'plain', tag: '@no-load' }]);
  expect((await runPlaywright(folder)).code).toBe(0);
  expect(await readFile(resolve(folder, 'load-results/summary.json'), 'utf8')).toContain(yesterday);
});

test('a load test that is not reached because of `maxFailures` is incomplete', async () => {
  const folder = await suiteWithPast([{ title: 'a', body: 'throw new Error("no");' }, green], { maxFailures: 1 });
  expect((await runPlaywright(folder)).code).toBe(1);
  expect((await filesOf(folder)).runs.join('\n')).toContain('green: incomplete: it was never started');
});

test('SIGTERM ends a run as Ctrl-C does, with its results', async () => {
  const folder = await suiteWithPast([green, endless]);
  const { code } = await signalled(folder, 'SIGTERM');
  expect(code).toBe(130);
  const { verdict, runs, unfinished } = await filesOf(folder);
  expect({ verdict, unfinished }).toEqual({ verdict: 'incomplete', unfinished: undefined });
  expect(runs.join('\n')).toContain('endless: incomplete: it was interrupted before its load had ended');
});

test('after SIGKILL the files say that the run did not finish, and name what had ended', async () => {
  const folder = await suiteWithPast([green, endless]);
  await signalled(folder, 'SIGKILL');
  const { verdict, runs, unfinished } = await filesOf(folder);
  expect({ verdict, unfinished }).toEqual({
    verdict: 'incomplete',
    unfinished: 'the tests are still running, or were killed before their end',
  });
  expect(runs).toEqual([expect.stringContaining('green: passed'), 'endless: incomplete: it has not ended yet']);
  const { unfinished: mark, startedAt } = await readSummary(folder);
  expect(mark?.command).toBe('playwright test');
  expect(Date.parse(startedAt)).toBeGreaterThan(0);
  await writeSuite({ folder, tests: [green], reporters: [['list'], ours()] });
  expect((await runPlaywright(folder)).code).toBe(0); // the mark of a dead process locks nobody out
});

test('`globalTimeout` leaves results that say so', async () => {
  const folder = await suiteWithPast([green, endless], { globalTimeout: 12_000 });
  expect((await runPlaywright(folder)).code).toBe(1);
  const { verdict, runs } = await filesOf(folder);
  expect(verdict).toBe('incomplete');
  expect(runs.join('\n')).toMatch(/endless: incomplete: it had not ended: .*globalTimeout/);
});

const starts = [
  { what: 'a `webServer` that cannot start', extra: { webServer: { command: 'exit 7', url: 'http://127.0.0.1:1' } } },
  { what: 'a global setup that throws', extra: { globalSetup: './setup.ts' } },
];
for (const { what, extra } of starts) {
  test(`${what} leaves results that say so`, async () => {
    const folder = await suiteWithPast([green], extra);
    await writeFile(resolve(folder, 'setup.ts'), 'export default () => { throw new Error("no database"); };');
    expect((await runPlaywright(folder)).code).toBe(1);
    const { verdict, unfinished } = await filesOf(folder);
    expect(verdict).toBe('incomplete');
    expect(unfinished).toMatch(/no test was run, since the run failed before its first test: /);
  });
}

test('a folder that another living process writes is left to it, and the run fails', async () => {
  const folder = await suiteWithPast([green, endless]);
  const first = spawnPlaywright(folder);
  await said(first, 'waiting');
  const { code, stderr } = await runPlaywright(folder, { args: ['test', '--grep', 'green', '--output', 'other'] });
  expect(code).toBe(1);
  expect(stderr).toContain('writes its results to');
  expect(stderr).toContain('give each run an `outputFolder` of its own');
  expect((await readSummary(folder)).unfinished?.pid).toBe(first.pid);
  const ended = once(first, 'close');
  first.kill('SIGTERM');
  await ended;
  expect((await filesOf(folder)).unfinished).toBeUndefined();
});

test('a run whose mark was replaced writes no more, and fails', async () => {
  const folder = await suiteWithPast([]);
  const summary = resolve(folder, 'load-results/summary.json');
  const mark = {
    schema: 'playload.summary/2',
    unfinished: { reason: 'x', command: 'other', host: hostname(), pid: 1 },
  };
  const body = `require('node:fs').writeFileSync(${JSON.stringify(summary)}, ${JSON.stringify(JSON.stringify(mark))});`;
  const replacing = { ...green, body: body.replace("require('node:fs')", "(await import('node:fs'))") };
  await writeSuite({ folder, tests: [replacing], reporters: [['list'], ours()] });
  const { code, stderr } = await runPlaywright(folder);
  expect({ code, told: stderr.includes('another run (process 1 on') }).toEqual({ code: 1, told: true });
  expect((await readSummary(folder)).unfinished?.command).toBe('other');
});

test('loads of two workers that overlap are invalid, each naming the other', async () => {
  const folder = await suiteWithPast([]);
  const now = Date.now();
  const at = (title: string, fromMs: number) => ({
    title,
    attaches: [{ thresholds: [atMost('p95', 200)], segment: { startedAtEpochMs: now + fromMs, durationMs: 5_000 } }],
    body: 'await new Promise((done) => setTimeout(done, 1_500));',
  });
  await writeSuite({ folder, tests: [at('one', 0), at('two', 2_000)], reporters: [['list'], ours()] });
  const args = ['test', '--workers=2', '--fully-parallel'];
  const { code } = await runPlaywright(folder, { args });
  const { verdict, runs } = await filesOf(folder);
  expect({ code, verdict }).toEqual({ code: 1, verdict: 'invalid' });
  expect(runs.sort()).toEqual([
    expect.stringMatching(/^one: invalid: the load of `child\.spec\.ts › two` ran at the same time.*`workers: 1`/),
    expect.stringMatching(/^two: invalid: the load of `child\.spec\.ts › one` ran at the same time/),
  ]);
});

test('a test without a load that runs beside one is named in its block', async () => {
  const folder = await suiteWithPast([]);
  const now = Date.now();
  const segment = { startedAtEpochMs: now, durationMs: 600_000 };
  const loading = { title: 'loading', attaches: [{ thresholds: [atMost('p95', 200)], segment }] };
  const wait = 'await new Promise((done) => setTimeout(done, 1_500));';
  const plain = { title: 'buying', tag: '@no-load', body: wait };
  await writeSuite({ folder, tests: [{ ...loading, body: wait }, plain], reporters: [['list'], ours()] });
  const { code, stdout } = await runPlaywright(folder, { args: ['test', '--workers=2', '--fully-parallel'] });
  expect(code).toBe(0);
  expect((await readSummary(folder)).runs[0]?.beside).toEqual(['child.spec.ts › buying']);
  expect(stdout).toMatch(/beside +1 test ran at the same time and took part of this machine: child\.spec\.ts › buying/);
});

async function signalled(folder: string, signal: NodeJS.Signals): Promise<{ code: number | null }> {
  const child = spawnPlaywright(folder);
  await said(child, 'waiting');
  const ended = once(child, 'close') as Promise<[number | null]>;
  child.kill(signal);
  const [code] = await ended;
  return { code };
}

function spawnPlaywright(folder: string): ChildProcess {
  const cli = resolve(import.meta.dirname, '../../node_modules/@playwright/test/cli.js');
  const foreign = /^(?:PW|PLAYWRIGHT|TEST_|GITHUB_|CI$|CI_|LOAD_|FORCE_COLOR)/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
  return spawn(process.execPath, [cli, 'test'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function said(child: ChildProcess, words: string): Promise<void> {
  let text = '';
  await new Promise<void>((done, failed) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) done();
    });
    child.once('close', () => {
      failed(new Error(`it never said \`${words}\`, but:\n${text}`));
    });
  });
}
