/**
 * From a browser to a load: a journey of Chromium on the agent (login, create, poll) is recorded, made a spec of by the
 * command, compiled strictly, played once and run with 20 users; and the agent's own description likewise.
 */
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from '@playwright/test';
import ts from 'typescript';
import { makeApiKey } from '../../server/domain/api-keys.ts';
import { startTestAgent, type TestAgent } from '../../server/testing/agent.ts';
import { launchTestBrowser } from '../../testing/browser.ts';
import { runPlaywright } from '../../testing/child-suite.ts';
import { runCommand } from '../../testing/local-project.ts';
import { test } from '../../testing/plain-test.ts';

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

/** What a strict compiler says of a spec that imports this package by its name. */
function complaints(path: string): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noUncheckedIndexedAccess: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    noEmit: true,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: ['node'],
    typeRoots: [join(root, 'node_modules/@types')],
    paths: { playload: [join(root, 'load/index.ts')] },
  };
  const program = ts.createProgram([path], options);
  const source = program.getSourceFile(path);
  const all = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  return all.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

async function record(): Promise<{ readonly har: string; readonly trace: string }> {
  const har = join(folder, 'journey.har');
  const trace = join(folder, 'trace.zip');
  const browser = await launchTestBrowser();
  try {
    const context = await browser.newContext({ recordHar: { path: har, content: 'embed' } });
    await context.tracing.start({ snapshots: true });
    const tab = await context.newPage();
    await tab.goto(shop.url);
    await expect(tab).toHaveTitle('done');
    await context.tracing.stop({ path: trace });
    await context.close();
  } finally {
    await browser.close();
  }
  return { har, trace };
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
      readonly entries: readonly { readonly response: { readonly content: { readonly text?: string } } }[];
    };
  };
  const [, id = ''] = /"(?:workflow_)?id":"([^"]{8,})"/.exec(JSON.stringify(recorded).replaceAll('\\"', '"')) ?? [];
  expect(id).not.toBe('');
  for (const part of [id, key.text, password, cookie, 's3ss10n', 'app.js', 'style.css', 'logo.png', 'user-agent'])
    expect(spec).not.toContain(part);
  expect(spec).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/i);
  expect(spec).toContain('await Promise.all([');
  expect(spec).toContain('turn <= 3;');
  expect(spec).toMatch(/await pause\('[34]\d\dms'\)/);

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
  const loaded = await runSpec(spec, { PASSWORD: password });
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

test('the example of a recording is what the command makes of it', async () => {
  const examples = join(root, 'examples');
  await copyFile(join(examples, 'journey.har'), join(folder, 'journey.har'));
  const { code, said } = await runCommand(folder, ['from', 'har', 'journey.har', '--users', '10', '--for', '5s']);
  expect(code, said).toBe(0);
  const example = await readFile(join(examples, 'journey.spec.ts'), 'utf8');
  expect(said).toContain(example.replace("'../load/index.ts'", "'playload'"));
  expect(complaints(join(examples, 'journey.spec.ts'))).toEqual([]);
});

test("of the agent's own description, each operation is one task of a spec that compiles", async () => {
  const browserless = await fetch(`${shop.url}/openapi.json`, { headers: { cookie } });
  const text = await browserless.text();
  await writeFile(join(folder, 'openapi.json'), text);
  const made = await runCommand(folder, ['from', 'openapi', 'openapi.json', '--out', 'made.ts']);
  expect(made.code, made.said).toBe(0);
  expect(complaints(join(folder, 'made.ts'))).toEqual([]);
  const spec = await readFile(join(folder, 'made.ts'), 'utf8');
  const { paths } = JSON.parse(text) as { readonly paths: Readonly<Record<string, object>> };
  const rows = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) expect(spec.split(`'${row} is answered well'`)).toHaveLength(2);
  expect(spec.match(/await request\./g)).toHaveLength(rows.length);
});

const oneRequest = JSON.stringify({
  log: {
    entries: [
      {
        startedDateTime: '2026-10-10T12:00:00Z',
        request: { method: 'GET', url: 'http://shop.example/a' },
        response: { status: 200 },
      },
    ],
  },
});

const bad = [
  { args: ['from'], code: 2, says: '`from` reads har, trace or openapi, got ""' },
  { args: ['from', 'toString', 'x'], code: 2, says: '`from` reads har, trace or openapi, got "toString"' },
  { args: ['from', '--help'], code: 0, says: 'Usage: npx playload from har' },
  { args: ['from', 'har'], code: 2, says: '`playload from har` reads one file, got none' },
  { args: ['from', 'har', 'a', 'b'], code: 2, says: 'reads one file, got 2' },
  { args: ['from', 'har', 'a', '--al'], code: 2, says: '`--al` is no option of `playload from har`' },
  { args: ['from', 'openapi', 'a', '--all'], code: 2, says: '`--all` is no option of `playload from openapi`' },
  { args: ['from', 'openapi', 'a', '--origin', 'http://a'], code: 2, says: '`--origin` is no option' },
  { args: ['from', 'har', 'a', '--users', '0'], code: 2, says: '`--users` must be a whole number from 1' },
  { args: ['from', 'har', 'a', '--for', 'ever'], code: 2, says: '`--for` must be a duration' },
  { args: ['from', 'har', 'a', '--origin', 'x'], code: 2, says: '`--origin` must be such as https://api.example.com' },
  { args: ['from', 'har', 'a', '--out', 'there.ts'], code: 2, says: '`there.ts` is there already' },
  { args: ['from', 'har', 'none.har'], code: 1, says: '`none.har` cannot be used: there is no such file' },
  { args: ['from', 'har', 'empty.har'], code: 1, says: '`empty.har` has nothing to replay: it has no requests' },
];
for (const { args, code, says } of bad) {
  test(`\`playload ${args.join(' ')}\` ends with ${code} and says why`, async () => {
    await writeFile(join(folder, 'there.ts'), 'mine');
    await writeFile(join(folder, 'empty.har'), '{"log":{"entries":[]}}');
    const result = await runCommand(folder, args);
    expect(result.said).toContain(says);
    expect(result.code).toBe(code);
    expect(await readFile(join(folder, 'there.ts'), 'utf8')).toBe('mine');
    expect(await readdir(folder)).toHaveLength(3);
  });
}

test('a spec is written into a folder that is not there yet', async () => {
  await writeFile(join(folder, 'a.har'), oneRequest);
  const made = await runCommand(folder, ['from', 'har', 'a.har', '--out', 'specs/new/a.spec.ts']);
  expect(made.code, made.said).toBe(0);
  expect(await readFile(join(folder, 'specs/new/a.spec.ts'), 'utf8')).toContain("request.get('/a')");
});
