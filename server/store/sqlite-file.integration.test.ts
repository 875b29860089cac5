/**
 * A file that another process holds for a while. How long writes wait for it tells SQLite itself: no clock is read. What
 * is written when it is free again is there for others, and stays.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { test } from '../testing/plain-test.ts';
import { openDatabase, type OpenedDatabase } from './open.ts';

let folder: string;
let opened: OpenedDatabase;
let other: InstanceType<typeof Libsql>;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agent-file-'));
  opened = await openDatabase({ dataDir: folder });
  other = new Libsql(join(folder, 'agent.db'));
});
test.afterEach(async () => {
  other.close();
  await opened.close();
  await rm(folder, { recursive: true });
});

test('one write waits for a held file, no other does until one succeeds, and then the next waits again', async () => {
  for (let round = 0; round < 2; round++) {
    expect(await waitMs()).toBe(1_000);
    other.exec('begin exclusive');
    for (let n = 0; n < 10; n++) {
      for (const refused of [write, writeTogether]) {
        await expect(refused()).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
        expect(await waitMs(), 'the next one waits').toBe(0);
        await opened.ping(); // what only reads succeeds, and tells nothing
        expect(await waitMs(), 'the next one waits, as something was read').toBe(0);
      }
    }
    other.exec('rollback');
    await write();
  }
  expect(await waitMs()).toBe(1_000);
});

const refusals: { readonly what: string; readonly ask: () => Promise<unknown> }[] = [
  { what: 'a row', ask: () => write() },
  { what: 'a transaction', ask: () => writeTogether() },
  { what: 'a change that gives rows', ask: () => opened.db.deleteFrom('marks').where('name', '=', 'none').returning('at').execute() }, // prettier-ignore
];
for (const { what, ask } of refusals) {
  test(`${what} refused as busy takes back nothing of what others write after it, and holds no lock`, async () => {
    other.exec('begin exclusive');
    await expect(ask()).rejects.toMatchObject({ code: 'SQLITE_BUSY' });
    other.exec('rollback');
    for (const name of ['b', 'c']) {
      await opened.db.insertInto('marks').values({ name, at: 1 }).execute();
      expect(namesSeen()).toContain(name);
    }
    other.exec('begin immediate; rollback');
    await ask();
    expect(namesSeen()).toEqual(expect.arrayContaining(['b', 'c']));
  });
}

test('a write that fails leaves no transaction open', async () => {
  const twice = () => opened.db.insertInto('marks').values({ name: 'b', at: 1 }).execute();
  await twice();
  await expect(twice()).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  other.exec('begin immediate; rollback');
  await write();
  expect(namesSeen()).toEqual(['b', 'write']);
});

const namesSeen = () =>
  (other.prepare('select name from marks order by name').all([]) as { name: string }[]).map(({ name }) => name);

let moment = 0;
const write = () => opened.tryWrite(moment++);
const writeTogether = () =>
  opened.db.transaction().execute((all) => all.updateTable('marks').set({ at: moment++ }).execute());

/** How long the next write would wait. */
async function waitMs(): Promise<number | undefined> {
  const { rows } = await sql<{ timeout: number }>`pragma busy_timeout`.execute(opened.db);
  return rows[0]?.timeout;
}
