/** A database that is held or gone for a while, and back again: each takes as long as the waits that are tested. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { startTestAgent } from './testing/agent.ts';
import { LivedTime } from './testing/lived-time.ts';
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
    await expect.poll(isThere, { timeout: 20_000 }).toBe(0);
    await sql`select 1`.execute(transaction);
  });
  await expect(cut).rejects.toThrow(/terminat|connection/i);
  expect((await far.ask('POST', '/api/v1/workflows', { instance_id: 'a' })).status).toBe(202);
  await far.stop();
  await postgres.stop();
});

/** On the way to a PostgreSQL: what comes after `hang` goes nowhere. */
async function wayTo(database: string): Promise<{ url: string; hang: () => void; close: () => void }> {
  const url = new URL(database);
  const port = Number(url.port);
  const sockets = new Set<Socket>();
  let hangs = false;
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.on('data', (chunk) => hangs || to.write(chunk));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url.port = String((server.address() as AddressInfo).port);
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: url.href, hang: () => (hangs = true), close };
}

test('who asks how an agent is whose PostgreSQL hangs waits no longer than a supervisor does', async () => {
  const postgres = await startTestPostgres();
  const way = await wayTo(postgres.url);
  const far = await startTestAgent({ DATABASE_URL: way.url });
  expect((await far.ask('GET', '/readyz')).status).toBe(200);
  way.hang();
  const lived = new LivedTime();
  const [ready, detailed] = await Promise.all([far.ask('GET', '/readyz'), far.ask('GET', '/api/v1/health/detailed')]);
  lived.stop();
  expect(lived.nowMs()).toBeLessThan(4_000); // half of it is slack; what a supervisor waits for
  expect([ready.status, (ready.body as { detail: string }).detail]).toEqual([503, 'the database does not answer']);
  expect(detailed.body).toMatchObject({ components: { database: { detail: 'the database does not answer' } } });
  way.close();
  await far.stop();
  await postgres.stop();
});
