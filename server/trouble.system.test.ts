/**
 * A database in trouble, with the agent as a process: what a start says, what a running agent answers, what readiness
 * tells, that it goes on by itself when the trouble ends, and that nothing is written by halves.
 */
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import Libsql from 'libsql';
import pg from 'pg';
import { test } from './testing/plain-test.ts';
import { agentProcesses, type AgentProcess } from './testing/agent-process.ts';
import { startTestPostgres } from './testing/postgres.ts';

const run = promisify(execFile);
const { folder, start, fail } = agentProcesses();
const file = () => join(folder(), 'agent.db');
const isRoot = process.getuid?.() === 0;
/** So long SQLite waits, when it waits. */
const busyTimeoutMs = 1_000;

const create = (agent: AgentProcess) => agent.ask('POST', '/api/v1/workflows', { instance_id: 'nobody' });
const ready = async (agent: AgentProcess) => {
  const { status, body } = await agent.ask('GET', '/readyz');
  return status === 200 ? 'ready' : `${status} ${String(body['detail'])}`;
};
const untilReady = (agent: AgentProcess, expected: string) =>
  expect.poll(() => ready(agent), { timeout: 20_000, intervals: [200] }).toBe(expected);

/** What an operator sees besides. */
async function seen(agent: AgentProcess) {
  const { body } = await agent.ask('GET', '/api/v1/health/detailed');
  const { database } = body['components'] as { database: { status: string; detail?: string } };
  const page = await agent.ask('GET', '/metrics');
  const writable = /^agent_database_writable (\d)$/m.exec(page.text)?.[1];
  return { status: database.status, detail: database.detail, page: page.status, writable };
}

const sound = { status: 'healthy', detail: undefined, page: 200, writable: '1' };
const ill = (detail: string) => ({ status: 'unhealthy', detail, page: 200, writable: '0' });

/** Runs statements on the file, as another process. */
function onFile<T>(work: (db: InstanceType<typeof Libsql>) => T): T {
  const db = new Libsql(file());
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Every workflow has each of its events, and its last one tells its state. */
function halves(): unknown[] {
  return onFile((db) =>
    db
      .prepare(
        `select w.id, w.status, w.version from workflows w where w.version > 1 and (
           (select count(*) from workflow_events e where e.workflow_id = w.id) <> w.version - 1
           or (select status from workflow_events e where e.workflow_id = w.id and e.seq = w.version) is not w.status)
         union all select e.workflow_id, e.status, e.seq from workflow_events e
           where not exists (select 1 from workflows w where w.id = e.workflow_id and w.version >= e.seq)`,
      )
      .all([]),
  );
}

/** A stopped agent's database, all in its one file. */
async function filled(count = 400): Promise<void> {
  const agent = await start();
  await Promise.all(Array.from({ length: count }, () => create(agent)));
  expect(await agent.end()).toBe(0);
  onFile((db) => db.pragma('wal_checkpoint(TRUNCATE)'));
}

async function overwrite(from: number, length: number): Promise<void> {
  const handle = await open(file(), 'r+');
  await handle.write(Buffer.alloc(length, 0xa5), 0, length, from);
  await handle.close();
}

const damages = [
  { what: 'overwritten in the middle', damage: async () => overwrite(Math.floor((await stat(file())).size / 8) * 4, 32_768) }, // prettier-ignore
  { what: 'overwritten at its beginning', damage: () => overwrite(0, 4_096) },
  { what: 'cut in half', damage: async () => truncate(file(), Math.floor((await stat(file())).size / 2)) },
  { what: 'no database at all', damage: () => writeFile(file(), 'just words, and many of them\n'.repeat(1_000)) },
  { what: 'empty beside a log that is not', damage: async () => { await writeFile(`${file()}-wal`, await readFile(file())); await truncate(file(), 0); } }, // prettier-ignore
];

for (const { what, damage } of damages) {
  test(`a file that is ${what} ends the start, and is left as it is`, async () => {
    await filled();
    await damage();
    const before = await readFile(file());
    const { code, said } = await fail();
    expect(said).toMatch(/^the agent does not start: the database `\S+agent\.db` is damaged \(SQLITE_\w+\): stop the agent and restore the last backup; .*\n$/); // prettier-ignore
    expect(code).toBe(1);
    expect(before.equals(await readFile(file()))).toBe(true);
  });
}

test('an empty file without a log is a new one', async () => {
  await writeFile(file(), '');
  const agent = await start();
  expect(await ready(agent)).toBe('ready');
});

test('what a newer release has been at is refused, and says so', async () => {
  await filled(1);
  onFile((db) => db.exec("insert into kysely_migration (name, timestamp) values ('0099_later', '2030-01-01')"));
  const { code, said } = await fail();
  expect(code).toBe(1);
  expect(said).toMatch(/^the agent does not start: the database `\S+` was used by a newer release \(`0099_later` is unknown to this one\): start that release again, or restore the backup.*\n$/); // prettier-ignore
});

test('a folder that is a file, and one that may not be written, end the start', async () => {
  await writeFile(join(folder(), 'taken'), '');
  const taken = await fail({ DATA_DIR: join(folder(), 'taken') });
  expect([taken.code, taken.said]).toEqual([1, expect.stringMatching(/^the agent does not start: the database `\S+` can not be opened \(EEXIST\): give a folder.*\n$/)]); // prettier-ignore
  const closed = join(folder(), 'closed');
  await mkdir(closed);
  await withReadOnly(closed, async () => {
    const { code, said } = await fail({ DATA_DIR: closed });
    expect([code, said]).toEqual([1, expect.stringMatching(/^the agent does not start: the database `\S+` can not be (opened|written).*\n$/)]); // prettier-ignore
  });
});

/** Permissions do not stop root, a mount does. */
async function withReadOnly(path: string, work: () => Promise<void>): Promise<void> {
  if (!isRoot) {
    await chmod(path, 0o555);
    await work().finally(() => chmod(path, 0o755));
    return;
  }
  await run('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', path]);
  await work().finally(() => run('umount', ['-l', path]));
}

