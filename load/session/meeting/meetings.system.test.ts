/** Both kinds of meeting, as several shards in one process go through them: real files, real sockets. */
import files, { mkdir, mkdtemp, readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { expect } from '@playwright/test';
import { listening } from '../../../testing/listening.ts';
import { test } from '../../../testing/plain-test.ts';
import { type Clock, realClock } from '../../run/clock.ts';
import { meetAtServer } from './meet-at-server.ts';
import { meetInFolder } from './meet-in-folder.ts';
import type { MeetingPlace } from './meeting-place.ts';
import { meetPath } from './meeting-message.ts';
import { MeetingServer, type MeetingServerOptions } from './meeting-server.ts';
import { NoteFolder } from './note-folder.ts';
import { type Occasion, type Party, partyOf } from './party.ts';

const occasion: Occasion = { runId: 'local', project: 'load', testId: 'a', repeatEachIndex: 0, loadIndex: 0 };
const party = (shard: number, of: number, other: Partial<Occasion> = {}) =>
  partyOf({ ...occasion, ...other }, { index: shard - 1, of });
const { listen } = listening();
const undo: (() => Promise<void>)[] = [];
test.afterEach(async () => {
  for (const each of undo.splice(0).toReversed()) await each();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'playload-meet-'));
  undo.push(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function newServer(options: Partial<MeetingServerOptions> & { shards: number }): Promise<MeetingServer> {
  const server = await MeetingServer.start({ host: '127.0.0.1', ...options });
  undo.push(async () => server.close());
  return server;
}

interface Came {
  readonly place: MeetingPlace;
  readonly party: Party;
  readonly afterMs?: number;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** Resolves with when it started, or with why it did not. */
async function come({ place, party: who, afterMs = 0, clock = realClock, signal }: Came): Promise<number | string> {
  await realClock.sleepUntil(realClock.now() + afterMs);
  const parts = { place, party: who, clock, signal: signal ?? new AbortController().signal };
  try {
    await (place.kind === 'folder' ? meetInFolder(parts) : meetAtServer({ ...parts, what: 'browse' }));
    return performance.now();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const kinds = ['folder', 'server'] as const;
async function newPlace(kind: 'folder' | 'server', shards: number, timeoutMs: number): Promise<MeetingPlace> {
  if (kind === 'folder') return { kind, where: await newFolder(), timeoutMs };
  const { port } = await newServer({ shards });
  return { kind, where: `http://127.0.0.1:${port}`, timeoutMs };
}

for (const kind of kinds) {
  test(`4 shards that come to a ${kind} in their time start together`, async () => {
    const place = await newPlace(kind, 4, 20_000);
    const came = [0, 700, 300, 1_000].map(async (afterMs, at) => come({ place, party: party(at + 1, 4), afterMs }));
    const started = (await Promise.all(came)) as number[];
    expect(started.map((each) => typeof each)).toEqual(['number', 'number', 'number', 'number']);
    expect(Math.max(...started) - Math.min(...started)).toBeLessThan(200);
    if (kind === 'folder') expect(await readdir(place.where)).toEqual([]);
  });

  test(`two loads, two tests and two runs each meet by themselves at a ${kind}`, async () => {
    const place = await newPlace(kind, 2, 20_000);
    const whole: Partial<Occasion>[] = [
      {},
      { loadIndex: 1 },
      { testId: 'b' },
      { project: 'other' },
      { repeatEachIndex: 1 },
    ];
    const alone = come({ place: { ...place, timeoutMs: 3_000 }, party: party(1, 2, { runId: 'another' }) });
    const met = await Promise.all(
      whole.flatMap((other) => [1, 2].map(async (shard) => come({ place, party: party(shard, 2, other) }))),
    );
    expect(met.map((each) => typeof each)).toEqual(met.map(() => 'number'));
    expect(await alone).toBe(`shard 2 of 2 never came to ${place.where} within 3s; shard 1 did`);
    if (kind === 'folder') expect(await readdir(place.where)).toEqual([]);
  });

  test(`a shard that never comes to a ${kind} is named to all who did`, async () => {
    const place = await newPlace(kind, 4, 5_000);
    const first = come({ place: { ...place, timeoutMs: 3_000 }, party: party(1, 4) });
    const said = await Promise.all([first, ...[2, 4].map(async (shard) => come({ place, party: party(shard, 4) }))]);
    expect(said[0]).toBe(`shard 3 of 4 never came to ${place.where} within 3s; shards 1, 2, 4 did`);
    for (const each of said.slice(1)) expect(each).toContain(`shard 3 of 4 never came to ${place.where} within 5s; `);
    if (kind === 'folder') expect(await readdir(place.where)).toEqual([]);
  });

  test(`a shard that is told to stop leaves a ${kind} at once and without a word`, async () => {
    const place = await newPlace(kind, 2, 60_000);
    const stop = new AbortController();
    const came = come({ place, party: party(1, 2), signal: stop.signal });
    setTimeout(() => stop.abort(), 300);
    expect(typeof (await came)).toBe('number');
    if (kind === 'folder') expect(await readdir(place.where)).toEqual([]);
  });

  test(`clocks minutes apart do not matter at a ${kind}`, async () => {
    const place = await newPlace(kind, 2, 10_000);
    const ahead: Clock = { ...realClock, epochMs: () => Date.now() + 600_000, now: () => realClock.now() };
    const started = await Promise.all([
      come({ place, party: party(1, 2), clock: ahead }),
      come({ place, party: party(2, 2), afterMs: 200 }),
    ]);
    expect(started.map((each) => typeof each)).toEqual(['number', 'number']);
  });
}

for (const kind of kinds) {
  test(`one whose patience ends at a ${kind} before that of the others is no stranger to them`, async () => {
    const place = await newPlace(kind, 3, 5_000);
    const hasty = come({ place: { ...place, timeoutMs: 3_000 }, party: party(1, 3) });
    const said = await Promise.all([hasty, come({ place, party: party(2, 3) })]);
    expect(said).toEqual([
      `shard 3 of 3 never came to ${place.where} within 3s; shards 1, 2 did`,
      `shard 3 of 3 never came to ${place.where} within 5s; shard 1 of 3 came to ${place.where} and went away (killed, or out of patience); shard 2 did`,
    ]);
  });
}

/** As all modules see it, until the test is over. */
function replaceInFiles<Name extends 'rename' | 'writeFile'>(name: Name, how: (typeof files)[Name]): void {
  const before = files[name];
  const set = (one: typeof before) => {
    files[name] = one;
    syncBuiltinESMExports();
  };
  undo.push(async () => {
    set(before);
    return Promise.resolve();
  });
  set(how);
}

test('a shard that stands still in the middle of a step leaves nothing behind', async () => {
  const where = await newFolder();
  const { rename } = files;
  replaceInFiles('rename', async (from, to) => {
    await rename(from, to);
    const name = String(to);
    const stillMs = /\/1\.\w+\.met$/.test(name) ? 500 : /\/2\.\w+\.gone$/.test(name) ? 1_500 : 0; // the second goes first
    await realClock.sleepUntil(realClock.now() + stillMs);
  });
  const place = { kind: 'folder', where, timeoutMs: 20_000 } as const;
  const both = await Promise.all([1, 2].map(async (shard) => come({ place, party: party(shard, 2) })));
  expect(both.map((each) => typeof each)).toEqual(['number', 'number']);
  expect(await readdir(where)).toEqual([]);
});

test('a shard that comes while the last of others takes the folder away makes it again', async () => {
  const where = await newFolder();
  const { writeFile: write } = files;
  let taken = 0;
  replaceInFiles('writeFile', async (...parts) => {
    if (taken++ === 0) await rmdir(join(where, `meeting-${party(1, 2).key}`));
    return write(...parts);
  });
  const place = { kind: 'folder', where, timeoutMs: 20_000 } as const;
  const both = await Promise.all(
    [1, 2].map(async (shard) => come({ place, party: party(shard, 2), afterMs: shard * 300 })),
  );
  expect(
    both.map((each) => typeof each),
    both.join('\n'),
  ).toEqual(['number', 'number']);
  expect(taken).toBeGreaterThan(1);
});

test('leftovers of an earlier run of the same name start nobody', async () => {
  const where = await newFolder();
  const { key } = party(1, 2);
  const old = { shard: 2, nonce: 'deadbeef', step: 'met', sees: ['0123456789abcdef'], beat: 7 } as const;
  await new NoteFolder(join(where, `meeting-${key}`)).write(old);
  const place = { kind: 'folder', where, timeoutMs: 800 } as const;
  expect(await come({ place, party: party(1, 2) })).toBe(
    `shard 2 of 2 never came to ${where} within 800ms; shard 1 did`,
  );
  const patient = { ...place, timeoutMs: 20_000 };
  const both = await Promise.all([1, 2].map(async (shard) => come({ place: patient, party: party(shard, 2) })));
  expect(both.map((each) => typeof each)).toEqual(['number', 'number']);
  expect(await readdir(join(where, `meeting-${key}`))).toEqual(['2.deadbeef.met']);
});

test('files that are no notes are passed over', async () => {
  const where = await newFolder();
  const folder = join(where, `meeting-${party(1, 2).key}`);
  await mkdir(folder);
  for (const name of ['1.ab.met', '2.cd.came', 'README', '2.zz.met', '2.ef.later'])
    await writeFile(join(folder, name), '{"sees":1');
  const place = { kind: 'folder', where, timeoutMs: 20_000 } as const;
  const both = await Promise.all([1, 2].map(async (shard) => come({ place, party: party(shard, 2) })));
  expect(both.map((each) => typeof each)).toEqual(['number', 'number']);
});

test('a shard that dies before the last comes to a folder holds all back, and is named as lost', async () => {
  const where = await newFolder();
  const place = { kind: 'folder', where, timeoutMs: 9_500 } as const;
  const { key, nonce: dead } = party(3, 3);
  const early = party(1, 3);
  const note = { shard: 3, nonce: dead, step: 'came', sees: [early.nonce], beat: 4 } as const;
  await new NoteFolder(join(where, `meeting-${key}`)).write(note);
  const hasty = come({ place: { ...place, timeoutMs: 7_500 }, party: early });
  const said = await Promise.all([hasty, come({ place, party: party(2, 3) })]);
  expect(said).toEqual([
    `shard 3 of 3 came to ${where} and went away (killed, or out of patience); shards 1, 2 waited`,
    `shard 3 of 3 never came to ${where} within 9.5s; shard 1 of 3 came to ${where} and went away (killed, or out of patience); shard 2 did`,
  ]);
});

test('a folder that cannot be written says which and why', async () => {
  const where = join(await newFolder(), 'file');
  await writeFile(where, '');
  const place = { kind: 'folder', where, timeoutMs: 1_000 } as const;
  expect(await come({ place, party: party(1, 2) })).toBe(
    `the shards cannot meet in ${where}: ENOTDIR. \`LOAD_MEET\` names a folder in which each shard may make files`,
  );
});

test('a server that comes up later is found, and one that never does is named', async () => {
  const port = await listen(createServer());
  const free = await newServer({ shards: 2 });
  const { port: later } = free;
  await free.close();
  const place = { kind: 'server', where: `http://127.0.0.1:${later}`, timeoutMs: 20_000 } as const;
  const early = [1, 2].map(async (shard) => come({ place, party: party(shard, 2) }));
  await realClock.sleepUntil(realClock.now() + 700);
  await newServer({ shards: 2, port: later });
  expect((await Promise.all(early)).map((each) => typeof each)).toEqual(['number', 'number']);
  expect(port).not.toBe(later);
  const nobody = { kind: 'server', where: 'http://127.0.0.1:1', timeoutMs: 2_000 } as const;
  expect(await come({ place: nobody, party: party(1, 2) })).toBe(
    'shard 1 of 2 found no meeting server at http://127.0.0.1:1 (`LOAD_MEET`) within 2s: ECONNREFUSED',
  );
});

test('a shard whose connection to the server breaks comes again, and none is lost', async () => {
  const first = await newServer({ shards: 2 });
  const place = { kind: 'server', where: `http://127.0.0.1:${first.port}`, timeoutMs: 20_000 } as const;
  const early = come({ place, party: party(1, 2) });
  await expect.poll(() => first.waiting).toBe(1);
  const { port } = first;
  await first.close();
  await newServer({ shards: 2, port });
  const late = come({ place, party: party(2, 2) });
  expect((await Promise.all([early, late])).map((each) => typeof each)).toEqual(['number', 'number']);
});

test('a shard that dies while it waits at a server is named as lost', async () => {
  const server = await newServer({ shards: 3 });
  const { port } = server;
  const place = { kind: 'server', where: `http://127.0.0.1:${port}`, timeoutMs: 5_000 } as const;
  const stop = new AbortController();
  const dying = come({ place, party: party(3, 3), signal: stop.signal });
  await expect.poll(() => server.waiting).toBe(1);
  stop.abort();
  await expect.poll(() => server.waiting).toBe(0);
  const hasty = come({ place: { ...place, timeoutMs: 3_000 }, party: party(1, 3) });
  const said = await Promise.all([hasty, come({ place, party: party(2, 3) }), dying]);
  expect(said[0]).toBe(
    `shard 3 of 3 came to ${place.where} and went away (killed, or out of patience); shards 1, 2 waited`,
  );
});

test('once a process is known to be over, nobody waits for it', async () => {
  const server = await newServer({ shards: 2 });
  const place = { kind: 'server', where: `http://127.0.0.1:${server.port}`, timeoutMs: 60_000 } as const;
  const early = come({ place, party: party(1, 2) });
  await expect.poll(() => server.waiting).toBe(1);
  server.leave(2, 'ended with exit code 1');
  const words = `the shards cannot meet at ${place.where}: shard 2 ended with exit code 1`;
  expect(await early).toBe(words);
  expect(await come({ place, party: party(1, 2) })).toBe(words);
});

for (const kind of kinds) {
  test(`a second process that comes to a ${kind} as the same shard is told so, and the first goes on`, async () => {
    const place = await newPlace(kind, 2, 20_000);
    const early = come({ place, party: party(1, 2) });
    const twin = await come({ place, party: party(1, 2), afterMs: 2_500 });
    const how = kind === 'folder' ? `in ${place.where}` : `at ${place.where}: 409`;
    expect(twin).toBe(`the shards cannot meet ${how}: two processes are shard 1 of 2`.replace('409:', '409'));
    const both = await Promise.all([early, come({ place, party: party(2, 2) })]);
    expect(both.map((each) => typeof each)).toEqual(['number', 'number']);
  });
}

const liars = [
  { what: 'answers 503, as a gateway before it does', status: 503, text: 'no upstream\n', why: '503 no upstream' },
  { what: 'answers what is no JSON', status: 200, text: '<html>\n', why: 'it is no meeting server: `<html>`' },
  { what: 'answers other JSON', status: 200, text: '{"kind":"waiting"}\n', why: 'it is no meeting server: `{"kind":"waiting"}`' }, // prettier-ignore
  { what: 'breaks off', status: 200, text: '', why: 'it went away' },
];
for (const { what, status, text, why } of liars) {
  test(`a server that ${what} is asked until the time is over, and then named`, async () => {
    let asked = 0;
    const port = await listen(
      createServer((_, response) => {
        asked += 1;
        response.writeHead(status).end(text);
      }),
    );
    const place = { kind: 'server', where: `http://127.0.0.1:${port}`, timeoutMs: 2_000 } as const;
    expect(await come({ place, party: party(1, 2) })).toBe(
      `shard 1 of 2 found no meeting server at ${place.where} (\`LOAD_MEET\`) within 2s: ${why}`,
    );
    expect(asked).toBeGreaterThan(1);
  });
}

test('a server that redirects is refused at once, and where it points is said', async () => {
  const port = await listen(createServer((_, response) => response.writeHead(302, { location: '/login' }).end()));
  const place = { kind: 'server', where: `http://127.0.0.1:${port}`, timeoutMs: 60_000 } as const;
  expect(await come({ place, party: party(1, 2) })).toBe(`the shards cannot meet at ${place.where}: 302 to \`/login\``);
});

const strangers = [
  {
    who: 'a shard of another run',
    options: { runId: 'mine' },
    who2: party(1, 2, { runId: 'yours' }),
    says: '409 this is the meeting of run `mine`, and shard 1 is of run `yours` (`LOAD_RUN_ID`)',
  },
  {
    who: 'a shard of another number',
    options: {},
    who2: party(2, 3),
    says: '409 this is the meeting of 2 shards, and shard 2 is one of 3',
  },
];
for (const { who, options, who2, says } of strangers) {
  test(`${who} is refused at once`, async () => {
    const { port } = await newServer({ shards: 2, ...options });
    const place = { kind: 'server', where: `http://127.0.0.1:${port}`, timeoutMs: 60_000 } as const;
    expect(await come({ place, party: who2 })).toBe(`the shards cannot meet at ${place.where}: ${says}`);
  });
}

const nonsense = [
  { what: 'another path', path: '/', method: 'POST', body: '{}' },
  { what: 'another method', path: meetPath, method: 'GET', body: undefined },
  { what: 'no JSON', path: meetPath, method: 'POST', body: 'hello' },
  { what: 'null', path: meetPath, method: 'POST', body: 'null' },
  { what: 'a shard beyond all', path: meetPath, method: 'POST', body: JSON.stringify({ ...party(1, 2), shard: 3, what: 'x' }) }, // prettier-ignore
  { what: 'more than anybody says', path: meetPath, method: 'POST', body: JSON.stringify({ ...party(1, 2), what: 'x'.repeat(9_000) }) }, // prettier-ignore
];
for (const { what, path, method, body } of nonsense) {
  test(`a meeting server refuses ${what}`, async () => {
    const { port } = await newServer({ shards: 2 });
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...(body !== undefined && { body }) });
    expect([answer.status, await answer.text()]).toEqual([400, 'only shards meet here, by POST /meet']);
  });
}
