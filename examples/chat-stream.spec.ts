/**
 * A streamed chat under load: how long a reader waits for the first word, how evenly the others come, and whether the text
 * is what it should be. The server speaks OpenAI's API, as most servers of language models do.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { arrivals, expect, test as base } from 'playload';

const answer = 'Because a user who reads along feels the first word, and each pause after it.';

const test = base.extend<{ chatUrl: string }>({
  chatUrl: async ({}, use) => {
    const server = createServer((request, response) => {
      request.resume();
      void speak(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/chat/completions`);
    server.closeAllConnections();
    server.close();
  },
});

/** 100 ms until the first word, 20 ms from one to the next. */
async function speak(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (data: string) => response.write(`data: ${data}\n\n`);
  const chunk = (delta: object, finish_reason: string | null = null) =>
    send(JSON.stringify({ object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] }));
  chunk({ role: 'assistant', content: '' });
  await sleep(100);
  for (const content of answer.split(/(?= )/)) {
    chunk({ content });
    await sleep(20);
  }
  chunk({}, 'stop');
  send('[DONE]');
  response.end();
}

interface Chunk {
  readonly choices: readonly { readonly delta: { readonly content?: string } }[];
}

test('ten chats a second begin soon and go on evenly', async ({ load, chatUrl }) => {
  const run = await load(
    arrivals('10/s').for('5s'),
    async ({ request, check }) => {
      const data = { model: 'm', stream: true, messages: [{ role: 'user', content: 'Why measure tokens?' }] };
      const stream = request.stream(chatUrl, { data, name: 'chat', tokens: 'openai' });
      let text = '';
      for await (const event of stream) {
        if (event.data !== '[DONE]') text += (JSON.parse(event.data) as Chunk).choices[0]?.delta.content ?? '';
      }
      check('the whole answer', text === answer);
      const { tokens } = await stream.end();
      check('word by word', tokens === answer.split(' ').length);
    },
    { warmUp: '1s' },
  );
  expect(run.endpoint('chat')).toMeet({
    successRate: '100%', // a stream that is cut or falls silent has failed
    timeToFirstToken: { p95: '< 200ms' }, // from when the chat was due
    interTokenLatency: { p50: '< 30ms', p95: '< 60ms' },
    timePerOutputToken: { p95: '< 40ms' },
    tokenRate: '> 100/s', // of all chats together
  });
});
