/**
 * Opens the database and brings its tables up to date. Everything behind this door is written once and runs on SQLite
 * and on PostgreSQL.
 */
import { Kysely, Migrator, PostgresDialect, sql, SqliteDialect } from 'kysely';
import { migrations, type Dialect } from './migrations.ts';
import { openPostgresPool } from './postgres-pool.ts';
import { openSqliteFile } from './sqlite-file.ts';
import type { Database, Tables } from './tables.ts';

export interface OpenedDatabase {
  readonly db: Database;
  /** Asks the database for an answer; rejects when there is none. */
  readonly ping: () => Promise<void>;
  readonly close: () => Promise<void>;
}

interface DatabaseOptions {
  /** The folder of the SQLite file, which is used when there is no URL. */
  readonly dataDir: string;
  /** `postgres://user:password@host:port/database` */
  readonly databaseUrl?: string | undefined;
}

/** Opens and migrates; rejects with the database's own error when that fails. */
export async function openDatabase({ dataDir, databaseUrl }: DatabaseOptions): Promise<OpenedDatabase> {
  const dialect: Dialect = databaseUrl === undefined ? 'sqlite' : 'postgres';
  const db = new Kysely<Tables>({
    dialect:
      databaseUrl === undefined
        ? new SqliteDialect({ database: openSqliteFile(dataDir) })
        : new PostgresDialect({ pool: openPostgresPool(databaseUrl) }),
  });
  try {
    await migrate(db, dialect);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return {
    db,
    ping: async () => {
      await sql`select 1`.execute(db);
    },
    close: () => db.destroy(),
  };
}

async function migrate(db: Database, dialect: Dialect): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(dialect) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('migration failed', { cause: error });
}
