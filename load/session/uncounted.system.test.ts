/** Loads whose scenarios send requests by other means than they were given, in a Playwright of their own. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { type InnerResult, type InnerRun, runSpec } from '../../testing/inner-playwright.ts';
import { judgeRun } from '../verdict/judge.ts';

test.describe.configure({ mode: 'serial', timeout: 300_000 });

let server: Server;
let baseURL: string;
const authorized = new Map<string, number>();

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const { authorization = 'none' } = request.headers;
    const key = `${request.url ?? ''} ${authorization} ${String(request.headers['x-use'])}`;
    authorized.set(key, (authorized.get(key) ?? 0) + 1);
    if (request.url === '/moved') response.writeHead(302, { location: '/ok' }).end();
    else response.writeHead(200, { 'set-cookie': 'visitor=1' }).end('{"token":"t"}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const body = "await request.post('/login', { data: { user: 1 } });";
const fine = "expect(run).toMeet({ successRate: '100%', requests: '5' });";

/** A test of five iterations that log in, then send one more request each by other means. */
function five(title: string, fixtures: string, rest: string, { options = '{}', before = '' } = {}): string {
  return `
    test(${JSON.stringify(title)}, async ({ load${fixtures} }) => {
      ${before}
      const run = await load(iterations(5, { users: 2 }), async ({ request, newContext, iteration }) => {
        ${body}
        ${rest}
      }, ${options});
      ${fine}
    });`;
}

const suite = `
import { request as playwrightRequest } from '${new URL('../../node_modules/@playwright/test/index.mjs', import.meta.url).pathname}';
import { RequestContext } from '${new URL('../request/context.ts', import.meta.url).pathname}';
import http from 'node:http';
test.use({ extraHTTPHeaders: { 'x-use': 'of use' } });
const own = test.extend({ request: async ({ playwright, baseURL }, use) => {
  const context = await playwright.request.newContext({ baseURL, userAgent: 'own client' });
  await use(context);
  await context.dispose();
} });
${five(
  'makes a context of Playwright',
  ', playwright',
  `const client = await playwright.request.newContext({ extraHTTPHeaders: { Authorization: 'Bearer t' } });
   await client.get('/items/' + iteration);
   await client.get('/items/' + iteration);
   await client.dispose();`,
)}
${five(
  'imports the maker of contexts',
  ', baseURL',
  `const client = await playwrightRequest.newContext({ baseURL });
   await client.get('/items');
   await client.dispose();`,
)}
${five('uses the request of the test', ', request: outer', "await outer.get('/ok');")}
own('uses an overridden request', async ({ load, request: outer }) => {
  const run = await load(iterations(5, { users: 2 }), async ({ request }) => {
    ${body}
    await outer.get('/ok');
  });
  ${fine}
});
${five(
  'makes a context of ours',
  ', baseURL',
  `await using client = new RequestContext({ baseURL });
   await client.get('/ok');`,
)}
${five('fetches', ', baseURL', "await (await fetch(baseURL + '/ok')).text();")}
${five(
  "uses Node's http",
  ', baseURL',
  "await new Promise((resolve) => http.get(baseURL + '/ok', (response) => response.resume().on('end', resolve)));",
)}
${five(
  "uses Playwright's context beside its transport",
  ', request: outer',
  "await Promise.all([outer.get('/ok'), request.get('/moved', { maxRedirects: 0 })]);",
  { options: "{ transport: 'playwright', expectStatus: [200, 302] }" },
).replace("requests: '5'", "requests: '10'")}
${five('uses them in the warm-up alone', ', request: outer', "if (warm) await outer.get('/ok');", {
  before: 'let warm = true; setTimeout(() => { warm = false; }, 100);',
  options: "{ warmUp: '1s' }",
})}
${five('says that others are allowed', ', request: outer', "await outer.get('/ok');", { options: "{ uncounted: 'allowed' }" })}
${five("follows Playwright's redirects", '', "await request.get('/moved');", { options: "{ transport: 'playwright' }" }).replace("requests: '5'", "requests: '10'")}
${five('sends before and after', ', request: outer', '', { before: "await outer.get('/ok');" })}
${['playload', 'playwright']
  .map((transport) =>
    five(
      `asks for contexts of ${transport}`,
      '',
      `const client = await newContext({ extraHTTPHeaders: { Authorization: 'Bearer ${transport}' } });
       await client.get('/mine');
       await client.dispose();
       const kept = await newContext();
       await kept.get('/kept', { name: 'kept' });`,
      { options: `{ transport: '${transport}' }` },
    ).replace("requests: '5'", "requests: '15'"),
  )
  .join('\n')}
test('keeps a context for each user alone', async ({ load, baseURL }) => {
  const clients = new Map();
  const run = await load(iterations(20, { users: 4 }), async ({ newContext, user }) => {
    if (!clients.has(user)) clients.set(user, await newContext({ baseURL: undefined, extraHTTPHeaders: {} }));
    await clients.get(user).get(baseURL + '/ok');
  }, { connections: 'per-user' });
  expect(run).toMeet({ successRate: '100%', requests: '20' });
});
test('keeps too many contexts', async ({ load }) => {
  const run = await load(iterations(102, { users: 1 }), async ({ newContext }) => (await newContext()).get('/ok'));
  expect(run).toMeet({ successRate: '100%' });
});
test('sends one request in 300', async ({ load }) => {
  const run = await load(iterations(300, { users: 3 }), async ({ request, iteration }) => {
    if (iteration === 7) await request.get('/ok');
  });
  expect(run).toMeet({ successRate: '100%' });
});
test('may send none now and then', async ({ load }) => {
  const run = await load(iterations(300, { users: 3 }), async ({ request, iteration }) => {
    if (iteration % 3 === 0) await request.get('/ok');
  });
  expect(run).toMeet({ successRate: '100%', idleIterations: '<= 200' });
});
test('forgets parentheses', async ({ load }) => {
  const run = await load(iterations(4, { users: 2 }), async ({ request, check }) => {
    const response = await request.get('/ok');
    check('ok', response.ok);
  });
  expect(run).toMeet({ successRate: '100%' });
});
test('fails softly', async ({ load }) => {
  const run = await load(iterations(300, { users: 5 }), async ({ request, iteration }) => {
    const response = await request.get('/ok');
    if (iteration % 2 === 0) expect.soft(response.status()).toBe(201);
  });
  expect(run).toMeet({ successRate: '100%' });
});
`;

