/**
 * One load on several machines, on the real surface: shards in processes of their own and in CI's order, their merge, and
 * a server that counts. No merge is green that was not one load of one server at one time, whole and ended well.
 */
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Summary } from '../../load/measure/summary.ts';
import { type ChildResult, readSummary } from '../../testing/child-suite.ts';
import { checkoutOf, CountingServer, mergeShards, runShards, type SuiteParts } from '../../testing/shard-suite.ts';

const folder = () => resolve(tmpdir(), `playload-shards-${process.pid}`, test.info().testId);
const servers: CountingServer[] = [];
async function startServer(): Promise<CountingServer> {
  const server = await CountingServer.start();
  servers.push(server);
  return server;
}
test.afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (server) => server.close()));
  await rm(folder(), { recursive: true, force: true });
});

interface Outcome {
  readonly shards: readonly ChildResult[];
  readonly merge: ChildResult;
  readonly summary: Summary;
  /** Of the only run. */
  readonly verdict: string;
  readonly reason: string;
}

async function shardAndMerge(parts: Omit<SuiteParts, 'folder'>): Promise<Outcome> {
  const shards = await runShards({ folder: folder(), ...parts });
  const merge = await mergeShards(folder());
  const summary = await readSummary(checkoutOf(folder(), 1));
  expect(summary.runs, merge.stdout + merge.stderr).toHaveLength(1);
  const { verdict = 'none', reason = '' } = summary.runs[0] ?? {};
  return { shards, merge, summary, verdict, reason };
}

const codes = (results: readonly ChildResult[]) => results.map(({ code }) => code);
const saidBy = (results: readonly ChildResult[]) => results.map(({ stdout, stderr }) => stdout + stderr).join('\n');

const get = "({ request }) => request.get('/')";
/** Of both halves together, on however slow a machine. */
const limits = "{ p95: '< 60s', requests: '60' }";
/** A shard that the machine holds up when it should begin is together with the other for a tenth less than all of it. */
const lasting = "arrivals('6/s').for('10s')";
/** Where nothing hangs on their being together. */
const brief = "arrivals('20/s').for('3s')";
const load = (more = '', profile = lasting) => `test('load', async ({ load }) => {
  const run = await load(${profile}, ${get}, { whenSaturated: 'warn'${more} });
  expect(run).toMeet(${limits});
});`;
const specs = { 'load.spec.ts': load() };
const briefSpecs = { 'load.spec.ts': load('', brief) };

/** Messages for a chat: posted once a file, so there is one of the whole. */
async function noticesOf(shard: number): Promise<string[]> {
  const names = await readdir(resolve(checkoutOf(folder(), shard), 'load-results'));
  return names.filter((name) => name.startsWith('notice.')).sort();
}

test('side by side, shards are one load of the whole rate', async () => {
  const { url: baseURL, paths } = await startServer();
  const outcome = await shardAndMerge({
    specs: { 'load.spec.ts': load().replace(get, "({ request }) => request.get('/?half=' + process.env.HALF)") },
    shards: ['1', '2'].map((half) => ({ baseURL, env: { HALF: half } })),
  });
  expect(codes(outcome.shards), saidBy(outcome.shards)).toEqual([0, 0]);
  expect(outcome).toMatchObject({ verdict: 'passed', merge: { code: 0 }, summary: { verdict: 'passed' } });
  expect(outcome.summary.segments).toEqual({ expected: 2, present: [1, 2] });
  const [first, second] = ['/?half=1', '/?half=2'];
  expect(paths.toSorted()).toEqual([...Array<string>(30).fill(first), ...Array<string>(30).fill(second)]);
  expect(paths.indexOf(first), 'each begins before the last of the other').toBeLessThan(paths.lastIndexOf(second));
  expect(paths.indexOf(second), 'each begins before the last of the other').toBeLessThan(paths.lastIndexOf(first));
  expect(await noticesOf(2), 'the merge alone tells, and it ran where the first was').toEqual([]);
  expect(await noticesOf(1)).toEqual(['notice.json', 'notice.teams.json']);
  const [run] = outcome.summary.runs;
  expect(run).toMatchObject({ profile: '6/s for 10s', requests: { scheduled: 60, started: 60, ok: 60 } });
  expect(run?.throughputPerSec).toBeCloseTo(60_000 / (run?.durationMs ?? Number.NaN), 1);
});

