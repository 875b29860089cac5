/** A database that is held or gone for a while, and back again: each takes as long as the waits that are tested. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
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
