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