test('more than a tenth apart, they are incomplete', async () => {
  const { url: baseURL, paths } = await startServer();
  const [done, turn] = [resolve(folder(), 'done'), 'existsSync(process.env.AFTER ?? process.cwd())'];
  const inTurn = `import { existsSync, writeFileSync } from 'node:fs';
test.beforeEach(async () => { test.setTimeout(120_000); while (!${turn}) await new Promise((on) => setTimeout(on, 50)); });
test.afterEach(() => writeFileSync(${JSON.stringify(done)}, ''));
${load('', brief)}`;
  const outcome = await shardAndMerge({
    specs: { 'load.spec.ts': inTurn },
    apartSeconds: 0.001,
    shards: [{ baseURL }, { baseURL, env: { AFTER: done } }],
  });
  expect(codes(outcome.shards), saidBy(outcome.shards)).toEqual([0, 0]);
  expect(outcome).toMatchObject({ verdict: 'incomplete', merge: { code: 1 }, summary: { verdict: 'incomplete' } });
  expect(outcome.reason).toMatch(/together for 0\S* ?% of the shortest and began \S+ ?\S* apart/);
  expect(outcome.reason).toContain('start all shards at once: name a place where they meet (`LOAD_MEET`)');
  expect(outcome.merge.stdout + outcome.merge.stderr).toContain('load run incomplete: load.spec.ts › load:');
  expect(paths).toHaveLength(60);
});

test('each on a server of its own, they are incomplete', async () => {
  const [first, second] = [await startServer(), await startServer()];
  const outcome = await shardAndMerge({
    specs: briefSpecs,
    shards: [{ baseURL: first.url }, { baseURL: second.url }],
  });
  expect(outcome).toMatchObject({ verdict: 'incomplete', merge: { code: 1 }, summary: { verdict: 'incomplete' } });
  expect(outcome.reason).toContain(`\`${first.url}\``);
  expect(outcome.reason).toContain(`\`${second.url}\``);
  expect(outcome.reason).toContain("`servers: 'per-shard'`");
  expect([first.paths.length, second.paths.length]).toEqual([30, 30]);
});

test('servers of their own that are meant are told of', async () => {
  const [first, second] = [await startServer(), await startServer()];
  const outcome = await shardAndMerge({
    specs: { 'load.spec.ts': load(", servers: 'per-shard'") },
    shards: [{ baseURL: first.url }, { baseURL: second.url }],
  });
  expect(outcome, outcome.reason).toMatchObject({ verdict: 'passed', merge: { code: 0 } });
  expect(outcome.merge.stdout).toContain('6/s for 10s, on 2 servers, 3.00/s each');
  expect([first.paths.length, second.paths.length]).toEqual([30, 30]);
});

const differences = [
  {
    what: 'spec text',
    of: { specs: { 'load.spec.ts': `${load('', brief)}\n// edited on this machine` } },
    says: /segment [12] ran another plan than segment [12] \(hash \w+, not \w+\): run all shards with the same spec/,
  },
  {
    what: 'commit',
    of: { env: { GITHUB_SHA: 'b'.repeat(40) } },
    says: /segment [12] is of commit [ab]{40}, segment [12] of [ab]{40}: check out one commit on all shards/,
  },
];
for (const { what, of, says } of differences) {
  test(`of another ${what}, one of them makes the run incomplete`, async () => {
    const { url: baseURL } = await startServer();
    const env = { GITHUB_SHA: 'a'.repeat(40) };
    const other = { baseURL, ...of, env: { ...env, ...of.env } };
    const outcome = await shardAndMerge({ specs: briefSpecs, shards: [{ baseURL, env }, other] });
    expect(codes(outcome.shards), saidBy(outcome.shards)).toEqual([0, 0]);
    expect(outcome).toMatchObject({ verdict: 'incomplete', merge: { code: 1 }, summary: { verdict: 'incomplete' } });
    expect(outcome.reason).toMatch(says);
  });
}

