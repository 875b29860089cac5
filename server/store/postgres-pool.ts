/** Connections to PostgreSQL that give numbers as numbers and don't wait for ever. */
import pg from 'pg';

/** Each connection is a process of the server; beyond a few per core they only wait for one another. */
const connections = 10;
const connectTimeoutMs = 2_000;
const statementTimeoutMs = 10_000;

/** `int8`: every one of ours is a moment or a count, far below 2^53. */
const int8 = 20;

export function openPostgresPool(connectionString: string): pg.Pool {
  const types = new pg.TypeOverrides();
  types.setTypeParser(int8, Number);
  const pool = new pg.Pool({
    connectionString,
    max: connections,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
    types,
  });
  // An idle connection that breaks has nobody who waits for it; the next query opens another one, or says why not.
  pool.on('error', () => undefined);
  // The pool listens to idle ones alone. One that breaks in somebody's hands, between two queries, fails the next of them.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
