/** The history of each instance: a snapshot per scrape. */
import { sql } from 'kysely';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import type { Database } from './tables.ts';

interface Range {
  readonly instanceId: string;
  /** Both included, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

interface StoredSnapshot {
  readonly takenAtMs: number;
  readonly snapshot: Snapshot;
}

export class SnapshotStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** A second snapshot of the same millisecond is the same one, seen by two agents: the first stays. */
  async insert(instanceId: string, snapshot: Snapshot): Promise<void> {
    await this.#db
      .insertInto('snapshots')
      .values({
        instance_id: instanceId,
        taken_at: Date.parse(snapshot.taken_at),
        engine: snapshot.engine,
        snapshot: JSON.stringify(snapshot),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  async latest(instanceId: string): Promise<StoredSnapshot | undefined> {
    const [latest] = await this.#db
      .selectFrom('snapshots')
      .select(['taken_at', 'snapshot'])
      .where('instance_id', '=', instanceId)
      .orderBy('taken_at', 'desc')
      .limit(1)
      .execute();
    return latest === undefined ? undefined : asStored(latest);
  }

  /** Up to `limit` snapshots, oldest first. */
  async list({ instanceId, fromMs, toMs }: Range, limit: number): Promise<StoredSnapshot[]> {
    const rows = await this.#db
      .selectFrom('snapshots')
      .select(['taken_at', 'snapshot'])
      .where('instance_id', '=', instanceId)
      .where('taken_at', '>=', fromMs)
      .where('taken_at', '<=', toMs)
      .orderBy('taken_at')
      .limit(limit)
      .execute();
    return rows.map(asStored);
  }

  /** The last `limit` snapshots of a range, oldest first. */
  async last({ instanceId, fromMs, toMs }: Range, limit: number): Promise<StoredSnapshot[]> {
    const rows = await this.#db
      .selectFrom('snapshots')
      .select(['taken_at', 'snapshot'])
      .where('instance_id', '=', instanceId)
      .where('taken_at', '>=', fromMs)
      .where('taken_at', '<=', toMs)
      .orderBy('taken_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(asStored).reverse();
  }

  /** As {@link list}, but only the last snapshot of each step of `stepMs`, counted from 1970. */
  async listByStep({ instanceId, fromMs, toMs }: Range, stepMs: number, limit: number): Promise<StoredSnapshot[]> {
    const lastOfEach = this.#db
      .selectFrom('snapshots')
      .select(sql<number>`max(taken_at)`.as('last_at'))
      .where('instance_id', '=', instanceId)
      .where('taken_at', '>=', fromMs)
      .where('taken_at', '<=', toMs)
      .groupBy(sql`taken_at / cast(${stepMs} as bigint)`)
      .orderBy('last_at')
      .limit(limit);
    const rows = await this.#db
      .selectFrom('snapshots')
      .select(['taken_at', 'snapshot'])
      .where('instance_id', '=', instanceId)
      .where('taken_at', 'in', lastOfEach)
      .orderBy('taken_at')
      .execute();
    return rows.map(asStored);
  }
}

const asStored = (row: { taken_at: number; snapshot: string }): StoredSnapshot => ({
  takenAtMs: row.taken_at,
  snapshot: JSON.parse(row.snapshot) as Snapshot,
});
