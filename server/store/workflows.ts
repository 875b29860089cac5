/** Workflows in the database: made, listed newest first, read, and changed by whoever saw the latest version. */
import { sql, type Selectable, type Transaction } from 'kysely';
import type { Analysis } from '../domain/analysis/analyse.ts';
import type { Plan } from '../domain/optimization/plan.ts';
import { finalStatuses, type WorkflowStatus } from '../domain/workflows/states.ts';
import {
  defaultWorkflowSettings,
  type Move,
  type Workflow,
  type WorkflowEvent,
  type WorkflowMode,
  type WorkflowProgress,
  type WorkflowSettings,
  type WorkflowSummary,
} from '../domain/workflows/workflow.ts';
import { active } from './conditions.ts';
import { GroupCommit } from './group-commit.ts';
import { rememberChanges } from './instances.ts';
import type { Database, Tables, WorkflowTable } from './tables.ts';

export interface WorkflowFilter {
  readonly status?: WorkflowStatus | undefined;
  readonly instanceId?: string | undefined;
  /** Only workflows older than this one. */
  readonly before?: string | undefined;
}

/** The idempotency key a workflow was asked for with, made unique per caller, and a digest of what was asked. */
export interface RequestKey {
  readonly key: string;
  readonly hash: string;
}

interface WorkflowChange extends Move {
  readonly atMs: number;
  /** Whether whoever holds the lease keeps it. */
  readonly keepLease?: boolean;
}

const summaryColumns = ['id', 'instance_id', 'status', 'mode', 'created_at', 'updated_at'] as const;

export class WorkflowStore {
  readonly #db: Database;
  readonly #inserts: GroupCommit<Workflow>;

  constructor(db: Database) {
    this.#db = db;
    this.#inserts = new GroupCommit((workflows) => this.insertAll(workflows));
  }

  /** Resolves when the workflow and its first event are durable. */
  insert(workflow: Workflow): Promise<void> {
    return this.#inserts.add(workflow);
  }

  /** Writes all or none, in one statement. The event `queued` is not stored: it is the row's own beginning. */
  async insertAll(workflows: readonly Workflow[]): Promise<void> {
    await this.#db
      .insertInto('workflows')
      .values(workflows.map((workflow) => asRow(workflow)))
      .execute();
  }

  /** Makes a workflow unless one was made with this key. @returns whether it was made. */
  async insertOnce(workflow: Workflow, request: RequestKey): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('workflows')
      .values(asRow(workflow, request))
      .onConflict((conflict) => conflict.column('request_key').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  /** The workflow that was made with this key. */
  async findByRequest(key: string): Promise<{ workflow: Workflow; hash: string | null } | undefined> {
    const row = await this.#db.selectFrom('workflows').selectAll().where('request_key', '=', key).executeTakeFirst();
    return row === undefined ? undefined : { workflow: asWorkflow(row), hash: row.request_hash };
  }

  /** Up to `limit` workflows, newest first. */
  async list(filter: WorkflowFilter, limit: number): Promise<WorkflowSummary[]> {
    let query = this.#db.selectFrom('workflows').select(summaryColumns).orderBy('id', 'desc').limit(limit);
    if (filter.status !== undefined) query = query.where('status', '=', filter.status);
    if (filter.instanceId !== undefined) query = query.where('instance_id', '=', filter.instanceId);
    if (filter.before !== undefined) query = query.where('id', '<', filter.before);
    return (await query.execute()).map(asSummary);
  }

  async find(id: string): Promise<Workflow | undefined> {
    const row = await this.#db.selectFrom('workflows').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : asWorkflow(row);
  }

  /** The last `limit` workflows that changed this instance, whichever way that ended, newest first. */
  async changed(instanceId: string, limit: number): Promise<Workflow[]> {
    const rows = await this.#db
      .selectFrom('workflows')
      .selectAll()
      .where('instance_id', '=', instanceId)
      .where('mode', '=', 'webhook')
      .where('status', 'in', ['completed', 'rolled_back', 'inconclusive'])
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(asWorkflow);
  }

  /** How many there are in each state. */
  async countByStatus(): Promise<Map<WorkflowStatus, number>> {
    const rows = await this.#db
      .selectFrom('workflows')
      .select(['status', sql<number>`count(*)`.as('count')])
      .groupBy('status')
      .execute();
    return new Map(rows.map(({ status, count }) => [status as WorkflowStatus, count]));
  }

  /** When the oldest of each state that holds its instance came into it; of those there is one per instance at most. */
  async oldestActive(): Promise<Map<WorkflowStatus, number>> {
    const rows = await this.#db
      .selectFrom('workflows')
      .select(['status', sql<number>`min(updated_at)`.as('since')])
      .where(active)
      .groupBy('status')
      .execute();
    return new Map(rows.map(({ status, since }) => [status as WorkflowStatus, since]));
  }

  /**
   * Writes a change and its event, if nobody else has written one since `workflow` was read. A rollout that is complete
   * becomes what its instance is known to run with, in the same transaction: whoever completes it, and never by halves.
   *
   * @returns the changed workflow, or `undefined` when the race was lost.
   */
  change(workflow: Workflow, to: WorkflowChange): Promise<Workflow | undefined> {
    return this.#db.transaction().execute(async (transaction) => {
      const changed: Workflow = {
        ...workflow,
        status: to.status,
        progress: to.progress,
        updatedAtMs: to.atMs,
        version: workflow.version + 1,
      };
      const { numUpdatedRows } = await transaction
        .updateTable('workflows')
        .set({
          status: changed.status,
          progress: JSON.stringify(changed.progress),
          updated_at: changed.updatedAtMs,
          version: changed.version,
          ...(to.keepLease !== true && { lease_owner: null, lease_until: 0 }),
        })
        .where('id', '=', workflow.id)
        .where('version', '=', workflow.version)
        .where('status', 'not in', finalStatuses)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows !== 1n) return undefined;
      await writeEvent(transaction, changed);
      if (changed.status === 'completed' && changed.mode === 'webhook') await rememberChanges(transaction, changed, to.atMs); // prettier-ignore
      return changed;
    });
  }

  /** What happened after the event `afterSeq`, in order; 0 for all of it. */
  async events(id: string, afterSeq: number, limit: number): Promise<WorkflowEvent[]> {
    const rows = await this.#db
      .selectFrom('workflow_events')
      .select(['seq', 'at', 'status', 'reason'])
      .where('workflow_id', '=', id)
      .where('seq', '>', afterSeq)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return rows.map(({ seq, at, status, reason }) => ({
      seq,
      atMs: at,
      status: status as WorkflowStatus,
      ...(reason !== null && { reason }),
    }));
  }
}

