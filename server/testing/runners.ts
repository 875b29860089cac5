/** Agents of which only the runner works, several on one database, whose steps a test makes up. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import pino from 'pino';
import type { WorkflowStatus } from '../domain/workflows/states.ts';
import { defaultWorkflowSettings, type Move, type Workflow } from '../domain/workflows/workflow.ts';
import { WorkflowFeed } from '../jobs/workflows/feed.ts';
import { Runner, type StillOurs } from '../jobs/workflows/runner.ts';
import { Workflows } from '../jobs/workflows/workflows.ts';
import { InstanceStore } from '../store/instances.ts';
import { LeaseStore } from '../store/leases.ts';
import { openDatabase, type OpenedDatabase } from '../store/open.ts';
import { WorkflowStore } from '../store/workflows.ts';
import { LivedTime } from './lived-time.ts';
import { instance } from './workflows.ts';

/** A path through the states without anything being done. */
const path: Partial<Record<WorkflowStatus, WorkflowStatus>> = {
  queued: 'collecting',
  collecting: 'analyzing',
  analyzing: 'planned',
  planned: 'awaiting_approval',
  applying: 'observing',
  observing: 'completed',
  rolling_back: 'rolled_back',
};

export type DoStep = (workflow: Workflow, signal: AbortSignal, stillOurs: StillOurs) => Promise<Move>;

export const walk = async ({ status, progress }: Workflow): Promise<Move> => ({
  status: path[status] ?? 'failed',
  progress,
});

/** With one registered instance. */
export class SharedDatabase {
  readonly #folder: string;
  readonly #opened: OpenedDatabase;
  readonly #lived = new LivedTime();

  private constructor(folder: string, opened: OpenedDatabase) {
    this.#folder = folder;
    this.#opened = opened;
  }

  static async open(): Promise<SharedDatabase> {
    const folder = await mkdtemp(join(tmpdir(), 'agent-runner-'));
    const opened = await openDatabase({ dataDir: folder });
    await new InstanceStore(opened.db).put(instance);
    return new SharedDatabase(folder, opened);
  }

  get db(): OpenedDatabase['db'] {
    return this.#opened.db;
  }

  /** An agent of its own on the common database. */
  agent(owner: string, step: DoStep, leaseMs = 600, clock = { nowMs: Date.now }) {
    const store = new WorkflowStore(this.db);
    const feed = new WorkflowFeed();
    const log = pino({ level: 'silent' });
    const leases = new LeaseStore(this.db, this.#lived.nowMs);
    const runner = new Runner({ store, leases, feed, clock, log, step, owner, concurrency: 4, leaseMs, pollMs: 50 });
    const workflows = new Workflows({ store, clock, feed, nudge: () => runner.nudge(), queueLimit: 100 });
    return { runner, workflows };
  }

  /** Resolves when so much of the time has passed by which leases run: a machine that stands still adds none. */
  async lived(ms: number): Promise<void> {
    const untilMs = this.#lived.nowMs() + ms;
    await expect.poll(() => this.#lived.nowMs(), { intervals: [20], timeout: 60_000 }).toBeGreaterThanOrEqual(untilMs);
  }

  async close(): Promise<void> {
    this.#lived.stop();
    await this.#opened.close();
    await rm(this.#folder, { recursive: true });
  }
}

export const create = (workflows: Workflows) =>
  workflows.create({
    instanceId: instance.id,
    mode: 'dry_run',
    settings: defaultWorkflowSettings,
    by: 'test',
    scopes: new Set(),
  });

export async function untilStatus(workflows: Workflows, id: string, status: WorkflowStatus): Promise<Workflow> {
  await expect.poll(async () => (await workflows.get(id)).status, { intervals: [20], timeout: 20_000 }).toBe(status);
  return workflows.get(id);
}
