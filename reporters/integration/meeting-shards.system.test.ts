/**
 * Shards that meet, on the real surface: each a `playwright test --shard` of its own that starts seconds after the last,
 * and a server that writes down when each request came. Beside them, those who do not come, or do not stay.
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { MeetingServer } from '../../load/session/meeting/meeting-server.ts';
import { readSummary } from '../../testing/child-suite.ts';
import { checkoutOf, CountingServer, mergeShards, runShards } from '../../testing/shard-suite.ts';
import { Standstill, standstillPath } from '../../testing/standstill.ts';

const folder = () => resolve(tmpdir(), `playload-meeting-${process.pid}`, test.info().testId);
const undo: (() => Promise<void>)[] = [];
test.afterEach(async () => {
  for (const each of undo.splice(0)) await each();
  await rm(folder(), { recursive: true, force: true });
});

async function startServer(): Promise<CountingServer> {
  const server = await CountingServer.start();
  undo.push(async () => server.close());
  return server;
}

interface Place {
  readonly place: string;
  /** How many shards wait and are known to the others. */
  readonly waiting: () => Promise<number>;
}

/**
 * Shards whose notes name a note besides their own. A note alone is not enough: one that was laid down by a shard that
 * died before it looked again, and so named nobody, is a leftover to the others.
 */
async function seenInFolder(place: string): Promise<Set<string>> {
  const seen = new Set<string>();
  const names = await readdir(place, { recursive: true }).catch(() => []);
  for (const name of names) {
    const shard = /\/(\d)\.\w+\.came$/.exec(name)?.[1];
    const text = shard === undefined ? '' : await readFile(resolve(place, name), 'utf8').catch(() => '');
    if (shard !== undefined && text !== '' && (JSON.parse(text) as { sees: string[] }).sees.length > 1) seen.add(shard);
  }
  return seen;
}

async function newPlace(kind: 'folder' | 'server', shards: number): Promise<Place> {
  if (kind === 'folder') {
    const place = resolve(folder(), 'meet');
    return { place, waiting: async () => (await seenInFolder(place)).size };
  }
  const server = await MeetingServer.start({ shards, host: '127.0.0.1' });
  undo.push(async () => server.close());
  return { place: `http://127.0.0.1:${server.port}`, waiting: async () => server.waiting };
}

/**
 * A path for each shard and load, so that the server's log tells who sent what when; the first of each tells how long the
 * machine let its shard stand still in the last second. The loads are long, as shards have to be together for most of them.
 */
const spec = `import { Standstill } from ${JSON.stringify(standstillPath)};
if (process.env.AHEAD_MS) { const real = Date.now; Date.now = () => real() + Number(process.env.AHEAD_MS); }
const still = new Standstill();
const stood = (nowMs) => still.gaps().reduce((sum, { endedAtMs, ms }) => sum + (nowMs - endedAtMs < 1_000 ? ms : 0), 0);
const path = (load) => '/' + load + '/' + test.info().config.shard.current;
test.afterAll(() => still[Symbol.dispose]());
const firstAndOthers = (load) => {
  let first = true;
  return ({ request }) => {
    const told = first ? '?stood=' + stood(performance.now()) : '';
    first = false;
    return request.get(path(load) + told, { name: load });
  };
};
test('two loads', async ({ load }) => {
  for (const name of ['first', 'second']) {
    const run = await load(arrivals('9/s').for('10s'), firstAndOthers(name), { whenSaturated: 'warn', name });
    expect(run).toMeet({ successRate: '100%' });
  }
});
test('another test', async ({ load }) => {
  const run = await load(arrivals('9/s').for('10s'), firstAndOthers('third'), { whenSaturated: 'warn' });
  expect(run).toMeet({ successRate: '100%' });
});`;

const single = `test('alone', async ({ load }) => {
  const run = await load(arrivals('30/s').for('3s'), ({ request }) => request.get('/'));
  expect(run).toMeet({ successRate: '100%' });
});`;
const other = { 'load.spec.ts': "test('another', () => undefined);" };
/** Once there is the file `DIES_AT`. */
const dying = { 'load.spec.ts': `import { existsSync } from 'node:fs';
if (process.env.TEST_WORKER_INDEX) setInterval(() => { if (existsSync(process.env.DIES_AT)) for (const pid of [process.ppid, process.pid]) process.kill(pid, 'SIGKILL'); }, 50);
${single}` }; // prettier-ignore
/** Comes when that one is dead. */
const late = { 'load.spec.ts': `import { existsSync } from 'node:fs';
if (process.env.TEST_WORKER_INDEX) { while (!existsSync(process.env.DIES_AT)) await new Promise((on) => setTimeout(on, 50)); await new Promise((on) => setTimeout(on, 3_000)); }
${single}` }; // prettier-ignore

interface Skew {
  /** Between the first request of the first shard and that of the last, less what they are due apart (a ninth of a second each). */
  readonly skewMs: number;
  /** Most of it that the machine can have made: shards that stood still before their first request, and this process in between. */
  readonly stoodMs: number;
}

