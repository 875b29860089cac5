/** Lines that are kept between analyses say what the database says, whoever has written to it meanwhile. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../testing/plain-test.ts';
import { nowMs, snapshot } from '../testing/snapshots.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import { openDatabase, type OpenedDatabase } from '../store/open.ts';
import { RetentionStore } from '../store/retention.ts';
import { SnapshotStore } from '../store/snapshots.ts';
import { HistoryLines, historyLimits } from './history-lines.ts';

let folder: string;
let database: OpenedDatabase;
let store: SnapshotStore;

test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-lines-'));
  database = await openDatabase({ dataDir: folder });
  store = new SnapshotStore(database.db);
});
test.afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** Counts the snapshots that are read, beside those that are only looked at. */
class CountingStore extends SnapshotStore {
  read = 0;
  override async at(...[instanceId, times]: Parameters<SnapshotStore['at']>) {
    this.read += times.length;
    return super.at(instanceId, times);
  }
}

const instance = { id: 'a', engine: 'vllm' } as const;
const hourMs = 3_600_000;
/** Everything is looked over each time, as after a second. */
const limits = { ...historyLimits, lookedOverForMs: 0 };
const agos = (line: { readonly times: readonly number[] }, atMs = nowMs) =>
  line.times.map((takenAtMs) => (atMs - takenAtMs) / 1_000).reverse();
const write = async (...all: readonly (readonly [agoS: number, fields?: Partial<Snapshot>])[]) => {
  for (const [agoS, fields = {}] of all) await store.insert(instance.id, snapshot(agoS, fields));
};

test('what is known is not read again, and only what is new is', async () => {
  const counting = new CountingStore(database.db);
  const lines = new HistoryLines({ snapshots: counting, clock: { nowMs: () => nowMs } });
  await write([30], [20], [10]);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([10, 20, 30]);
  await lines.upToDate(instance, hourMs);
  expect(counting.read).toBe(3);
  await write([5]);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([5, 10, 20, 30]);
  expect(counting.read).toBe(4);
});

test('a snapshot that comes late is found, one that is deleted is gone, and another engine has its own line', async () => {
  const lines = new HistoryLines({ snapshots: store, clock: { nowMs: () => nowMs }, limits });
  await write([300], [30], [10]);
  await lines.upToDate(instance, hourMs);
  await write([20], [15, { engine: 'tgi' }]);
  await new RetentionStore(database.db).forgetSnapshots(nowMs - 100_000, 10);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([10, 20, 30]);
  expect(agos(await lines.upToDate({ ...instance, engine: 'tgi' }, hourMs))).toEqual([15]);
  expect(agos(await lines.upToDate({ ...instance, id: 'b' }, hourMs))).toEqual([]);
});

test('what is newer is seen at once, and what comes late within a second, whoever wrote it', async () => {
  const clock = { atMs: nowMs, nowMs: () => clock.atMs };
  const lines = new HistoryLines({ snapshots: store, clock });
  await write([30], [10]);
  await lines.upToDate(instance, hourMs);
  await write([20]);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([10, 30]);
  clock.atMs += 1_000;
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([10, 20, 30]);
  await write([9], [25]);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([9, 10, 20, 25, 30]);
});

test('one deleted and another written at once is no draw', async () => {
  const lines = new HistoryLines({ snapshots: store, clock: { nowMs: () => nowMs }, limits });
  await write([300], [10]);
  await lines.upToDate(instance, hourMs);
  await new RetentionStore(database.db).forgetSnapshots(nowMs - 100_000, 10);
  await write([20]);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([10, 20]);
});

test('who needs a longer time gets it, and who is content with less takes nothing away', async () => {
  const counting = new CountingStore(database.db);
  const lines = new HistoryLines({ snapshots: counting, clock: { nowMs: () => nowMs } });
  await write([500], [30], [10]);
  expect(agos(await lines.upToDate(instance, 60_000))).toEqual([10, 30]);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([10, 30, 500]);
  expect(agos(await lines.upToDate(instance, 60_000))).toEqual([10, 30, 500]);
  expect(counting.read).toBe(3);
});

