import { expect, test } from '@playwright/test';
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
  { url: '/relative/7', route: '/relative/:id' },
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
