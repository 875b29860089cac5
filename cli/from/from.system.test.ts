/**
 * From a browser to a load: a journey of Chromium on the agent (login, create, poll) is recorded, made a spec of by the
 * command, compiled strictly, played once and run with 20 users.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { makeApiKey } from '../../server/domain/api-keys.ts';
import { startTestAgent, type TestAgent } from '../../server/testing/agent.ts';
import { launchTestBrowser } from '../../testing/browser.ts';
import { runPlaywright } from '../../testing/child-suite.ts';
import { complaints } from '../../testing/compiled-spec.ts';
import { runCommand } from '../../testing/local-project.ts';

const root = resolve(import.meta.dirname, '../..');
const key = makeApiKey('shop', ['read', 'operate']);
const password = 'correct-horse-battery-staple';
const cookie = 'sid=s3ss10n-0f-ada';

const page = `<!doctype html><link rel="stylesheet" href="/style.css"><img src="/logo.png">
<script src="/app.js"></script>`;
const script = `(async () => {
  const json = { 'content-type': 'application/json' };
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  await wait(300);
  const body = JSON.stringify({ user: 'ada', password: ${JSON.stringify(password)} });
  const { access_token } = await (await fetch('/login', { method: 'POST', headers: json, body })).json();
  const headers = { ...json, authorization: 'Bearer ' + access_token };
  await Promise.all([fetch('/api/v1/health', { headers }), fetch('/api/v1/config', { headers })]);
  await wait(400);
  const created = await fetch('/api/v1/workflows', {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': crypto.randomUUID() },
    body: JSON.stringify({ instance_id: 'vllm-1' }),
  });
  const workflow = await created.json();
  const place = created.headers.get('location');
  for (let turn = 0; turn < 3; turn++) {
    await wait(150);
    await fetch(place, { headers });
  }
  document.title = 'done';
})();`;
const files: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/': ['text/html', page],
  '/app.js': ['text/javascript', script],
  '/style.css': ['text/css', 'body { color: black }'],
  '/logo.png': ['image/png', 'no image'],
};

/** The agent behind a page and a login, which it has not itself; counts what it is asked. */
class Shop {
  readonly asked: string[] = [];
  readonly #agent: TestAgent;
  readonly #server: Server;

  private constructor(agent: TestAgent) {
    this.#agent = agent;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<Shop> {
    const shop = new Shop(await startTestAgent({ API_KEYS: key.entry, WORKFLOWS_QUEUED: '100000' }));
    await new Promise<void>((listening) => shop.#server.listen(0, '127.0.0.1', listening));
    return shop;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
    await this.#agent.stop();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    this.asked.push(`${method} ${url.replace(/workflows\/.+/, 'workflows/:id')}`);
    const file = files[url];
    if (file !== undefined) return void response.writeHead(200, { 'content-type': file[0] }).end(file[1]);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    if (url === '/login') {
      const isRight = body.includes(JSON.stringify(password));
      const more = isRight ? { 'set-cookie': `${cookie}; HttpOnly` } : {};
      response.writeHead(isRight ? 200 : 403, { 'content-type': 'application/json', ...more });
      return void response.end(JSON.stringify(isRight ? { access_token: key.text } : {}));
    }
    if (!headers.cookie?.includes(cookie)) return void response.writeHead(401).end();
    const sent = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
    const answer = await this.#agent.app.request(
      url,
      { method, headers: sent as [string, string][], ...(body !== '' && { body }) },
      {},
    );
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  }
}

let folder: string;
let shop: Shop;
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playload-from-'));
  await mkdir(join(folder, 'tmp'));
  shop = await Shop.start();
});
test.afterEach(async () => {
  await shop.close();
  await rm(folder, { recursive: true, force: true });
});

async function record(): Promise<{ readonly har: string; readonly trace: string }> {
  const har = join(folder, 'journey.har');
  const trace = join(folder, 'trace.zip');
  const browser = await launchTestBrowser();
  try {
    const context = await browser.newContext({ recordHar: { path: har, content: 'embed' } });
    await context.tracing.start({ snapshots: true });
    const tab = await context.newPage();
    await tab.goto(shop.url);
    await expect(tab).toHaveTitle('done', { timeout: 60_000 });
    await context.tracing.stop({ path: trace });
    await context.close();
  } finally {
    await browser.close();
  }
  return { har, trace };
}

interface Entry {
  readonly startedDateTime: string;
  readonly time: number;
  readonly request: { readonly url: string };
  readonly response: { readonly content: { readonly text?: string } };
}

