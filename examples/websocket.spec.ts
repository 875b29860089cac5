/**
 * A chat over WebSockets: fifty people, each with a socket of their own for as long as the load lasts, say something and wait
 * until it has come round to them. What others say comes in between, and is read by whoever wants to.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { between, expect, type LoadSocket, type LoadUser, test as base, users } from 'playload';
import { WebSocketServer } from 'ws';

const test = base.extend<{ chat: string }>({
  chat: async ({}, use) => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    server.on('connection', (socket) => {
      socket.on('message', (said, binary) => {
        for (const client of server.clients) client.send(said, { binary });
      });
    });
    await once(server, 'listening');
    try {
      await use(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`);
    } finally {
      for (const client of server.clients) client.terminate();
      server.close();
    }
  },
});

interface Said {
  readonly by: number;
  readonly text: string;
}

test('fifty people talk, and each hears what it said within 100 ms', async ({ load, chat }) => {
  const person: LoadUser<LoadSocket> = async ({ connect }, use) => use(await connect(chat));
  const run = await load(
    users(50).for('5s'),
    async ({ state: socket, user, iteration, check, pause }) => {
      await pause(between('100ms', '2s')); // first: were all to begin at once, 2,500 messages would be under way
      const said: Said = { by: user, text: `hello for the ${iteration}th time` };
      const heard = await socket.roundTrip(JSON.stringify(said), {
        matches: ({ data }) => (JSON.parse(data) as Said).by === user,
        name: 'say',
        timeout: 2_000,
      });
      check('it is what I said', (JSON.parse(heard.data) as Said).text === said.text);
    },
    { user: person },
  );
  expect(run.endpoint('say')).toMeet({ successRate: '100%', p95: '< 100ms' });
});

test('visitors come, ask once and go', async ({ load, chat }) => {
  const run = await load(users(10).for('3s').pacing('100ms'), async ({ connect }) => {
    const socket = await connect(chat);
    await socket.roundTrip('anybody here?', { matches: ({ data }) => data === 'anybody here?' });
    const { code } = await socket.close();
    expect(code).toBe(1000);
  });
  expect(run.endpoint('GET /chat')).toMeet({ successRate: '100%', p95: '< 100ms' });
  expect(run.endpoint('WS /chat')).toMeet({ successRate: '100%', p95: '< 100ms' });
});
