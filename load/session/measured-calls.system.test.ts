/** Tags and measured calls of real requests, over both transports and by means that a load does not count by itself. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';
import { judgeRun } from '../verdict/judge.ts';

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

for (const transport of ['playload', 'playwright'])
  test(`requests are tagged alike by the transport \`${transport}\`, and wrong tags are refused`, async () => {
    const { results } = await runSpec(
      `
      test('tags', async ({ load }) => {
        const run = await load(iterations(6, { users: 2 }), async ({ request, iteration, measure }) => {
          await request.get('/a', { tags: { tenant: iteration % 2 ? 'a' : 'b', paid: true } });
          await request.post('/b', { data: { iteration }, tags: null });
          await measure('query', async () => iteration, { tags: { tenant: 'a' } });
        }, { transport: '${transport}' });
        expect(run.tag('tenant', 'a')).toMeet({ requests: '9', successRate: '100%' });
        expect(run.tag('paid', true)).toMeet({ requests: '6', p95: '< 5s' });
        expect(run.tag('tenant', 'c')).toMeet({ failed: '0' });
      });
      test('wrong tags', async ({ load }) => {
        const run = await load(iterations(1, { users: 1 }), async ({ request }) => {
          await request.get('/a', { tags: { tenant: {} } });
        }, { transport: '${transport}' });
        expect(run).toMeet({ exceptions: '0' });
      });`,
      { baseURL },
    );
    const [tagged, wrong] = results;
    expect(tagged?.errors).toContain('1 of 1 thresholds missed'); // of the tag that nothing has
    expect(tagged?.errors).toContain('tag "tenant=c"');
    expect(tagged?.runs.map(({ tags }) => [...tags].map(([name, { counts }]) => [name, counts.ok]).sort())).toEqual([
      [
        ['paid=true', 6],
        ['tenant=a', 9],
        ['tenant=b', 3],
      ],
    ]);
    expect(wrong?.errors).toContain('`tags.tenant` must be a text, a number, `true` or `false`, got object');
  });

const means = {
  'a thenable that sends when it is awaited': `({ then: (done, fail) => http.get(baseURL + '/lazily', (response) => response.resume().on('end', () => done(1))).on('error', fail) })`,
  fetch: `fetch(baseURL + '/by-fetch').then((response) => response.text())`,
  'node:http': `new Promise((done) => http.get(baseURL + '/by-http', (response) => response.resume().on('end', done)))`,
};
for (const [by, call] of Object.entries(means))
  test(`what ${by} sends within a measured call is covered by it, and outside of one is not`, async () => {
    const spec = (inside: string) => `
      test('${by}', async ({ load, baseURL }) => {
        const run = await load(iterations(5, { users: 2 }), async ({ measure }) => {
          const send = () => ${call};
          ${inside}
        });
        expect(run).toMeet({ successRate: '100%', requests: '5' });
      });`;
    const { results } = await runSpec(
      `import http from 'node:http';
      ${spec("await measure('call', send);")}
      ${spec("await measure('call', async () => 1); await send();").replace(`test('${by}'`, "test('outside'")}`,
      { baseURL },
    );
    const judged = results.flatMap(({ runs }) => runs.map((run) => [judgeRun(run).verdict, run.counts.ok]));
    expect(judged).toEqual([
      ['passed', 5],
      ['invalid', 5],
    ]);
  });

test('two cores add up what they measured', async () => {
  const { results } = await runSpec(
    `test('cores', async ({ load }) => {
      const run = await load(iterations(40, { users: 4 }), async ({ measure, group, iteration }) => {
        await group('visit', async () =>
          measure('work', () => new Promise((done) => setTimeout(done, 5)), { tags: { even: iteration % 2 === 0 } }));
      }, { cores: 2 });
      expect(run.group('visit')).toMeet({ count: '40', failed: '0' });
      expect(run.tag('even', true)).toMeet({ requests: '20' });
      expect(run.endpoint('work')).toMeet({ requests: '40', min: '>= 4ms' });
    });`,
    { baseURL },
  );
  expect(results.map(({ errors }) => errors)).toEqual(['']);
});
