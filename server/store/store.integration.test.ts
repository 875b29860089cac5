/** The same promises on both databases: everything here runs on SQLite and on a real PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { sql } from 'kysely';
import { test } from '../testing/plain-test.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import type { Instance } from '../domain/instance.ts';
import type { WorkflowStatus } from '../domain/workflows/states.ts';
import type { Workflow } from '../domain/workflows/workflow.ts';
import { WorkflowIds } from '../domain/workflows/workflow-id.ts';
import { startTestPostgres, type TestPostgres } from '../testing/postgres.ts';
import { instance as plainInstance, workflow as plainWorkflow } from '../testing/workflows.ts';
import { InstanceStore } from './instances.ts';
import { LeaseStore } from './leases.ts';
import { openDatabase, type OpenedDatabase } from './open.ts';
import { RetentionStore } from './retention.ts';
import { SnapshotStore } from './snapshots.ts';
import { WorkflowStore } from './workflows.ts';

const dialects = ['sqlite', 'postgres'] as const;

let ids = new WorkflowIds();
const startMs = Date.UTC(2026, 0, 1);
/** Runs in neither agent. */
const nothing: ReadonlySet<string> = new Set();

function workflow(given: Partial<Workflow> = {}): Workflow {
  const createdAtMs = given.createdAtMs ?? startMs;
  const made = { id: ids.next(createdAtMs), mode: 'dry_run', createdAtMs, updatedAtMs: createdAtMs } as const;
  return plainWorkflow('queued', {}, { ...made, ...given });
}

const instance = (id: string): Instance => ({
  ...plainInstance,
  id,
  labels: { zone: 'a' },
  slos: [{ name: 'fast', metric: 'ttft_p95_s', op: '<', target: 0.5, window_s: 300 }],
});

const snapshot = (atMs: number) =>
  ({ engine: 'vllm', taken_at: new Date(atMs).toISOString(), running: 3 }) as unknown as Snapshot;

const progress = {
  changes: [{ flag: '--max-num-seqs', from: 256, to: 192 }],
  planned_for: { engine: 'vllm', metrics_url: plainInstance.metricsUrl, registered_at: new Date(0).toISOString(), constraints: plainInstance.constraints }, // prettier-ignore
} as const;
/** What an instance is known to run with; `undefined`: as before. */
const completions: {
  what: string;
  config: Instance['config'];
  given?: Partial<Pick<Workflow, 'mode' | 'status'>>;
  now?: Partial<Instance>;
  expected?: Instance['config'];
}[] = [
  { what: 'its flags are what the instance runs with', config: { '--max-num-seqs': 256, '--dtype': 'auto' }, expected: { '--max-num-seqs': 192, '--dtype': 'auto' } }, // prettier-ignore
  { what: 'a flag that was written otherwise is there once', config: { max_num_seqs: 256 }, expected: { '--max-num-seqs': 192 } }, // prettier-ignore
  { what: 'what was only pretended changes nothing', config: { '--max-num-seqs': 256 }, given: { mode: 'dry_run' } },
  { what: 'what is taken back changes nothing', config: { '--max-num-seqs': 256 }, given: { status: 'rolling_back' } },
  { what: 'an instance registered anew is another one', config: { '--max-num-seqs': 256 }, now: { createdAtMs: 1 } },
  { what: 'an engine of another kind is another one', config: { '--max-num-seqs': 256 }, now: { engine: 'sglang' } },
];

