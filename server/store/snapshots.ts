/**
 * The history of each instance: a snapshot per scrape. What is read is the text as it was stored: a history is handed
 * on as it is, and who computes with it parses what is new to him.
 */
import { sql } from 'kysely';
import type { Engine } from '../domain/engines/engine.ts';
import type { Snapshot } from '../domain/engines/snapshot.ts';
import type { Database } from './tables.ts';

interface Range {
  readonly instanceId: string;
  /** Both included, milliseconds since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** An instance may have been registered as another engine before; its history is then of both. */
interface EngineRange extends Range {
  readonly engine: Engine;
}

interface StoredSnapshot {
  readonly takenAtMs: number;
  /** JSON of a {@link Snapshot}. */
  readonly text: string;
}

/** What tells one set of moments from another: how many, and what they add up to. */
interface Tally {
  readonly count: number;
  /** Of milliseconds since the range began. */
  readonly sum: number;
}

/** A statement is prepared once for each number of moments; of these there are few. */
const momentsPerRead = 50;

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

  /** As the engine that it is now, and up to now: what it was before, and what a clock dated ahead, is not its state. */
  async latest({ instanceId, engine, toMs }: Omit<EngineRange, 'fromMs'>): Promise<StoredSnapshot | undefined> {
    const [latest] = await this.#db
      .selectFrom('snapshots')
      .select(['taken_at', 'snapshot'])
      .where('instance_id', '=', instanceId)
      .where('taken_at', '<=', toMs)
      .where('engine', '=', engine)
      .orderBy('taken_at', 'desc')
      .limit(1)
      .execute();
    return latest === undefined ? undefined : asStored(latest);
  }

  /** When the first `limit` snapshots of a range were taken, oldest first. */
  async times(range: Range, limit: number): Promise<number[]> {
    const rows = await this.#within(range).select('taken_at').orderBy('taken_at').limit(limit).execute();
    return rows.map(({ taken_at: atMs }) => atMs);
  }

  /** As {@link times}, but only the last snapshot of each step of `stepMs`, counted from 1970. */
  async timesByStep(range: Range, stepMs: number, limit: number): Promise<number[]> {
    const rows = await this.#within(range)
      .select(sql<number>`max(taken_at)`.as('last_at'))
      .groupBy(sql`taken_at / cast(${stepMs} as bigint)`)
      .orderBy('last_at')
      .limit(limit)
      .execute();
    return rows.map(({ last_at: atMs }) => atMs);
  }

  /** When the last `limit` snapshots of an engine in a range were taken, oldest first. */
  async lastTimes({ engine, ...range }: EngineRange, limit: number): Promise<number[]> {
    const rows = await this.#within(range)
      .select('taken_at')
      .where('engine', '=', engine)
      .orderBy('taken_at', 'desc')
      .limit(limit)
      .execute();
    return rows.map(({ taken_at: atMs }) => atMs).reverse();
  }

  /** Tells whether a range has changed since it was read, whoever has written or deleted in it. */
  async tally({ engine, ...range }: EngineRange): Promise<Tally> {
    const { count, sum } = await this.#within(range)
      .select([
        sql<number>`count(*)`.as('count'),
        sql<number>`cast(coalesce(sum(taken_at - cast(${range.fromMs} as bigint)), 0) as bigint)`.as('sum'),
      ])
      .where('engine', '=', engine)
      .executeTakeFirstOrThrow();
    return { count, sum };
  }

  /** The snapshots of these moments, oldest first; those that have been deleted meanwhile are missing. */
  async at(instanceId: string, times: readonly number[]): Promise<StoredSnapshot[]> {
    const found: StoredSnapshot[] = [];
    for (let from = 0; from < times.length; from += momentsPerRead) {
      const some = times.slice(from, from + momentsPerRead);
      const last = some.at(-1) ?? 0;
      const rows = await this.#db
        .selectFrom('snapshots')
        .select(['taken_at', 'snapshot'])
        .where('instance_id', '=', instanceId)
        .where('taken_at', 'in', [...some, ...Array.from({ length: momentsPerRead - some.length }, () => last)])
        .orderBy('taken_at')
        .execute();
      for (const row of rows) found.push(asStored(row));
    }
    return found;
  }

  #within({ instanceId, fromMs, toMs }: Range) {
    return this.#db
      .selectFrom('snapshots')
      .where('instance_id', '=', instanceId)
      .where('taken_at', '>=', fromMs)
      .where('taken_at', '<=', toMs);
  }
}

const asStored = (row: { taken_at: number; snapshot: string }): StoredSnapshot => ({
  takenAtMs: row.taken_at,
  text: whole(row.snapshot),
});

/** What snapshots have had since after the first release: who stored one before knew nothing of it. */
const laterFields = [
  'prefill_s',
  'inference_s',
  'progress',
  'spec_drafted',
  'spec_accepted',
] as const satisfies readonly (keyof Snapshot)[];

/** The text with every field. It is an object written by `JSON.stringify`, and no value in it is a text of others. */
function whole(text: string): string {
  const missing = laterFields.filter((field) => !text.includes(`"${field}":`));
  return missing.length === 0 ? text : `${text.slice(0, -1)},${missing.map((field) => `"${field}":null`).join(',')}}`;
}
