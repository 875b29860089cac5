import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { RoutePattern } from './samples/route-pattern.ts';
import { addUncounted, noteUncounted, type UncountedRequests } from './uncounted.ts';

test('requests are told apart by route and sender, without query and control characters', () => {
  const into: UncountedRequests = new Map();
  for (const id of [1, 2, 3])
    noteUncounted(into, { method: 'GET', url: `http://a/items/${id}?token=secret`, by: '`fetch`' });
  noteUncounted(into, { method: 'GET', url: 'http://a/items/4', by: "Node's `http`" });
  noteUncounted(into, { method: 'G\u001b[31mET', url: 'http://a', by: '`fetch`' });
  expect([...into]).toEqual([
    ['GET /items/:id by `fetch`', 3],
    ["GET /items/:id by Node's `http`", 1],
    ['GET / by `fetch`', 1],
  ]);
});

test('a route of the user names them as it names requests in the books', () => {
  const into: UncountedRequests = new Map();
  const routes = ['/shop/new', '/shop/:slug'].map((route) => new RoutePattern(route));
  for (const path of ['shop/new', 'shop/red-shoes', 'shop/7', 'items/7'])
    noteUncounted(into, { method: 'GET', url: `http://a/${path}`, by: '`fetch`' }, routes);
  expect([...into]).toEqual([
    ['GET /shop/new by `fetch`', 1],
    ['GET /shop/:slug by `fetch`', 2],
    ['GET /items/:id by `fetch`', 1],
  ]);
});

test('however many routes there are, few rows are kept and none is lost', () => {
  const all: UncountedRequests = new Map();
  for (const segment of ['a', 'b']) {
    const into: UncountedRequests = new Map();
    for (let n = 0; n < 1_000; n++)
      noteUncounted(into, { method: 'GET', url: `http://x/${segment}-${n}-x`, by: '`fetch`' });
    expect(into.size).toBe(51);
    addUncounted(all, into);
  }
  expect(all.size).toBe(51);
  expect([...all.values()].reduce((sum, count) => sum + count, 0)).toBe(2_000);
  expect([...all].at(-1)).toEqual(['(others)', 1_950]);
  const many: UncountedRequests = new Map();
  addUncounted(many, new Map(Array.from({ length: 60 }, (_, n) => [`row ${n}`, 2])));
  expect([many.size, many.get('row 49'), many.get('(others)')]).toEqual([51, 2, 20]);
});