for (const reporter of ['blob', 'line']) {
  test(`with \`--reporter=${reporter}\`, which replaces the load reporter, no shard sends anything`, async () => {
    const { url: baseURL, paths } = await startServer();
    // A file for each shard: nobody is there to keep a load test on all of them.
    const shards = await runShards({
      folder: folder(),
      specs: { 'a.spec.ts': load(), 'b.spec.ts': load() },
      shards: [{ baseURL }, { baseURL }],
      reporterArgs: [`--reporter=${reporter}`],
    });
    expect(codes(shards), saidBy(shards)).toEqual([1, 1]);
    expect(paths).toEqual([]);
    if (reporter === 'line') {
      for (const shard of shards) expect(saidBy([shard])).toContain('say `--add-reporter=blob` instead');
      return;
    }
    const merge = await mergeShards(folder());
    expect(merge.code).toBe(1);
    const { verdict, runs } = await readSummary(checkoutOf(folder(), 1));
    expect(verdict).toBe('incomplete');
    expect(runs.map(({ reason }) => reason)).toEqual(
      runs.map(() => expect.stringContaining('say `--add-reporter=blob` instead') as unknown),
    );
    expect(runs).toHaveLength(2);
  });
}

const crashes = [
  { how: 'throws before its load', body: "throw new Error('no token');" },
  { how: 'ends its process', body: 'process.exit(3);' },
];
for (const { how, body } of crashes) {
  test(`a load test that ${how} on all shards is no merge that passed`, async () => {
    const { url: baseURL } = await startServer();
    const crashing = `test('load', async ({ load }) => { ${body} await load(${brief}, ${get}); });`;
    const outcome = await shardAndMerge({ specs: { 'load.spec.ts': crashing }, shards: [{ baseURL }, { baseURL }] });
    expect(codes(outcome.shards)).toEqual([1, 1]);
    expect(outcome).toMatchObject({ verdict: 'incomplete', merge: { code: 1 }, summary: { verdict: 'incomplete' } });
    expect(outcome.reason).toContain('it failed before its load had ended');
  });
}

test('a test that fails after its load on one shard fails the merge', async () => {
  const { url: baseURL } = await startServer();
  const outcome = await shardAndMerge({
    specs: { 'load.spec.ts': `${load().slice(0, -3)}expect(process.env.MACHINE).not.toBe('bad');\n});` },
    shards: [{ baseURL }, { baseURL, env: { MACHINE: 'bad' } }],
  });
  expect(codes(outcome.shards), saidBy(outcome.shards)).toEqual([0, 1]);
  expect(outcome).toMatchObject({ verdict: 'failed', merge: { code: 1 }, summary: { verdict: 'failed' } });
  expect(outcome.reason).toBe('its test ended `failed` on segment 2');
});

/** What a test that is meant to fail may fail of. */
const meant = [
  { why: 'its limits', body: "test.fail(); const run = await measured(); expect(run).toMeet({ p95: '< 0.001ms' });" },
  {
    why: 'its own assertion',
    body: `test.fail(); const run = await measured(); expect(run).toMeet(${limits}); expect(1).toBe(2);`,
  },
];
const measured = `const measured = () => load(${lasting}, ${get}, { whenSaturated: 'warn' });`;
for (const { why, body } of meant) {
  for (const count of [1, 2]) {
    test(`a test that is meant to fail, and fails of ${why}, lets ${count === 1 ? 'a run' : 'shards and their merge'} pass`, async () => {
      const { url: baseURL } = await startServer();
      const env = { GITHUB_ACTIONS: 'true' };
      const parts = {
        specs: { 'load.spec.ts': `test('load', async ({ load }) => { ${measured} ${body} });` },
        shards: Array.from({ length: count }, () => ({ baseURL, env })),
      };
      const shards = await runShards({ folder: folder(), ...parts, ...(count === 1 && { reporterArgs: [] }) });
      const merge = count === 1 ? undefined : await mergeShards(folder(), { GITHUB_ACTIONS: 'true' });
      const all = merge === undefined ? shards : [...shards, merge];
      expect(codes(all), saidBy(all)).toEqual(all.map(() => 0));
      expect(saidBy(all)).not.toContain('::error');
      const { verdict, runs } = await readSummary(checkoutOf(folder(), 1));
      expect(verdict).toBe('passed');
      expect(runs).toMatchObject([{ expectedToFail: true }]);
    });
  }
}

