/** Descriptions of APIs as specs: each operation once, with a request that the description allows, bounded whatever it holds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import fc from 'fast-check';
import ts from 'typescript';
import { cpuMsOf } from '../../../testing/cpu-time.ts';
import { test } from '../../../testing/plain-test.ts';
import { ExampleValues } from './example-value.ts';
import { openapiSpec } from './openapi-spec.ts';
import { readDescription } from './read-description.ts';

function specOf(root: Record<string, unknown>): string {
  const description = { root: { openapi: '3.1.0', info: { title: 'Shop' }, ...root } };
  const { spec } = openapiSpec({ name: 'shop.json', description, users: 5, duration: '30s' });
  const { parseDiagnostics } = ts.createSourceFile('a.ts', spec, ts.ScriptTarget.Latest) as unknown as {
    readonly parseDiagnostics: readonly ts.Diagnostic[];
  };
  expect(parseDiagnostics.map(({ messageText }) => messageText)).toEqual([]);
  return spec;
}

const schemas = {
  Node: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string' }, next: { $ref: '#/components/schemas/Node' } },
  },
  Endless: { type: 'object', required: ['next'], properties: { next: { $ref: '#/components/schemas/Endless' } } },
  Round: { $ref: '#/components/schemas/About' },
  About: { $ref: '#/components/schemas/Round' },
  Base: { type: 'object', required: ['id'], properties: { id: { type: 'integer', minimum: 7 } } },
};
const values = [
  { schema: { type: 'string' }, value: 'example' },
  { schema: { type: 'string', minLength: 10 }, value: 'exampleaaa' },
  { schema: { type: 'string', maxLength: 3 }, value: 'exa' },
  { schema: { type: 'string', format: 'uuid' }, value: '00000000-0000-4000-8000-000000000000' },
  { schema: { type: 'string', pattern: String.raw`^\d{5}$` }, value: '12345' },
  { schema: { type: 'string', pattern: '^no such word$' }, value: undefined },
  { schema: { type: 'string', pattern: '(' }, value: 'example' },
  { schema: { type: 'string', minLength: 30, pattern: '^[a-z]+$' }, value: `example${'a'.repeat(23)}` },
  { schema: { type: 'string', minLength: 20, pattern: '^(?:a|a|a|a)*b$' }, value: undefined },
  { schema: { type: 'integer', minimum: 5, maximum: 9 }, value: 5 },
  { schema: { type: 'integer', exclusiveMinimum: 5 }, value: 6 },
  { schema: { type: 'integer', minimum: 5, exclusiveMinimum: true }, value: 6 },
  { schema: { type: 'integer', maximum: -3 }, value: -3 },
  { schema: { type: 'number', multipleOf: 5 }, value: 5 },
  { schema: { type: 'integer', exclusiveMaximum: 1 }, value: 0 },
  { schema: { type: 'integer', maximum: 1, exclusiveMaximum: true }, value: 0 },
  { schema: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 }, value: 0.5 },
  { schema: { type: 'number', multipleOf: 0 }, value: 1 },
  { schema: { required: ['a', 'b'], properties: { a: { readOnly: true }, b: { type: 'null' } } }, value: { b: null } },
  {
    schema: {
      allOf: [
        { allOf: [{ $ref: '#/components/schemas/Base' }, { required: ['a'], properties: { a: { const: 1 } } }] },
        { allOf: [{ required: ['b'], properties: { b: { const: 2 } }, example: { b: 3 } }] },
      ],
    },
    value: { id: 7, a: 1, b: 2 },
  },
  { schema: { allOf: [{ type: 'string', example: 'e' }], description: 'd' }, value: 'e' },
  { schema: { type: ['null', 'boolean'] }, value: true },
  { schema: { enum: ['b', 'a'] }, value: 'b' },
  { schema: { const: 3 }, value: 3 },
  { schema: { type: 'string', default: 'd', example: 'e' }, value: 'e' },
  { schema: { type: 'array', items: { type: 'boolean' }, minItems: 2 }, value: [true, true] },
  { schema: { oneOf: [{ $ref: '#/components/schemas/Endless' }, { type: 'integer' }] }, value: 1 },
  { schema: { $ref: '#/components/schemas/Node' }, value: { name: 'example' } },
  { schema: { $ref: '#/components/schemas/Endless' }, value: undefined },
  { schema: { $ref: 'other.yaml#/A' }, value: 'example' },
  {
    schema: {
      allOf: [{ $ref: '#/components/schemas/Base' }, { required: ['a'], properties: { a: { type: 'null' } } }],
    },
    value: { id: 7, a: null },
  },
];
for (const { schema, value } of values) {
  test(`${JSON.stringify(schema)} is met by ${JSON.stringify(value)}`, () => {
    expect(new ExampleValues({ root: { components: { schemas } } }).of(schema)).toEqual(value);
  });
}

test('hostile patterns are broken off, and there is so much time for all of them', () => {
  const examples = new ExampleValues({ root: {} });
  const costMs = cpuMsOf(() => {
    for (let number = 0; number < 200; number++)
      expect(examples.of({ type: 'string', minLength: 20, pattern: `^(?:a|a|a|a)*b{${number}}c$` })).toBeUndefined();
  });
  expect(costMs).toBeLessThan(10_000);
});

test('references that lead round in circles come to an end', () => {
  const examples = new ExampleValues({ root: { components: { schemas } } });
  expect(() => examples.of({ $ref: '#/components/schemas/Round' })).not.toThrow();
  const wide = { type: 'object', required: ['a', 'b', 'c'], properties: {} as Record<string, unknown> };
  let deep: unknown = { type: 'string' };
  for (let depth = 0; depth < 100; depth++) deep = { ...wide, properties: { a: deep, b: deep, c: deep } };
  expect(cpuMsOf(() => examples.of(deep))).toBeLessThan(2_000);
});

const paths = {
  '/orders': {
    get: {
      operationId: 'listOrders',
      'x-weight': 30,
      parameters: [{ name: 'page', in: 'query', required: true, schema: { type: 'integer' } }],
    },
    post: {
      operationId: 'createOrder',
      security: [{ key: [] }],
      requestBody: {
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['item', 'password'],
              properties: { item: { enum: ['a'] }, password: { type: 'string' } },
            },
          },
        },
      },
    },
  },
  '/orders/{id}': {
    parameters: [{ name: 'id', in: 'path', required: true, example: 'a/b' }],
    get: { security: [{ basic: [] }, {}] },
    delete: { security: [{ basic: [] }] },
  },
  '/login': {
    post: { requestBody: { content: { 'application/x-www-form-urlencoded': { example: { user: 'ada' } } } } },
  },
  '/events': { get: { responses: { 200: { content: { 'text/event-stream': {} } } } } },
};
const securitySchemes = {
  key: { type: 'apiKey', in: 'query', name: 'api_key' },
  basic: { type: 'http', scheme: 'basic' },
};

test('each operation is one task, with its weight and what it needs', () => {
  const spec = specOf({ paths, components: { securitySchemes }, servers: [{ url: 'https://api.example/v1/' }] });
  for (const part of [
    "request.get('/v1/orders?page=1')",
    "request.post(`/v1/orders?api_key=${apiKey}`, { data: { item: 'a', password: password } })",
    "request.get('/v1/orders/a%2Fb', { name: 'GET /v1/orders/{id}' })",
    'authorization: `Basic ${basicCredentials}`',
    "form: { user: 'ada' }",
    '[30, listOrders],',
    '[1, createOrder],',
    '[10, getOrdersId],',
    '[1, deleteOrdersId],',
    '[1, getEvents],',
    'timeout: 5000',
    "const apiKey = secret('API_KEY');",
  ])
    expect(spec).toContain(part);
  expect(spec.match(/await request\./g)).toHaveLength(6);
});

test('a description may hold anything: its spec can be read, or it is refused', () => {
  const name = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('`${evil()}`', '*/', "'", '__proto__', 'get', '$ref'),
  );
  const operation = fc.record({
    operationId: name,
    parameters: fc.array(
      fc.record({ name, in: fc.constantFrom('path', 'query', 'header'), required: fc.boolean(), example: name }),
    ),
    requestBody: fc.record({
      content: fc.dictionary(
        fc.constantFrom('application/json', 'text/plain', 'multipart/form-data'),
        fc.record({ example: fc.jsonValue() }),
      ),
    }),
  });
  fc.assert(
    fc.property(
      name,
      fc.dictionary(
        name.map((each) => `/${each}`),
        fc.record({ get: operation, post: operation }),
        { minKeys: 1 },
      ),
      (title, each) => {
        specOf({ info: { title }, paths: each });
      },
    ),
    { numRuns: 200 },
  );
});

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'playload-openapi-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = [
  { what: 'no JSON', text: '{"openapi": ', says: 'JSON' },
  { what: 'no description', text: '{}', says: 'it is no OpenAPI document' },
  { what: 'Swagger', text: '{"swagger": "2.0"}', says: 'it is OpenAPI "2.0", and 3.0 and 3.1 are known' },
  { what: 'a list', text: '- 1', says: 'it is no OpenAPI document' },
];
for (const { what, text, says } of files) {
  test(`a file that is ${what} is refused`, () => {
    writeFileSync(join(folder, 'file'), text);
    expect(() => readDescription(join(folder, 'file'))).toThrow(says);
  });
}

