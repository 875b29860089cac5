import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { EndpointNames, routeTemplate } from './endpoint-name.ts';

const routes = [
  { url: 'http://localhost:8002/api/v1/health', route: '/api/v1/health' }, // a version is no id
  { url: 'http://h/api/v1/workflows?limit=50&cursor=abc', route: '/api/v1/workflows' },
  { url: 'http://h/api/v1/workflows/42/events#top', route: '/api/v1/workflows/:id/events' },
  { url: 'http://h/orders/550e8400-e29b-41d4-a716-446655440000', route: '/orders/:id' },
  { url: 'http://h/orders/550E8400-E29B-41D4-A716-446655440000', route: '/orders/:id' },
  { url: 'http://h/blobs/9f86d081884c7d65', route: '/blobs/:id' }, // 16 hexadecimal digits
  { url: 'http://h/blobs/9f86d081884c7d6', route: '/blobs/9f86d081884c7d6' }, // 15 are a word
  { url: 'http://h/words/deadbeefdeadbeef', route: '/words/deadbeefdeadbeef' }, // letters alone are a word
  { url: 'http://h/u/01ARZ3NDEKTSV4RRFFQ69G5FAV', route: '/u/:id' }, // a ULID
  { url: 'http://h/a/1/b/2/c', route: '/a/:id/b/:id/c' },
  { url: 'http://h/items/v2', route: '/items/v2' },
  { url: 'http://h/items/1.5', route: '/items/1.5' },
  { url: 'http://h/items/', route: '/items/' },
  { url: 'http://h/', route: '/' },
  { url: 'http://h', route: '/' },
  { url: 'http://h?x=1', route: '/' },
  { url: '?x=1', route: '/' },
  { url: '#top', route: '/' },
  { url: '/relative/7', route: '/relative/:id' },
  { url: 'http://h/reset/eyJhbGciOiJI.eyJz.c2ln/x', route: '/reset/:id/x' }, // a JWT
  { url: 'http://h/reset/eyJhbGciOiJI.', route: '/reset/:id' }, // and one that was cut off
  { url: 'http://h/eyJhbGciOiJI', route: '/eyJhbGciOiJI' },
  { url: 'http://h/eyJhbGc.a', route: '/eyJhbGc.a' },
  { url: 'http://h/xeyJhbGciOiJI.a', route: '/xeyJhbGciOiJI.a' },
  { url: 'http://h/eyJhbGciOiJI.a~b', route: '/eyJhbGciOiJI.a~b' },
  { url: 'relative/7', route: '/relative/:id' },
  { url: 'http://h/stra%C3%9Fe/7', route: '/straße/:id' },
  { url: 'http://h/orders/%34%32', route: '/orders/:id' }, // 42, written otherwise
  { url: 'http://h/429', route: '/429' }, // a status is no id where it is all there is,
  { url: 'http://h/status/503', route: '/status/503' }, // and where it is said to be one
  { url: 'http://h/600', route: '/:id' },
  { url: 'http://h/1', route: '/:id' },
  { url: 'http://h/42900', route: '/:id' },
  { url: 'http://h/orders/429', route: '/orders/:id' },
  { url: 'http://h/status/12345', route: '/status/:id' },
];
for (const { url, route } of routes) {
  test(`${url} is a request to ${route}`, () => expect(routeTemplate(url)).toBe(route));
}

test('a name that was given wins; methods are told apart', () => {
  const names = new EndpointNames();
  expect([
    names.of('GET', 'http://h/a/1', undefined),
    names.of('POST', 'http://h/a/1', undefined),
    names.of('GET', 'http://h/a/1', 'checkout'),
    names.of('GET', 'http://h/a/1', undefined),
  ]).toEqual(['GET /a/:id', 'POST /a/:id', 'checkout', 'GET /a/:id']);
});

