/**
 * Baselines as their users have them: Playwright in processes of its own, one after the other in one folder, against a
 * server that takes as long as it is told.
 */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import type { Baseline } from '../measure/baseline.ts';
import type { Summary } from '../measure/summary.ts';
import { readSummary, reporterPath, runPlaywright } from '../../testing/child-suite.ts';
import { checkoutOf, mergeShards, runShards } from '../../testing/shard-suite.ts';

/** Answers after as many milliseconds as the test says; it may depend on how many came before. */
let delayMs: (before: number) => number;
let requests: number;
let server: Server;
let baseURL: string;
let folder: string;

const usual = () => 100;
const slow = () => 300;

test.beforeEach(async () => {
  [delayMs, requests] = [usual, 0];
  server = createServer((_, response) => {
    setTimeout(() => response.end('{}'), delayMs(requests++));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = await mkdtemp(join(tmpdir(), 'playload-baseline-'));
});
test.afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await rm(folder, { recursive: true, force: true });
});

/** 200 requests, 8 at a time: those that open a connection are fewer than lie above the p95. */
const oneLoad = `
test('answers', async ({ load }) => {
  const run = await load(iterations(200, { users: 8 }), ({ request }) => request.get('/'), { whenSaturated: 'warn' });
  expect(run).toMeet({ p95: '< 5s' });
});`;

