/**
 * Tells a database that is busy, full, damaged or gone from a fault of ours: the one is answered 503 in our own words,
 * the other 500. What the database itself says may name hosts, users and files, and stays in the log.
 */

export interface Trouble {
  /** For callers. */
  readonly detail: string;
  /** For the operator: what to do about it. */
  readonly advice: string;
  /** When asking again may help. */
  readonly retryAfterS: number;
}

const troubles = {
  busy: {
    detail: 'another process holds the database',
    advice: 'stop the other process (an SQLite file is for one agent; several share a PostgreSQL)',
    retryAfterS: 1,
  },
  full: { detail: 'the disk of the database is full', advice: 'make room on its disk', retryAfterS: 10 },
  damaged: {
    detail: 'the database is damaged',
    advice: 'stop the agent and restore the last backup; to begin anew, move all files of the database away',
    retryAfterS: 60,
  },
  moved: {
    detail: 'the file of the database was moved or deleted',
    advice: 'stop the agent and put file and log back, or restore the last backup',
    retryAfterS: 60,
  },
  readOnly: {
    detail: 'the database can not be written',
    advice: 'let the user of the agent write to it, folder and files',
    retryAfterS: 30,
  },
  disk: { detail: 'the disk of the database fails', advice: "look at the machine's disk and its log", retryAfterS: 30 },
  unopenable: {
    detail: 'the database can not be opened',
    advice: 'give a folder in which the user of the agent may make files',
    retryAfterS: 30,
  },
  refused: {
    detail: 'the database refuses this agent',
    advice: 'correct user, password and database in `DATABASE_URL`',
    retryAfterS: 30,
  },
  gone: { detail: 'the database does not answer', advice: 'start it, or correct `DATABASE_URL`', retryAfterS: 1 },
} as const satisfies Readonly<Record<string, Trouble>>;

/**
 * SQLite's own codes; then those of PostgreSQL (Appendix A of its manual), where 08 is the connection, 40 serialization
 * and deadlock, 53 resources, 57 the operator (also a statement timeout), 58 the system, XX00 damaged data; then sockets.
 * The first that fits counts.
 */
const codes: readonly (readonly [RegExp, keyof typeof troubles])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'busy'],
  [/^(SQLITE_FULL|53100|ENOSPC|EDQUOT)/, 'full'],
  [/^(SQLITE_(CORRUPT|NOTADB)|XX00[12]$)/, 'damaged'],
  [/^SQLITE_READONLY_DBMOVED$/, 'moved'],
  [/^(SQLITE_(READONLY|PERM)|25006$|EROFS$)/, 'readOnly'],
  [/^(SQLITE_IOERR|58[0-9A-Z]{3}$|EIO$)/, 'disk'],
  [/^(SQLITE_CANTOPEN|EACCES$|EPERM$|EEXIST$|ENOTDIR$)/, 'unopenable'],
  [/^(28[0-9A-Z]{3}|3D000)$/, 'refused'],
  [/^((08|40|53|57)[0-9A-Z]{3}|E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN))$/, 'gone'],
];

/** Errors without a code: the timeouts and broken connections of the pool of `pg`, and a file libSQL could not open. */
const messages: readonly (readonly [RegExp, keyof typeof troubles])[] = [
  [/^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/, 'gone'],
  [/^ConnectionFailed\(/, 'unopenable'],
];

/** @returns `undefined` for an error that is not the database's. */
export function troubleOf(error: Error): Trouble | undefined {
  const code = codeOf(error);
  const known =
    codes.find(([pattern]) => pattern.test(code)) ?? messages.find(([pattern]) => pattern.test(error.message));
  return known === undefined ? undefined : troubles[known[1]];
}

/** The code that the database gave, or nothing. */
export const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');