test('the last so many are kept, whatever the clock does', async () => {
  const clock = { atMs: nowMs, nowMs: () => clock.atMs };
  const lines = new HistoryLines({ snapshots: store, clock, limits: { ...historyLimits, snapshots: 3 } });
  await write([40], [30], [20], [10]);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([10, 20, 30]);
  await write([5]);
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([5, 10, 20]);
  clock.atMs = nowMs - 15_000; // set back: what is in the future is not yet
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([20, 30, 40]);
  clock.atMs = nowMs + hourMs - 10_000;
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([5, 10]);
});

test('a crowd that asks at once is one look after the one under way', async () => {
  let looks = 0;
  class Watched extends SnapshotStore {
    override tally(...given: Parameters<SnapshotStore['tally']>) {
      looks += 1;
      return super.tally(...given);
    }
  }
  const lines = new HistoryLines({ snapshots: new Watched(database.db), clock: { nowMs: () => nowMs } });
  await write([10]);
  const crowd = await Promise.all(Array.from({ length: 50 }, () => lines.upToDate(instance, hourMs)));
  expect(crowd.map((line) => line.length)).toEqual(crowd.map(() => 1));
  expect(looks).toBeLessThanOrEqual(2);
});

test('a store that does not answer is told, and asked again the next time', async () => {
  let broken = true;
  class Flaky extends SnapshotStore {
    override tally(...given: Parameters<SnapshotStore['tally']>) {
      return broken ? Promise.reject(new Error('gone')) : super.tally(...given);
    }
  }
  const lines = new HistoryLines({ snapshots: new Flaky(database.db), clock: { nowMs: () => nowMs } });
  await write([10]);
  await expect(lines.upToDate(instance, hourMs)).rejects.toThrow('gone');
  broken = false;
  expect(agos(await lines.upToDate(instance, hourMs))).toEqual([10]);
});

test('lines together stay within their limit, those that were not asked for longest go first', async () => {
  const counting = new CountingStore(database.db);
  for (const id of ['a', 'b', 'c'])
    for (const agoS of [1, 2, 3]) await store.insert(id, snapshot(agoS, { done: agoS }));
  const clock = { nowMs: () => nowMs };
  const alone = new HistoryLines({ snapshots: counting, clock });
  await alone.upToDate(instance, hourMs);
  const bytes = 2 * alone.bytes;
  const lines = new HistoryLines({ snapshots: counting, clock, limits: { ...historyLimits, bytes } });
  counting.read = 0;
  for (const id of ['a', 'b', 'a', 'c', 'a'])
    expect((await lines.upToDate({ ...instance, id }, hourMs)).length).toBe(3);
  expect(counting.read).toBe(9);
  await lines.upToDate({ ...instance, id: 'b' }, hourMs); // was dropped for `c`
  expect(counting.read).toBe(12);
  expect(lines.bytes).toBeLessThanOrEqual(bytes);
});

test('after any writing and deleting by anybody, the line is what is stored', async () => {
  const retention = new RetentionStore(database.db);
  const steps = fc.array(fc.tuple(fc.constantFrom('write', 'write', 'forget', 'ask', 'step'), fc.nat(99)), {
    maxLength: 30,
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const id = `run-${run++}`;
      const clock = { atMs: nowMs, nowMs: () => clock.atMs };
      const lines = new HistoryLines({ snapshots: store, clock, limits: { ...limits, snapshots: 10 } });
      for (const [what, n] of [...all, ['ask', 60] as const]) {
        if (what === 'write') await store.insert(id, snapshot(n, { engine: n % 7 === 0 ? 'tgi' : 'vllm' }));
        else if (what === 'forget') await retention.forgetSnapshots(nowMs - (30 + n) * 1_000, 1_000);
        else if (what === 'step') clock.atMs = nowMs - (n - 50) * 1_000;
        else {
          const depthMs = 1_000 * n;
          const of = { instanceId: id, engine: 'vllm', toMs: clock.atMs } as const;
          const stored = await store.lastTimes({ ...of, fromMs: clock.atMs - depthMs }, 10);
          const line = await lines.upToDate({ id, engine: 'vllm' }, depthMs);
          expect(line.times.filter((atMs) => atMs >= clock.atMs - depthMs)).toEqual(stored);
        }
      }
    }),
    { numRuns: 40 },
  );
});
