/** What arrives on the port and is no request: each is told what is wrong, and the next client is served. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { expect } from '@playwright/test';
import { test } from './testing/plain-test.ts';
import { listen, type Listening } from './listen.ts';

let listening: Listening;

test.beforeEach(async () => {
  listening = await listen(() => new Response('fine'), { host: '127.0.0.1', port: 0 });
});
test.afterEach(() => listening.drain(1_000));

async function say(text: string): Promise<string> {
  const socket = connect(listening.port, '127.0.0.1');
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  socket.end(text);
  await once(socket, 'close');
  return heard;
}

const cases = [
  { what: 'no HTTP at all', text: 'hello\r\n\r\n', status: 400 },
  { what: 'another protocol', text: '\x16\x03\x01\x02\x00\x01\x00', status: 400 },
  {
    what: 'two lengths',
    text: 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
    status: 400,
  },
  {
    what: 'a backslash in the path',
    text: 'GET /\\..\\ HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    status: 400,
  },
  { what: 'a host that is none', text: 'GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n', status: 400 },
  { what: 'headers without end', text: `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`, status: 431 },
];
for (const { what, text, status } of cases) {
  test(`${what} is answered ${status}, as a problem, and the next request is served`, async () => {
    const answer = await say(text);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain('application/problem+json');
    expect(JSON.parse(answer.slice(answer.indexOf('{')))).toMatchObject({ status, instance: '/' });
    expect(await (await fetch(`http://127.0.0.1:${listening.port}/`)).text()).toBe('fine');
  });
}

test('an idle connection is kept for longer than a client keeps it', async () => {
  const response = await fetch(`http://127.0.0.1:${listening.port}/`);
  expect(response.headers.get('keep-alive')).toBe('timeout=75');
  await response.text();
});
