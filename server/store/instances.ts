/** The registered engines. */
import type { Selectable } from 'kysely';
import type { Instance, InstanceDetails } from '../domain/instance.ts';
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