async function writeSpec(spec = oneLoad): Promise<void> {
  const config = {
    testDir: '.',
    workers: 1,
    use: { baseURL },
    reporter: [['list'], [reporterPath, { html: false }]],
    projects: [{ name: 'load', metadata: { load: true } }],
  };
  const index = JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '../index.ts')).pathname);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(join(folder, 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
  await writeFile(join(folder, 'a.spec.ts'), `import { test, expect, iterations } from ${index};\n${spec}`);
}

interface Ended {
  readonly code: number | null;
  readonly said: string;
  readonly summary: Summary;
}

async function run(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []): Promise<Ended> {
  requests = 0;
  const { code, stdout, stderr } = await runPlaywright(folder, { args: ['test', ...args], env });
  return { code, said: stdout + stderr, summary: await readSummary(folder) };
}

async function update(...args: readonly string[]): Promise<Ended> {
  const ended = await run({ LOAD_BASELINE: 'update' }, args);
  expect(ended.code, ended.said).toBe(0);
  return ended;
}

const kept = (where = folder) => join(where, 'load-baseline');

async function filesIn(where = folder): Promise<string[]> {
  return (await readdir(kept(where))).sort();
}

async function baselineIn(where = folder): Promise<Baseline> {
  const [name = ''] = (await filesIn(where)).filter((file) => file.endsWith('.json'));
  return JSON.parse(await readFile(join(kept(where), name), 'utf8')) as Baseline;
}

const runsIn = ({ environments }: Baseline) => Object.values(environments).map((runs) => runs.length);
const told = ({ summary }: Ended) => summary.findings?.map(({ verdict, sentence }) => ({ verdict, sentence }));

test('what one run records, the next is compared with', async () => {
  await writeSpec();
  delayMs = slow;
  const first = await update();
  expect(await filesIn()).toEqual([
    expect.stringMatching(/^answers-[0-9a-f]{8}\.[0-9a-f]{8}\.csv$/),
    expect.stringMatching(/^answers-[0-9a-f]{8}\.json$/),
  ]);
  expect(first.summary).toMatchObject({
    verdict: 'passed',
    findings: [
      {
        kind: 'baseline',
        verdict: 'measured',
        sentence: expect.stringMatching(/^recorded as run 1 of the baseline in this environment: p95 \d/) as unknown,
        title: ['a.spec.ts', 'answers'],
        runs: [0],
      },
    ],
  });
  const baseline = await baselineIn();
  expect(baseline.load).toEqual({
    project: 'load',
    file: 'a.spec.ts',
    title: ['answers'],
    profile: first.summary.runs[0]?.profile,
  });
  expect(Object.keys(baseline.environments)).toEqual([
    expect.stringMatching(/ cores?(?: \(.*\))?, .*, server on this machine$/),
  ]);

  delayMs = usual; // by far within the limit, whatever the machine adds: nothing is measured again
  const second = await run();
  expect(second.code, second.said).toBe(0);
  expect(second.summary.runs).toHaveLength(1);
  expect(second.summary.findings).toMatchObject([{ kind: 'baseline', verdict: 'passed', runs: [0] }]);
  expect(second.summary.findings?.[0]?.sentence).toContain('the baseline is too short to know its spread');
  expect(second.summary.findings?.[0]?.chart?.lines.map(({ points }) => points.length)).toEqual([1, 1]);
  expect(second.said).toContain('✓ baseline');
  expect(await baselineIn()).toEqual(baseline);
});

test('a server three times as slow fails its test, after the load was sent once more', async () => {
  await writeSpec();
  await update();
  delayMs = slow;
  const { code, said, summary } = await run();
  expect(code, said).toBe(1);
  expect(requests).toBe(400);
  expect(summary.verdict).toBe('failed');
  expect(summary.findings).toMatchObject([
    { verdict: 'failed', runs: [0, 1], figures: { worse: 'p95', baselineRuns: 1 } },
  ]);
  const profile = summary.runs[0]?.profile ?? '';
  expect(summary.runs.map(({ title, verdict }) => [title.at(-1), verdict])).toEqual([
    ['answers', 'passed'],
    [`${profile} again`, 'measured'],
  ]);
  expect(said).toContain('failed: baseline: p95 ');
  expect(said).toMatch(/1 failed/);
});

test('what is slow once and not again is chance', async () => {
  await writeSpec();
  await update();
  delayMs = (before) => (before < 200 ? slow() : usual());
  const { code, said, summary } = await run();
  expect(code, said).toBe(0);
  expect(requests).toBe(400);
  expect(summary.findings).toMatchObject([{ verdict: 'passed', runs: [0, 1] }]);
  expect(summary.findings?.[0]?.sentence).toContain('measured again it was within its limit, so it was chance');
});

test('another environment is not compared, and is recorded beside the first', async () => {
  await writeSpec();
  await update();
  delayMs = slow;
  const other = await run({ LOAD_RUNNER: 'other' });
  expect(other.code, other.said).toBe(0);
  expect(other.summary.findings).toMatchObject([{ verdict: 'inconclusive' }]);
  expect(other.summary.findings?.[0]?.sentence).toMatch(
    /^not compared: nothing was recorded in this environment \(.*, runner other, server on this machine\)/,
  );
  await run({ LOAD_RUNNER: 'other', LOAD_BASELINE: 'update' });
  expect(runsIn(await baselineIn())).toEqual([1, 1]);
  expect(await filesIn()).toHaveLength(3);
});

test('ten runs are kept of twelve, and the history has all', async () => {
  await writeSpec(oneLoad.replace('200', '24'));
  await update('--repeat-each=7');
  const { summary } = await update('--repeat-each=5');
  expect(summary.findings?.map(({ sentence }) => /run \d+/.exec(sentence)?.[0])).toEqual([
    'run 8',
    'run 9',
    'run 10',
    'run 10',
    'run 10',
  ]);
  const baseline = await baselineIn();
  expect(runsIn(baseline)).toEqual([10]);
  const [csv = ''] = await filesIn();
  const rows = (await readFile(join(kept(), csv), 'utf8')).trimEnd().split('\n');
  expect(rows).toHaveLength(13);
  const times = rows.slice(1).map((row) => row.split(',')[0]);
  expect(Object.values(baseline.environments)[0]?.map(({ at }) => at)).toEqual(times.slice(2));
});

const unusable = [
  { what: 'damaged', text: '{"schema":"playload.base', says: 'cannot be used: it is no JSON object' },
  { what: 'of a later version', text: '{"schema":"playload.baseline/2"}', says: 'it has schema `playload.baseline/2`' },
];
for (const { what, text, says } of unusable) {
  test(`a baseline that is ${what} is named, and left as it is`, async () => {
    await writeSpec();
    await update();
    const name = (await filesIn()).find((file) => file.endsWith('.json')) ?? '';
    await writeFile(join(kept(), name), text);
    const compared = await run();
    const recorded = await run({ LOAD_BASELINE: 'update' });
    expect([compared.code, recorded.code], compared.said + recorded.said).toEqual([0, 0]);
    expect(told(compared)).toEqual([
      {
        verdict: 'inconclusive',
        sentence: expect.stringContaining(`not compared: \`load-baseline/${name}\``) as unknown,
      },
    ]);
    expect(told(recorded)).toEqual([
      {
        verdict: 'inconclusive',
        sentence: expect.stringContaining(`not recorded: \`load-baseline/${name}\``) as unknown,
      },
    ]);
    for (const { summary } of [compared, recorded]) expect(summary.findings?.[0]?.sentence).toContain(says);
    expect(await readFile(join(kept(), name), 'utf8')).toBe(text);
  });
}

test('a folder that cannot be written fails the run that was to record', async () => {
  await writeSpec();
  await mkdir(join(folder, 'elsewhere'));
  await symlink('/proc/self', kept()); // nobody can write there, root neither
  const { code, said, summary } = await run({ LOAD_BASELINE: 'update' });
  expect(code, said).toBe(1);
  expect(summary.verdict).toBe('passed');
  expect(told({ code, said, summary })).toEqual([
    { verdict: 'inconclusive', sentence: 'not recorded: `load-baseline/` cannot be written' },
  ]);
  expect(said).toMatch(/load reporter: `.*load-baseline\/answers-.*\.json` cannot be written: E/);
});

test('neither a run that failed nor one of a test that failed is recorded', async () => {
  const broken = oneLoad
    .replace("'answers'", "'answers otherwise'")
    .replace('expect(run)', "expect.soft('this').toBe('that');\n  expect(run)");
  const two = oneLoad.replace(
    '});\n}',
    "});\n  expect(await load(iterations(24, { users: 24 }), ({ request }) => request.get('/'))).toMeet({ p95: '< 5s' });\n}",
  );
  await writeSpec(`${two.replace('< 5s', '< 1ms')}\n${broken}`);
  const ended = await run({ LOAD_BASELINE: 'update' });
  expect(ended.code).toBe(1);
  expect(told(ended)).toEqual([
    { verdict: 'inconclusive', sentence: expect.stringMatching(/^not recorded: the run is failed: /) as unknown },
    { verdict: 'inconclusive', sentence: 'not recorded: its test did not pass' },
    { verdict: 'inconclusive', sentence: 'not recorded: the run is failed: its test ended `failed`' },
  ]);
  await expect(readdir(kept())).rejects.toThrow('ENOENT');
});

test('nothing is said where nobody keeps baselines, with `off`, and of loads that are only measured', async () => {
  await writeSpec();
  const unused = await run();
  await update();
  delayMs = slow;
  const off = await run({ LOAD_BASELINE: 'off' });
  await writeSpec(oneLoad.replace("whenSaturated: 'warn'", "whenSaturated: 'warn', unjudged: true"));
  const unjudged = await run();
  expect([unused.code, off.code, unjudged.code]).toEqual([0, 0, 0]);
  expect([told(unused), told(off), told(unjudged)]).toEqual([undefined, undefined, undefined]);
  expect(requests).toBe(200);
});

test('a load that has no baseline yet is told how to get one', async () => {
  await writeSpec();
  await update();
  await writeSpec(oneLoad.replace('iterations(200', 'iterations(210'));
  expect(told(await run())).toEqual([
    {
      verdict: 'inconclusive',
      sentence: 'not compared: this load has no baseline yet: `LOAD_BASELINE=update` records one',
    },
  ]);
});

test('a word that is none ends the command before anything is sent', async () => {
  await writeSpec();
  const { code, stdout, stderr } = await runPlaywright(folder, { env: { LOAD_BASELINE: 'renew' } });
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('`LOAD_BASELINE` must be `update`, `compare` or `off`, got "renew"');
  expect(requests).toBe(0);
});

test('where no load reporter listens that would record, nothing is sent', async () => {
  await writeSpec();
  const { code, stdout, stderr } = await runPlaywright(folder, {
    args: ['test', '--reporter=list'],
    env: { LOAD_BASELINE: 'update' },
  });
  expect(code, stdout + stderr).toBe(1);
  expect(stdout + stderr).toContain('`LOAD_BASELINE=update` is carried out by the load reporter, and none listens');
  expect(requests).toBe(0);
});

test('loads side by side are compared, and not measured again, since alone they would be others', async () => {
  const one = (name: string) =>
    `load(iterations(200, { users: 8 }), ({ request }) => request.get('/'), { name: '${name}', whenSaturated: 'warn' })`;
  await writeSpec(`test('both', async ({ load }) => {
    for (const run of await Promise.all([${one('a')}, ${one('b')}])) expect(run).toMeet({ p95: '< 5s' });
  });`);
  await update();
  delayMs = slow;
  const ended = await run();
  expect(ended.code, ended.said).toBe(0);
  expect(requests).toBe(400);
  expect(ended.summary.findings?.map(({ name, verdict }) => [name, verdict]).sort()).toEqual([
    ['a', 'inconclusive'],
    ['b', 'inconclusive'],
  ]);
  expect(ended.summary.findings?.[0]?.sentence).toContain('it ran beside another load of its test');
});

test('all cores of a load measure it again together, and one finding is told', async () => {
  await writeSpec(oneLoad.replace("whenSaturated: 'warn'", "whenSaturated: 'warn', cores: 2"));
  await update();
  expect(Object.keys((await baselineIn()).environments)).toEqual([expect.stringMatching(/, sent by 2 processes$/)]);
  delayMs = slow;
  const { code, said, summary } = await run();
  expect(code, said).toBe(1);
  expect(requests).toBe(400);
  expect(summary.runs.map(({ cores, verdict }) => [cores, verdict])).toEqual([
    [2, 'passed'],
    [2, 'measured'],
  ]);
  expect(summary.findings).toMatchObject([{ verdict: 'failed', runs: [0, 1] }]);
});

test('shards record and compare when they are merged, where nothing can be measured again', async () => {
  const shards = [{ baseURL }, { baseURL }];
  const suite = { folder, specs: { 'a.spec.ts': oneLoad }, shards };
  const merged = async (env: Readonly<Record<string, string>>) => {
    await rm(join(folder, 'blobs'), { recursive: true, force: true });
    const ran = await runShards({ ...suite, shards: shards.map((shard) => ({ ...shard, env })) });
    expect(
      ran.map(({ code }) => code),
      ran.map(({ stdout, stderr }) => stdout + stderr).join('\n'),
    ).toEqual([0, 0]);
    const { code, stdout, stderr } = await mergeShards(folder, env);
    const ended = { code, said: stdout + stderr, summary: await readSummary(checkoutOf(folder, 1)) };
    expect(ended.code, ended.said).toBe(0);
    return ended;
  };
  const first = await merged({ LOAD_BASELINE: 'update' });
  expect(told(first)).toMatchObject([{ verdict: 'measured' }]);
  const baseline = await baselineIn(checkoutOf(folder, 1));
  expect(Object.keys(baseline.environments)).toEqual([expect.stringMatching(/, sent by 2 processes$/)]);
  await expect(readdir(kept(checkoutOf(folder, 2)))).rejects.toThrow('ENOENT');
  delayMs = slow;
  requests = 0;
  const slower = await merged({});
  expect(requests).toBe(200);
  expect(slower.summary.verdict).toBe('passed');
  expect(told(slower)).toMatchObject([{ verdict: 'inconclusive' }]);
  expect(slower.summary.findings?.[0]?.sentence).toContain('not confirmed: a merge can measure nothing again');
});
