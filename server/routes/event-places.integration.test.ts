/** How many streams one client may have open, on real sockets: whichever way one ends, its place is free again. */
import { once } from 'node:events';
import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { expect } from '@playwright/test';
import { makeApiKey } from '../domain/api-keys.ts';
import { test } from '../testing/plain-test.ts';
import { startListeningAgent, type ListeningAgent } from '../testing/listening-agent.ts';

const [one, two] = [makeApiKey('one', ['read', 'operate']), makeApiKey('two', ['read'])];
const as = ({ text }: { text: string }) => ({ authorization: `Bearer ${text}` });

let agent: ListeningAgent;
let path: string;
let opened: ClientRequest[];

async function begin(settings: Record<string, string>): Promise<void> {
  agent = await startListeningAgent({ EVENT_STREAMS_PER_KEY: '2', ...settings });
  const made = await agent.ask('POST', '/api/v1/workflows', { instance_id: 'nobody' }, as(one));
  path = made.headers.get('location') ?? '';
}

test.beforeEach(async () => {
  opened = [];
  await begin({ API_KEYS: `${one.entry},${two.entry}` });
});
test.afterEach(async () => {
  for (const request of opened) request.destroy();
  await agent.stop();
});

interface Opened {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
}

/** A stream on a connection of its own, as far as its head. */
async function open(key = one): Promise<Opened> {
  const request = get(`${agent.url}${path}/events`, { agent: false, headers: as(key) });
  request.on('error', () => undefined); // cut on purpose
  opened.push(request);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  response.resume();
  return { request, response };
}

const status = async () => {
  const { request, response } = await open();
  request.destroy();
  return response.statusCode;
};
const untilThereIsRoom = () => expect.poll(status, { intervals: [20], timeout: 20_000 }).toBe(200);

test('one more than allowed is answered 429 with when to come again, and other keys have their own', async () => {
  await open();
  await open();
  const { response } = await open();
  expect([response.statusCode, response.headers['retry-after']]).toEqual([429, '5']);
  expect(response.headers['content-type']).toBe('application/problem+json');
  expect((await open(two)).response.statusCode).toBe(200);
});

const ends: { what: string; end: (stream: Opened) => Promise<unknown> }[] = [
  { what: 'a client that closes', end: async ({ request }) => request.destroy() },
  { what: 'a client that vanishes', end: async ({ response }) => response.socket.resetAndDestroy() },
  {
    what: 'a workflow that is over',
    end: async ({ response }) => {
      const ended = once(response, 'end');
      await agent.ask('POST', `${path}/cancel`, {}, as(one));
      await ended;
    },
  },
];
for (const { what, end } of ends) {
  test(`${what} leaves its place to the next`, async () => {
    const streams = [await open(), await open()];
    expect(await status()).toBe(429);
    const [first] = streams;
    if (first !== undefined) await end(first);
    await untilThereIsRoom();
  });
}

test('a hundred that come and go leave nothing behind', async () => {
  for (let n = 0; n < 100; n++) expect([200, 429]).toContain(await status());
  await untilThereIsRoom();
});

test('the head of a stream takes no place, and ends', async () => {
  for (let n = 0; n < 5; n++) {
    const head = await fetch(`${agent.url}${path}/events`, { method: 'HEAD', headers: as(one) });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  }
});

test('a stream of what is not there takes no place', async () => {
  const there = path;
  path = '/api/v1/workflows/01900000-0000-7000-8000-000000000000';
  for (let n = 0; n < 5; n++) expect(await status()).toBe(404);
  path = there;
  expect(await status()).toBe(200);
});

test('without keys an address is a client', async () => {
  await agent.stop();
  await begin({});
  await open();
  await open();
  expect(await status()).toBe(429);
});