let inner: InnerRun;

test('the suite runs to its end', async () => {
  inner = await runSpec(suite, { baseURL });
  expect(inner.exitCode).toBe(1);
  expect(inner.results.map(({ title }) => title)).toHaveLength(20);
});

function resultOf(title: string): InnerResult {
  const result = inner.results.find((each) => each.title === title);
  if (result === undefined) throw new Error(`no test \`${title}\``);
  return result;
}

const invalid: readonly { readonly title: string; readonly says: string; readonly ok?: number }[] = [
  {
    title: 'makes a context of Playwright',
    says: "10 requests were sent beside the 5 in the books: 10 × GET /items/:id by Playwright's own request context",
  },
  { title: 'imports the maker of contexts', says: "5 × GET /items by Playwright's own request context" },
  { title: 'uses the request of the test', says: "5 × GET /ok by Playwright's own request context" },
  { title: 'uses an overridden request', says: "5 × GET /ok by Playwright's own request context" },
  { title: 'makes a context of ours', says: '5 × GET /ok by a `RequestContext` of its own' },
  { title: 'fetches', says: '5 × GET /ok by `fetch`' },
  { title: "uses Node's http", says: "5 × GET /ok by Node's `http`" },
  {
    title: "uses Playwright's context beside its transport",
    says: "5 requests were sent beside the 10 in the books: 5 × GET /ok by Playwright's own request context",
    ok: 10,
  },
];
for (const { title, says, ok = 5 } of invalid) {
  test(`a scenario that ${title} has an invalid run, which names them`, () => {
    const result = resultOf(title);
    expect(result.status).toBe('failed');
    expect(result.errors).toContain('invalid: 5 iterations by 2 users: ');
    expect(result.errors).toContain(says);
    expect(result.errors).toContain("with the scenario's `request` or with a context of its `newContext`");
    const [run] = result.runs;
    if (run === undefined) throw new Error('no run was attached');
    expect(run.counts.ok).toBe(ok);
    expect(judgeRun(run).verdict).toBe('invalid');
  });
}

const passed = [
  'uses them in the warm-up alone',
  'says that others are allowed',
  "follows Playwright's redirects",
  'sends before and after',
  'asks for contexts of playload',
  'asks for contexts of playwright',
  'keeps a context for each user alone',
  'may send none now and then',
];
for (const title of passed) {
  test(`a scenario that ${title} has a run that passes`, () => {
    const { errors, status, runs } = resultOf(title);
    expect({ errors, status }).toEqual({ errors: '', status: 'passed' });
    expect(runs.map((run) => judgeRun(run).verdict)).toEqual(['passed']);
    expect(runs.map(({ uncounted }) => [...uncounted.values()])).toEqual([
      title === 'says that others are allowed' ? [5] : [],
    ]);
  });
}

test('a further context has what `use` says, save for what it was given', () => {
  for (const transport of ['playload', 'playwright']) {
    expect(authorized.get(`/mine Bearer ${transport} undefined`)).toBe(5);
    const [run] = resultOf(`asks for contexts of ${transport}`).runs;
    expect([...(run?.endpoints ?? [])].map(([name, { counts }]) => [name, counts.ok])).toEqual([
      ['POST /login', 5],
      ['GET /mine', 5],
      ['kept', 5],
    ]);
  }
  expect(authorized.get('/kept none of use')).toBe(10);
});

const failed: readonly { readonly title: string; readonly says: readonly string[] }[] = [
  {
    title: 'keeps too many contexts',
    says: [
      'run  exceptions  expected 0 (implied)  received 2 (2 × OptionsError: `newContext`: a user may have 100 contexts',
    ],
  },
  {
    title: 'sends one request in 300',
    says: ['idleIterations  expected 0 (implied)  received 299 (ended without a request'],
  },
  {
    title: 'forgets parentheses',
    says: [
      'exceptions  expected 0 (implied)  received 4 (4 × OptionsError: `check` of "ok" takes',
      'were the parentheses forgotten',
    ],
  },
  {
    title: 'fails softly',
    says: [
      'exceptions  expected 0 (implied)  received 150 (150 × expect.soft: expect(received).toBe(expected)',
      'Expected: 201',
    ],
  },
];
for (const { title, says } of failed) {
  test(`a scenario that ${title} fails, in words`, () => {
    const result = resultOf(title);
    expect(result.status).toBe('failed');
    for (const words of says) expect(result.errors).toContain(words);
    expect(result.runs.map((run) => judgeRun(run).verdict)).toEqual(['failed']);
  });
}

test('300 soft failures leave a few errors with their test', () => {
  const { errors, runs } = resultOf('fails softly');
  expect(errors.split('Received: ').length - 1).toBeLessThanOrEqual(5);
  expect(runs[0]?.iterations).toMatchObject({ started: 300, failed: 150 });
});
