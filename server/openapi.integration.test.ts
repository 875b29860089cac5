/** Whatever the interface's own document allows or forbids is answered as it says there, and never by a 500. */
import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from './testing/plain-test.ts';
import { startTestPostgres, type TestPostgres } from './testing/postgres.ts';
import { startTestAgent, type TestAgent } from './testing/agent.ts';
import { allowedBy, forbiddenBy, strangeText, type Components, type Schema } from './testing/schema-arbitrary.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Components };
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | undefined;
}

/** Streams don't end by themselves; they have tests of their own. */
const streaming = '/api/v1/workflows/{id}/events';
/** PostgreSQL sees the same code, so fewer are enough to find what its types refuse. */
const runsPerOperation = { sqlite: 20, postgres: 6 } as const;

let agent: TestAgent;
let document: Document;

async function begin(settings: Record<string, string>): Promise<void> {
  agent = await startTestAgent(settings);
  document = (await agent.ask('GET', '/openapi.json')).body as Document;
  await agent.ask('PUT', '/api/v1/instances/known', { engine: 'vllm', metrics_url: 'http://127.0.0.1:9/metrics' });
  await agent.ask('POST', '/api/v1/workflows', { instance_id: 'known' });
}

function operations() {
  return Object.entries(document.paths)
    .filter(([path]) => path !== streaming)
    .flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })));
}

/** A text that can travel: half of a surrogate pair is replaced, as every client does. */
const wellFormed = (text: string) => Buffer.from(text).toString();

type Choose = (schema: Schema, components: Components) => fc.Arbitrary<unknown>;

/** A request to an operation, with each part chosen by `choose`. */
function requestTo(path: string, method: string, operation: Operation, choose: Choose): fc.Arbitrary<Request> {
  const { schemas } = document.components;
  const parameters = operation.parameters ?? [];
  const schema = operation.requestBody?.content['application/json']?.schema;
  const values = fc.tuple(
    ...parameters.map((parameter) => fc.tuple(fc.constant(parameter), choose(parameter.schema, schemas), fc.boolean())),
  );
  const body =
    schema === undefined ? fc.constant(undefined) : choose(schema, schemas).map((value) => JSON.stringify(value));
  return fc.tuple(values, body).map(([given, text]) => {
    const query = new URLSearchParams();
    const headers: Record<string, string> = text === undefined ? {} : { 'content-type': 'application/json' };
    let filled = path;
    for (const [{ name, in: where, required = false }, value, present] of given) {
      const written = typeof value === 'string' ? value : JSON.stringify(value);
      if (where === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(wellFormed(written)));
      else if (!required && !present) continue;
      else if (where === 'query') query.set(name, wellFormed(written));
      else if (/^[\x20-\x7e]*$/.test(written)) headers[name] = written;
    }
    const search = query.size === 0 ? '' : `?${query.toString()}`;
    return { method: method.toUpperCase(), path: filled + search, headers, body: text };
  });
}

async function check(operation: Operation, { method, path, headers, body }: Request): Promise<number> {
  const response = await agent.app.request(path, { method, headers, ...(body !== undefined && { body }) });
  const text = await response.text();
  const { status } = response;
  // Thousands are checked, and `expect` costs more than the answer: it is asked only when something is wrong.
  const said = { request: `${method} ${path} ${body ?? ''}`, status, text };
  const type = response.headers.get('content-type');
  if (status === 500) expect(said).toBe('no answer is a 500');
  if (status >= 400) {
    const problem = type === 'application/problem+json' ? (JSON.parse(text) as Record<string, unknown>) : {};
    const whole =
      problem['status'] === status && ['request_id', 'instance'].every((name) => typeof problem[name] === 'string');
    if (!whole) expect({ ...said, type }).toBe('a problem with all its fields');
  }
  // An id may hold a slash or be empty: then it is another path.
  const named = status === 404 || status === 405 || String(status) in operation.responses;
  if (!named) expect(said).toBe('a status that the document names');
  return status;
}

for (const dialect of ['sqlite', 'postgres'] as const) {
  test.describe(dialect, () => {
    let postgres: TestPostgres | undefined;

    test.beforeAll(async () => {
      if (dialect === 'postgres') postgres = await startTestPostgres();
      await begin(postgres === undefined ? {} : { DATABASE_URL: postgres.url });
    });
    test.afterAll(async () => {
      await agent.stop();
      await postgres?.stop();
    });

    test('the document is OpenAPI 3.1 and has every route', () => {
      expect(document.openapi).toBe('3.1.0');
      expect(operations().length).toBeGreaterThan(20);
      expect(operations().map(({ method, path }) => `${method} ${path}`)).toContain(
        'post /api/v1/workflows/{id}/approve',
      );
    });

    for (const { what, by } of [
      { what: 'allows is answered', by: allowedBy },
      { what: 'forbids is refused', by: forbiddenBy },
    ])
      test(`what the document ${what} as it says`, async () => {
        test.setTimeout(120_000);
        for (const { path, method, operation } of operations()) {
          const requests = requestTo(path, method, operation, by);
          await fc.assert(
            fc.asyncProperty(requests, async (request) => {
              await check(operation, request);
            }),
            { numRuns: runsPerOperation[dialect] },
          );
        }
      });

    test('any text as a path or a body is answered without a 500', async () => {
      const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD');
      await fc.assert(
        fc.asyncProperty(methods, strangeText, strangeText, async (method, name, body) => {
          const text = encodeURIComponent(wellFormed(name));
          const content = method === 'GET' || method === 'HEAD' ? {} : { body: wellFormed(body) };
          for (const target of [
            `/api/v1/${text}`,
            '/api/v1/workflows',
            `/api/v1/workflows/${text}`,
            `/api/v1/workflows/${text}/approve`,
            `/api/v1/instances/${text}`,
            `/api/v1/history/${text}`,
          ]) {
            const response = await agent.app.request(target, {
              method,
              headers: { 'content-type': 'application/json' },
              ...content,
            });
            if (response.status === 500) expect(`${method} ${target} ${body}`).toBe('answered');
            await response.text();
          }
        }),
        { numRuns: 150 },
      );
    });
  });
}
