import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { operationInUrl, operationOf } from './graphql-operation.ts';

const hash = '8f3a21bc'.repeat(8);
const two = 'query Orders { a } mutation Pay($id: ID!) { b }';
const bodies: readonly { body: unknown; operation: string | undefined }[] = [
  { body: { query: 'query Orders { orders { id } }' }, operation: 'query Orders' },
  { body: { query: 'query Orders($n: Int) @live { a }', variables: { n: 1 } }, operation: 'query Orders' },
  { body: { query: 'mutation Pay{pay}' }, operation: 'mutation Pay' },
  { body: { query: '\n# all of them\n  subscription\n  News\n{ a }' }, operation: 'subscription News' },
  { body: { query: '{ orders { id } }' }, operation: 'query' },
  { body: { query: 'mutation { pay }' }, operation: 'mutation' },
  { body: { query: 'query ($n: Int) { a }' }, operation: 'query' },
  { body: { query: '{ ...F } fragment F on T { a }' }, operation: 'query' },
  { body: { query: 'fragment F on T { a }\nquery Orders { ...F }' }, operation: 'query Orders' },
  { body: { query: two, operationName: 'Pay' }, operation: 'mutation Pay' },
  { body: { query: two, operationName: 'Orders' }, operation: 'query Orders' },
  { body: { query: two, operationName: 'Nobody' }, operation: 'query Orders' },
  { body: { query: two, operationName: 7 }, operation: 'query Orders' },
  { body: { query: two, operationName: null }, operation: 'query Orders' },
  {
    body: { operationName: 'Orders', extensions: { persistedQuery: { version: 1, sha256Hash: hash } } },
    operation: 'persisted Orders',
  },
  { body: { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }, operation: 'persisted 8f3a21bc' },
  { body: { documentId: `sha256:${hash}` }, operation: 'persisted 8f3a21bc' },
  { body: { operationName: 'a\u001b[2J', documentId: `sha256:${hash}` }, operation: 'persisted 8f3a21bc' },
  { body: { documentId: '42' }, operation: undefined },
  { body: { extensions: null }, operation: undefined },
  { body: { extensions: { persistedQuery: null } }, operation: undefined },
  { body: { operationName: 'Orders' }, operation: undefined },
  {
    body: [{ query: 'query A { a }' }, { query: 'mutation B { b }' }, { query: 'query A { c }' }],
    operation: 'batch (query A, mutation B)',
  },
  {
    body: ['A', 'B', 'C', 'D'].map((name) => ({ query: `query ${name} { a }` })),
    operation: 'batch (query A, query B, query C, …)',
  },
  { body: [{ query: 'query A { a }' }, { id: 1 }], operation: 'batch (query A, none)' },
  {
    body: ['A', 'B', 'C'].map((name) => ({ query: `query ${name} { a }` })),
    operation: 'batch (query A, query B, query C)',
  },
  { body: [], operation: undefined },
  { body: [{ id: 1 }], operation: undefined },
  { body: { query: '# nothing else' }, operation: undefined },
  { body: { query: 'xquery A { a }' }, operation: undefined },
  { body: { query: '{a}' }, operation: 'query' },
  { body: { query: '{\n,# all\n a }' }, operation: 'query' },
  { body: { query: 'fragment  Long\n on\tT { a }query Orders { ...Long }' }, operation: 'query Orders' },
  { body: { query: 'fragment F on T { a } query { ...F }' }, operation: 'query' },
  { body: { query: 'fragment F on T { a } mutation($n: Int) { b }' }, operation: 'mutation' },
  { body: { query: 'a fragment F on T { a } query Orders { a }' }, operation: undefined },
  { body: { query: null, documentId: hash }, operation: 'persisted 8f3a21bc' },
  { body: { query: 7, documentId: hash }, operation: undefined },
  { body: { documentId: `${hash}0` }, operation: undefined },
  { body: { documentId: `0${hash}` }, operation: undefined },
  { body: { documentId: `md5-sha256:${hash}` }, operation: undefined },
  { body: { extensions: { persistedQuery: { sha256Hash: [hash] } } }, operation: undefined },
  { body: { query: 'blue shoes' }, operation: undefined }, // a search
  { body: { query: 'query optimization' }, operation: undefined },
  { body: { query: 'mutations in maize (Zea mays)' }, operation: undefined },
  { body: { query: '{"match":{"title":"x"}}' }, operation: undefined },
  { body: { query: { match: 1 } }, operation: undefined },
  { body: { query: '' }, operation: undefined },
  { body: { a: 1 }, operation: undefined },
  { body: '{"query":"query Orders { a }"}', operation: undefined }, // a string is not parsed again
  { body: Buffer.from('{"query":"query Orders { a }"}'), operation: undefined },
  { body: undefined, operation: undefined },
  { body: null, operation: undefined },
  { body: 7, operation: undefined },
];
for (const { body, operation } of bodies)
  test(`the operation of ${(body === undefined ? 'nothing' : JSON.stringify(body)).slice(0, 90)} is ${operation ?? 'none'}`, () => {
    expect(operationOf(body)).toBe(operation);
    expect(operationOf(body)).toBe(operation); // as it is remembered
  });

const encoded = (fields: Readonly<Record<string, string>>) =>
  `http://h/graphql?${new URLSearchParams(fields).toString()}`;
const urls = [
  { url: encoded({ query: '{ orders }' }), operation: 'query' },
  { url: encoded({ variables: '{}', query: two, operationName: 'Orders' }), operation: 'query Orders' },
  {
    url: encoded({ operationName: 'Orders', extensions: JSON.stringify({ persistedQuery: { sha256Hash: hash } }) }),
    operation: 'persisted Orders',
  },
  { url: encoded({ documentId: `sha256:${hash}` }), operation: 'persisted 8f3a21bc' },
  { url: encoded({ query: 'query stores' }), operation: undefined },
  { url: encoded({ query: 'shoes' }), operation: undefined },
  { url: encoded({ extensions: '{broken' }), operation: undefined },
  { url: 'http://h/graphql#?query={a}', operation: undefined },
  { url: 'http://h/graphql', operation: undefined },
];
for (const { url, operation } of urls)
  test(`the operation in ${decodeURIComponent(url).slice(0, 90)} is ${operation ?? 'none'}`, () => {
    expect(operationInUrl(url)).toBe(operation);
  });

test('a document that is made to take long is looked at as quickly as any', () => {
  expect(operationOf({ query: `${'# '.repeat(50_000)}${'} '.repeat(50_000)}` })).toBe(undefined);
  expect(operationOf({ query: `${'#\n,'.repeat(50_000)}"` })).toBe(undefined);
  expect(operationOf({ query: `fragment F on T {${'} query '.repeat(50_000)}` })).toBe(undefined);
});
