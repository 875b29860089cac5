import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { type AddressInfo, connect } from 'node:net';
import { expect, request as playwrightRequest } from '@playwright/test';
import { serverKeys } from '../../testing/certificate.ts';
import { test } from '../../testing/plain-test.ts';
import { RequestContext } from './context.ts';
import { PlaywrightTransport } from './playwright/playwright-transport.ts';
import { counted, watchUncounted } from './uncounted.ts';

let plain: Server;
let secure: Http2SecureServer;
let http: string;
let https: string;

test.beforeAll(async () => {
  plain = createServer((request, response) => {
    if (request.url?.startsWith('/moved') === true) response.writeHead(302, { location: '/here' }).end();
    else response.end('{}');
  });
  plain.on('connect', (request, socket) => {
    const [, port] = (request.url ?? '').split(':');
    const through = connect(Number(port), '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    through.pipe(socket).pipe(through);
    for (const end of [through, socket]) end.on('error', () => through.destroy());
  });
  const keys = serverKeys();
  secure = createSecureServer({ ...keys, allowHTTP1: true }, (_, response) => void response.end('{}'));
  for (const server of [plain, secure]) await once(server.listen(0, '127.0.0.1'), 'listening');
  http = `http://127.0.0.1:${(plain.address() as AddressInfo).port}`;
  https = `https://localhost:${(secure.address() as AddressInfo).port}`;
});

test.afterAll(() => {
  plain.closeAllConnections();
  plain.close();
  secure.close();
});

const ofLoad = () => ({ onCall: counted(() => undefined), ignoreHTTPSErrors: true });

const senders: readonly {
  readonly name: string;
  readonly send: () => Promise<unknown>;
  /** As `method path by`. */
  readonly told: readonly string[];
}[] = [
  { name: "a load's context", send: async () => use(ofLoad(), `${http}/a`), told: [] },
  { name: "a load's context over HTTP/2", send: async () => use({ ...ofLoad(), http2: true }, `${https}/a`), told: [] },
  {
    name: "a load's context through a proxy",
    send: async () => use({ ...ofLoad(), proxy: { server: http } }, `${https}/a`),
    told: [],
  },
  { name: "a load's context that follows a redirect", send: async () => use(ofLoad(), `${http}/moved`), told: [] },
  {
    name: "a context of the user's own",
    send: async () => use({}, `${http}/a?b=1`),
    told: ['GET /a?b=1 a `RequestContext` of its own'],
  },
  {
    name: "a context of the user's own over HTTP/2",
    send: async () => use({ http2: true, ignoreHTTPSErrors: true }, `${https}/a`),
    told: ['GET /a a `RequestContext` of its own'],
  },
  {
    name: "a context of the user's own that has a callback",
    send: async () => use({ onCall: () => undefined }, `${http}/a`),
    told: ['GET /a a `RequestContext` of its own'],
  },
  { name: 'a call that is wrong', send: async () => use({}, 'no url').catch(() => undefined), told: [] },
  {
    name: "Playwright's context",
    send: async () => usePlaywright(async (context) => context.post(`${http}/a`)),
    told: ["POST /a Playwright's own request context"],
  },
  {
    name: "Playwright's context that follows a redirect",
    send: async () => usePlaywright(async (context) => context.get(`${http}/moved`)),
    told: ["GET /moved Playwright's own request context", "GET /here Playwright's own request context"],
  },
  {
    name: "Playwright's context as a load's transport, many at once beside another",
    send: async () =>
      usePlaywright(async (context) => {
        const transport = new PlaywrightTransport({ context, onRequest: () => undefined });
        const calls = Array.from({ length: 20 }, async (_, n) => transport.get(`${http}/moved/${n}`));
        await Promise.all([...calls, context.get(`${http}/beside`)]);
        await transport.get(`${http}/again`);
      }),
    told: ["GET /beside Playwright's own request context"],
  },
  { name: '`fetch`', send: async () => (await fetch(`${http}/a`)).text(), told: ['GET /a `fetch`'] },
  {
    name: "Node's `http`",
    send: async () => {
      const [response] = (await once(get(`${http}/a`), 'response')) as [NodeJS.ReadableStream];
      await once(response.resume(), 'end');
    },
    told: ["GET /a Node's `http`"],
  },
  { name: 'the live page', send: async () => (await fetch(`${http}/live?token=1`)).text(), told: [] },
];

async function use(options: ConstructorParameters<typeof RequestContext>[0], url: string): Promise<void> {
  await using context = new RequestContext(options);
  await context.get(url);
}

async function usePlaywright(
  send: (context: Awaited<ReturnType<typeof playwrightRequest.newContext>>) => Promise<unknown>,
): Promise<void> {
  const context = await playwrightRequest.newContext();
  try {
    await send(context);
  } finally {
    await context.dispose();
  }
}

for (const { name, send, told } of senders) {
  test(`of ${name} ${told.length === 0 ? 'nothing is' : `${told.length} is`} told`, async () => {
    const heard: string[] = [];
    const stop = watchUncounted({
      exceptUrl: `${http}/live?token=1`,
      onUncounted: ({ method, url, by }) => heard.push(`${method} ${url.replace(/^https?:\/\/[^/]+/, '')} ${by}`),
    });
    try {
      await send();
    } finally {
      stop();
    }
    expect(heard).toEqual(told);
    await send();
    expect(heard).toEqual(told); // nobody listens any more
  });
}

test('two watches hear the same; one that ends leaves the other', async () => {
  const heard: string[] = [];
  const stops = ['first', 'second'].map((name) =>
    watchUncounted({ exceptUrl: undefined, onUncounted: () => heard.push(name) }),
  );
  await use({}, `${http}/a`);
  stops[0]?.();
  stops[0]?.();
  await (await fetch(`${http}/a`)).text();
  stops[1]?.();
  expect(heard).toEqual(['first', 'second', 'second']);
});

test('what was heard before by others is heard by them still', async () => {
  let heard = 0;
  const listen = () => void (heard += 1);
  subscribe('undici:request:create', listen);
  try {
    watchUncounted({ exceptUrl: undefined, onUncounted: () => undefined })();
    await (await fetch(`${http}/a`)).text();
  } finally {
    unsubscribe('undici:request:create', listen);
  }
  expect(heard).toBe(1);
});
