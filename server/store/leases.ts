/**
 * Who runs which workflow. A lease is a name and a moment on the row: as long as it is renewed nobody else touches the
 * workflow, and when its agent dies the next one takes it up. Works alike for one agent and for many on one database.
 *
 * Whether a lease is still renewed is seen and not computed: it has run out when the row has said the same for as long as
 * a lease lasts, by a clock of ours that only goes forward. Clocks that step or differ neither steal a workflow nor keep one.
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

/** What a row says of who has it. */
interface Held {
  readonly id: string;
  readonly lease_owner: string | null;
  readonly lease_until: number;
  readonly version: number;
}

interface Seen extends Held {
  readonly sinceMs: number;
}

const leaseColumns = ['id', 'lease_owner', 'lease_until', 'version'] as const;
/** More than all agents together run; a look at one row costs next to nothing. */
const mostLooked = 10_000;

export class LeaseStore {
  readonly #db: Database;
  readonly #monotonicMs: () => number;
  /** The leases of the last look that had not run out. */
  #seen = new Map<string, Seen>();

  constructor(db: Database, monotonicMs = () => performance.now()) {
    this.#db = db;
    this.#monotonicMs = monotonicMs;
  }

  /**
   * Takes up to `limit` workflows: those whose agent has gone first, then the oldest queued one of each free instance.
   * What is in `running` runs here already and is left alone.
   */
  async claim(lease: Lease, limit: number, running: Pick<ReadonlyMap<string, unknown>, 'has'>): Promise<Workflow[]> {
    const seen = new Map<string, Seen>();
    const claimed: Workflow[] = [];
    const takeFrom = async (rows: readonly Held[]) => {
      for (const row of rows) {
        if (claimed.length === limit) return;
        if (running.has(row.id) || !this.#hasRunOut(row, lease, seen)) continue;
        const workflow = await this.#take(row, lease);
        if (workflow !== undefined) claimed.push(workflow);
      }
    };
    await takeFrom(await this.#leased());
    if (claimed.length < limit) await takeFrom(await this.#startable(limit - claimed.length));
    this.#seen = seen;
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

  /** Those that nobody holds come first: `release` gives them the smallest moment. */
  #leased(): Promise<Held[]> {
    return this.#db
      .selectFrom('workflows')
      .select(leaseColumns)
      .where(running)
      .orderBy('lease_until')
      .limit(mostLooked)
      .execute();
  }

  #hasRunOut(row: Held, { nowMs, untilMs }: Lease, seen: Map<string, Seen>): boolean {
    if (row.lease_owner === null) return true;
    const atMs = this.#monotonicMs();
    const before = this.#seen.get(row.id);
    const same = leaseColumns.every((column) => before?.[column] === row[column]);
    const sinceMs = same ? (before?.sinceMs ?? atMs) : atMs;
    if (atMs - sinceMs >= untilMs - nowMs) return true;
    seen.set(row.id, { ...row, sinceMs });
    return false;
  }

  /** Goes by instances, of which there are few, and not by queued workflows, of which there may be very many. */
  async #startable(limit: number): Promise<Held[]> {
    const { rows } = await sql<{ id: string | null }>`
      select (select min(q.id) from workflows q where q.instance_id = i.id and q.status = 'queued') as id
      from instances i
      where not exists (select 1 from workflows a where a.instance_id = i.id and a.${active})
      and exists (select 1 from workflows q where q.instance_id = i.id and q.status = 'queued')
      limit ${limit}`.execute(this.#db);
    const ids = rows.flatMap(({ id }) => (id === null ? [] : [id]));
    if (ids.length === 0) return [];
    return this.#db.selectFrom('workflows').select(leaseColumns).where('id', 'in', ids).execute();
  }

  /** If nobody else has been faster. */
  async #take(held: Held, { owner, untilMs }: Lease): Promise<Workflow | undefined> {
    const row = await this.#db
      .updateTable('workflows')
      .set({ lease_owner: owner, lease_until: untilMs })
      .where('id', '=', held.id)
      .where('lease_until', '=', held.lease_until)
      .where('lease_owner', held.lease_owner === null ? 'is' : '=', held.lease_owner)
      .where('status', 'not in', finalStatuses)
      .returningAll()
      .executeTakeFirst();
    return row === undefined ? undefined : asWorkflow(row);
  }
}