test('a file that another process holds before there are tables ends the start', async () => {
  const other = new Libsql(file());
  other.exec('begin exclusive');
  const { code, said } = await fail();
  other.exec('rollback');
  other.close();
  expect(said).toMatch(/^the agent does not start: another process holds the database `\S+` \(SQLITE_BUSY\): stop the other process.*\n$/); // prettier-ignore
  expect(code).toBe(1);
});

test('a file held by another process: told at once, never 500, and over when it is let go', async () => {
  const agent = await start();
  const accepted = [await create(agent)];
  const other = new Libsql(file());
  other.exec('begin exclusive');
  await untilReady(agent, '503 another process holds the database');
  expect(await seen(agent)).toEqual(ill('another process holds the database'));
  // A machine that stands still makes some of them slow; an agent that waits for the database anew never answers ten in a row.
  let quickInARow = 0;
  const askTwice = async () => {
    const beganAt = performance.now();
    const { status, headers, body } = await create(agent);
    expect([status, headers.get('retry-after'), body['type'], body['detail']]).toEqual([
      ...[503, '1', 'urn:playload:problem:not-ready', 'another process holds the database'],
    ]);
    expect((await agent.ask('GET', '/api/v1/health')).status).toBe(200);
    quickInARow = performance.now() - beganAt < busyTimeoutMs ? quickInARow + 1 : 0;
  };
  for (let n = 0; n < 100 && quickInARow < 10; n++) await askTwice();
  expect(quickInARow).toBe(10);
  expect((await agent.ask('GET', '/api/v1/workflows')).status).toBe(200);
  other.exec('rollback');
  other.close();
  await untilReady(agent, 'ready');
  expect(await seen(agent)).toEqual(sound);
  accepted.push(await create(agent));
  expect(accepted.map(({ status }) => status)).toEqual([202, 202]);
  expect((await agent.ask('GET', '/api/v1/workflows')).text.match(/"id"/g)).toHaveLength(2);
});

const disappearances = [
  { what: 'deleted', away: () => rm(file()) },
  { what: 'replaced by another', away: async () => { await rename(file(), `${file()}.old`); await copyFile(`${file()}.old`, file()); } }, // prettier-ignore
  { what: 'left without its log', away: () => rm(`${file()}-wal`) },
  { what: 'moved away and put back', away: () => rename(file(), `${file()}.old`), back: () => rename(`${file()}.old`, file()) }, // prettier-ignore
];

for (const { what, away, back } of disappearances) {
  test(`a file that is ${what} under a running agent: nothing more is accepted into it`, async () => {
    const agent = await start();
    expect((await create(agent)).status).toBe(202);
    await away();
    const detail = 'the file of the database was moved or deleted';
    await untilReady(agent, `503 ${detail}`);
    expect(await seen(agent)).toEqual(ill(detail));
    const refused = await create(agent);
    expect([refused.status, refused.body['detail'], refused.headers.get('retry-after')]).toEqual([503, detail, '60']);
    expect((await agent.ask('GET', '/livez')).status).toBe(200);
    await back?.();
    if (back === undefined) return;
    await untilReady(agent, 'ready');
    expect((await create(agent)).status).toBe(202);
    expect(await agent.end()).toBe(0);
    expect(onFile((db) => db.prepare('select count(*) as n from workflows').all([]))).toEqual([{ n: 2 }]);
  });
}

interface Full {
  readonly what: string;
  readonly detail: string;
  readonly retryAfterS: string;
  /** Makes the place of the database. */
  readonly make: (disk: string) => Promise<unknown>;
  readonly fill: (disk: string, agent: AgentProcess) => Promise<unknown>;
  readonly free: (disk: string, agent: AgentProcess) => Promise<unknown>;
  readonly end: (disk: string) => Promise<unknown>;
}

