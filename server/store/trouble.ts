/** Tells a database that is busy, full or gone from a fault of ours: the one is answered 503, the other 500. */

/** SQLite: another process writes, the disk is full or broken, the file can't be opened. */
const sqliteCodes = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY)/;
/**
 * PostgreSQL: classes 08 (connection), 53 (resources), 57 (operator intervention, also a statement timeout) and 40
 * (serialization, deadlock); Appendix A of its manual.
 */
const postgresCodes = /^(08|53|57|40)[0-9A-Z]{3}$/;
const socketCodes = /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND|AI_AGAIN)$/;
/** The pool of `pg` has no codes for its own timeouts and broken connections. */
const poolMessages = /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout)/;

export function isDatabaseTrouble(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    [sqliteCodes, postgresCodes, socketCodes].some((codes) => codes.test(code)) || poolMessages.test(error.message)
  );
}
