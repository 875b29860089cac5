/** The packed package in foreign projects, with the oldest Playwright that it takes, one in between, and the newest. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { WebSocketServer } from 'ws';
import { installPacked, packInto, type PackedPackage } from '../testing/packed-package.ts';
import type { Summary } from './measure/summary.ts';

const run = promisify(execFile);

let folder: string;
let tarball: string;
let server: Server;
let baseURL: string;

test.beforeAll(async () => {
  test.setTimeout(240_000);
  folder = await mkdtemp(join(tmpdir(), 'playload-versions-'));
  tarball = await packInto(folder);
  server = createServer((request, response) => {
    if (request.url === '/events') {
      response.setHeader('content-type', 'text/event-stream');
      response.end('data: 1\n\ndata: 2\n\n');
      return;
    }
    response.setHeader('content-type', 'application/json');
    response.setHeader('server-timing', 'db;dur=3');
    setTimeout(() => response.end('{"ok":true}'), request.url === '/slow' ? 30 : 0);
  }).listen(0, '127.0.0.1');
  new WebSocketServer({ server }).on('connection', (socket) =>
    socket.on('message', (said, isBinary) => socket.send(said, { binary: isBinary })),
  );
  await once(server, 'listening');
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const spec = `
import { expect, iterations, test as base, users } from 'playload';

const test = base.extend<{ shop: string }>({
  shop: async ({}, use) => {
    await use('shop');
  },
});

test('a load with checks and steps', async ({ load, shop }) => {
  const run = await load(
    iterations(40, { users: 4 }),
    async ({ request, check }) => {
      const response = await request.get<{ ok: boolean }>('/', { name: shop });
      check('ok', (await response.json()).ok);
      await test.step('look', async () => {
        expect(response.status()).toBe(200);
        await expect(response).toBeOK();
      });
      await request.addCookies([{ name: 'a', value: 'b', url: 'http://127.0.0.1/' }]);
    },
    { whenSaturated: 'warn' },
  );
  expect(run).toMeet({ successRate: '100%', requests: '40', checks: '100%' });
});

test('by transport of Playwright', async ({ load }) => {
  const run = await load(iterations(20, { users: 4 }), ({ request }) => request.get('/'), {
    transport: 'playwright',
    whenSaturated: 'warn',
  });
  expect(run).toMeet({ successRate: '100%', requests: '20' });
});

test('streams, sockets and traces', async ({ load }) => {
  const run = await load(
    iterations(10, { users: 2 }),
    async ({ request, connect }) => {
      await request.stream('/events').end();
      const socket = await connect('/ws');
      await socket.roundTrip('a', { matches: ({ data }) => data === 'a' });
      await socket.close();
      await request.get('/');
    },
    { traceparent: '10%', whenSaturated: 'warn' },
  );
  expect(run).toMeet({ successRate: '100%', events: '20', messagesReceived: '10', serverTiming: { db: { max: '<= 3ms' } } });
});

for (const n of [1, 11])
  test(\`on two cores \${n}\`, { tag: '@cores' }, async ({ load }) => {
    const run = await load(users(2).for('1s'), ({ request }) => request.get('/'), { cores: 2, whenSaturated: 'warn' });
    expect(run).toMeet({ successRate: '100%' });
  });

test('too slow', async ({ load }) => {
  const run = await load(iterations(10, { users: 2 }), ({ request }) => request.get('/slow'), { whenSaturated: 'warn' });
  expect(run).toMeet({ max: '< 10ms' });
});

test('without a load', { tag: '@no-load' }, async ({ request }) => {
  expect((await request.get('/')).ok()).toBe(true);
});
`;

const config = `
import { defineConfig } from '@playwright/test';

export default defineConfig({
  workers: 1,
  reporter: [['list'], ['playload/reporter', process.env.WRONG ? { outputFoldr: 'x' } : { outputFolder: process.env.RESULTS ?? 'load-results' }], ['html', { open: 'never' }], ['blob', { outputDir: process.env.BLOBS ?? 'blobs' }]],
  use: { baseURL: process.env.TARGET, trace: 'on' },
  projects: [{ name: 'load', testMatch: '**/*.load.spec.*', metadata: { load: true } }],
});
`;

interface Ended {
  readonly code: number;
  readonly said: string;
}

class Project {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  static async make(playwright: PackedPackage['playwright'], type: 'module' | 'commonjs'): Promise<Project> {
    const path = await mkdtemp(join(folder, `${type}-`));
    await installPacked(path, { tarball, ...(playwright !== undefined && { playwright }) });
    await writeFile(join(path, 'package.json'), JSON.stringify({ name: 'shop', type }));
    await writeFile(join(path, 'playwright.config.ts'), config);
    await mkdir(join(path, 'tests'));
    await writeFile(join(path, 'tests/shop.load.spec.ts'), spec);
    return new Project(path);
  }

  async playwright(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.#node('@playwright/test/cli.js', args, env);
  }

  async playload(args: readonly string[]): Promise<Ended> {
    return this.#node('playload/dist/cli/main.js', args, {});
  }

  async summary(): Promise<Summary> {
    return JSON.parse(await readFile(join(this.#path, 'load-results/summary.json'), 'utf8')) as Summary;
  }

  has(path: string): boolean {
    return existsSync(join(this.#path, path));
  }

  async #node(program: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(?:TEST_|PLAYWRIGHT_|PW_|PLAYLOAD_|LOAD_|CI$)/.test(name),
    );
    const options = {
      cwd: this.#path,
      env: { ...Object.fromEntries(own), FORCE_COLOR: '0', TARGET: baseURL, ...env },
      maxBuffer: 1e8,
    };
    return run(process.execPath, [join(this.#path, 'node_modules', program), ...args], options).then(
      ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
      (failure: unknown) => {
        const { code, stdout, stderr } = failure as { code: number; stdout: string; stderr: string };
        return { code, said: stdout + stderr };
      },
    );
  }
}

const versions = [
  { playwright: 'playwright-floor', type: 'module', isOld: true },
  { playwright: 'playwright-floor', type: 'commonjs', isOld: true },
  { playwright: 'playwright-middle', type: 'commonjs', isOld: false },
  { playwright: '@playwright/test', type: 'module', isOld: false },
] as const;
for (const { playwright, type, isOld } of versions) {
  test(`${playwright} runs the loads of a ${type} project`, async () => {
    const project = await Project.make(playwright, type);
    const { code, said } = await project.playwright(['test']);
    expect(said).toContain('6 passed');
    expect(said).toContain('1 failed');
    expect(said).toContain('max  expected < 10ms');
    expect(said).not.toContain('Internal error');
    expect(code).toBe(1);
    expect(project.has('load-results/report.html') && project.has('playwright-report/index.html')).toBe(true);
    const { runs, verdict } = await project.summary();
    expect(verdict).toBe('failed');
    expect(runs.map(({ title, verdict: each }) => `${title.at(-1) ?? ''}: ${each}`)).toEqual([
      'a load with checks and steps: passed',
      'by transport of Playwright: passed',
      'streams, sockets and traces: passed',
      'on two cores 1: passed',
      'on two cores 11: passed',
      'too slow: failed',
    ]);
    expect(JSON.stringify(runs[1]).includes('does not tell when the parts of a call happened')).toBe(isOld);
  });
}

test('an older Playwright refuses its own shards in words, and takes ours', async () => {
  const project = await Project.make('playwright-floor', 'module');
  const checks = ['--grep', 'with checks|without'];
  const refused = await project.playwright(['test', '--shard=1/2', ...checks]);
  expect(refused.said).toContain('`--shard` shares out a load from Playwright 1.62 on, and this is 1.57.0');
  expect(refused.said).toContain('LOAD_SHARD=1/2');
  expect(refused.code).toBe(1);
  const local = await project.playload(['local', '--shards', '2', '--grep', 'with checks|slow']);
  expect(local.said).toContain('40 requests · 100 % ok');
  expect(local.said).toContain('max  ');
  expect(local.code).toBe(1);
});

test('a merge with an older Playwright fails where a limit is missed', async () => {
  const project = await Project.make('playwright-floor', 'commonjs');
  const startAt = { LOAD_START_AT: String(Math.ceil(Date.now() / 1_000) + 20) };
  await Promise.all(
    ['1', '2'].map(async (shard) => {
      const env = {
        LOAD_SHARD: `${shard}/2`,
        PLAYWRIGHT_BLOB_OUTPUT_FILE: `blobs/${shard}.zip`,
        RESULTS: `results-${shard}`,
        ...startAt,
      };
      const { code, said } = await project.playwright(['test', '--grep', 'too slow', '--output', `out-${shard}`], env);
      expect(code, said).toBe(0);
    }),
  );
  const { code, said } = await project.playwright(['merge-reports', '--config', 'playwright.config.ts', 'blobs']);
  expect(said).toContain('load run failed');
  expect(code).toBe(1);
});

test('an older Playwright says that there is no live page, and fails for a wrong option', async () => {
  const project = await Project.make('playwright-floor', 'module');
  const withPage = await project.playwright(['test', '--grep', 'without'], { LOAD_DASHBOARD: '1' });
  expect(withPage.said).toContain('there is no live page: it needs Playwright 1.62 or newer');
  const wrong = await project.playwright(['test', '--grep', 'with checks'], { WRONG: '1' });
  expect(wrong.said).toContain('`outputFoldr` is no option');
  expect(wrong.code).toBe(1);
});

test('a newer Playwright shares out loads by its own shards', async () => {
  const project = await Project.make('playwright-middle', 'commonjs');
  for (const shard of ['1', '2']) {
    const { code, said } = await project.playwright(['test', `--shard=${shard}/2`, '--grep', 'with checks|without']);
    expect(said).toContain('20 requests of `40 iterations by 4 users`');
    expect(said).toContain(shard === '1' ? '1 passed' : '2 passed');
    expect(code).toBe(0);
  }
});
