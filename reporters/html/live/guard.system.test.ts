/** Who gets to see the live page: from raw requests, and from a page of another origin in a real browser. */
import { createServer, request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect } from '@playwright/test';
import { encodeSnapshot } from '../../../load/measure/snapshot.ts';
import { sampleRun } from '../../../testing/page-run.ts';
import { launchTestBrowser } from '../../../testing/browser.ts';
import { test } from '../../../testing/plain-test.ts';
import { type Dashboard, startDashboard } from './dashboard.ts';

const secret = 'shoppers browse';
const forged = 'posted from elsewhere';
function snapshotOf(title: string): string {
  const run = sampleRun({ seconds: 3 });
  return JSON.stringify(encodeSnapshot(run, Number.NEGATIVE_INFINITY, { title: [title], project: 'load' }));
}
const snapshot = snapshotOf(secret);

async function withDashboard(use: (dashboard: Dashboard) => Promise<void>): Promise<void> {
  const dashboard = await startDashboard();
  try {
    expect((await fetch(dashboard.snapshotUrl, { method: 'POST', body: snapshot })).status).toBe(204);
    await use(dashboard);
  } finally {
    await dashboard.close();
  }
}

interface Asked {
  readonly target: string;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: OutgoingHttpHeaders;
  /** Of an event stream, its first piece. */
  readonly text: string;
}

/** `fetch` does not let a caller choose these headers. */
function ask(url: string, { target, method = 'GET', headers = {} }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const request = httpRequest({ hostname, port, path: target, method, headers }, (response) => {
      let text = '';
      const done = () => {
        resolve({ status: response.statusCode, headers: response.headers, text });
        request.destroy();
      };
      response.setEncoding('utf8').on('end', done);
      response.on('data', (piece: string) => {
        text += piece;
        if (response.headers['content-type'] === 'text/event-stream') done();
      });
    });
    request.on('error', reject).end(method === 'POST' ? snapshot : undefined);
  });
}

const wrong = `?token=${'x'.repeat(32)}`;
const right = '?right'; // stands for the token of the run
const strangers: { who: string; status: number; headers?: OutgoingHttpHeaders; query?: string }[] = [
  { who: 'no token', status: 403, query: '' },
  { who: 'an empty token', status: 403, query: '?token=' },
  { who: 'a wrong token', status: 403, query: wrong },
  { who: 'a token in another case of its name', status: 403, query: wrong.replace('token', 'Token') },
  { who: 'another host', status: 421, headers: { host: 'evil.example' } },
  { who: 'a host that begins like ours', status: 421, headers: { host: '127.0.0.1.evil.example:80' } },
  { who: 'a page of another site', status: 403, headers: { 'sec-fetch-site': 'cross-site' } },
  { who: 'a page of another port', status: 403, headers: { 'sec-fetch-site': 'same-site' } },
  { who: 'a site that is none of the known', status: 403, headers: { 'sec-fetch-site': 'same-origin, none' } },
  { who: 'another origin', status: 403, headers: { origin: 'https://evil.example' } },
  { who: 'an origin of another port', status: 403, headers: { origin: 'http://127.0.0.1:1' } },
  { who: 'an opaque origin', status: 403, headers: { origin: 'null' } },
];
const routes = ['GET /', 'GET /events', 'POST /snapshot', 'GET /etc/passwd'];

for (const { who, status, headers = {}, query = right } of strangers) {
  test(`${who} is answered ${status} on every path, with words and nothing of the run`, async () => {
    await withDashboard(async ({ url }) => {
      for (const route of routes) {
        const [method = '', path = ''] = route.split(' ');
        const target = path + (query === right ? new URL(url).search : query);
        const answer = await ask(url, { target, method, headers });
        expect({ route, status: answer.status }).toEqual({ route, status });
        expect(answer.text).toMatch(/^(the token|another page|this page)[^\n]+\n$/);
      }
    });
  });
}

const guests: { who: string; headers: (host: string) => OutgoingHttpHeaders }[] = [
  { who: 'a worker or curl, which tells no origin', headers: () => ({}) },
  { who: 'the address bar', headers: () => ({ 'sec-fetch-site': 'none' }) },
  { who: 'the page itself', headers: (host) => ({ 'sec-fetch-site': 'same-origin', origin: `http://${host}` }) },
  { who: 'a forwarded port', headers: () => ({ host: 'localhost:9000', origin: 'http://localhost:9000' }) },
];
for (const { who, headers } of guests) {
  test(`${who} is answered when it has the token`, async () => {
    await withDashboard(async ({ url }) => {
      const { host, search } = new URL(url);
      for (const [route, status] of [
        ['GET /', 200],
        ['GET /events', 200],
        ['POST /snapshot', 204],
      ] as const) {
        const [method = '', path = ''] = route.split(' ');
        const answer = await ask(url, { target: path + search, method, headers: headers(host) });
        expect({ route, status: answer.status }).toEqual({ route, status });
      }
    });
  });
}

