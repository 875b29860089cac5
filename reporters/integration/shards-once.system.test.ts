/**
 * Shards of a suite that is played once, and shards that were told different things of their loads: what Playwright deals
 * is dealt by it, and what does not belong together is no run.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { readSummary } from '../../testing/child-suite.ts';
import { checkoutOf, CountingServer, mergeShards, runShards } from '../../testing/shard-suite.ts';

const folder = () => resolve(tmpdir(), `playload-once-${process.pid}`, test.info().testId);
let server: CountingServer;
test.beforeEach(async () => void (server = await CountingServer.start()));
test.afterEach(async () => {
  await server.close();
  await rm(folder(), { recursive: true, force: true });
});

const load = (path: string) => `
  test('${path}', async ({ load }) => {
    const run = await load(iterations(40, { users: 4 }), ({ request }) => request.get('/${path}'));
    expect(run).toMeet({ successRate: '100%', requests: '40', p95: '< 1ms' });
  });`;
const specs = { 'a.spec.ts': load('a'), 'b.spec.ts': load('b'), 'c.spec.ts': load('c') };

test('each test is played once on one of the shards, and the merge has all of them', async () => {
  const env = { LOAD_ONCE: '1' };
  const shard = { baseURL: server.url, env };
  const ended = await runShards({ folder: folder(), specs, shards: [shard, shard] });
  expect(ended.map(({ code, stdout }) => (code === 0 ? 0 : stdout))).toEqual([0, 0]);
  expect(server.paths.toSorted()).toEqual(['/a', '/b', '/c']);
  const merged = await mergeShards(folder(), env);
  expect(merged.code, merged.stdout + merged.stderr).toBe(0);
  const { verdict, runs } = await readSummary(checkoutOf(folder(), 1));
  expect(verdict).toBe('passed');
  expect(runs.map(({ once, requests, verdict: own }) => [once, requests.started, own])).toEqual(
    Array(3).fill([true, 1, 'passed']),
  );
});

const different = [
  { what: 'half as large on one shard', env: { LOAD_SCALE: '0.5' } },
  { what: 'played once on one shard', env: { LOAD_ONCE: '1' } },
] as const;
for (const { what, env } of different) {
  test(`a load that is ${what} is no load of both`, async () => {
    const ab = { 'a.spec.ts': load('a'), 'b.spec.ts': load('b') };
    const shards = [{ baseURL: server.url }, { baseURL: server.url, env }];
    await runShards({ folder: folder(), specs: ab, shards, apartSeconds: 0.001 });
    const merged = await mergeShards(folder());
    expect(merged.code).toBe(1);
    const { verdict } = await readSummary(checkoutOf(folder(), 1));
    expect(['incomplete', 'failed']).toContain(verdict);
  });
}
