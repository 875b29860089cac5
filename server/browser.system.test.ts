/**
 * What pages of other sites can do to an open agent on loopback, by a real browser: nothing. And what the agent's own
 * pages can: everything.
 */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, type Browser, type Page, type Response } from '@playwright/test';
import { launchTestBrowser } from '../testing/browser.ts';
import { makeApiKey } from './domain/api-keys.ts';
import { startListeningAgent, type ListeningAgent } from './testing/listening-agent.ts';
import { test } from './testing/plain-test.ts';

let browser: Browser;
let agent: ListeningAgent;
/** Whatever is asked for, an empty page; `/to?<url>` leads there by the same method. */
let evil: Server;
let workflow: string;

test.beforeAll(async () => {
  // Under this name the browser finds loopback, as after a name has been pointed there.
  browser = await launchTestBrowser(['--host-resolver-rules=MAP evil.example 127.0.0.1']);
  evil = createServer(({ url = '' }, response) => {
    const [, to] = /^\/to\?(.*)$/.exec(url) ?? [];
    if (to !== undefined) {
      response.writeHead(307, { location: decodeURIComponent(to) }).end();
      return;
    }
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title><body>');
  }).listen(0, '127.0.0.1');
  await once(evil, 'listening');
});
test.afterAll(async () => {
  await browser.close();
  evil.closeAllConnections();
  evil.close();
});

test.beforeEach(async () => {
  agent = await startListeningAgent();
  await agent.ask('PUT', '/api/v1/instances/kept', { engine: 'vllm', metrics_url: 'http://127.0.0.1:9/metrics' });
  const made = await agent.ask('POST', '/api/v1/workflows', { instance_id: 'nobody' });
  workflow = made.headers.get('location') ?? '';
});
test.afterEach(() => agent.stop());

/** Everything that a client could have changed. */
async function state() {
  const lists = ['/api/v1/workflows', '/api/v1/instances', workflow].map((path) => agent.ask('GET', path));
  return (await Promise.all(lists)).map(({ body }) => body);
}

/** As `fetch` takes it in a page. */
type Init = Readonly<Record<string, unknown>> & { readonly method?: string; readonly mode?: string };

interface Attempt {
  readonly path: string;
  readonly init: Init;
}

const json = { 'content-type': 'application/json' };
const create = JSON.stringify({ instance_id: 'evil' });
const register = JSON.stringify({ engine: 'vllm', metrics_url: 'http://127.0.0.1:9/evil' });

const attempts = (): readonly Attempt[] => [
  { path: '/api/v1/workflows', init: {} },
  { path: '/api/v1/workflows', init: { mode: 'no-cors' } },
  { path: '/openapi.json', init: {} },
  { path: `${workflow}/events`, init: {} },
  { path: `${workflow}/cancel`, init: { method: 'POST' } },
  { path: `${workflow}/cancel`, init: { method: 'POST', mode: 'no-cors' } },
  { path: `${workflow}/cancel`, init: { method: 'POST', mode: 'no-cors', credentials: 'include', keepalive: true } },
  { path: '/api/v1/workflows', init: { method: 'POST', body: create } },
  { path: '/api/v1/workflows', init: { method: 'POST', body: create, headers: json } },
  { path: '/api/v1/workflows', init: { method: 'POST', body: create, mode: 'no-cors', headers: json } },
  { path: '/api/v1/instances/kept', init: { method: 'PUT', body: register, headers: json } },
  { path: '/api/v1/instances/kept', init: { method: 'DELETE' } },
];

const literal = (value: unknown) => JSON.stringify(value);

/** What the page learns: the status and the text of an answer, or nothing. */
function tried(page: Page, url: string, init: Init): Promise<string> {
  return page.evaluate<string>(
    `fetch(${literal(url)}, { ...${literal(init)}, signal: AbortSignal.timeout(20_000) })
       .then(async (answer) => answer.status + ' ' + (await answer.text()))
       .catch(() => 'nothing')`,
  );
}

/** By a form that is sent into a window of its own; resolves when its answer has come. */
async function sent(page: Page, url: string, enctype: string): Promise<number> {
  const predicate = (response: Response) => response.url() === url;
  const answered = page.context().waitForEvent('response', { predicate, timeout: 20_000 });
  const form = `<form method="post" action="${url}" enctype="${enctype}" target="_blank"><input name="reason" value="evil"></form>`;
  await page.evaluate(`document.body.innerHTML = ${literal(form)}; document.forms[0].submit()`);
  return (await answered).status();
}

const evilPort = () => (evil.address() as AddressInfo).port;

/** Where the page is from, and under which name it asks for the agent. */
const attackers: { what: string; page: () => string; target: () => string; refusal: number }[] = [
  { what: 'another port of this machine', page: () => `http://127.0.0.1:${evilPort()}/`, target: () => agent.url, refusal: 403 }, // prettier-ignore
  { what: 'another name of this machine', page: () => `http://localhost:${evilPort()}/`, target: () => agent.url, refusal: 403 }, // prettier-ignore
  { what: 'another site', page: () => `http://evil.example:${evilPort()}/`, target: () => agent.url, refusal: 403 },
  { what: 'another site, by localhost', page: () => `http://evil.example:${evilPort()}/`, target: () => `http://localhost:${agent.port}`, refusal: 403 }, // prettier-ignore
  { what: 'a name that was pointed here', page: () => `http://evil.example:${agent.port}/evil`, target: () => `http://evil.example:${agent.port}`, refusal: 421 }, // prettier-ignore
];
for (const { what, page: from, target, refusal } of attackers) {
  test(`a page of ${what} changes nothing and reads nothing`, async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    // A page of a rebound name was loaded before the name was pointed here.
    await page.route('**/evil', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
    await page.goto(from());
    const before = await state();
    for (const { path, init } of attempts()) {
      const learnt = await tried(page, target() + path, init);
      expect(learnt, `${init.method ?? 'GET'} ${path} ${init.mode ?? ''}`).not.toMatch(
        /nobody|queued|kept|Performance/,
      );
      expect(learnt).toMatch(/^(nothing|0 |421 )/);
    }
    for (const enctype of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data']) {
      expect(await sent(page, `${target()}${workflow}/cancel`, enctype)).toBe(refusal);
    }
    expect(await state()).toEqual(before);
    await context.close();
  });
}