test('YAML is read, too; paths without operations and weights that are none are refused', () => {
  writeFileSync(join(folder, 'a.yaml'), 'openapi: 3.0.3\npaths:\n  /a:\n    get: {}\n');
  expect(
    openapiSpec({ name: 'a', description: readDescription(join(folder, 'a.yaml')), users: 1, duration: '1s' })
      .operations,
  ).toBe(1);
  expect(() => specOf({ paths: {} })).toThrow('it has no operations'.slice(3));
  expect(() => specOf({ paths: { '/a': { get: { 'x-weight': 0 } } } })).toThrow(
    '`x-weight` of GET /a must be a whole number',
  );
});

const ok = { security: [] };
const required = (name: string, place: string, schema: object = { type: 'string' }) => ({
  name,
  in: place,
  required: true,
  schema,
});
const requests = [
  { root: { paths: { '//evil.example/a': { get: ok } } }, has: "request.get('/.//evil.example/a')" },
  { root: { paths: { '/a': { get: ok, trace: ok } } }, has: ' * TRACE /a is left out.', hasNot: 'own, which' },
  {
    root: { paths: { '/a': { get: ok, servers: [{ url: 'https://b.example' }] } } },
    has: ' * /a has servers of its own, which are left out',
    hasNot: 'TRACE',
  },
  {
    root: { paths: { '/b': { get: { ...ok, servers: [{ url: '/c' }] } } } },
    has: ' * /b has servers of its own, which are left out',
  },
  { root: { paths: { 'x-ext': { get: ok }, '/a': { get: ok } } }, has: "request.get('/a')", hasNot: 'x-ext' },
  {
    root: {
      servers: [{ url: 'https://{env}.example/{base}/v1', variables: { env: {}, base: { default: 'api' } } }],
      paths: { '/a': { get: ok } },
    },
    has: "request.get('/api/v1/a')",
  },
  {
    root: { paths: { '/a': { get: { parameters: [required('b', 'cookie'), required('c', 'cookie')] } } } },
    has: "{ cookie: 'b=example; c=example' }",
  },
  {
    root: {
      paths: {
        '/a': { get: { security: [{ bearer: [], key: [] }], parameters: [required('Authorization', 'header')] } },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          key: { type: 'apiKey', in: 'header', name: 'authorization' },
        },
      },
    },
    has: 'headers: { authorization: `Bearer ${bearerToken}` }',
  },
  {
    root: {
      paths: {
        '/a': { get: { parameters: [required('ids', 'query', { type: 'array', items: { type: 'integer' } })] } },
      },
    },
    has: "request.get('/a?ids=1')",
  },
];
for (const { root, has, hasNot } of requests) {
  test(`of a description there is ${has}`, () => {
    const spec = specOf(root);
    expect(spec).toContain(has);
    if (hasNot !== undefined) expect(spec).not.toContain(hasNot);
  });
}
