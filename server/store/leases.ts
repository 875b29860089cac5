/**
 * Who runs which workflow. A lease is a name and a moment on the row: as long as it is renewed nobody else touches the
 * workflow, and when its agent dies the next one takes it up. Works alike for one agent and for many on one database.
 */
import { sql } from 'kysely';
import { finalStatuses } from '../domain/workflows/states.ts';
import type { Workflow } from '../domain/workflows/workflow.ts';
import { active, running } from './conditions.ts';
import type { Database } from './tables.ts';
import { asWorkflow } from './workflows.ts';

interface Lease {
  readonly owner: string;
  readonly nowMs: number;
  readonly untilMs: number;
}

export class LeaseStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Takes up to `limit` workflows: those whose agent has gone first, then the oldest queued one of each free instance. */
  async claim(lease: Lease, limit: number): Promise<Workflow[]> {
    const claimed: Workflow[] = [];
    for (const id of await this.#abandoned(lease.nowMs, limit)) {
      const workflow = await this.#take(id, lease);
      if (workflow !== undefined) claimed.push(workflow);
    }
    if (claimed.length === limit) return claimed;
    for (const id of await this.#startable(limit - claimed.length)) {
      const workflow = await this.#take(id, lease);
      if (workflow !== undefined) claimed.push(workflow);
    }
    return claimed;
  }

  /** Prolongs a lease. @returns false when the workflow was changed by somebody else, or is no longer ours. */
  async renew({ id, version }: Workflow, { owner, untilMs }: Lease): Promise<boolean> {
    const { numUpdatedRows } = await this.#db
      .updateTable('workflows')
      .set({ lease_until: untilMs })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('lease_owner', '=', owner)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  /** Gives back what is held, so that another agent can go on at once; also what was queued and has not yet begun. */
  async release(owner: string): Promise<void> {
    await this.#db
      .updateTable('workflows')
      .set({ lease_owner: null, lease_until: 0 })
      .where('status', 'not in', finalStatuses)
      .where('lease_owner', '=', owner)
      .execute();
  }

  async #abandoned(nowMs: number, limit: number): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('workflows')
      .select('id')
      .where(running)
      .where('lease_until', '<=', nowMs)
      .orderBy('lease_until')
      .limit(limit)
      .execute();
    return rows.map(({ id }) => id);
  }

  /** Goes by instances, of which there are few, and not by queued workflows, of which there may be very many. */
  async #startable(limit: number): Promise<string[]> {
    const { rows } = await sql<{ id: string | null }>`
      select (select min(q.id) from workflows q where q.instance_id = i.id and q.status = 'queued') as id
      from instances i
      where not exists (select 1 from workflows a where a.instance_id = i.id and a.${active})
      and exists (select 1 from workflows q where q.instance_id = i.id and q.status = 'queued')
      limit ${limit}`.execute(this.#db);
    return rows.flatMap(({ id }) => (id === null ? [] : [id]));
  }

  async #take(id: string, { owner, nowMs, untilMs }: Lease): Promise<Workflow | undefined> {
    const row = await this.#db
      .updateTable('workflows')
      .set({ lease_owner: owner, lease_until: untilMs })
      .where('id', '=', id)
      .where('lease_until', '<=', nowMs)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? undefined : asWorkflow(row);
  }
}