test('a form that is led here by another site, or comes from a file, changes nothing', async () => {
  const before = await state();
  const target = `${agent.url}${workflow}/cancel`;
  const led = `http://evil.example:${evilPort()}/to?${encodeURIComponent(target)}`;
  const file = join(await mkdtemp(join(tmpdir(), 'agent-browser-')), 'evil.html');
  await writeFile(file, '<!doctype html><body>');
  const froms = [
    { from: `http://evil.example:${evilPort()}/`, action: led },
    { from: `${agent.url}/own`, action: led }, // there and back again
    { from: `file://${file}`, action: target },
    { from: 'data:text/html,<body>', action: target },
    { from: 'about:blank', action: target },
  ];
  for (const { from, action } of froms) {
    const page = await browser.newPage();
    await page.route('**/own', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
    await page.goto(from);
    const answered = page.waitForEvent('response', {
      predicate: (response) => response.url() === target,
      timeout: 20_000,
    });
    await page.evaluate(`document.body.innerHTML = ${literal(`<form method="post" action="${action}"></form>`)}; document.forms[0].submit()`); // prettier-ignore
    expect((await answered).status(), from).toBe(403);
    await page.close();
  }
  await rm(dirname(file), { recursive: true });
  expect(await state()).toEqual(before);
});

test('a page of another site frames nothing, and holds no event stream', async () => {
  const page = await browser.newPage();
  await page.goto(`http://evil.example:${evilPort()}/`);
  for (const path of ['/', '/docs', '/api/v1/workflows', `${workflow}/events`]) {
    for (const tag of ['iframe', 'object', 'embed']) {
      const url = agent.url + path;
      const answered = page.waitForEvent('response', {
        predicate: (response) => response.url() === url,
        timeout: 20_000,
      });
      await page.evaluate(`{ const framed = document.createElement(${literal(tag)});
        framed.type = 'text/html'; framed.data = framed.src = ${literal(url)}; document.body.append(framed); }`);
      expect((await answered).status(), `${tag} ${path}`).toBe(403);
    }
  }
  await page.close();
});

test('a page without an origin of its own is as foreign as any', async () => {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${evilPort()}/`);
  const before = await state();
  const inside = `<script>fetch(${literal(`${agent.url}${workflow}/cancel`)}, { method: 'POST', mode: 'no-cors' })
    .then((answer) => 'answered ' + answer.status, () => 'nothing')
    .then((told) => parent.postMessage(told, '*'))</script>`;
  const learnt = await page.evaluate<string>(
    `new Promise((resolve) => {
       addEventListener('message', ({ data }) => resolve(data));
       const frame = document.createElement('iframe');
       frame.setAttribute('sandbox', 'allow-scripts allow-forms');
       frame.srcdoc = ${literal(inside)};
       document.body.append(frame);
     })`,
  );
  expect(learnt).toMatch(/^(nothing|answered 0)$/);
  expect(await state()).toEqual(before);
  await page.close();
});

test('whoever follows a link from elsewhere sees the page, and its own pages may change things', async () => {
  const page = await browser.newPage();
  await page.goto(`http://evil.example:${evilPort()}/`);
  await page.evaluate(`location.assign(${literal(`${agent.url}/docs`)})`);
  await page.waitForURL(`${agent.url}/docs`);
  expect(await page.title()).toBe('Performance agent');
  await page.route('**/own', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><body>' }));
  await page.goto(`${agent.url}/own`);
  expect(await tried(page, `${agent.url}/api/v1/workflows`, {})).toContain('nobody');
  expect(await tried(page, `${agent.url}/api/v1/workflows`, { method: 'POST', body: create, headers: json })).toMatch(
    /^202 /,
  );
  expect(await tried(page, `${agent.url}${workflow}/cancel`, { method: 'POST' })).toMatch(/^200 .*"cancelled"/);
  await page.close();
});

test('a browser asks its user for the key, and sends it as the password', async () => {
  const reader = makeApiKey('reader', ['read']);
  const keyed = await startListeningAgent({ API_KEYS: reader.entry });
  const context = await browser.newContext({ httpCredentials: { username: 'me', password: reader.text } });
  const page = await context.newPage();
  expect((await page.goto(`${keyed.url}/api/v1/config`))?.status()).toBe(200);
  const stranger = await browser.newContext({ httpCredentials: { username: 'me', password: 'pl_wrong' } });
  const refused = await stranger.newPage();
  expect((await refused.goto(`${keyed.url}/api/v1/config`))?.status()).toBe(401);
  await context.close();
  await stranger.close();
  await keyed.stop();
});
