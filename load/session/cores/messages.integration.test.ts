/** The line between two cores, on loopback. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect } from '@playwright/test';
import { listening } from '../../../testing/listening.ts';
import { test } from '../../../testing/plain-test.ts';
import { MessageLine } from './messages.ts';

const { listen } = listening();

/** What was heard of the text until either side closed the line. */
async function hear(chunks: readonly string[], isTrusted: boolean): Promise<unknown[]> {
  const heard: unknown[] = [];
  const server = createServer();
  const socket = connect({ host: '127.0.0.1', port: await listen(server) });
  const [accepted] = (await once(server, 'connection')) as [Socket];
  const closed = new Promise<void>((resolve) => {
    const line = new MessageLine(accepted, { onHeard: (message) => heard.push(message), onClosed: resolve });
    if (isTrusted) line.trust();
  });
  socket.on('error', () => undefined);
  for (const chunk of chunks) socket.write(chunk);
  socket.end();
  await closed;
  return heard;
}

const long = `"${'x'.repeat(2_000)}"`;
const cases = [
  { what: 'two messages at once', chunks: ['{"a":1}\n{"b":2}\n'], heard: [{ a: 1 }, { b: 2 }] },
  { what: 'a message in pieces', chunks: ['{"a"', ':', '1}\n'], heard: [{ a: 1 }] },
  { what: 'a message without an end', chunks: ['{"a":1}'], heard: [] },
  { what: 'what is no JSON', chunks: ['{"a":1}\nGET / HTTP/1.1\r\n{"b":2}\n'], heard: [{ a: 1 }] },
  { what: 'more than a greeting from a stranger', chunks: [`${long}\n{"a":1}\n`], heard: [] },
  { what: 'a long message from one of ours', chunks: [`${long}\n`], isTrusted: true, heard: ['x'.repeat(2_000)] },
];
for (const { what, chunks, isTrusted = false, heard } of cases) {
  test(`${what}: ${heard.length} heard`, async () => {
    expect(await hear(chunks, isTrusted)).toEqual(heard);
  });
}
