/** Whatever the library throws into a test points at the line of the spec that is to blame: Playwright's own report says so. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { runSpec } from '../testing/inner-playwright.ts';

test.describe.configure({ mode: 'default' });

let server: Server;
let baseURL: string;
test.beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/fail') response.writeHead(503).end('down');
    else response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
test.afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

interface Row {
  readonly what: string;
  /** Of the test; the line to blame ends in `// here`. */
  readonly body: string;
  /** Before the test. */
  readonly before?: string;
  readonly says: string;
  readonly env?: Readonly<Record<string, string>>;
}

const calls = `({ request }) => request.get('/ok')`;
const ok = `await load(iterations(3, { users: 1 }), ${calls}`;
const rows: readonly Row[] = [
  { what: 'a profile', body: `arrivals('many').for('1s'); // here`, says: 'rate' },
  { what: 'an option', body: `${ok}, { warmUp: 'long' }); // here`, says: '`warmUp`' },
  { what: 'several options', body: `${ok}, { warmUp: 'long', cores: 0 }); // here`, says: '2 problems' },
  { what: 'no scenario', body: `await load(iterations(3, { users: 1 })); // here`, says: 'second argument' },
  { what: 'a feeder', body: `feeder([]); // here`, says: 'feeder' },
  { what: 'no limit', body: `const run = ${ok});\nexpect(run).toMeet({ p95: 'fast' }); // here`, says: 'p95' },
  {
    what: 'a limit that is missed',
    body: `const run = ${ok});\nexpect(run).toMeet({ requests: '7' }); // here`,
    says: 'missed',
  },
  { what: 'no run', body: `expect(7).toMeet({ requests: '7' }); // here`, says: 'await' },
  { what: 'a part', body: `const run = ${ok});\nrun.every('1ms'); // here`, says: 'whole seconds' },
  { what: 'one of several', body: `const run = ${ok});\nexpect.loads(run).toMeet({}); // here`, says: 'got one' },
  {
    what: 'several that miss',
    body: `const [a, b] = [${ok}), ${ok})];\nexpect.loads(a, b).toMeet({ requests: '7' }); // here`,
    says: 'missed',
  },
  { what: 'no thresholds', body: `\n${ok}); // here`, says: 'threshold' },
  {
    what: 'an implied limit',
    body: `const run = await load(iterations(3, { users: 1 }), () => { throw new Error('mine'); }); // here\nexpect(run).toMeet({ requests: '0' });`,
    says: 'exceptions',
  },
  {
    what: 'users who are not set up',
    body: `const run = await load(iterations(3, { users: 1 }), ${calls}, { user: () => { throw new Error('mine'); } }); // here\nexpect(run).toMeet({ requests: '0' });`,
    says: 'user',
  },
  { what: 'a question', body: `await load.breakingPoint({ slo: {} }, ${calls}); // here`, says: 'breakingPoint' },
  {
    what: 'a finding',
    body: `await load.breakingPoint({ slo: { errorRate: '< 1%' }, of: 'users', from: 1, to: 2, atLeast: 2, step: '2s', confirmations: 0 }, ({ request }) => request.get('/fail'), { warmUp: '0s' }); // here`,
    says: 'breaking point',
  },
  {
    what: 'an option of `use`',
    before: `test.use({ loadOptions: { warmUp: 'long' } });`,
    body: `${ok}); // here`,
    says: 'warmUp',
  },
  {
    what: 'an option of contexts',
    before: `test.use({ contextOptions: { maxRedirects: 'x' } });`,
    body: `${ok}); // here`,
    says: 'maxRedirects',
  },
  { what: 'a load that is called in a helper', body: `await helper(load); // called\n`, says: '`warmUp`' },
  { what: 'a value of once mode', env: { LOAD_ONCE: 'perhaps' }, body: `${ok});`, says: 'LOAD_ONCE' },
  {
    what: 'a load that is played once',
    env: { LOAD_ONCE: '1' },
    body: `const run = await load(iterations(3, { users: 1 }), ({ request }) => request.get('/fail'));\nexpect(run).toMeet({ successRate: '100%' }); // here`,
    says: 'missed',
  },
  {
    what: 'an exception of a load that is played once',
    env: { LOAD_ONCE: '1' },
    body: `const run = await load(iterations(3, { users: 1 }), () => { throw new Error('mine'); }); // here\nexpect(run).toMeet({ successRate: '100%' });`,
    says: 'mine',
  },
  {
    what: 'a share that nobody puts together',
    env: { LOAD_SHARD: '1/2', NO_LOAD_REPORTER: '1' },
    body: `${ok}); // here`,
    says: 'sends only its part',
  },
  { what: 'a wrong clock', env: { LOAD_CLOCK_OFFSET_MS: 'x' }, body: `${ok}); // here`, says: 'LOAD_CLOCK_OFFSET_MS' },
];

const helper = `async function helper(load) {\n  return ${ok}, { warmUp: 'long' }); // here\n}`;

function specOf(of: readonly Row[]): string {
  const tests = of.map(
    ({ what, body, before = '' }) =>
      `plain.describe(() => { ${before.replace('test.use', 'plain.use')}\nplain(${JSON.stringify(what)}, async ({ load }) => { // test\n${body}\n});\n});`,
  );
  return `\n${[helper, ...tests].join('\n')}`;
}

const environments = [...new Map(rows.map(({ env }) => [JSON.stringify(env), env])).values()];
for (const env of environments)
  test(`an error stands at the line of the spec, ${env === undefined ? 'as loads are sent' : JSON.stringify(env)}`, async () => {
    test.setTimeout(120_000);
    const mine = rows.filter((row) => JSON.stringify(row.env) === JSON.stringify(env));
    const { results } = await runSpec(specOf(mine), { baseURL, ...(env !== undefined && { env }) });
    for (const { what, says, body } of mine) {
      const result = results.find(({ title }) => title === what);
      expect.soft(result?.errors, what).toContain(says);
      const isTold = body.includes('// here') || body.includes('// called');
      expect.soft(result?.errorLines.at(-1), what).toMatch(isTold ? /\/\/ here$/ : /\/\/ test$/);
      expect
        .soft(
          result?.errorFrames.filter((frame) => !frame.includes('inner.spec.ts')),
          what,
        )
        .toEqual([]);
    }
  });
