/** Workflows in the database: made, listed newest first, read, and changed by whoever saw the latest version. */
import type { Selectable } from 'kysely';
import {
  finalStatuses,
  type Workflow,
  type WorkflowMode,
  type WorkflowProgress,
  type WorkflowSettings,
  type WorkflowStatus,
  type WorkflowSummary,
} from '../agent/workflow.ts';
import { GroupCommit } from './group-commit.ts';
import type { Database, WorkflowTable } from './tables.ts';

export interface WorkflowFilter {
  readonly status?: WorkflowStatus | undefined;
  readonly instanceId?: string | undefined;
  /** Only workflows older than this one. */
  readonly before?: string | undefined;
}

const summaryColumns = ['id', 'instance_id', 'status', 'mode', 'created_at', 'updated_at'] as const;

export class WorkflowStore {
  readonly #db: Database;
  readonly #inserts: GroupCommit<Workflow>;

  constructor(db: Database) {
    this.#db = db;
    this.#inserts = new GroupCommit((workflows) => this.insertAll(workflows));
  }

  /** Resolves when the workflow is durable. */
  insert(workflow: Workflow): Promise<void> {
    return this.#inserts.add(workflow);
  }

  /** Writes all or none, in one statement. */
  async insertAll(workflows: readonly Workflow[]): Promise<void> {
    await this.#db.insertInto('workflows').values(workflows.map(asRow)).execute();
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

  /**
   * Writes a change, if nobody else has written one since `workflow` was read.
   *
   * @returns the changed workflow, or `undefined` when the race was lost.
   */
  async change(workflow: Workflow, to: WorkflowChange): Promise<Workflow | undefined> {
    const changed: Workflow = {
      ...workflow,
      status: to.status,
      progress: to.progress,
      updatedAtMs: to.atMs,
      version: workflow.version + 1,
    };
    const { numUpdatedRows } = await this.#db
      .updateTable('workflows')
      .set({
        status: changed.status,
        progress: JSON.stringify(changed.progress),
        updated_at: changed.updatedAtMs,
        version: changed.version,
      })
      .where('id', '=', workflow.id)
      .where('version', '=', workflow.version)
      .where('status', 'not in', finalStatuses)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n ? changed : undefined;
  }
}

export interface WorkflowChange {
  readonly status: WorkflowStatus;
  readonly progress: WorkflowProgress;
  readonly atMs: number;
}

function asRow(workflow: Workflow) {
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
    due_at: workflow.createdAtMs,
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

function asWorkflow(row: Selectable<WorkflowTable>): Workflow {
  return {
    ...asSummary(row),
    version: row.version,
    settings: JSON.parse(row.settings) as WorkflowSettings,
    progress: JSON.parse(row.progress) as WorkflowProgress,
  };
}