test('a hundred thousand URLs are named rightly, though not all are remembered', () => {
  const names = new EndpointNames();
  const found = new Set<string>();
  for (let n = 0; n < 100_000; n++) found.add(names.of('GET', `http://h/a/${n}`, undefined));
  expect([...found]).toEqual(['GET /a/:id']);
});

test('the servers that were called are known by their first twenty origins, whatever the row is called', () => {
  const names = new EndpointNames();
  names.of('GET', '/relative', undefined);
  names.of('GET', 'http://a:1/x', 'save');
  names.of('GET', 'http://a:2/x', 'save'); // of a name that is known the first alone is looked at
  for (let n = 0; n < 30; n++) names.of('GET', `http://h${n}/x?y`, undefined);
  names.of('GET', 'http://late/x', 'other');
  expect(names.origins).toEqual(['http://a:1', ...Array.from({ length: 19 }, (_, n) => `http://h${n}`)]);
});

const shop = ['/shop/new', '/shop/:slug', '/shop/:slug/*/edit', '/files/*', '/429', '/straße/:nr', '/a b/:c'];
const matched = [
  { path: '/shop/blue-shoes', route: '/shop/:slug' },
  { path: '/shop/new?x=1#y', route: '/shop/new' }, // the first that fits
  { path: '/shop/7', route: '/shop/:slug' }, // before what would be made out
  { path: '/shop/', route: '/shop/' }, // a parameter is never empty
  { path: '/shop', route: '/shop' },
  { path: '/shop/a/b', route: '/shop/a/b' },
  { path: '/shop/a/b/edit', route: '/shop/:slug/*/edit' },
  { path: '/shop/a/b/c/edit', route: '/shop/a/b/c/edit' }, // in the middle one segment alone
  { path: '/Shop/a', route: '/Shop/a' }, // paths tell case apart (RFC 3986, 6.2.2.1)
  { path: '/files/a', route: '/files/*' },
  { path: '/files/a/b/7', route: '/files/*' },
  { path: '/files/', route: '/files/*' },
  { path: '/files', route: '/files' },
  { path: '/429', route: '/429' },
  { path: '/430x', route: '/430x' },
  { path: '/stra%C3%9Fe/7', route: '/straße/:nr' },
  { path: '/a%20b/7', route: '/a b/:c' },
  { path: '/orders/7', route: '/orders/:id' }, // none of them
];
for (const { path, route } of matched)
  test(`with routes of the user's, ${path} is a request to ${route}`, () => {
    expect(new EndpointNames(shop).of('GET', `http://h${path}`, undefined)).toBe(`GET ${route}`);
  });

test('an operation stands behind its route, and a name that was given goes before it', () => {
  const names = new EndpointNames(['/:tenant/graphql']);
  expect([
    names.of('POST', 'http://h/graphql', undefined, 'query Orders'),
    names.of('POST', 'http://h/acme/graphql', undefined, 'mutation Pay'),
    names.of('POST', 'http://h/graphql', 'pay', 'mutation Pay'),
    names.of('POST', 'http://h/graphql', undefined),
    names.of('GET', 'http://h/graphql?query=query%20Orders%7Ba%7D', undefined),
    names.of('POST', 'http://h/graphql?query=query%20Orders%7Ba%7D', undefined),
  ]).toEqual([
    'POST /graphql query Orders',
    'POST /:tenant/graphql mutation Pay',
    'pay',
    'POST /graphql',
    'GET /graphql query Orders',
    'POST /graphql',
  ]);
});

test('a client that makes up an operation for each request leaves room for other rows', () => {
  const names = new EndpointNames();
  const rows = Array.from({ length: 1_000 }, (_, n) => names.of('POST', 'http://h/graphql', undefined, `query Q${n}`));
  expect(new Set(rows).size).toBe(101);
  expect(rows.at(-1)).toBe('POST /graphql (other operations)');
  expect(names.of('POST', 'http://h/graphql', undefined, 'query Q7')).toBe('POST /graphql query Q7');
});
