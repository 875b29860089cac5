/** A history is handed on as it was stored, and is a list of whole snapshots all the same, whoever stored them. */
import { expect } from '@playwright/test';
import { z } from 'zod';
import { test } from './testing/plain-test.ts';
import { snapshotSchema } from './domain/engines/snapshot.ts';
import { HistoryPages } from './jobs/history-pages.ts';
import { openDatabase } from './store/open.ts';
import { RetentionStore } from './store/retention.ts';
import { SnapshotStore } from './store/snapshots.ts';
import { startTestAgent, type TestAgent } from './testing/agent.ts';
import { nowMs, played, snapshot } from './testing/snapshots.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let agent: TestAgent;
test.beforeEach(async () => {
  agent = await startTestAgent();
});
test.afterEach(() => agent.stop());

const later = ['prefill_s', 'inference_s', 'progress', 'spec_drafted', 'spec_accepted'];
const ask = async (query: string) =>
  (await agent.ask('GET', `/api/v1/history/a?to=2026-01-01T12:00:00Z&${query}`)).body;

test('what an agent of the first release stored is shown with every field that there is now', async () => {
  const all = played('vllm', 'healthy');
  const first = all.map((one) => Object.fromEntries(Object.entries(one).filter(([name]) => !later.includes(name))));
  for (const one of first) await agent.parts.snapshots.insert('a', one as never);
  const shown = z.array(snapshotSchema.unwrap().strict()).parse(await ask(''));
  const blank = Object.fromEntries(later.map((name) => [name, null]));
  expect(shown).toEqual(first.map((one) => ({ ...one, ...blank })));
});

/** A field that comes later must be among those that a row may lack, or old rows would break the promise. */
test('the fields of the first release and those that came later are all the fields', () => {
  const released =
    'engine taken_at interval_s baseline running waiting kv_usage ttft_s itl_s e2e_s queue_s prompt_length generation_length done failed overloaded aborted preemptions generation_tokens prompt_tokens prefix_hits prefix_queries requests_per_s preemptions_per_s generation_tokens_per_s prompt_tokens_per_s prefix_hit_ratio coverage';
  expect(Object.keys(snapshotSchema.unwrap().shape).sort()).toEqual([...released.split(' '), ...later].sort());
});

test('a page that was made before is made anew when a snapshot came late or is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agent-pages-'));
  const database = await openDatabase({ dataDir: folder });
  let read = 0;
  class Counting extends SnapshotStore {
    override at(...given: Parameters<SnapshotStore['at']>) {
      read += 1;
      return super.at(...given);
    }
  }
  const store = new Counting(database.db);
  const pages = new HistoryPages(store);
  const page = async (limit = 3) => {
    const made = await pages.page({ instanceId: 'a', fromMs: 0, toMs: nowMs, stepMs: undefined, limit });
    const rows = JSON.parse(new TextDecoder().decode(made.body)) as { readonly running: number }[];
    return [...rows.map(({ running }) => running), made.continuesAfterMs];
  };
  const write = (agoS: number) => store.insert('a', snapshot(agoS, { running: agoS }));
  for (const agoS of [40, 30, 10]) await write(agoS);
  expect(await page()).toEqual([40, 30, 10, undefined]);
  expect(await page()).toEqual([40, 30, 10, undefined]);
  expect(read).toBe(1);
  await write(20);
  expect(await page()).toEqual([40, 30, 20, nowMs - 20_000]);
  await new RetentionStore(database.db).forgetSnapshots(nowMs - 35_000, 10);
  expect(await page()).toEqual([30, 20, 10, undefined]);
  expect(await page(1)).toEqual([30, nowMs - 30_000]);
  expect(read).toBe(4);
  await database.close();
  await rm(folder, { recursive: true });
});

test('an instance that is now another engine has nothing of the one that it was', async () => {
  const put = (engine: string) =>
    agent.ask('PUT', '/api/v1/instances/a', { engine, metrics_url: 'http://127.0.0.1:9/metrics' });
  const shown = async () => {
    const page = await agent.app.request('/', {}, {});
    return (await page.text()).includes('nothing collected yet') ? 'nothing' : 'something';
  };
  await put('vllm');
  expect(await shown()).toBe('nothing');
  for (const one of played('vllm', 'healthy')) await agent.parts.snapshots.insert('a', one);
  expect((await agent.ask('GET', '/api/v1/metrics/vllm/a')).status).toBe(200);
  expect(await shown()).toBe('something');
  await put('sglang');
  const { status, body } = await agent.ask('GET', '/api/v1/metrics/sglang/a');
  expect([status, body]).toMatchObject([404, { detail: 'nothing has been collected from `a` as sglang yet' }]);
  expect(await shown()).toBe('nothing');
  await put('vllm'); // and back
  expect(await shown()).toBe('something');
});

test('a snapshot of the future, left by a clock that was set back, is not the latest', async () => {
  await agent.ask('PUT', '/api/v1/instances/a', { engine: 'vllm', metrics_url: 'http://127.0.0.1:9/metrics' });
  const dated = (aheadMs: number) => new Date(Date.now() + aheadMs).toISOString();
  await agent.parts.snapshots.insert('a', { ...snapshot(0, { running: 1 }), taken_at: dated(-10_000) });
  await agent.parts.snapshots.insert('a', { ...snapshot(0, { running: 2 }), taken_at: dated(3_600_000) });
  const { body } = await agent.ask('GET', '/api/v1/metrics/vllm/a');
  expect(body).toMatchObject({ snapshot: { running: 1 } });
});
