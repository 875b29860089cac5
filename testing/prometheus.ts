/**
 * The real Prometheus and push gateway, for tests: the machine's own, else those of Debian's packages, unpacked into a
 * cache beside the packages of npm and installed nowhere.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { test } from '@playwright/test';

const run = promisify(execFile);
const cache = resolve(import.meta.dirname, '../node_modules/.cache/debian');
const readyTimeoutMs = 30_000;
const downloadTimeoutMs = 90_000;

/** Packages of Debian by the programs in them. */
const packages = {
  prometheus: 'prometheus',
  promtool: 'prometheus',
  'prometheus-pushgateway': 'prometheus-pushgateway',
} as const;

type Program = keyof typeof packages;

/** Path of the program. Throws with both reasons where there is none: a test that needs it is never skipped in silence. */
export async function debianProgram(name: Program): Promise<string> {
  const places = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, name));
  const own = places.find(existsSync);
  if (own !== undefined) return own;
  const path = join(cache, packages[name], 'usr/bin', name);
  if (!existsSync(path)) await unpack(packages[name]);
  return path;
}

/** Two workers may do the same at once: who comes second finds it done. */
async function unpack(name: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, `${name}-`));
  const limit = { cwd: folder, timeout: downloadTimeoutMs };
  try {
    try {
      await run('apt-get', ['download', name], limit);
    } catch {
      await run('apt-get', ['update', '-qq'], limit); // a bare image has no lists
      await run('apt-get', ['download', name], limit);
    }
    const file = (await readdir(folder)).find((each) => each.endsWith('.deb')) ?? '';
    await run('dpkg-deb', ['-x', file, 'unpacked'], limit);
    await rename(join(folder, 'unpacked'), join(cache, name)).catch((error: unknown) => {
      if (!existsSync(join(cache, name))) throw error;
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`no \`${name}\`: it is not in \`PATH\`, and Debian's package could not be had: ${why}`, {
      cause: error,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Monitor {
  readonly url: string;
}

interface PrometheusParts {
  readonly data?: string;
  readonly scrapes?: string;
  /** How old what it takes may be beside what it has: `30d`. */
  readonly outOfOrder?: string;
}

interface Monitors {
  /** With the receiver of remote write, on data that may be there already; scrapes what it is told to. */
  readonly prometheus: (parts?: PrometheusParts) => Promise<Monitor>;
  readonly pushgateway: () => Promise<Monitor>;
  /** A folder that is gone after the test. */
  readonly folder: () => Promise<string>;
}

/** To be called beside the tests: after each of them the processes end and their folders are gone. */
export function monitors(): Monitors {
  const children: ChildProcess[] = [];
  const folders: string[] = [];
  test.afterEach(async () => {
    for (const child of children.splice(0)) {
      const isOver = child.exitCode !== null || child.signalCode !== null;
      const over = isOver ? undefined : once(child, 'exit');
      child.kill('SIGKILL');
      await over;
    }
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });
  const folder = async () => {
    const made = await mkdtemp(join(tmpdir(), 'monitor-'));
    folders.push(made);
    return made;
  };
  const start = async (name: Program, port: number, args: readonly string[]): Promise<Monitor> => {
    const child = spawn(await debianProgram(name), args, { stdio: ['ignore', 'ignore', 'pipe'] });
    children.push(child);
    const url = `http://127.0.0.1:${port}`;
    await untilReady(url, child);
    return { url };
  };
  return {
    folder,
    prometheus: async ({ data, scrapes, outOfOrder } = {}) => {
      const own = await folder();
      const config = join(own, 'prometheus.yml');
      await writeFile(config, JSON.stringify({ ...scrapesOf(scrapes), ...outOfOrderOf(outOfOrder) }));
      const port = await freePort();
      return start('prometheus', port, [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data ?? join(own, 'data')}`,
        '--storage.tsdb.retention.time=3650d',
        `--web.listen-address=127.0.0.1:${port}`,
        '--web.enable-remote-write-receiver',
        '--log.level=warn',
      ]);
    },
    pushgateway: async () => {
      const port = await freePort();
      return start('prometheus-pushgateway', port, [`--web.listen-address=127.0.0.1:${port}`, '--log.level=warn']);
    },
  };
}

function scrapesOf(address: string | undefined): object {
  if (address === undefined) return {};
  const targets = [address.replace('http://', '')];
  const usual = { job_name: 'pushgateway', honor_labels: true, scrape_interval: '1s' };
  return { scrape_configs: [{ ...usual, static_configs: [{ targets }] }] };
}

function outOfOrderOf(window: string | undefined): object {
  return window === undefined ? {} : { storage: { tsdb: { out_of_order_time_window: window } } };
}

async function untilReady(url: string, child: ChildProcess): Promise<void> {
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  const deadline = Date.now() + readyTimeoutMs;
  for (;;) {
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${child.spawnfile} is not ready: ${said}`);
    await new Promise((resume) => setTimeout(resume, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  /** Of a range. */
  readonly values?: readonly (readonly [atSec: number, value: string])[];
  /** Of a moment. */
  readonly value?: readonly [atSec: number, value: string];
}

/** `path`: `query` or `query_range` of Prometheus' API. Throws with what Prometheus says is wrong. */
export async function queried(
  { url }: Monitor,
  path: 'query' | 'query_range',
  parameters: Readonly<Record<string, string>>,
): Promise<readonly QueryResult[]> {
  const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
  const answer = (await response.json()) as { error?: string; data?: { result: readonly QueryResult[] } };
  if (answer.data === undefined)
    throw new Error(`${parameters['query'] ?? ''}: ${answer.error ?? response.statusText}`);
  return answer.data.result;
}