function skewOf(
  { paths, atMs }: CountingServer,
  load: string,
  { shards, here }: { shards: number; here: Standstill },
): Skew {
  const firsts = Array.from({ length: shards }, (_, at) => {
    const index = paths.findIndex((path) => path.startsWith(`/${load}/${at + 1}?stood=`));
    return { atMs: atMs[index] ?? Number.NaN, stoodMs: Number(paths[index]?.split('=')[1]) };
  });
  const [firstMs, lastMs] = [
    Math.min(...firsts.map((each) => each.atMs)),
    Math.max(...firsts.map((each) => each.atMs)),
  ];
  const between = here.gaps().filter(({ endedAtMs }) => endedAtMs > firstMs && endedAtMs < lastMs + 100);
  const stoodMs = [...firsts.map((each) => each.stoodMs), ...between.map(({ ms }) => ms)];
  return { skewMs: lastMs - firstMs - ((shards - 1) * 1_000) / 9, stoodMs: stoodMs.reduce((sum, ms) => sum + ms, 0) };
}

for (const kind of ['folder', 'server'] as const) {
  test(`3 shards that come to a ${kind} seconds apart, by clocks minutes apart, are one load each time`, async () => {
    using here = new Standstill();
    const target = await startServer();
    const baseURL = target.url;
    const { place } = await newPlace(kind, 3);
    const shards = await runShards({
      folder: folder(),
      specs: { 'load.spec.ts': spec },
      meetAt: place,
      staggerSeconds: 3,
      // The last one's clock is ten minutes ahead, and its runner knows it.
      shards: [{ baseURL }, { baseURL }, { baseURL, env: { AHEAD_MS: '600000', LOAD_CLOCK_OFFSET_MS: '600000' } }],
    });
    expect(
      shards.map(({ code }) => code),
      shards.map(({ stdout }) => stdout).join('\n'),
    ).toEqual([0, 0, 0]);
    expect(target.paths).toHaveLength(270);
    for (const load of ['first', 'second', 'third']) {
      const { skewMs, stoodMs } = skewOf(target, load, { shards: 3, here });
      expect(skewMs, load).toBeLessThan(500 + stoodMs);
    }
    const merge = await mergeShards(folder());
    expect(merge.code, merge.stdout).toBe(0);
    const { runs } = await readSummary(checkoutOf(folder(), 1));
    expect(runs.map(({ verdict, requests }) => [verdict, requests.scheduled])).toEqual([
      ['passed', 90],
      ['passed', 90],
      ['passed', 90],
    ]);
    if (kind === 'folder') expect(await readdir(place)).toEqual([]);
  });

  test(`a shard that never comes to a ${kind} is named by the others, and nothing is sent`, async () => {
    const target = await startServer();
    const shard = { baseURL: target.url, env: { LOAD_MEET_TIMEOUT: '15s' } };
    const { place } = await newPlace(kind, 3);
    const specs = { 'load.spec.ts': single };
    const shards = await runShards({
      folder: folder(),
      specs,
      meetAt: place,
      shards: [shard, shard, { ...shard, specs: other }],
    });
    expect(shards.map(({ code }) => code)).toEqual([1, 1, expect.any(Number) as unknown]);
    const said = shards.map(({ stdout }) => stdout);
    expect(said[0] ?? '').toContain(`shard 3 of 3 never came to ${place} within 15s`);
    expect(target.paths).toEqual([]);
    const merge = await mergeShards(folder());
    expect(merge.code).toBe(1);
  });

  test(`a shard that is killed while it waits at a ${kind} starts nobody, and is named`, async () => {
    const target = await startServer();
    const { place, waiting } = await newPlace(kind, 3);
    const diesAt = resolve(folder(), 'dies');
    const shard = { baseURL: target.url, env: { LOAD_MEET_TIMEOUT: '45s', DIES_AT: diesAt } };
    const parts = { folder: folder(), specs: { 'load.spec.ts': single }, meetAt: place };
    const all = runShards({ ...parts, shards: [shard, { ...shard, specs: dying }, { ...shard, specs: late }] });
    await expect.poll(waiting, { intervals: [100], timeout: 60_000 }).toBe(2);
    await mkdir(folder(), { recursive: true });
    await writeFile(diesAt, '');
    const shards = await all;
    expect([shards[0]?.code, shards[1]?.code, shards[2]?.code]).toEqual([1, null, 1]);
    expect(shards[0]?.stdout).toContain(`shard 2 of 3 came to ${place} and went away (killed, or out of patience)`);
    expect(target.paths).toEqual([]);
    if (kind === 'server') return;
    // What it left lies there still, and starts nobody of the next run.
    expect((await readdir(place, { recursive: true })).filter((name) => name.includes('/2.'))).toHaveLength(1);
    const hasty = { baseURL: target.url, env: { LOAD_MEET_TIMEOUT: '15s' } };
    const next = await runShards({ ...parts, shards: [hasty, { ...hasty, specs: other }, hasty] });
    expect(next[0]?.stdout).toContain(`shard 2 of 3 never came to ${place} within 15s`);
    expect(target.paths).toEqual([]);
  });
}