/** How long nothing was under way before the first request of a path, by the recording: 400 ms, and what the machine adds. */
function thinkingBefore(path: string, entries: readonly Entry[]): number {
  const all = entries.map(({ startedDateTime, time, request: { url } }) => {
    const startMs = Date.parse(startedDateTime);
    return { startMs, endMs: startMs + time, path: new URL(url).pathname };
  });
  const startMs = all.find((each) => each.path === path)?.startMs ?? NaN;
  return startMs - Math.max(...all.filter((each) => each.startMs < startMs).map(({ endMs }) => endMs));
}

/** Runs the spec beside a configuration, with the package by its place. */
async function runSpec(
  spec: string,
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; said: string }> {
  const suite = await mkdtemp(join(folder, 'suite-'));
  const index = pathToFileURL(join(root, 'load/index.ts')).pathname;
  await writeFile(join(suite, 'package.json'), '{ "type": "module" }');
  await writeFile(join(suite, 'made.spec.ts'), spec.replace("'playload'", JSON.stringify(index)));
  const config = {
    testDir: suite,
    workers: 1,
    respectGitIgnore: false,
    use: { baseURL: shop.url, loadOptions: { whenSaturated: 'warn' } },
  };
  await writeFile(join(suite, 'playwright.config.ts'), `export default ${JSON.stringify(config)};`);
  const { code, stdout, stderr } = await runPlaywright(suite, { args: ['test', '--reporter=list'], env });
  return { code, said: stdout + stderr };
}

test('a journey of Chromium becomes a spec that compiles, is green once and with 20 users, and holds no secret', async () => {
  const { har, trace } = await record();
  const made = await runCommand(folder, ['from', 'har', har, '--out', 'made.ts', '--users', '20', '--for', '2s']);
  expect(made.said).toContain('Left out: 3 static files');
  expect(made.code).toBe(0);
  const spec = await readFile(join(folder, 'made.ts'), 'utf8');
  expect(complaints(join(folder, 'made.ts'))).toEqual([]);

  const recorded = JSON.parse(await readFile(har, 'utf8')) as {
    readonly log: {
      readonly entries: readonly Entry[];
    };
  };
  const [, id = ''] = /"(?:workflow_)?id":"([^"]{8,})"/.exec(JSON.stringify(recorded).replaceAll('\\"', '"')) ?? [];
  expect(id).not.toBe('');
  for (const part of [id, key.text, password, cookie, 's3ss10n', 'app.js', 'style.css', 'logo.png', 'user-agent'])
    expect(spec).not.toContain(part);
  expect(spec).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/i);
  expect(spec).toContain('await Promise.all([');
  expect(spec).toContain('turn <= 3;');
  const thoughtMs = thinkingBefore('/api/v1/workflows', recorded.log.entries);
  expect(thoughtMs).toBeGreaterThan(390);
  const pauses = [...spec.matchAll(/await pause\('([\d.]+)(m?s)'\)/g)];
  const pausesMs = pauses.map(([, count, unit]) => Number(count) * (unit === 's' ? 1_000 : 1));
  expect(Math.min(...pausesMs.map((ms) => Math.abs(ms - thoughtMs)))).toBeLessThan(thoughtMs < 1_000 ? 10 : 60);

  shop.asked.length = 0;
  const once = await runSpec(spec, { PASSWORD: password, LOAD_ONCE: '1' });
  expect(once.code, once.said).toBe(0);
  expect(shop.asked.toSorted()).toEqual(
    [
      'GET /',
      'POST /login',
      'GET /api/v1/health',
      'GET /api/v1/config',
      'POST /api/v1/workflows',
      ...Array.from({ length: 3 }, () => 'GET /api/v1/workflows/:id'),
    ].sort(),
  );
  const wrong = await runSpec(spec, { PASSWORD: 'wrong', LOAD_ONCE: '1' });
  expect(wrong.code).toBe(1);
  expect(wrong.said).toContain('POST /login answers 200');

  shop.asked.length = 0;
  expect(spec).toContain("p95: '< 1s'");
  const unhurried = spec.replace("p95: '< 1s'", "p95: '< 10s'"); // the machine may be busy with other tests
  const loaded = await runSpec(unhurried, { PASSWORD: password });
  expect(loaded.code, loaded.said).toBe(0);
  expect(shop.asked.filter((each) => each === 'POST /login').length).toBeGreaterThanOrEqual(20);

  const traced = await runCommand(folder, ['from', 'trace', trace, '--users', '20', '--for', '2s']);
  expect(traced.code, traced.said).toBe(0);
  for (const part of [
    "request.post('/login'",
    '`Bearer ${accessToken}`',
    "request.post('/api/v1/workflows'",
    'Promise.all',
  ])
    expect(traced.said).toContain(part);
  for (const part of [id, key.text, password, 's3ss10n']) expect(traced.said).not.toContain(part);
});