/** The event's number is the version that it made, so that events of one workflow count up without a gap. */
async function writeEvent(transaction: Transaction<Tables>, workflow: Workflow): Promise<void> {
  await transaction
    .insertInto('workflow_events')
    .values({
      workflow_id: workflow.id,
      seq: workflow.version,
      at: workflow.updatedAtMs,
      status: workflow.status,
      reason: workflow.progress.reason ?? null,
    })
    .execute();
}

function asRow(workflow: Workflow, request?: RequestKey) {
  return {
    id: workflow.id,
    instance_id: workflow.instanceId,
    status: workflow.status,
    mode: workflow.mode,
    created_at: workflow.createdAtMs,
    updated_at: workflow.updatedAtMs,
    version: workflow.version,
    lease_owner: null,
    lease_until: 0,
    request_key: request?.key ?? null,
    request_hash: request?.hash ?? null,
    settings: JSON.stringify(workflow.settings),
    progress: JSON.stringify(workflow.progress),
  };
}

type SummaryRow = Pick<Selectable<WorkflowTable>, (typeof summaryColumns)[number]>;

function asSummary(row: SummaryRow): WorkflowSummary {
  return {
    id: row.id,
    instanceId: row.instance_id,
    status: row.status as WorkflowStatus,
    mode: row.mode as WorkflowMode,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
  };
}

export function asWorkflow(row: Selectable<WorkflowTable>): Workflow {
  return {
    ...asSummary(row),
    version: row.version,
    // Settings of earlier releases lack what they did not know.
    settings: { ...defaultWorkflowSettings, ...(JSON.parse(row.settings) as Partial<WorkflowSettings>) },
    progress: asProgress(JSON.parse(row.progress) as StoredProgress),
  };
}

/** As it stands in the row: earlier releases told less of an analysis and of a plan. */
type StoredProgress = Omit<WorkflowProgress, 'analysis' | 'plan'> & {
  readonly analysis?: Omit<Analysis, 'confidence' | 'clear'> & Partial<Pick<Analysis, 'confidence' | 'clear'>>;
  readonly plan?: Omit<Plan, 'restart'> & Partial<Pick<Plan, 'restart'>>;
};

function asProgress({ analysis, plan, ...kept }: StoredProgress): WorkflowProgress {
  return {
    ...kept,
    ...(analysis !== undefined && { analysis: { confidence: null, clear: [], ...analysis } }),
    // Nearly every flag is read at the start of an engine only.
    ...(plan !== undefined && { plan: { restart: true, ...plan } }),
  };
}
