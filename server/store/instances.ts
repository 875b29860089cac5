/** The registered engines. */
import type { Selectable } from 'kysely';
import type { Instance, InstanceDetails } from '../domain/instance.ts';
import { changedConfig } from '../domain/optimization/known-config.ts';
import type { Workflow } from '../domain/workflows/workflow.ts';
import type { Engine } from '../domain/engines/engine.ts';
import type { Database, InstanceTable } from './tables.ts';

export class InstanceStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Registers an instance or replaces its registration; its history stays. */
  async put(instance: Instance): Promise<void> {
    const { id, engine, metricsUrl, createdAtMs, updatedAtMs, ...details } = instance;
    const row = { engine, metrics_url: metricsUrl, details: JSON.stringify(details), updated_at: updatedAtMs };
    await this.#db
      .insertInto('instances')
      .values({ id, created_at: createdAtMs, ...row })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }

  async find(id: string): Promise<Instance | undefined> {
    const row = await this.#db.selectFrom('instances').selectAll().where('id', '=', id).executeTakeFirst();
    return row === undefined ? undefined : asInstance(row);
  }

  /** Up to `limit` instances after the id `after`, by id. */
  async list(after: string, limit: number): Promise<Instance[]> {
    const query = this.#db.selectFrom('instances').selectAll().where('id', '>', after).orderBy('id').limit(limit);
    return (await query.execute()).map(asInstance);
  }

  /** @returns whether there was one. */
  async remove(id: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db.deleteFrom('instances').where('id', '=', id).executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }
}

/**
 * The instance runs with these from now on, unless by now its id stands for another one. What its operator writes at the
 * same moment stays.
 */
export async function rememberChanges(
  db: Database,
  { instanceId, progress: { changes = [], planned_for: target } }: Workflow,
  atMs: number,
): Promise<void> {
  for (;;) {
    const row = await db.selectFrom('instances').selectAll().where('id', '=', instanceId).executeTakeFirst();
    if (row === undefined) return;
    const { engine, createdAtMs, config, labels, slos, constraints } = asInstance(row);
    const isTarget = target === undefined || Date.parse(target.registered_at) === createdAtMs;
    if (!isTarget || (target ?? { engine }).engine !== engine) return;
    const details: InstanceDetails = { labels, slos, config: changedConfig(engine, config, changes), constraints };
    const { numUpdatedRows } = await db
      .updateTable('instances')
      .set({ details: JSON.stringify(details), updated_at: atMs })
      .where('id', '=', instanceId)
      .where('details', '=', row.details)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 1n) return; // else somebody has written it between: look again
  }
}

function asInstance(row: Selectable<InstanceTable>): Instance {
  return {
    id: row.id,
    engine: row.engine as Engine,
    metricsUrl: row.metrics_url,
    createdAtMs: row.created_at,
    updatedAtMs: row.updated_at,
    ...(JSON.parse(row.details) as InstanceDetails),
  };
}