const limitFiles =
  (bytes: string) =>
  (_: string, { child }: AgentProcess) =>
    run('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:`]);
const nothing = () => Promise.resolve();
const smallDisk: Full = {
  what: 'a full disk',
  detail: 'the disk of the database is full',
  retryAfterS: '10',
  make: (disk) => run('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', disk]),
  // As much as there is room for.
  fill: (disk) => writeFile(join(disk, 'ballast'), Buffer.alloc(3 << 20)).catch(() => undefined),
  free: (disk) => run('rm', [join(disk, 'ballast')]),
  end: (disk) => run('umount', ['-l', disk]),
};
/** For this the system has a code that SQLite knows no name for. */
const smallFiles: Full = {
  what: 'a limit on the size of files',
  detail: 'the disk of the database fails',
  retryAfterS: '30',
  make: nothing,
  fill: limitFiles('200000'),
  free: limitFiles('unlimited'),
  end: nothing,
};

// Only root may make a small disk.
for (const { what, detail, retryAfterS, make, fill, free, end } of isRoot ? [smallDisk, smallFiles] : [smallFiles]) {
  test(`${what}: refused in words, what is there is read, and it goes on when there is room`, async () => {
    const disk = join(folder(), 'disk');
    await mkdir(disk);
    await make(disk);
    try {
      const agent = await start({ DATA_DIR: disk });
      const kept = await create(agent);
      await fill(disk, agent);
      const answers = await Promise.all(Array.from({ length: 300 }, () => create(agent)));
      const statuses = new Set(answers.map(({ status }) => status));
      expect([...statuses].filter((status) => status !== 202)).toEqual([503]);
      const refused = answers.find(({ status }) => status === 503);
      expect([refused?.body['detail'], refused?.headers.get('retry-after')]).toEqual([detail, retryAfterS]);
      await untilReady(agent, `503 ${detail}`);
      expect(await seen(agent)).toEqual(ill(detail));
      const cancel = `/api/v1/workflows/${String(kept.body['id'])}/cancel`;
      const cancelled = await agent.ask('POST', cancel, {}); // two rows in one transaction
      expect([cancelled.status, cancelled.body['detail']]).toEqual([503, detail]);
      expect((await agent.ask('GET', `/api/v1/workflows/${String(kept.body['id'])}`)).body['status']).toBe('queued');
      await free(disk, agent);
      await untilReady(agent, 'ready');
      expect(await seen(agent)).toEqual(sound);
      expect([(await create(agent)).status, (await agent.ask('POST', cancel, {})).status]).toEqual([202, 200]);
      expect(await agent.end()).toBe(0);
      await run('cp', ['-r', `${disk}/.`, folder()]);
    } finally {
      await end(disk);
    }
    expect(halves()).toEqual([]);
  });
}

test('a file damaged under a running agent: 503 in words, and not ready from then on', async () => {
  await filled();
  const agent = await start();
  onFile((db) => db.pragma('wal_checkpoint(TRUNCATE)'));
  const { size } = await stat(file());
  await overwrite(Math.floor(size / 8_192) * 4_096, Math.floor(size / 2));
  onFile((db) => db.exec("insert into marks values ('other', 1)")); // so that the agent reads the file anew
  const list = '/api/v1/workflows?limit=200';
  const detail = async () => (await agent.ask('GET', list)).body['detail'];
  await expect.poll(detail, { timeout: 20_000 }).toBe('the database is damaged');
  const { status, headers } = await agent.ask('GET', list);
  expect([status, headers.get('retry-after')]).toEqual([503, '60']);
  await untilReady(agent, '503 the database is damaged');
  expect(await seen(agent)).toEqual(ill('the database is damaged'));
  expect((await agent.ask('GET', '/livez')).status).toBe(200); // to start it again would not help
});

test('PostgreSQL that goes away, comes back, and takes no writes', async () => {
  const postgres = await startTestPostgres();
  try {
    const url = await postgres.newDatabase();
    const agent = await start({ DATABASE_URL: url });
    expect((await create(agent)).status).toBe(202);
    await postgres.halt();
    const gone = await create(agent);
    expect([gone.status, gone.body['detail'], gone.headers.get('retry-after')]).toEqual([503, 'the database does not answer', '1']); // prettier-ignore
    expect(gone.text).not.toContain(new URL(url).port);
    await untilReady(agent, '503 the database does not answer');
    expect(await seen(agent)).toEqual(ill('the database does not answer'));
    await postgres.resume();
    await untilReady(agent, 'ready');
    const name = new URL(url).pathname.slice(1);
    await asOwner(postgres.url, [`alter database ${name} set default_transaction_read_only = on`, cutOff(name)]);
    await untilReady(agent, '503 the database can not be written');
    const refused = await create(agent);
    expect([refused.status, refused.body['detail']]).toEqual([503, 'the database can not be written']);
    expect((await agent.ask('GET', '/api/v1/workflows')).status).toBe(200);
    await asOwner(postgres.url, [`alter database ${name} reset default_transaction_read_only`, cutOff(name)]);
    await untilReady(agent, 'ready');
    expect((await create(agent)).status).toBe(202);
  } finally {
    await postgres.stop();
  }
});

const cutOff = (name: string) => `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`;

async function asOwner(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
