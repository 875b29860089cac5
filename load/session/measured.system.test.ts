/**
 * Measured calls, groups, tags and limits on several loads, without one request: real `--shard` processes and their
 * merge beside one process that does all of it.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import type { RunSummary } from '../measure/summary.ts';
import { readSummary } from '../../testing/child-suite.ts';
import { checkoutOf, mergeShards, runShards } from '../../testing/shard-suite.ts';

const folder = (name: string) => resolve(tmpdir(), `playload-measured-${process.pid}`, test.info().testId, name);
test.afterEach(async () => rm(folder('..'), { recursive: true, force: true }));

const loads = `
  const work = (name) => load(arrivals('40/s').for('6s'), async ({ measure, group, iteration }) => {
    await group('visit', async () => {
      const tags = { tenant: 'abc'.charAt(iteration % 3), load: name };
      const call = measure(name, async () => {
        await new Promise((done) => setTimeout(done, 20));
        if (iteration % 10 === 0) throw Object.assign(new Error('no seat left'), { code: 'E_FULL' });
      }, { tags });
      await call.catch(() => undefined);
      if (iteration % 20 === 0) throw new Error('left the shop');
    });
  }, { name, whenSaturated: 'warn' });
  const [a, b] = [await work('readers'), await work('writers')];`;

const spec = (limits: string) => `test('load', async ({ load }) => {
  ${loads}
  for (const run of [a, b]) {
    expect(run).toMeet({ exceptions: '<= 12' });
    expect(run.group('visit')).toMeet({ count: '228', failed: '12', min: '>= 19ms' });
    expect(run.tag('tenant', 'a')).toMeet({ requests: '80', errorRate: '< 20%' });
  }
  expect.loads(a, b).toMeet(${limits});
});`;

/** What is the same on whatever machine. */
function exactFigures({ requests, endpoints, requestTags, groups, errors, thresholds, verdict }: RunSummary) {
  const rows = (all: RunSummary['endpoints'] = []) =>
    all.map(({ name, requests: own }) => ({ name, own })).sort((x, y) => x.name.localeCompare(y.name));
  return {
    ...{ requests, verdict },
    endpoints: rows(endpoints),
    tags: rows(requestTags),
    groups: groups?.map(({ durationMs, ...counts }) => ({ ...counts, timed: durationMs?.count })),
    errors: errors.map(({ kind, count, endpoint, sample }) => [kind, count, endpoint, sample]).sort(),
    thresholds: thresholds.map((each) => [each.scope, each.metric, each.verdict]).sort(),
  };
}

async function loadOn(count: number, limits: string): Promise<{ code: number | null; said: string; runs: unknown[] }> {
  const own = folder(`on-${count}`);
  const machines = Array.from({ length: count }, () => ({ baseURL: 'http://127.0.0.1:9' }));
  const alone = count === 1 ? { reporterArgs: [] } : {};
  const [ended] = (
    await runShards({ folder: own, specs: { 'load.spec.ts': spec(limits) }, shards: machines, ...alone })
  ).slice(-1);
  const last = count === 1 ? ended : await mergeShards(own);
  const { runs } = await readSummary(checkoutOf(own, 1));
  return { code: last?.code ?? null, said: `${last?.stdout ?? ''}${last?.stderr ?? ''}`, runs: runs.map(exactFigures) };
}

test('two shards of measured calls add up to one process, and a limit on two loads is judged once, on all', async () => {
  const limits = "{ errorRate: '10%', min: '>= 19ms', requests: '480' }";
  const one = await loadOn(1, limits);
  expect(one.code, one.said).toBe(0);
  const [first] = one.runs as ReturnType<typeof exactFigures>[];
  expect(first).toMatchObject({
    verdict: 'passed',
    requests: { scheduled: 240, started: 240, ok: 216, failed: 24 },
    endpoints: [{ name: 'readers' }],
    groups: [{ name: 'visit', started: 240, ok: 228, failed: 12, unfinished: 0, timed: 228 }],
  });
  expect(first?.tags.map(({ name }) => name)).toEqual(['load=readers', 'tenant=a', 'tenant=b', 'tenant=c']);
  expect(first?.errors).toContainEqual(['E_FULL', 24, 'readers', 'no seat left']);
  expect(first?.thresholds).toContainEqual(['loads readers, writers together', 'requests', 'passed']);
  const two = await loadOn(2, limits);
  expect(two.code, two.said).toBe(0);
  expect(two.runs).toEqual(one.runs);
});

test('what two loads miss together fails the merge by the words of both', async () => {
  const { code, said, runs } = await loadOn(2, "{ errorRate: '< 1%', requests: '480' }");
  expect(code, said).toBe(1);
  expect((runs as ReturnType<typeof exactFigures>[]).map(({ verdict }) => verdict)).toEqual(['failed', 'failed']);
  expect(said).toContain('loads readers, writers together');
});
