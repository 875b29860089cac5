/** Rows as a run has them, of real requests over both transports. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';
import { test } from '../../testing/plain-test.ts';

let server: Server;
let baseURL: string;

test.beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => response.end('{}'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const hash = '8f3a21bc'.repeat(8);
const spec = (transport: string) => `
test('rows', async ({ load }) => {
  const run = await load(iterations(2, { users: 1 }), async ({ request, iteration }) => {
    await request.get('/straße/' + iteration);
    await request.get('/a%2Fb/%E2%80%AEx');
    await request.get('/shop/shoe-' + iteration + '?x=1');
    await request.get('/429');
    await request.post('/graphql', { data: { query: 'query Orders { a }' } });
    await request.post('/graphql', { data: [{ query: 'mutation Pay { b }' }, { query: '{ c }' }] });
    await request.post('/graphql', { data: { extensions: { persistedQuery: { version: 1, sha256Hash: '${hash}' } } } });
    await request.post('/graphql', { data: { query: 'query Orders { a }' }, name: 'orders' });
    await request.post('/search', { data: { query: 'query of words' } });
    await request.post('/text', { data: '{"query":"query Orders { a }"}', headers: { 'content-type': 'application/json' } });
    await request.put('/graphql', { data: { query: 'query Orders { a }' } });
    await request.get('/graphql', { params: { query: 'query Orders { a }', variables: JSON.stringify({ iteration }) } });
  }, { routes: ['/shop/:slug'], transport: '${transport}' });
  expect(run).toMeet({ successRate: '100%' });
  expect(run.endpoint('GET /straße/:id')).toMeet({ requests: '2' });
});
`;

for (const transport of ['playload', 'playwright'])
  test(`rows are named alike by the transport \`${transport}\``, async () => {
    const { results } = await runSpec(spec(transport), { baseURL });
    expect(results.map(({ errors }) => errors)).toEqual(['']);
    expect(
      results[0]?.runs.map(({ endpoints }) => [...endpoints].map(([name, { counts }]) => [name, counts.ok])),
    ).toEqual([
      [
        ['GET /straße/:id', 2],
        ['GET /a%2Fb/%E2%80%AEx', 2],
        ['GET /shop/:slug', 2],
        ['GET /429', 2],
        ['POST /graphql query Orders', 2],
        ['POST /graphql batch (mutation Pay, query)', 2],
        ['POST /graphql persisted 8f3a21bc', 2],
        ['orders', 2],
        ['POST /search', 2],
        ['POST /text', 2],
        ['PUT /graphql', 2],
        ['GET /graphql query Orders', 2],
      ],
    ]);
  });