test('a test that is meant to fail and does not fails the merge', async () => {
  const { url: baseURL } = await startServer();
  const body = `${measured} test.fail(); expect(await measured()).toMeet(${limits});`;
  const outcome = await shardAndMerge({
    specs: { 'load.spec.ts': `test('load', async ({ load }) => { ${body} });` },
    shards: [{ baseURL }, { baseURL }],
  });
  expect(outcome).toMatchObject({ merge: { code: 1 }, summary: { verdict: 'failed' } });
  expect(outcome.reason).toContain('meant to fail');
});

test('setup and teardown run on each shard, before and after its load', async () => {
  const { url: baseURL, paths } = await startServer();
  const outside = (name: string) => `test('${name}', async ({ request }) => { await request.get('/${name}'); });`;
  const outcome = await shardAndMerge({
    specs: { ...specs, 'first.setup.ts': outside('setup'), 'last.teardown.ts': outside('teardown') },
    projects: [
      { name: 'setup', testMatch: '*.setup.ts', teardown: 'teardown' },
      { name: 'teardown', testMatch: '*.teardown.ts' },
      { name: 'load', testMatch: '*.spec.ts', dependencies: ['setup'], metadata: { load: true } },
    ],
    shards: [{ baseURL }, { baseURL }],
  });
  expect(codes(outcome.shards), saidBy(outcome.shards)).toEqual([0, 0]);
  expect(outcome, outcome.reason).toMatchObject({ verdict: 'passed', merge: { code: 0 } });
  expect(paths.filter((path) => path === '/setup')).toHaveLength(2);
  expect(paths.filter((path) => path === '/teardown')).toHaveLength(2);
  expect(paths.filter((path) => path === '/')).toHaveLength(60);
});

test('100 unique rows and 100 iterations on 3 shards: each row is sent once', async () => {
  const { url: baseURL, paths } = await startServer();
  const body = `test('load', async ({ load }) => {
    const data = feeder(Array.from({ length: 100 }, (_, id) => ({ id })), { order: 'unique' });
    const scenario = async ({ request, data }) => { await request.get('/row/' + data.id); await new Promise((on) => setTimeout(on, 600)); };
    const run = await load(iterations(100, { users: 6 }), scenario, { data, whenSaturated: 'warn' });
    expect(run).toMeet({ iterations: '100' });
  });`;
  const shard = { baseURL };
  const outcome = await shardAndMerge({ specs: { 'load.spec.ts': body }, shards: [shard, shard, shard] });
  expect(codes(outcome.shards), saidBy(outcome.shards)).toEqual([0, 0, 0]);
  expect(paths.toSorted()).toEqual(Array.from({ length: 100 }, (_, id) => `/row/${id}`).toSorted());
  expect(outcome, outcome.reason).toMatchObject({ verdict: 'passed', merge: { code: 0 } });
});

test('a functional test beside load tests is run by one shard only', async () => {
  const { url: baseURL, paths } = await startServer();
  const functional = `test('functional', { tag: '@no-load' }, async ({ request }) => { await request.get('/functional'); });`;
  const outcome = await shardAndMerge({
    specs: { 'functional.spec.ts': functional, ...specs },
    shards: [{ baseURL }, { baseURL }],
  });
  expect(codes(outcome.shards), saidBy(outcome.shards)).toEqual([0, 0]);
  expect(outcome, outcome.reason).toMatchObject({ verdict: 'passed', merge: { code: 0 } });
  expect(paths.filter((path) => path === '/functional')).toHaveLength(1);
  expect(paths.filter((path) => path === '/')).toHaveLength(60);
});
