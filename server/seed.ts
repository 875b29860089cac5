/**
 * Fills the store, so that lists and histories are measured as they are after months: `npm run seed -- --workflows 10000`.
 * The workflows are over (nothing runs because of them), spread over many instances and over the past thirty days.
 * `--snapshots 1000` also writes the history of an instance `seeded-vllm`, as if it had been watched until now,
 * `--watched 100` the same for so many (`seeded-vllm-2` is the next), and
 * `--awaiting 100` so many workflows that wait for a decision, each of an instance of its own that is not registered.
 */
import { parseArgs } from 'node:util';
import { WorkflowIds } from './domain/workflows/workflow-id.ts';
import { finalStatuses } from './domain/workflows/states.ts';
import { defaultWorkflowSettings, type Workflow } from './domain/workflows/workflow.ts';
import { EnvironmentError, readEnvironment } from './environment.ts';
import { playedSnapshots } from './fake-engine/played-snapshots.ts';
import { largestGroup } from './store/group-commit.ts';
import { openDatabase } from './store/open.ts';
import { SnapshotStore } from './store/snapshots.ts';
import { WorkflowStore } from './store/workflows.ts';

const spanMs = 30 * 24 * 3_600_000;
/** Even the newest is over, by its own times. */
const settledMs = 600_000;
const instances = 40;
const largestSeed = 10_000_000;
/** Register them to have their histories: snapshots alone make no instance. */
const watchedInstance = (n: number) => (n === 0 ? 'seeded-vllm' : `seeded-vllm-${n + 1}`);
/** A thousand snapshots at this distance lie within the longest window of an analysis. */
const watched = { engine: 'vllm', scenario: 'kv_exhaustion', everyMs: 3_000 } as const;

interface Counts {
  readonly workflows: number;
  readonly awaiting: number;
  readonly snapshots: number;
  readonly watched: number;
}

/** How much to make; the message of what it throws says what is wrong. */
function readCounts(argv: string[]): Counts {
  const { values } = parseArgs({
    args: argv,
    options: {
      workflows: { type: 'string', default: '10000' },
      snapshots: { type: 'string', default: '0' },
      awaiting: { type: 'string', default: '0' },
      watched: { type: 'string', default: '1' },
    },
  });
  return {
    workflows: countOf('workflows', values.workflows, 1),
    awaiting: countOf('awaiting', values.awaiting, 0),
    snapshots: countOf('snapshots', values.snapshots, 0),
    watched: countOf('watched', values.watched, 1),
  };
}

function countOf(option: string, given: string, least: number): number {
  const count = /^\d{1,8}$/.test(given) ? Number(given) : Number.NaN;
  if (!(count >= least && count <= largestSeed)) {
    throw new Error(`\`--${option}\` must be an integer from ${least} to ${largestSeed}, got \`${given}\``);
  }
  return count;
}

/** The same count gives the same workflows, but for their ids and times. */
function* seeds(count: number, nowMs: number): Generator<Workflow> {
  const ids = new WorkflowIds();
  for (let n = 0; n < count; n++) {
    const createdAtMs = Math.floor(nowMs - spanMs + (n * (spanMs - settledMs)) / count);
    yield {
      id: ids.next(createdAtMs),
      instanceId: `seeded-${n % instances}`,
      status: finalStatuses[n % finalStatuses.length] ?? 'completed',
      mode: n % 3 === 0 ? 'webhook' : 'dry_run',
      createdAtMs,
      updatedAtMs: createdAtMs + defaultWorkflowSettings.monitor_s * 1_000,
      settings: defaultWorkflowSettings,
      progress: { reason: 'seeded for a load test' },
      version: 1,
    };
  }
}

/** An instance has one active workflow at most, so each of these has an instance to itself. */
function* awaitingSeeds(count: number, nowMs: number): Generator<Workflow> {
  const ids = new WorkflowIds();
  for (let n = 0; n < count; n++) {
    const createdAtMs = nowMs - count + n;
    yield {
      id: ids.next(createdAtMs),
      instanceId: `awaiting-${n}`,
      status: 'awaiting_approval',
      mode: 'dry_run',
      createdAtMs,
      updatedAtMs: createdAtMs,
      settings: defaultWorkflowSettings,
      progress: { reason: 'seeded for a load test' },
      version: 1,
    };
  }
}

async function insertAll(store: WorkflowStore, workflows: Iterable<Workflow>): Promise<void> {
  const group: Workflow[] = [];
  for (const workflow of workflows) {
    group.push(workflow);
    if (group.length === largestGroup) await store.insertAll(group.splice(0));
  }
  if (group.length > 0) await store.insertAll(group);
}

async function seed({ workflows: count, awaiting, snapshots, watched: instancesWatched }: Counts): Promise<void> {
  const environment = readEnvironment(process.env);
  const { db, close } = await openDatabase({ dataDir: environment.DATA_DIR, databaseUrl: environment.DATABASE_URL });
  try {
    const beganAt = performance.now();
    await db.transaction().execute(async (transaction) => {
      const store = new WorkflowStore(transaction);
      await insertAll(store, seeds(count, Date.now()));
      await insertAll(store, awaitingSeeds(awaiting, Date.now()));
      const history = new SnapshotStore(transaction);
      for (const snapshot of playedSnapshots({ ...watched, count: snapshots, nowMs: Date.now() })) {
        if (snapshot.baseline !== null) continue;
        for (let n = 0; n < instancesWatched; n++) await history.insert(watchedInstance(n), snapshot);
      }
    });
    process.stdout.write(
      `seeded ${count + awaiting} workflows${snapshots > 0 ? ` and ${snapshots} snapshots of ${instancesWatched === 1 ? 'an instance' : `${instancesWatched} instances each`}` : ''} in ${Math.round(performance.now() - beganAt)} ms\n`,
    );
  } finally {
    await close();
  }
}

try {
  await seed(readCounts(process.argv.slice(2)));
} catch (error) {
  const lines =
    error instanceof EnvironmentError ? error.problems : [error instanceof Error ? error.message : String(error)];
  process.stderr.write(`nothing was seeded:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  process.exitCode = 1;
}
