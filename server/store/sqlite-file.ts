/**
 * An SQLite file as Kysely's SQLite dialect wants it: libSQL's synchronous driver with its statements kept, since
 * preparing one costs more than running it.
 */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SqliteDatabase, SqliteStatement } from 'kysely';
import Libsql from 'libsql';
import { codeOf } from './trouble.ts';

/** More different statements than the agent has; a batch of inserts has one per batch size. */
const keptStatements = 300;
/**
 * How long a write waits for another process that is writing to the same file, in milliseconds. The driver is
 * synchronous: the whole agent waits. So only the first one does; until a write succeeds again, the others are told at once.
 */
const busyTimeoutMs = 1_000;
/** How often its name is looked at, at most. */
const presenceEveryMs = 250;
/** What can't be lost is looked through at the start; the history, which may be many gigabytes, is not. */
const checkedTables = ['workflows', 'workflow_events', 'instances'];

/** A transaction that begins by reading and then writes would fail at once when somebody else has written between. */
const begin = 'begin immediate';

type File = InstanceType<typeof Libsql>;

export interface SqliteFile extends SqliteDatabase {
  /** What the file was once found to be: damage does not heal, whatever the next query says. */
  readonly damage: () => Error | undefined;
}

export const sqliteFileIn = (dataDir: string): string => join(dataDir, 'agent.db');

/**
 * Opens `agent.db` in a folder that is made if need be.
 *
 * A write-ahead log with `synchronous = FULL`: an answered write is on the disk, also when the power fails.
 */
export function openSqliteFile(dataDir: string): SqliteFile {
  mkdirSync(dataDir, { recursive: true });
  const path = sqliteFileIn(dataDir);
  refuseLostFile(path);
  const file = new Libsql(path);
  try {
    for (const setting of [
      `busy_timeout = ${busyTimeoutMs}`,
      'journal_mode = WAL',
      'synchronous = FULL',
      'foreign_keys = ON',
      'cache_size = -16000',
    ]) {
      file.pragma(setting);
    }
    check(file);
  } catch (error) {
    file.close();
    throw error;
  }
  return keepingStatements(file, new Presence(path));
}

const damaged = (message: string) => Object.assign(new Error(message), { code: 'SQLITE_CORRUPT' });
const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size;
const inodeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.ino;

/** SQLite takes an empty file for a new one, and throws away the log beside it, which may hold all there was. */
function refuseLostFile(path: string): void {
  const isEmpty = (sizeOf(path) ?? 0) === 0;
  if (isEmpty && (sizeOf(`${path}-wal`) ?? 0) > 0) throw damaged('the file is empty, but its log is not');
}

function check(file: File): void {
  const known = file.prepare("select name from sqlite_master where type = 'table'").all([]) as { name: string }[];
  for (const table of checkedTables.filter((wanted) => known.some(({ name }) => name === wanted))) {
    const [found] = file.pragma(`quick_check('${table}')`) as { quick_check: string }[];
    if (found?.quick_check !== 'ok') throw damaged(found?.quick_check ?? `\`${table}\` can not be checked`);
  }
}

function keepingStatements(file: File, presence: Presence): SqliteFile {
  const kept = new Map<string, SqliteStatement>();
  const watch = new Watch(file, presence);
  return {
    prepare(given) {
      const sql = given === 'begin' ? begin : given;
      const known = kept.get(sql);
      if (known !== undefined) return known;
      const made = watch.guarded(() => asKyselyStatement(file, sql, watch));
      if (kept.size >= keptStatements) kept.clear();
      kept.set(sql, made);
      return made;
    },
    close() {
      kept.clear();
      file.close();
    },
    damage: () => watch.damage,
  };
}

/**
 * A file that was deleted or replaced goes on taking writes, and all of them are lost when the agent ends. So now and then
 * its name is looked at before a write. One that is put back is as good as before.
 */
class Presence {
  readonly #path: string;
  readonly #inode: number | undefined;
  #lookedAtMs = performance.now();
  #moved: Error | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#inode = inodeOf(path);
  }

  /** @throws with SQLite's own code for it, which it does not look for with a write-ahead log. */
  assert(): void {
    const nowMs = performance.now();
    if (nowMs - this.#lookedAtMs >= presenceEveryMs) {
      this.#lookedAtMs = nowMs;
      const isThere = inodeOf(this.#path) === this.#inode && inodeOf(`${this.#path}-wal`) !== undefined;
      this.#moved = isThere ? undefined : moved();
    }
    if (this.#moved !== undefined) throw this.#moved;
  }
}

const moved = () =>
  Object.assign(new Error('the file is not where it was opened'), { code: 'SQLITE_READONLY_DBMOVED' });

/** Sees each error of the file. */
class Watch {
  readonly #file: File;
  readonly #presence: Presence;
  #impatient = false;
  damage: Error | undefined;

  constructor(file: File, presence: Presence) {
    this.#file = file;
    this.#presence = presence;
  }

  guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof Error) this.#see(error);
      throw error;
    }
  }

  /** As {@link guarded}, for what may write. */
  guardedWrite<T>(work: () => T): T {
    this.#presence.assert();
    const done = this.guarded(work);
    if (this.#impatient) this.#waitUpTo(busyTimeoutMs);
    return done;
  }

  #see(error: Error): void {
    const code = codeOf(error);
    if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) this.damage ??= error;
    if (code.startsWith('SQLITE_BUSY') && !this.#impatient) this.#waitUpTo(0);
  }

  #waitUpTo(ms: number): void {
    this.#file.pragma(`busy_timeout = ${ms}`);
    this.#impatient = ms === 0;
  }
}

/** Asks once whether the statement gives rows: the driver crosses into native code for it each time. */
function asKyselyStatement(file: File, sql: string, watch: Watch): SqliteStatement {
  if (sql === begin) return beginning(file, watch);
  const statement = file.prepare(sql);
  const nothing = { changes: 0, lastInsertRowid: 0 };
  const isWrite = /^(insert|update|delete)\b/i.test(sql);
  const whole = <T>(work: () => T): T => (isWrite && !file.inTransaction ? committed(file, work) : work());
  return {
    reader: statement.reader,
    all: (parameters) => watch.guarded(() => whole(() => statement.all(parameters))),
    run: (parameters) => {
      // A full disk has already ended the transaction; to say so would hide why.
      if (sql === 'rollback' && !file.inTransaction) return nothing;
      const work = () => whole(() => statement.run(parameters));
      return sql === 'rollback' ? watch.guarded(work) : watch.guardedWrite(work);
    },
    iterate: (parameters) => statement.iterate(parameters),
  };
}

/** Not kept, as it may be refused as busy: {@link committed}. */
function beginning(file: File, watch: Watch): SqliteStatement {
  const run = () => {
    watch.guardedWrite(() => file.exec(begin));
    return { changes: 0, lastInsertRowid: 0 };
  };
  return { reader: false, run, all: () => (run(), []), iterate: () => [][Symbol.iterator]() };
}

/**
 * The driver does not end a kept statement that SQLite refuses as busy until it runs again. What others write meanwhile
 * seems to succeed, is not committed, and is taken back then. So only `exec`, which ends what it began, asks for the lock.
 */
function committed<T>(file: File, work: () => T): T {
  file.exec(begin);
  try {
    const done = work();
    file.exec('commit');
    return done;
  } catch (error) {
    if (file.inTransaction) file.exec('rollback');
    throw error;
  }
}