for (const dialect of dialects) {
  test.describe(dialect, () => {
    let postgres: TestPostgres | undefined;
    let folder: string;
    let database: OpenedDatabase;
    /** A second agent on the same database. */
    let other: OpenedDatabase;

    test.beforeAll(async () => {
      if (dialect === 'postgres') postgres = await startTestPostgres();
    });
    test.afterAll(() => postgres?.stop());
    test.beforeEach(async () => {
      ids = new WorkflowIds();
      folder = await mkdtemp(join(tmpdir(), 'agent-store-'));
      const options = { dataDir: folder, databaseUrl: await postgres?.newDatabase() };
      database = await openDatabase(options);
      // SQLite is for one agent; with PostgreSQL there may be many.
      other = postgres === undefined ? database : await openDatabase(options);
    });
    test.afterEach(async () => {
      await database.close();
      if (other !== database) await other.close();
      await rm(folder, { recursive: true });
    });

    test('a database is brought up to date as a whole or not at all', async () => {
      const options = { dataDir: join(folder, 'second'), databaseUrl: await postgres?.newDatabase() };
      const tablesOf = async ({ db }: OpenedDatabase) =>
        (await db.introspection.getTables()).map(({ name }) => name).sort();
      const made = await openDatabase(options);
      const all = await tablesOf(made);
      const own = ['workflows', 'workflow_events', 'instances', 'marks'];
      // As if nothing had been done but for a table that is in the way of the fourth step.
      for (const name of own) await made.db.schema.dropTable(name).execute();
      await sql`delete from kysely_migration`.execute(made.db);
      const before = await tablesOf(made);
      await expect(openDatabase(options)).rejects.toThrow(/snapshots.* already exists/);
      expect(await tablesOf(made)).toEqual(before);
      await made.db.schema.dropTable('snapshots').execute();
      await (await openDatabase(options)).close();
      expect(await tablesOf(made)).toEqual(all);
      await made.close();
    });

    test('a workflow is read as it was written', async () => {
      const store = new WorkflowStore(database.db);
      const written = workflow({ progress: { reason: "it's 100 % \u{1F600}" } });
      await store.insert(written);
      expect(await store.find(written.id)).toEqual(written);
    });

    test('500 workflows inserted at once are all there, newest first, in pages without a gap', async () => {
      const store = new WorkflowStore(database.db);
      const written = Array.from({ length: 500 }, (_, n) => workflow({ createdAtMs: startMs + Math.floor(n / 7) }));
      await Promise.all(written.map((one) => store.insert(one)));
      const read: string[] = [];
      for (;;) {
        const page = await store.list({ before: read.at(-1) }, 64);
        if (page.length === 0) break;
        read.push(...page.map(({ id }) => id));
      }
      expect(read).toEqual(written.map(({ id }) => id).reverse());
    });

    test('a list can be narrowed to a state and to an instance', async () => {
      const store = new WorkflowStore(database.db);
      const failed = workflow({ status: 'failed', instanceId: 'a' });
      await store.insertAll([failed, workflow({ instanceId: 'a' }), workflow({ status: 'failed', instanceId: 'b' })]);
      expect((await store.list({ status: 'failed', instanceId: 'a' }, 10)).map(({ id }) => id)).toEqual([failed.id]);
      expect(await store.countByStatus()).toEqual(new Map([['failed', 2], ['queued', 1]])); // prettier-ignore
    });

    test('the oldest of each state that holds its instance is told, not of the queued and the finished', async () => {
      const store = new WorkflowStore(database.db);
      const states = ['queued', 'observing', 'awaiting_approval', 'awaiting_approval', 'failed'] as const;
      await store.insertAll(
        states.map((status, n) => workflow({ status, instanceId: `i${n}`, updatedAtMs: startMs + 10 - n })),
      );
      expect(await store.oldestActive()).toEqual(
        new Map([['observing', startMs + 9], ['awaiting_approval', startMs + 7]]), // prettier-ignore
      );
    });

    test('a change needs the version that it was made from, and leaves an event', async () => {
      const store = new WorkflowStore(database.db);
      const first = workflow();
      await store.insert(first);
      const change = { status: 'cancelled', progress: { reason: 'why not' }, atMs: startMs + 5 } as const;
      const [a, b] = await Promise.all([
        store.change(first, change),
        new WorkflowStore(other.db).change(first, change),
      ]);
      expect([a, b].filter((one) => one !== undefined)).toHaveLength(1);
      expect((await store.find(first.id))?.version).toBe(2);
      expect(await store.events(first.id, 0, 10)).toEqual([
        { seq: 2, atMs: startMs + 5, status: 'cancelled', reason: 'why not' },
      ]);
    });

    test('what is over stays as it is', async () => {
      const store = new WorkflowStore(database.db);
      const over = workflow({ status: 'completed' });
      await store.insert(over);
      expect(await store.change(over, { status: 'failed', progress: {}, atMs: startMs })).toBeUndefined();
      expect(await store.find(over.id)).toEqual(over);
    });

    for (const { what, config, given, now, expected } of completions) {
      test(`a rollout that is complete: ${what}`, async () => {
        const store = new WorkflowStore(database.db);
        const instances = new InstanceStore(database.db);
        const before = { ...instance('a'), config, ...now };
        await instances.put(before);
        const made = workflow({ instanceId: 'a', status: 'inconclusive', mode: 'webhook', ...given });
        await store.insert(made);
        const changed = await store.change(made, { status: 'completed', ...given, progress, atMs: startMs + 5 });
        expect(changed === undefined).toBe(false);
        expect(await instances.find('a')).toEqual(
          expected === undefined ? before : { ...before, config: expected, updatedAtMs: startMs + 5 },
        );
      });
    }

    test('what nobody wrote in the end is not what the instance runs with', async () => {
      const store = new WorkflowStore(database.db);
      const instances = new InstanceStore(database.db);
      await instances.put(instance('a'));
      const made = workflow({ instanceId: 'a', status: 'observing', mode: 'webhook', progress });
      await store.insert(made);
      await store.change(made, { status: 'rolling_back', progress, atMs: startMs });
      expect(await store.change(made, { status: 'completed', progress, atMs: startMs })).toBeUndefined();
      expect(await instances.find('a')).toEqual(instance('a'));
    });

    test('the same request key makes one workflow, however often and from wherever it comes', async () => {
      const mine = new WorkflowStore(database.db);
      const theirs = new WorkflowStore(other.db);
      const tries = Array.from({ length: 10 }, (_, n) =>
        (n % 2 === 0 ? mine : theirs).insertOnce(workflow(), { key: 'ci:1', hash: 'h' }),
      );
      const made = await Promise.all(tries);
      expect(made.filter(Boolean)).toHaveLength(1);
      expect((await mine.findByRequest('ci:1'))?.hash).toBe('h');
      expect(await mine.list({}, 10)).toHaveLength(1);
    });

    test('two agents never hold the same workflow, nor two of one instance', async () => {
      const store = new WorkflowStore(database.db);
      const instances = new InstanceStore(database.db);
      await Promise.all(['a', 'b', 'c'].map((id) => instances.put(instance(id))));
      const queued = ['a', 'a', 'b', 'b', 'c', 'unregistered'].map((instanceId) => workflow({ instanceId }));
      await store.insertAll(queued);
      const claims = await Promise.all(
        [database, other].map(({ db }, n) =>
          new LeaseStore(db).claim({ owner: `agent-${n}`, nowMs: 1_000, untilMs: 2_000 }, 10, nothing),
        ),
      );
      const claimed = claims.flat().map(({ instanceId }) => instanceId);
      expect(claimed.sort()).toEqual(['a', 'b', 'c']);
    });

    test('an instance with an active workflow is not given a second one, also not by force', async () => {
      const store = new WorkflowStore(database.db);
      await new InstanceStore(database.db).put(instance('a'));
      const [active, queued] = [
        workflow({ instanceId: 'a', status: 'awaiting_approval' }),
        workflow({ instanceId: 'a' }),
      ];
      await store.insertAll([active, queued]);
      const leases = new LeaseStore(database.db);
      expect(await leases.claim({ owner: 'me', nowMs: 1_000, untilMs: 2_000 }, 10, nothing)).toEqual([]);
      await expect(store.change(queued, { status: 'collecting', progress: {}, atMs: startMs })).rejects.toThrow(
        /unique/i,
      );
    });

    /** Two agents that hold leases for a second, their wall clocks, and the time that really passes. */
    const twoAgents = () => {
      const passed = { ms: 5_000 };
      const [mine, theirs] = [database, other].map(({ db }) => new LeaseStore(db, () => passed.ms));
      if (mine === undefined || theirs === undefined) throw new Error('there are two');
      const at = (owner: string, nowMs: number) => ({ owner, nowMs, untilMs: nowMs + 1_000 });
      return { passed, mine, theirs, at };
    };

    test('a lease is renewed by its owner only, and what is not renewed is taken up', async () => {
      const store = new WorkflowStore(database.db);
      const running = workflow({ status: 'observing' });
      await store.insert(running);
      const { passed, mine, theirs, at } = twoAgents();
      expect(await mine.claim(at('me', 1_000), 1, nothing)).toEqual([running]);
      expect(await theirs.claim(at('you', 1_000), 1, nothing)).toEqual([]);
      expect(await theirs.renew(running, at('you', 1_999))).toBe(false);
      passed.ms += 999;
      expect(await mine.renew(running, at('me', 1_999))).toBe(true);
      expect(await theirs.claim(at('you', 1_999), 1, nothing)).toEqual([]);
      passed.ms += 999;
      expect(await theirs.claim(at('you', 2_998), 1, nothing)).toEqual([]);
      passed.ms += 1;
      expect(await mine.claim(at('me', 2_999), 1, new Set([running.id]))).toEqual([]); // it runs here
      expect(await theirs.claim(at('you', 2_999), 1, nothing)).toEqual([running]);
      expect(await mine.renew(running, at('me', 3_000))).toBe(false);
      await theirs.release('you');
      expect(await mine.claim(at('me', 3_001), 1, nothing)).toEqual([running]);
    });

    const hourMs = 3_600_000;
    const steps = [
      { what: 'stands still', mine: 0, theirs: 0 },
      { what: 'goes back by an hour', mine: -hourMs, theirs: -hourMs },
      { what: 'goes back by an hour for the one that looks', mine: 0, theirs: -hourMs },
      { what: 'goes back by an hour for the one that holds', mine: -hourMs, theirs: 0 },
      { what: 'goes forward by an hour', mine: hourMs, theirs: hourMs },
      { what: 'goes forward by an hour for the one that looks', mine: 0, theirs: hourMs },
      { what: 'goes forward by an hour for the one that holds', mine: hourMs, theirs: 0 },
    ];
    for (const { what, ...step } of steps) {
      test(`a clock that ${what}: a living agent keeps its workflow, a dead one loses it after a lease`, async () => {
        const running = workflow({ status: 'observing' });
        await new WorkflowStore(database.db).insert(running);
        const { passed, mine, theirs, at } = twoAgents();
        expect(await mine.claim(at('me', startMs), 1, nothing)).toEqual([running]);
        const look = () => theirs.claim(at('you', startMs + step.theirs + passed.ms), 1, nothing);
        for (let n = 0; n < 12; n++) {
          if (n % 3 === 0) expect(await mine.renew(running, at('me', startMs + step.mine + passed.ms))).toBe(true);
          expect(await look()).toEqual([]);
          passed.ms += 300;
        }
        passed.ms += 1_000; // silence
        expect(await look()).toEqual([running]);
      });
    }

    test('a list stays whole, without a gap or a double, while the clock goes back and forth between its pages', async () => {
      const store = new WorkflowStore(database.db);
      const before = Array.from({ length: 20 }, (_, n) => workflow({ createdAtMs: startMs + n }));
      await store.insertAll(before);
      const read: string[] = [];
      for (const stepMs of [0, -hourMs, hourMs, -hourMs, 0]) {
        const page = await store.list({ before: read.at(-1) }, 5);
        read.push(...page.map(({ id }) => id));
        await store.insert(workflow({ createdAtMs: startMs + stepMs })); // ids go on rising in one agent
      }
      expect(read.slice(0, 20)).toEqual(before.map(({ id }) => id).reverse());
      expect(new Set(read).size).toBe(read.length);
    });

    test('an instance is registered, changed, listed by id and removed', async () => {
      const store = new InstanceStore(database.db);
      await store.put(instance('b'));
      await store.put(instance('a'));
      await store.put({ ...instance('b'), engine: 'tgi', updatedAtMs: startMs + 1 });
      expect(await store.list('', 10)).toEqual([
        instance('a'),
        { ...instance('b'), engine: 'tgi', updatedAtMs: startMs + 1 },
      ]);
      expect(await store.list('a', 10)).toHaveLength(1);
      expect(await store.remove('a')).toBe(true);
      expect(await store.remove('a')).toBe(false);
    });

    test('a history is read in order, and by steps the last snapshot of each', async () => {
      const store = new SnapshotStore(database.db);
      const times = [0, 400, 1_000, 1_900, 2_500].map((ms) => startMs + ms);
      for (const time of [...times, startMs]) await store.insert('a', snapshot(time)); // one of them twice
      await store.insert('b', snapshot(startMs + 100));
      const range = { instanceId: 'a', fromMs: startMs, toMs: startMs + 2_500 };
      expect(await store.times(range, 10)).toEqual(times);
      expect(await store.times(range, 2)).toEqual(times.slice(0, 2));
      const byStep = await store.timesByStep(range, 1_000, 10);
      expect(byStep.map((takenAtMs) => takenAtMs - startMs)).toEqual([400, 1_900, 2_500]);
      const read = await store.at('a', [...byStep, startMs + 1]); // nothing was taken at that moment
      expect(read.map(({ takenAtMs }) => takenAtMs)).toEqual(byStep);
      const { text } = (await store.latest({ instanceId: 'a', engine: 'vllm', toMs: range.toMs })) ?? {};
      expect(JSON.parse(text ?? '')).toMatchObject(snapshot(startMs + 2_500));
    });

    test('the latest is the last one up to a moment, of the engine that is asked for', async () => {
      const store = new SnapshotStore(database.db);
      await store.insert('a', snapshot(startMs));
      await store.insert('a', { ...snapshot(startMs + 1_000), engine: 'tgi' });
      await store.insert('a', snapshot(startMs + 3_000));
      const table = [
        { engine: 'vllm', toMs: startMs + 3_000, at: 3_000 },
        { engine: 'vllm', toMs: startMs + 2_999, at: 0 }, // dated ahead
        { engine: 'tgi', toMs: startMs + 3_000, at: 1_000 },
        { engine: 'tgi', toMs: startMs, at: undefined },
        { engine: 'sglang', toMs: startMs + 3_000, at: undefined },
      ] as const;
      for (const { engine, toMs, at } of table) {
        const latest = await store.latest({ instanceId: 'a', engine, toMs });
        expect(latest?.takenAtMs, `${engine} up to ${toMs - startMs}`).toBe(at === undefined ? at : startMs + at);
      }
    });

    test('what goes on after ids of a clock that was ahead is forgotten by its own age', async () => {
      const workflows = new WorkflowStore(database.db);
      const ahead = ids.next(startMs + 1_000_000);
      ids.follow(ahead);
      const [old, young] = [0, 5_000].map((afterMs) => workflow({ status: 'failed', createdAtMs: startMs + afterMs }));
      await workflows.insertAll([old, young].flatMap((one) => one ?? []));
      const store = new RetentionStore(database.db);
      expect(await store.forgetWorkflows({ beforeMs: startMs + 1_000, nowMs: startMs + 9_000 }, 100)).toBe(1);
      expect(await workflows.list({}, 10)).toMatchObject([{ id: young?.id }]);
    });

    test('what begins while it is being forgotten stays, and so do its events', async () => {
      const workflows = new WorkflowStore(database.db);
      const queued = Array.from({ length: 20 }, (_, n) => workflow({ instanceId: `i${n}` }));
      await workflows.insertAll(queued);
      const begin = (one: Workflow) => workflows.change(one, { status: 'collecting', progress: {}, atMs: startMs });
      const forget = new RetentionStore(other.db).forgetWorkflows({ beforeMs: startMs + 1_000, nowMs: startMs + 9_000 }, 100); // prettier-ignore
      const [begun] = await Promise.all([Promise.all(queued.map(begin)), forget]);
      const kept = begun.flatMap((one) => one ?? []).map(({ id }) => id);
      expect((await workflows.list({}, 100)).map(({ id }) => id).sort()).toEqual(kept.sort());
      for (const id of kept) expect(await workflows.events(id, 0, 9)).toHaveLength(1);
    });

    test('what is too old is forgotten, what still runs is not', async () => {
      const workflows = new WorkflowStore(database.db);
      const statuses: WorkflowStatus[] = ['completed', 'queued', 'observing', 'failed'];
      const old = statuses.map((status, n) => workflow({ status, instanceId: `i${n}` }));
      const young = workflow({ status: 'completed', createdAtMs: startMs + 1_000 });
      await workflows.insertAll([...old, young]);
      const snapshots = new SnapshotStore(database.db);
      await snapshots.insert('a', snapshot(startMs));
      await snapshots.insert('a', snapshot(startMs + 1_000));
      const store = new RetentionStore(database.db);
      expect(await store.forgetWorkflows({ beforeMs: startMs + 1_000, nowMs: startMs + 9_000 }, 100)).toBe(3);
      expect((await workflows.list({}, 10)).map(({ status }) => status)).toEqual(['completed', 'observing']);
      expect(await store.forgetSnapshots(startMs + 1_000, 100)).toBe(1);
      const kept = await snapshots.times({ instanceId: 'a', fromMs: 0, toMs: startMs + 1_000 }, 10);
      expect(kept).toEqual([startMs + 1_000]);
    });
  });
}
