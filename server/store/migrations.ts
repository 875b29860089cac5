/**
 * How the tables came to be, step by step. A step that has been released is never edited: the next one corrects it.
 * The two databases differ in three words, which are handed in.
 */
import { sql, type Kysely, type Migration } from 'kysely';

export type Dialect = 'sqlite' | 'postgres';

/** PostgreSQL compares text by the rules of a language unless told otherwise; ids are compared byte by byte. */
const idType = (dialect: Dialect) => (dialect === 'postgres' ? sql`text collate "C"` : sql`text`);
/** SQLite then keeps the rows in the order of the primary key, and a page of the list is one walk. */
const clustered = (dialect: Dialect) => (dialect === 'postgres' ? sql`` : sql`without rowid`);

export function migrations(dialect: Dialect): Record<string, Migration> {
  return { '0001_workflows': { up: (db) => createWorkflows(db, dialect) } };
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
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('settings', 'text', (column) => column.notNull())
    .addColumn('progress', 'text', (column) => column.notNull())
    .modifyEnd(clustered(dialect))
    .execute();
  await db.schema.createIndex('workflows_by_status').on('workflows').columns(['status', 'id']).execute();
  await db.schema.createIndex('workflows_by_instance').on('workflows').columns(['instance_id', 'id']).execute();
}
