/**
 * How the tables came to be, step by step. A step that has been released is never edited: the next one corrects it.
 * The two databases differ in two words, which are chosen here.
 */
import { sql, type Kysely, type Migration } from 'kysely';
import { active, running } from './conditions.ts';

export type Dialect = 'sqlite' | 'postgres';

/** PostgreSQL compares text by the rules of a language unless told otherwise; ids are compared byte by byte. */
const idType = (dialect: Dialect) => (dialect === 'postgres' ? sql`text collate "C"` : sql`text`);
/** SQLite then keeps the rows in the order of the primary key, and a page of a list is one walk. */
const clustered = (dialect: Dialect) => (dialect === 'postgres' ? sql`` : sql`without rowid`);

export function migrations(dialect: Dialect): Record<string, Migration> {
  return {
    '0001_workflows': { up: (db) => createWorkflows(db, dialect) },
    '0002_workflow_events': { up: (db) => createWorkflowEvents(db, dialect) },
    '0003_instances': { up: (db) => createInstances(db, dialect) },
    '0004_snapshots': { up: (db) => createSnapshots(db, dialect) },
    '0005_marks': { up: createMarks },
  };
}

async function createWorkflows(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('workflows')
    .addColumn('id', idType(dialect), (column) => column.primaryKey())
    .addColumn('instance_id', idType(dialect), (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('mode', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('lease_owner', 'text')
    .addColumn('lease_until', 'bigint', (column) => column.notNull())
    .addColumn('request_key', 'text', (column) => column.unique())
    .addColumn('request_hash', 'text')
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('progress', 'text', (column) => column.notNull())
    .modifyEnd(clustered(dialect))
    .execute();
  await db.schema.createIndex('workflows_by_status').on('workflows').columns(['status', 'id']).execute();
  await db.schema.createIndex('workflows_by_instance').on('workflows').columns(['instance_id', 'id']).execute();
  // The database itself sees to it that an instance is changed by one workflow at a time, however many agents there are.
  await sql`create unique index workflows_one_active on workflows (instance_id)
    where ${active}`.execute(db);
  await sql`create index workflows_queued on workflows (instance_id, id) where status = 'queued'`.execute(db);
  await sql`create index workflows_running on workflows (lease_until)
    where ${running}`.execute(db);
}

async function createWorkflowEvents(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('workflow_events')
    .addColumn('workflow_id', idType(dialect), (column) => column.notNull())
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addPrimaryKeyConstraint('workflow_events_key', ['workflow_id', 'seq'])
    .modifyEnd(clustered(dialect))
    .execute();
}

async function createInstances(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('instances')
    .addColumn('id', idType(dialect), (column) => column.primaryKey())
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('metrics_url', 'text', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .modifyEnd(clustered(dialect))
    .execute();
}

async function createSnapshots(db: Kysely<unknown>, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable('snapshots')
    .addColumn('instance_id', idType(dialect), (column) => column.notNull())
    .addColumn('taken_at', 'bigint', (column) => column.notNull())
    .addColumn('engine', 'text', (column) => column.notNull())
    .addColumn('snapshot', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('snapshots_key', ['instance_id', 'taken_at'])
    .modifyEnd(clustered(dialect))
    .execute();
  await db.schema.createIndex('snapshots_by_time').on('snapshots').column('taken_at').execute();
}

/** A row to write, so that an agent can tell whether it could. */
async function createMarks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('marks')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
}
