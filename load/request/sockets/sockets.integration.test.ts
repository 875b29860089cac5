/** What `connect` measures of a server that is well, in the books of a whole run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { test } from '../../../testing/plain-test.ts';
import { runSockets } from '../../../testing/socket-run.ts';
import { echo, wellServer } from '../../../testing/socket-server.ts';
import { Standstill } from '../../../testing/standstill.ts';
import type { RunData } from '../../measure/run-data.ts';
import { emptySocketBook } from '../../measure/socket-book.ts';
import { arrivals } from '../../profile/arrivals.ts';
import { iterations } from '../../profile/iterations.ts';
import { users } from '../../profile/users.ts';
import type { LoadSocket, SocketMessage } from './load-socket.ts';

const is = (text: string) => (message: SocketMessage) => message.data === text;

function rowsOf({ endpoints }: RunData): Record<string, number> {
  return Object.fromEntries([...endpoints].map(([name, { counts }]) => [name, counts.ok]));
}

function errorsOf({ errors }: RunData): string[] {
  return [...errors.values()].map(({ kind, endpoint, count, sample }) => `${count} ${kind} ${endpoint}: ${sample}`);
}

test('handshake and round trips are samples, and messages, closes and open time are in the row of the handshake', async () => {
  await using server = await wellServer(echo);
  const { data, uncounted } = await runSockets({
    profile: iterations(6, { users: 2 }),
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect, iteration }) => {
      const socket = await connect('/ws/7?token=abc');
      const answer = await socket.roundTrip(`hi ${iteration}`, { matches: is(`hi ${iteration}`) });
      expect(answer).toEqual({ data: `hi ${iteration}`, binary: undefined });
      const bytes = await socket.roundTrip(Buffer.from([1, 2, 3]), { matches: ({ binary }) => binary?.length === 3 });
      expect(bytes).toEqual({ data: '', binary: Buffer.from([1, 2, 3]) });
      socket.send('unasked');
      expect(await socket.next()).toEqual({ data: 'unasked', binary: undefined });
      expect(await socket.close()).toEqual({ code: 1000, reason: '' });
    },
  });
  expect(errorsOf(data)).toEqual([]);
  expect(data.accounting).toEqual([]);
  expect(uncounted).toEqual([]);
  expect(rowsOf(data)).toEqual({ 'GET /ws/:id': 6, 'WS /ws/:id': 12 });
  const row = data.endpoints.get('GET /ws/:id');
  expect(row?.statuses).toEqual(new Map([['101', 6]]));
  expect(row?.phases.connect.count).toBe(6);
  const { openTime, windows, ...book } = row?.socket ?? emptySocketBook();
  expect(book).toEqual({
    opened: 6,
    sent: 18,
    received: 18,
    bytesSent: 6 * (4 + 3 + 7),
    bytesReceived: 6 * (4 + 3 + 7),
    abnormalCloses: 0,
    closes: new Map([['1000', 6]]),
  });
  expect(openTime.count).toBe(6);
  expect([...windows.values()].reduce((sum, window) => sum + window.sent, 0)).toBe(18);
  expect(Math.max(...[...windows.values()].map(({ open }) => open))).toBe(2);
  const [peer] = [...data.network.peers.values()];
  expect(peer).toMatchObject({ connections: 6, requests: 6 });
  expect(server.open()).toBe(0);
});

test('of several round trips under way each message goes to the first that it answers, the rest to the queue', async () => {
  await using server = await wellServer((socket) => {
    socket.on('message', (data) => {
      if ((data as Buffer).toString() === 'b') for (const text of ['news', 'b', 'a', 'a', 'last']) socket.send(text);
    });
  });
  const taken: string[] = [];
  const { data } = await runSockets({
    profile: iterations(1, { users: 1 }),
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect }) => {
      const socket = await connect('/chat', { name: 'chat' });
      const last = socket.next(is('last'));
      const one = socket.roundTrip('a', { matches: is('a'), name: 'first a' });
      const other = socket.roundTrip('a', { matches: is('a') });
      const b = socket.roundTrip('b', { matches: is('b'), name: 'b' });
      await Promise.all([one, other, b, last]);
      taken.push((await socket.next()).data);
    },
  });
  expect(errorsOf(data)).toEqual([]);
  expect(taken).toEqual(['news']);
  expect(rowsOf(data)).toEqual({ chat: 1, 'first a': 1, 'WS /chat': 1, b: 1 });
});

test('a loop reads what comes until the server closes', async () => {
  await using server = await wellServer((socket) => {
    for (const text of ['1', '2', '3']) socket.send(text);
    socket.close(1001, 'bye');
  });
  const read: string[] = [];
  const { data } = await runSockets({
    profile: iterations(1, { users: 1 }),
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect }) => {
      const socket = await connect('/feed');
      for await (const { data } of socket) read.push(data);
      expect(await socket.close()).toEqual({ code: 1001, reason: 'bye' });
    },
  });
  expect(read).toEqual(['1', '2', '3']);
  expect(errorsOf(data)).toEqual([]);
  expect(data.endpoints.get('GET /feed')?.socket).toMatchObject({ abnormalCloses: 0, closes: new Map([['1001', 1]]) });
});

test('a socket that its iteration leaves open is closed with 1000', async () => {
  const codes: number[] = [];
  await using server = await wellServer((socket) => socket.on('close', (code) => codes.push(code)));
  await runSockets({
    profile: iterations(3, { users: 1 }),
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect }) => connect('/ws'),
  });
  expect(codes).toEqual([1000, 1000, 1000]);
  expect(server.open()).toBe(0);
});

test("a user's own socket serves its iterations, and only their round trips are counted", async () => {
  const said: string[] = [];
  await using server = await wellServer((socket) => {
    echo(socket);
    socket.on('message', (data) => said.push((data as Buffer).toString()));
  });
  const { data } = await runSockets({
    profile: users(3).iterations(5),
    contextOptions: { baseURL: server.baseURL },
    user: async ({ connect, user }, use) => {
      const socket = await connect('/ws');
      await socket.roundTrip(`hello ${user}`, { matches: is(`hello ${user}`) });
      await use(socket);
      await socket.roundTrip(`bye ${user}`, { matches: is(`bye ${user}`) });
    },
    scenario: async ({ state, pause }) => {
      await (state as LoadSocket).roundTrip('x', { matches: is('x') });
      await pause('50ms');
    },
  });
  expect(errorsOf(data)).toEqual([]);
  expect(data.accounting).toEqual([]);
  expect(data.users.tearDown.failed).toBe(0);
  const trips = said.filter((text) => text === 'x').length;
  expect(trips).toBe(15);
  expect(rowsOf(data)).toEqual({ 'WS /ws': trips, 'GET /ws': 0 });
  expect(data.endpoints.get('GET /ws')?.socket).toMatchObject({ opened: 0, sent: trips, received: trips });
  expect([...(data.endpoints.get('GET /ws')?.socket?.windows.values() ?? [])][0]?.open).toBe(3);
  expect(said.filter((text) => /hello|bye/.test(text))).toHaveLength(6);
  expect(server.open()).toBe(0);
});

test('the first round trip of an iteration counts from the intended start, the next from its own', async () => {
  await using server = await wellServer(echo);
  using still = new Standstill();
  const { data } = await runSockets({
    profile: arrivals('20/s').for('500ms'),
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect }) => {
      await sleep(60); // neither a pause nor a request: the intended start stays where it was
      const socket = await connect('/ws');
      await socket.roundTrip('x', { matches: is('x') });
    },
  });
  expect(errorsOf(data)).toEqual([]);
  expect(data.endpoints.get('GET /ws')?.response.percentileMs(50)).toBeGreaterThan(60);
  expect(data.endpoints.get('WS /ws')?.response.percentileMs(50)).toBeLessThan(60 + still.ms);
});

test('a handshake sends cookies, headers, credentials and subprotocols, and keeps what the server sets', async () => {
  const heads: Record<string, unknown>[] = [];
  await using server = await wellServer((_socket, { headers }) => heads.push(headers), ['v2', 'v1']);
  const { data } = await runSockets({
    profile: iterations(1, { users: 1 }),
    contextOptions: {
      baseURL: server.baseURL,
      extraHTTPHeaders: { 'x-common': 'yes' },
      httpCredentials: { username: 'ann', password: 'pw', send: 'always' },
    },
    scenario: async ({ request, connect }) => {
      await request.get('/');
      const socket = await connect(server.baseURL.replace('http', 'ws'), {
        headers: { origin: 'https://shop.example' },
        protocols: ['v1', 'v2'],
      });
      expect(socket.protocol).toBe('v2');
      expect((await request.cookies()).map(({ name }) => name)).toEqual(['visit', 'seen']);
    },
  });
  expect(errorsOf(data)).toEqual([]);
  expect(heads).toEqual([
    expect.objectContaining({
      cookie: 'visit=1',
      'x-common': 'yes',
      origin: 'https://shop.example',
      authorization: `Basic ${Buffer.from('ann:pw').toString('base64')}`,
      'sec-websocket-protocol': 'v1,v2',
    }),
  ]);
});

test('what is under way when the run is over is unfinished, and nothing is left open', async () => {
  await using server = await wellServer(() => undefined);
  const { data } = await runSockets({
    profile: users(4).for('2s'), // so long that all of them have begun, however slow the machine is
    options: { gracefulStop: '0s' },
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect }) => {
      const socket = await connect('/ws');
      await socket.roundTrip('x', { matches: is('x') });
    },
  });
  expect(data.endpoints.get('WS /ws')?.counts).toMatchObject({ started: 4, unfinished: 4 });
  expect(data.accounting).toEqual([]);
  expect(data.endpoints.get('GET /ws')?.socket).toMatchObject({ opened: 4, abnormalCloses: 0, closes: new Map() });
  expect(server.open()).toBe(0);
});

test('messages that nobody takes are dropped beyond the limit, and whoever then asks is told', async () => {
  await using server = await wellServer((socket) => {
    for (let n = 0; n < 25; n++) socket.send(String(n));
    echo(socket);
  });
  const seen: string[] = [];
  const { data } = await runSockets({
    profile: iterations(1, { users: 1 }),
    contextOptions: { baseURL: server.baseURL },
    scenario: async ({ connect }) => {
      const socket = await connect('/ws', { maxQueued: 10 });
      await socket.roundTrip('x', { matches: is('x') });
      seen.push(await socket.next().then(String, (error: unknown) => String(error)), (await socket.next()).data);
    },
  });
  expect(seen[0]).toContain('15 messages that nobody took were dropped');
  expect(seen[1]).toBe('15');
  expect(data.endpoints.get('GET /ws')?.socket?.received).toBe(26);
});
