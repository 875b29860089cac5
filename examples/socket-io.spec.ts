/**
 * Messages and their answers over Socket.IO: a sample is from the message to its acknowledgement, by npm's
 * `socket.io-client`. A group times what a visitor does as a whole.
 */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { expect, test as base, users } from 'playload';

const test = base.extend<{ room: Socket }>({
  room: async ({}, use) => {
    const http = createServer();
    const server = new Server(http);
    server.on('connection', (socket) => {
      socket.on('say', (text: string, answer: (text: string) => void) => answer(text.toUpperCase()));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const socket = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: ['websocket'] });
    try {
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
      await use(socket);
    } finally {
      socket.disconnect();
      await server.close();
    }
  },
});

test('ten visitors greet a room and ask it something', async ({ load, room }) => {
  const run = await load(users(10).for('5s').pacing('100ms'), async ({ measure, group, check }) => {
    await group('visit', async () => {
      await measure('say hello', async () => ask(room, 'hello'));
      const answer = await measure('say a question', async () => ask(room, 'who is there?'));
      check('the room answers', answer === 'WHO IS THERE?');
    });
  });
  expect(run.endpoint('say hello')).toMeet({ successRate: '100%', p95: '< 100ms' });
  expect(run.group('visit')).toMeet({ failed: '0', p95: '< 200ms' });
});

/** An answer that does not come in time is an error with words of its own. */
async function ask(room: Socket, text: string): Promise<unknown> {
  return room.timeout(2_000).emitWithAck('say', text);
}
