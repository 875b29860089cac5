/**
 * Shards are the load of one machine, to the last request and the last bucket: real `--shard` processes and their merge
 * beside one process that does all of it.
 */
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { RunSummary } from '../../load/measure/summary.ts';
import { readSummary, reporterPath, runPlaywright, writeSuite } from '../../testing/child-suite.ts';
import { checkoutOf, CountingServer, mergeShards, runShards } from '../../testing/shard-suite.ts';
import { csvColumns } from '../export/csv-series.ts';

const shards = 4;
const folder = (name: string) => resolve(tmpdir(), `playload-exact-${process.pid}`, test.info().testId, name);
test.afterEach(async () => rm(folder('..'), { recursive: true, force: true }));

/** What of a run's figures is the same whatever a machine's speed. */
function exactFigures({ requests, iterations, checks, endpoints }: RunSummary) {
  return {
    ...{ requests, checks },
    iterations: { ...iterations, durationMs: iterations.durationMs?.count },
    endpoints: endpoints
      .map(({ name, requests: own, statuses }) => ({ name, requests: own, statuses }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}

/** The only run of a suite on so many machines, and what its server was asked. */
async function loadOn(count: number, spec: string): Promise<{ paths: string[]; figures: unknown }> {
  const server = await CountingServer.start();
  try {
    const own = folder(`on-${count}`);
    const machines = Array.from({ length: count }, () => ({ baseURL: server.url }));
    const alone = count === 1 ? { reporterArgs: [] } : {};
    const ended = await runShards({ folder: own, specs: { 'load.spec.ts': spec }, shards: machines, ...alone });
    const all = count === 1 ? ended : [...ended, await mergeShards(own)];
    expect(
      all.map(({ code }) => code),
      all.map(({ stdout, stderr }) => stdout + stderr).join('\n'),
    ).toEqual(all.map(() => 0));
    const { runs } = await readSummary(checkoutOf(own, 1));
    expect(runs).toHaveLength(1);
    return { paths: server.paths.toSorted(), figures: runs.map(exactFigures) };
  } finally {
    await server.close();
  }
}

/** Each lasts long enough that a shard which the machine holds up when it should begin is together with the others. */
const rows = [
  { profile: "arrivals('15/s').for('8s')", requests: 120 },
  { profile: "arrivals('15/s', { distribution: 'poisson', seed: 7 }).for('8s')", requests: undefined },
  { profile: 'iterations(97, { users: 10 })', requests: 97 },
  { profile: 'users(10).iterations(10)', requests: 100 },
];
for (const { profile, requests } of rows) {
  test(`${profile} asks the same of a server from ${shards} shards as from one`, async () => {
    const spec = `test('load', async ({ load }) => {
      const data = feeder(Array.from({ length: 200 }, (_, id) => ({ id })), { order: 'unique' });
      const run = await load(${profile}, async ({ request, data, check }) => {
        await new Promise((done) => setTimeout(done, 800)); // so that a load of counted iterations lasts for seconds
        await request.get('/row/' + data.id, { name: 'row ' + (data.id % 3) });
        check('known', data.id < 200);
      }, { data, seed: 7, whenSaturated: 'warn', unjudged: true });
    });`;
    const one = await loadOn(1, spec);
    if (requests !== undefined) expect(one.paths).toHaveLength(requests);
    expect(await loadOn(shards, spec)).toEqual(one);
  });
}

/** Requests in flight are added, since each machine knows its own peak only. */
function withoutLevels(line: string): string {
  return line.split(',').toSpliced(csvColumns.indexOf('in_flight'), 1).join(',');
}

/** The same samples everywhere, of which a shard has those that are dealt to it. */
const attachDealt = `
  const { shard } = test.info().config;
  const [index, of] = shard === null ? [0, 1] : [shard.current - 1, shard.total];
  const requests = Array.from({ length: 3_000 }, (_, n) => ({
    path: '/' + 'abc'.charAt(n % 3),
    ms: Math.round(Math.exp(((n * 7919) % 3_000) / 300) * 1_000) / 1_000,
    atMs: Math.floor(n / 300) * 1_000,
    status: n % 11 === 0 ? 503 : 200,
  }));
  attachRuns(test.info(), [{ plan: { unjudged: true }, requests: requests.filter((_, n) => n % of === index) }]);`;

test(`the histograms of ${shards} shards are byte for byte those of one machine that measured it all`, async () => {
  const suite = folder('suite');
  const reporter = [reporterPath, { html: false, exports: { hdr: true, csv: true } }];
  const tests = [{ title: 'load', body: attachDealt }];
  const exported = async () => {
    const read = async (name: string) => readFile(resolve(suite, 'load-results', name), 'utf8');
    return {
      hdr: (await read('latency.hlog')).split('\n').sort(),
      csv: (await read('series.csv')).split('\n').map(withoutLevels).sort(),
    };
  };
  await writeSuite({ folder: suite, tests, reporters: [['list'], reporter] });
  await runPlaywright(suite);
  const whole = await exported();
  await rm(resolve(suite, 'load-results'), { recursive: true });
  await writeSuite({ folder: suite, tests, reporters: [['blob'], reporter] });
  for (let shard = 1; shard <= shards; shard++) {
    const PLAYWRIGHT_BLOB_OUTPUT_FILE = resolve(suite, `blobs/report-${shard}.zip`);
    await runPlaywright(suite, { args: ['test', `--shard=${shard}/${shards}`], env: { PLAYWRIGHT_BLOB_OUTPUT_FILE } });
  }
  await writeSuite({ folder: suite, tests: [], reporters: [['list'], reporter] });
  const merged = await runPlaywright(suite, { args: ['merge-reports', '-c', 'merge.config.ts', 'blobs'] });
  expect(merged.code, merged.stdout + merged.stderr).toBe(0);
  expect((await readSummary(suite)).segments).toEqual({ expected: shards, present: [1, 2, 3, 4] });
  expect(whole.hdr.filter((line) => line.startsWith('Tag='))).toHaveLength(6); // three rows, and the failures of each
  expect(await exported()).toEqual(whole);
});