test('a target that is no address is refused in words', async () => {
  await withDashboard(async ({ url }) => {
    expect((await ask(url, { target: '//[' })).status).toBe(403);
  });
});

test('every answer says that nobody may frame it, load it elsewhere, or be told its address', async () => {
  await withDashboard(async ({ url }) => {
    const { search } = new URL(url);
    for (const target of [`/${search}`, `/events${search}`, `/nothing${search}`, '/']) {
      expect((await ask(url, { target })).headers).toMatchObject({
        'content-security-policy': "frame-ancestors 'none'",
        'x-frame-options': 'DENY',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
    }
  });
});

test('connections that send nothing, or half a snapshot, are ended, and hinder nobody meanwhile', async () => {
  test.setTimeout(60_000);
  await withDashboard(async ({ url, snapshotUrl }) => {
    const port = Number(new URL(url).port);
    const { pathname, search } = new URL(snapshotUrl);
    const half = `POST ${pathname}${search} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 99\r\n\r\n{`;
    const idle = Array.from({ length: 100 }, () => connect(port, '127.0.0.1').resume());
    for (const socket of idle.slice(0, 50)) socket.write(half);
    const ended = idle.map((socket) => new Promise((resolve) => socket.on('error', resolve).on('close', resolve)));
    try {
      expect((await fetch(url)).status).toBe(200);
      await Promise.all(ended);
    } finally {
      for (const socket of idle) socket.destroy();
    }
  });
});

/** The kinds of access to another origin's address that a browser gives a page. */
const evilPage = `<!doctype html><body>something else<script>
  const loaded = (name, address) => new Promise((resolve) => {
    const element = Object.assign(document.createElement(name), { src: address });
    element.addEventListener('load', () => resolve(element));
    element.addEventListener('error', () => resolve());
    document.body.append(element);
  });
  const fetched = (address, options) => fetch(address, options).then((response) => response.text(), () => 'refused');
  async function tryEverything(address, posts, body) {
    const frame = await loaded('iframe', address);
    return {
      framed: frame.contentDocument?.body.textContent ?? 'refused',
      script: (await loaded('script', address)) ? 'loaded' : 'refused',
      fetched: await fetched(address),
      opaque: await fetched(address, { mode: 'no-cors' }),
      posted: await fetched(posts, { method: 'POST', body, mode: 'no-cors' }),
      followed: await new Promise((resolve) => {
        const events = new EventSource(address.replace('/?', '/events?'));
        events.addEventListener('open', () => resolve('open'));
        events.addEventListener('error', () => resolve('refused'));
      }),
    };
  }
</script></body>`;

test('a page of another origin reads nothing, even with the token', async () => {
  test.setTimeout(60_000);
  const evil = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end(evilPage);
  });
  await new Promise<void>((resolve) => evil.listen(0, '127.0.0.1', resolve));
  const browser = await launchTestBrowser();
  try {
    await withDashboard(async (dashboard) => {
      const { port } = evil.address() as AddressInfo;
      const parts = [dashboard.url, dashboard.snapshotUrl, snapshotOf(forged)];
      const given = parts.map((text) => JSON.stringify(text)).join();
      const page = await browser.newPage();
      for (const host of ['127.0.0.1', 'localhost']) {
        await page.goto(`http://${host}:${port}/`);
        expect(await page.evaluate(`tryEverything(${given})`)).toEqual({
          fetched: 'refused',
          opaque: 'refused',
          posted: 'refused',
          script: 'refused',
          followed: 'refused',
          framed: 'refused',
        });
        for (const frame of page.frames()) expect((await frame.content()).includes(secret)).toBe(false);
      }
      const seen = await (await fetch(dashboard.url)).text();
      expect([seen.includes(secret), seen.includes(forged)]).toEqual([true, false]);
    });
  } finally {
    await browser.close();
    evil.close().closeAllConnections();
  }
});

test('not even a page of its own origin may frame the live page', async () => {
  const browser = await launchTestBrowser();
  try {
    await withDashboard(async ({ url }) => {
      const page = await browser.newPage();
      expect((await page.goto(new URL(url).origin))?.status()).toBe(403);
      await page.evaluate(`new Promise((resolve) => {
        const frame = Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(url)}, onload: resolve });
        document.body.append(frame);
      })`);
      const [, framed] = page.frames();
      expect((await framed?.content())?.includes(secret)).toBe(false);
      await page.goto(url);
      await expect(page.locator('h2')).toHaveText(secret); // it was there to be seen
    });
  } finally {
    await browser.close();
  }
});
