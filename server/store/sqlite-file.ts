/**
 * An SQLite file as Kysely's SQLite dialect wants it: libSQL's synchronous driver with its statements kept, since
 * preparing one costs more than running it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import Libsql from 'libsql';

/** More different statements than the agent has; a batch of inserts has one per batch size. */
const keptStatements = 300;
/** How long a write waits for another process that is writing to the same file, in milliseconds. */
const busyTimeoutMs = 1_000;

/**
 * Opens `agent.db` in a folder that is made if need be.
 *
 * A write-ahead log with `synchronous = FULL`: an answered write is on the disk, also when the power fails.
 */
export function openSqliteFile(dataDir: string): SqliteDatabase {
  mkdirSync(dataDir, { recursive: true });
  const file = new Libsql(join(dataDir, 'agent.db'));
  for (const setting of [
    `busy_timeout = ${busyTimeoutMs}`,
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'cache_size = -16000',
  ]) {
    file.pragma(setting);
  }
  return keepingStatements(file);
}

function keepingStatements(file: InstanceType<typeof Libsql>): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>();
  return {
    prepare(given) {
      // A transaction that begins by reading and then writes would fail at once when somebody else has written between.
      const sql = given === 'begin' ? 'begin immediate' : given;
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const made = asKyselyStatement(file, sql);
      if (kept.size >= keptStatements) kept.clear();
      kept.set(sql, made);
      return made;
    },
    close() {
      kept.clear();
      file.close();
    },
  };
}

/** Asks once whether the statement gives rows: the driver crosses into native code for it each time. */
function asKyselyStatement(file: InstanceType<typeof Libsql>, sql: string): SqliteStatement {
  const statement = file.prepare(sql);
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(parameters),
    run: (parameters) => statement.run(parameters),
    iterate: (parameters) => statement.iterate(parameters),
  };
}
