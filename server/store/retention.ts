/** Deletes what is too old, a limited number of rows at a time. */
import { firstIdAt } from '../domain/workflows/workflow-id.ts';
import { finalStatuses } from '../domain/workflows/states.ts';
import type { Database } from './tables.ts';

interface Age {
  readonly beforeMs: number;
  readonly nowMs: number;
}

const forgettable = [...finalStatuses, 'queued'] as const;

export class RetentionStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** When the newest snapshot or workflow was made; `undefined` without any. */
  async newestMs(): Promise<number | undefined> {
    const snapshots = this.#db.selectFrom('snapshots').select('taken_at as at').orderBy('taken_at', 'desc').limit(1);
    const workflows = this.#db.selectFrom('workflows').select('created_at as at').orderBy('id', 'desc').limit(1);
    const rows = [...(await snapshots.execute()), ...(await workflows.execute())];
    return rows.length === 0 ? undefined : Math.max(...rows.map(({ at }) => at));
  }

  /** @returns how many snapshots were deleted: those taken before, of removed instances too. */
  async forgetSnapshots(beforeMs: number, limit: number): Promise<number> {
    const old = await this.#db
      .selectFrom('snapshots')
      .select(['instance_id', 'taken_at'])
      .where('taken_at', '<', beforeMs)
      .limit(limit)
      .execute();
    if (old.length === 0) return 0;
    await this.#db
      .deleteFrom('snapshots')
      .where('instance_id', 'in', [...new Set(old.map((row) => row.instance_id))])
      .where('taken_at', 'in', [...new Set(old.map((row) => row.taken_at))])
      .where('taken_at', '<', beforeMs)
      .execute();
    return old.length;
  }

  /**
   * Deletes workflows made before, with their events: those that are over, and those that are still queued, since an
   * instance that has not been registered for so long will not come.
   *
   * @returns how many.
   */
  async forgetWorkflows({ beforeMs, nowMs }: Age, limit: number): Promise<number> {
    const ids = (await this.#madeBefore({ beforeMs, nowMs }, limit)).map(({ id }) => id);
    if (ids.length === 0) return 0;
    return this.#db.transaction().execute(async (transaction) => {
      // What has begun since it was looked for stays, with its events.
      const gone = await transaction
        .deleteFrom('workflows')
        .where('id', 'in', ids)
        .where('status', 'in', forgettable)
        .returning('id')
        .execute();
      const without = gone.map(({ id }) => id);
      if (without.length > 0) {
        await transaction.deleteFrom('workflow_events').where('workflow_id', 'in', without).execute();
      }
      return gone.length;
    });
  }

  /** An id tells when it was made, unless it goes on after one of a clock that was ahead: then the row tells. */
  async #madeBefore({ beforeMs, nowMs }: Age, limit: number): Promise<{ id: string }[]> {
    const old = this.#db.selectFrom('workflows').select('id').where('status', 'in', forgettable).limit(limit);
    const byId = await old.where('id', '<', firstIdAt(beforeMs)).execute();
    if (byId.length > 0) return byId;
    return old.where('id', '>', firstIdAt(nowMs)).where('created_at', '<', beforeMs).execute();
  }
}
