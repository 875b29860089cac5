/** A database that is held or gone for a while, and back again: each takes as long as the waits that are tested. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { startTestAgent } from './testing/agent.ts';
import { test } from './testing/plain-test.ts';
import { startTestPostgres } from './testing/postgres.ts';

test('a database that somebody else holds is answered 503, nothing is half-written, and all is well afterwards', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'agent-locked-'));
  const locked = await startTestAgent({ DATA_DIR: folder });
  const other = new Libsql(join(folder, 'agent.db'));
  other.exec('begin immediate');
  const answer = await locked.ask('POST', '/api/v1/workflows', { instance_id: 'a' });
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  expect((await locked.ask('GET', '/api/v1/workflows')).body).toEqual([]); // readers are not held up
  other.exec('rollback');
  other.close();
  expect((await locked.ask('POST', '/api/v1/workflows', { instance_id: 'a' })).status).toBe(202);
  expect((await locked.ask('GET', '/api/v1/workflows')).body).toHaveLength(1);
  await locked.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a PostgreSQL that goes away is answered 503, and the agent goes on when it is back', async () => {
  const postgres = await startTestPostgres();
  const far = await startTestAgent({ DATABASE_URL: postgres.url });
  expect((await far.ask('POST', '/api/v1/workflows', { instance_id: 'a' })).status).toBe(202);
  await postgres.halt();
  for (const [method, path, body] of [
    ['GET', '/api/v1/workflows'],
    ['POST', '/api/v1/workflows', { instance_id: 'b' }],
    ['GET', '/readyz'],
  ] as const) {
    // prettier-ignore
    expect((await far.ask(method, path, body)).body).toMatchObject({ status: 503, type: 'urn:playload:problem:not-ready' });
  }
  expect((await far.ask('GET', '/api/v1/health/detailed')).body).toMatchObject({ status: 'unhealthy' });
  expect((await far.ask('GET', '/api/v1/health')).status).toBe(200);
  await postgres.resume();
  expect((await far.ask('GET', '/api/v1/workflows')).body).toMatchObject([{ instance_id: 'a' }]);
  await far.stop();
  await postgres.stop();
});

test('a connection of PostgreSQL that breaks between two queries fails the next one, and not the agent', async () => {
  const postgres = await startTestPostgres();
  const far = await startTestAgent({ DATABASE_URL: postgres.url });
  const cut = far.db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
    const own = rows[0]?.pid ?? Number.NaN;
    await sql`select pg_terminate_backend(${own})`.execute(far.db);
    const isThere = async () =>
      (await sql`select 1 from pg_stat_activity where pid = ${own}`.execute(far.db)).rows.length;
    await expect.poll(isThere).toBe(0);
    await sql`select 1`.execute(transaction);
  });
  await expect(cut).rejects.toThrow(/terminat|connection/i);
  expect((await far.ask('POST', '/api/v1/workflows', { instance_id: 'a' })).status).toBe(202);
  await far.stop();
  await postgres.stop();
});
