/**
 * For tests: a load on several machines as CI runs it. Each shard has a checkout of its own and a real `playwright test
 * --shard` in it, with the real `load`; the blobs go to one folder, and `merge-reports` judges.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { MeetingServer } from '../load/session/meeting/meeting-server.ts';
import { type ChildResult, reporterPath, runPlaywright } from './child-suite.ts';

const index = pathToFileURL(resolve(import.meta.dirname, '../load/index.ts')).pathname;
const names = 'test, expect, arrivals, feeder, iterations, users';

/** Answers everything with 200 and keeps what it was asked, in order. */
export class CountingServer {
  readonly paths: string[] = [];
  /** When each came, by one clock for all shards. */
  readonly atMs: number[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    server.on('request', (request, response) => {
      this.paths.push(request.url ?? '');
      this.atMs.push(performance.now());
      response.end('ok');
    });
  }

  static async start(): Promise<CountingServer> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new CountingServer(server);
  }

  get url(): string {
    return urlOf(this.#server);
  }

  async close(): Promise<void> {
    await closed(this.#server);
  }
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}

export interface ShardParts {
  readonly baseURL: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Spec files by name, where they are not those of the suite. */
  readonly specs?: Readonly<Record<string, string>>;
}

export interface SuiteParts {
  readonly folder: string;
  /** Bodies of spec files by name; the public names of the library are imported for them. */
  readonly specs: Readonly<Record<string, string>>;
  readonly shards: readonly ShardParts[];
  readonly projects?: readonly unknown[];
  /** A place to meet in place of a server made for the suite. */
  readonly meetAt?: string;
  /** How much later each shard comes, by the way to a place to meet. */
  readonly staggerSeconds?: number;
  /** How much later each shard comes, without a place to meet; by default they meet, and begin at once. */
  readonly apartSeconds?: number;
  /** Of the command line, in place of `--add-reporter=blob`. */
  readonly reporterArgs?: readonly string[];
}

/** The checkout of a shard, from 1; that of the merge is the first. */
export function checkoutOf(folder: string, shard: number): string {
  return resolve(folder, `machine-${shard}`);
}

/** Runs all shards at the same time; the results are in their order. */
export async function runShards(parts: SuiteParts): Promise<ChildResult[]> {
  const { folder, shards, meetAt, apartSeconds = 0 } = parts;
  await Promise.all(shards.map(async (shard, at) => writeCheckout(parts, shard, checkoutOf(folder, at + 1))));
  const own = meetAt === undefined && apartSeconds === 0;
  const meeting = own ? await MeetingServer.start({ shards: shards.length, host: '127.0.0.1' }) : undefined;
  const place = meeting === undefined ? meetAt : `http://127.0.0.1:${meeting.port}`;
  const ended = Promise.all(shards.map(async (_, at) => runShard(parts, at, place)));
  return ended.finally(async () => meeting?.close());
}

async function runShard(parts: SuiteParts, at: number, place: string | undefined): Promise<ChildResult> {
  const { folder, shards, staggerSeconds = 0, apartSeconds = 0, reporterArgs = ['--add-reporter=blob'] } = parts;
  await setTimeout(at * Math.max(staggerSeconds, apartSeconds) * 1_000);
  const shard = shards.length === 1 ? [] : [`--shard=${at + 1}/${shards.length}`];
  return runPlaywright(checkoutOf(folder, at + 1), {
    args: ['test', ...shard, ...reporterArgs],
    env: {
      TARGET: shards[at]?.baseURL ?? '',
      ...(place !== undefined && { LOAD_MEET: place }),
      PLAYWRIGHT_BLOB_OUTPUT_FILE: resolve(folder, 'blobs', `report-${at + 1}.zip`),
      ...shards[at]?.env,
    },
  });
}

/** As the machine of the merge does it: with its checkout, and results of its own. */
export async function mergeShards(folder: string, env: Readonly<Record<string, string>> = {}): Promise<ChildResult> {
  await rm(resolve(checkoutOf(folder, 1), 'load-results'), { recursive: true, force: true });
  return runPlaywright(checkoutOf(folder, 1), {
    args: ['merge-reports', '-c', 'playwright.config.ts', resolve(folder, 'blobs')],
    env,
  });
}

async function writeCheckout({ specs, projects }: SuiteParts, shard: ShardParts, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const config = {
    testDir: folder,
    outputDir: resolve(folder, 'out'),
    respectGitIgnore: false,
    workers: 1,
    reporter: [['list'], [reporterPath, { html: false }]],
    projects: projects ?? [{ name: 'load', metadata: { load: true } }],
  };
  await writeFile(resolve(folder, 'package.json'), '{ "type": "module" }');
  await writeFile(
    resolve(folder, 'playwright.config.ts'),
    `export default { ...${JSON.stringify(config)}, use: { baseURL: process.env.TARGET } };\n`,
  );
  for (const [name, body] of Object.entries(shard.specs ?? specs)) {
    const head = `import { ${names} } from ${JSON.stringify(index)};\n`;
    await writeFile(resolve(folder, name), `${head}${body}\n`);
  }
}
