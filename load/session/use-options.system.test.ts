/** What `use` says of requests reaches a load as it reaches Playwright's own `request`. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';

let server: Server;
let baseURL: string;
let seen: string[] = [];

test.beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(`${request.url ?? ''} ${String(request.headers['x-a'])}`);
    if (request.url === '/hang') return;
    if (request.url === '/moved') response.writeHead(302, { location: '/there' });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.beforeEach(() => void (seen = []));
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const once = (path: string, options = '{}'): string =>
  `load(iterations(1, { users: 1 }), ({ request }) => request.get('${path}'), ${options})`;

for (const transport of ['playload', 'playwright']) {
  test(`contextOptions hold for loads of ${transport}`, async () => {
    const inner = await runSpec(
      `
test.use({ contextOptions: { maxRedirects: 0, extraHTTPHeaders: { 'x-a': 'context' }, viewport: null } });
test('follows none', async ({ load }) => {
  const run = await ${once('/moved', `{ transport: '${transport}' }`)};
  expect(run).toMeet({ successRate: '100%' });
});`,
      { baseURL },
    );
    expect(inner.results.map(({ status, errors }) => ({ status, errors }))).toEqual([{ status: 'passed', errors: '' }]);
    expect(seen).toEqual(['/moved context']);
  });
}

for (const { title, use, options } of [
  { title: 'actionTimeout', use: '{ actionTimeout: 2_000 }', options: '{}' },
  {
    title: 'a timeout in contextOptions',
    use: '{ actionTimeout: 60_000, contextOptions: { timeout: 2_000 } }',
    options: '{}',
  },
  {
    title: "the load's own, over actionTimeout",
    use: '{ actionTimeout: 60_000 }',
    options: "{ requestTimeout: '2s' }",
  },
]) {
  test(`the limit of a request is ${title}`, async () => {
    const inner = await runSpec(
      `
test.use(${use});
test('hangs', async ({ load }) => {
  const run = await ${once('/hang', options)};
  expect(run).toMeet({ timedOut: '1', successRate: '0%' });
});`,
      { baseURL },
    );
    expect(inner.results.map(({ status, errors }) => ({ status, errors }))).toEqual([{ status: 'passed', errors: '' }]);
    expect(seen).toEqual(['/hang undefined']);
  });
}

test('`loadOptions` hold for all loads of a file, and a load says otherwise', async () => {
  const inner = await runSpec(
    `
test.use({ loadOptions: { routes: ['/shop/:slug'], expectStatus: [404], requestTimeout: '200ms', uncounted: 'allowed' } });
test('has them', async ({ load, request }) => {
  const run = await load(iterations(2, { users: 1 }), async (own) => {
    await own.request.get('/shop/red-shoes');
    await request.get('/shop/blue-shoes');
  }, { expectStatus: [200], requestTimeout: '20s' });
  expect(run).toMeet({ successRate: '100%' });
});
test('is cut off', async ({ load }) => {
  expect(await ${once('/hang')}).toMeet({ timedOut: '1', successRate: '0%' });
});
test('has an option that is none', async ({ load }) => {
  await ${once('/', '{ loadOptions: {} }')};
});`,
    { baseURL },
  );
  const [named, hung, wrong] = inner.results;
  expect([named?.errors, hung?.errors]).toEqual(['', '']);
  expect([...(named?.runs[0]?.endpoints.keys() ?? [])]).toEqual(['GET /shop/:slug']);
  expect([...(named?.runs[0]?.uncounted ?? [])]).toEqual([["GET /shop/:slug by Playwright's own request context", 2]]);
  expect(wrong?.errors).toContain('`loadOptions` is no option of `load`');
});

test('a client certificate that Node refuses fails the load by its name', async () => {
  const inner = await runSpec(
    `
test.use({ clientCertificates: [{ origin: 'https://localhost', cert: Buffer.from('none'), key: Buffer.from('none') }] });
test('has no certificate', async ({ load }) => {
  await ${once('/')};
});`,
    { baseURL },
  );
  expect(inner.results.map(({ status }) => status)).toEqual(['failed']);
  expect(inner.results[0]?.errors).toContain("`clientCertificates[0]`: `cert` can't be used");
  expect(seen).toEqual([]);
});
