/**
 * Opens the database and brings its tables up to date. Everything behind this door is written once and runs on SQLite
 * and on PostgreSQL.
 */
import { Kysely, Migrator, PostgresDialect, sql, SqliteAdapter, SqliteDialect } from 'kysely';
import { migrations, type Dialect } from './migrations.ts';
import { openPostgresPool } from './postgres-pool.ts';
import { openSqliteFile, sqliteFileIn, type SqliteFile } from './sqlite-file.ts';
import type { Database, Tables } from './tables.ts';
import { codeOf, troubleOf } from './trouble.ts';

export interface OpenedDatabase {
  readonly db: Database;
  /** The steps that brought its tables up to date just now. */
  readonly migrated: readonly string[];
  /** Asks the database for an answer; rejects when there is none. */
  readonly ping: () => Promise<void>;
  /** Writes a row, as accepting a workflow would; rejects when that can't be done. */
  readonly tryWrite: (nowMs: number) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** SQLite takes changes of tables back with the rest of a transaction; Kysely does not count on it. */
class TransactionalSqlite extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new (class extends SqliteAdapter {
      override get supportsTransactionalDdl(): boolean {
        return true;
      }
    })();
  }
}

interface DatabaseOptions {
  /** The folder of the SQLite file, which is used when there is no URL. */
  readonly dataDir: string;
  /** `postgres://user:password@host:port/database` */
  readonly databaseUrl?: string | undefined;
}

/** Opens and migrates. @throws with what is wrong and what to do, in one line, and the database's own error as cause. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenedDatabase> {
  try {
    return await open(options);
  } catch (error) {
    throw explained(error, options);
  }
}

async function open({ dataDir, databaseUrl }: DatabaseOptions): Promise<OpenedDatabase> {
  const dialect: Dialect = databaseUrl === undefined ? 'sqlite' : 'postgres';
  const file: SqliteFile | undefined = databaseUrl === undefined ? openSqliteFile(dataDir) : undefined;
  const db = new Kysely<Tables>({
    dialect:
      file === undefined
        ? new PostgresDialect({ pool: openPostgresPool(databaseUrl ?? '') })
        : new TransactionalSqlite({ database: file }),
  });
  const migrated = await migrate(db, dialect).catch(async (error: unknown) => {
    await db.destroy();
    throw error;
  });
  const refuseDamaged = () => {
    const damage = file?.damage();
    if (damage !== undefined) throw damage;
  };
  return {
    db,
    migrated,
    ping: async () => {
      await sql`select 1`.execute(db);
      refuseDamaged();
    },
    tryWrite: async (nowMs) => {
      await markWrite(db, nowMs);
      refuseDamaged();
    },
    close: () => db.destroy(),
  };
}

/** The moment differs each time: SQLite does not write what is there already. */
async function markWrite(db: Database, nowMs: number): Promise<void> {
  await db
    .insertInto('marks')
    .values({ name: 'write', at: nowMs })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at: nowMs }))
    .execute();
}

async function migrate(db: Database, dialect: Dialect): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations(dialect) } });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error instanceof Error ? error : new Error('migration failed', { cause: error });
  return results.map(({ migrationName }) => migrationName);
}

/** What the migrator says of a database that a newer release has been at. */
const newerStep = /previously executed migration (\S+) is missing/;

function explained(error: unknown, { dataDir, databaseUrl }: DatabaseOptions): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const where = databaseUrl === undefined ? `the database \`${sqliteFileIn(dataDir)}\`` : 'the database of `DATABASE_URL`'; // prettier-ignore
  const [, step] = newerStep.exec(error.message) ?? [];
  if (step !== undefined) {
    const advice = 'start that release again, or restore the backup that was made before it';
    return new Error(`${where} was used by a newer release (\`${step}\` is unknown to this one): ${advice}`, { cause: error }); // prettier-ignore
  }
  const trouble = troubleOf(error);
  if (trouble === undefined) return error;
  const code = codeOf(error);
  const detail = trouble.detail.replace('the database', where);
  return new Error(`${detail}${code === '' ? '' : ` (${code})`}: ${trouble.advice}`, { cause: error });
}
