/** WebSockets in whole Playwright runs: on two cores, played once, over Playwright's own transport, and cut off. */
import { expect, test } from '@playwright/test';
import { runSpec } from '../../testing/inner-playwright.ts';
import { echo, type TestServer, wellServer } from '../../testing/socket-server.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await wellServer((socket, { url }) => {
    if (url === '/killed') socket.on('message', () => socket.terminate());
    else echo(socket);
  });
});
test.afterAll(async () => server[Symbol.asyncDispose]());

const talk = `async ({ connect }) => {
  const socket = await connect('/ws');
  await socket.roundTrip('x', { matches: ({ data }) => data === 'x' });
}`;

test('two cores add their sockets up', async () => {
  const { results } = await runSpec(
    `test('talk', async ({ load }) => {
      const run = await load(iterations(40, { users: 4 }), ${talk}, { cores: 2 });
      expect(run).toMeet({ errorRate: '0%' });
      expect(run.endpoint('WS /ws')).toMeet({ requests: '40', p95: '< 5s' });
    });`,
    { baseURL: server.baseURL },
  );
  expect(results[0]?.errors).toBe('');
  const [run] = results[0]?.runs ?? [];
  expect(run?.segments).toHaveLength(2);
  expect(run?.endpoints.get('GET /ws')?.socket).toMatchObject({
    opened: 40,
    sent: 40,
    received: 40,
    abnormalCloses: 0,
  });
});

test('a load that is played once opens its sockets too, and shows them as steps', async () => {
  const { results } = await runSpec(
    `test('talk', async ({ load }) => {
      const run = await load(users(5).for('1m'), ${talk});
      expect(run).toMeet({ errorRate: '0%' });
    });`,
    { baseURL: server.baseURL, env: { LOAD_ONCE: '1' } },
  );
  expect(results[0]).toMatchObject({ status: 'passed', errors: '' });
  expect(results[0]?.allSteps.join('\n')).toContain('connect "/ws"');
});

test("Playwright's own transport refuses sockets in words", async () => {
  const { results } = await runSpec(
    `test('talk', async ({ load }) => {
      const run = await load(iterations(1, { users: 1 }), ${talk}, { transport: 'playwright' });
      expect(run).toMeet({ exceptions: '0' });
    });`,
    { baseURL: server.baseURL },
  );
  expect(results[0]?.errors).toContain("`connect` is not known to Playwright's own transport");
});

test('a killed server fails the test by name', async () => {
  const { results } = await runSpec(
    `test('talk', async ({ load }) => {
      const run = await load(iterations(3, { users: 1 }), async ({ connect }) => {
        const socket = await connect('/killed');
        await socket.roundTrip('x', { matches: () => true });
      });
      expect(run).toMeet({ errorRate: '0%' });
    });`,
    { baseURL: server.baseURL },
  );
  expect(results[0]?.errors).toContain('WebSocket 1006');
  expect(results[0]?.runs[0]?.endpoints.get('GET /killed')?.socket).toMatchObject({ opened: 3, abnormalCloses: 3 });
});
