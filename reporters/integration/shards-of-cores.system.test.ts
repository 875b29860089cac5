/**
 * Three machines of two cores each, on the real surface: shards that meet, cores that their first one leads, one server
 * whose log says who sent what, and the merge. Then one generator is killed, and one whole shard.
 */
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { countingEach } from '../../testing/counting-each.ts';
import { readSummary } from '../../testing/child-suite.ts';
import { checkoutOf, mergeShards, runShards } from '../../testing/shard-suite.ts';

const each = countingEach('shards-of-cores');

const counted = 'iterations(121, { users: 11 })';
/** A generator that the machine holds up when it should begin is together with the others for a tenth less than all of it. */
const timed = "arrivals('18/s').for('10s')";

/** Each request says which generator sends it, and which iteration it is. */
function specOf(profile: string, beforeEach = ''): string {
  return `test('load', async ({ load, loadSegment }) => {
    const { shard, core } = loadSegment;
    const scenario = async ({ request, iteration }) => {
      ${beforeEach}
      return request.get('/' + shard + '/' + core + '/' + iteration);
    };
    const run = await load(${profile}, scenario, { cores: 2, whenSaturated: 'warn' });
    expect(run).toMeet({ successRate: '100%' });
  });`;
}

async function run(spec: string) {
  const shard = { baseURL: each.server.url, env: { LOAD_MEET_TIMEOUT: '3m' } };
  const shards = await runShards({
    folder: each.folder,
    specs: { 'load.spec.ts': spec },
    meetAt: resolve(each.folder, 'meet'),
    shards: [shard, shard, shard],
  });
  return { codes: shards.map(({ code }) => code), said: shards.map(({ stdout }) => stdout) };
}

/** So that a load of counted iterations lasts as long. */
const thinks = 'await new Promise((done) => setTimeout(done, 900));';
for (const [profile, total, thinking] of [
  [counted, 121, thinks],
  [timed, 180, ''],
] as const) {
  test(`${profile}: 3 shards of 2 cores send each iteration once, and the merge has them all`, async () => {
    const { codes, said } = await run(specOf(profile, thinking));
    expect(codes, said.join('\n')).toEqual([0, 0, 0]);
    const sent = each.server.paths.map((path) => path.split('/').slice(1).map(Number));
    expect(sent).toHaveLength(total);
    expect(new Set(sent.map(([, , iteration]) => iteration)).size).toBe(total);
    const generators = new Set(sent.map(([shard, core]) => `${shard}/${core}`));
    expect([...generators].sort()).toEqual(['1/1', '1/2', '2/1', '2/2', '3/1', '3/2']);
    const merge = await mergeShards(each.folder);
    expect(merge.code, merge.stdout).toBe(0);
    const { runs, segments } = await readSummary(checkoutOf(each.folder, 1));
    expect(runs.map(({ verdict, cores, requests }) => [verdict, cores, requests.ok])).toEqual([['passed', 2, total]]);
    expect(segments).toEqual({ expected: 6, present: [1, 2, 3, 4, 5, 6] });
  });
}

/** Half of the load is sent by then. */
const killed = [
  {
    what: 'a generator',
    dies: "if (shard === 2 && core === 2 && iteration > 90) process.kill(process.pid, 'SIGKILL');",
    codes: [0, 1, 0],
    says: /core 2 of 2/,
  },
  {
    what: 'a shard',
    dies: "if (shard === 3 && core === 1 && iteration > 90) [process.ppid, process.pid].forEach((pid) => process.kill(pid, 'SIGKILL'));",
    codes: [0, 0, null],
    says: /segments 5, 6 of 6 are missing/,
  },
];
for (const { what, dies, codes: expected, says } of killed) {
  test(`${what} that is killed under way is named, and the whole is incomplete`, async () => {
    const { codes, said } = await run(specOf(timed, dies));
    expect(codes, said.join('\n')).toEqual(expected);
    const merge = await mergeShards(each.folder);
    expect(merge.code, merge.stdout).toBe(1);
    expect(merge.stdout).toMatch(says);
    expect((await readSummary(checkoutOf(each.folder, 1))).runs.map(({ verdict }) => verdict)).toEqual(['incomplete']);
  });
}
