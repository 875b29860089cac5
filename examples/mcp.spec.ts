/**
 * A server of tools for language models (Model Context Protocol, Streamable HTTP) under load: fifty clients open a session
 * each, call a tool whose answer is streamed, and close it. The server is npm's `@modelcontextprotocol/sdk`.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { between, expect, type LoadUser, test as base, users } from 'playload';

interface Tools {
  readonly url: string;
  /** Calls of the tool that the server has had, from clients of this load. */
  readonly calls: () => number;
}

const test = base.extend<{ tools: Tools }>({
  tools: async ({}, use) => {
    const sessions = new Map<string, StreamableHTTPServerTransport>();
    let calls = 0;
    const open = async () => {
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void sessions.set(id, transport),
        onsessionclosed: (id) => void sessions.delete(id),
      });
      await forecaster(() => (calls += 1)).connect(transport);
      return transport;
    };
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const transport = sessions.get(String(request.headers['mcp-session-id'])) ?? (await open());
      await transport.handleRequest(request, response);
    };
    const server = createServer((request, response) => void answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, calls: () => calls });
    for (const transport of sessions.values()) await transport.close();
    server.closeAllConnections();
    server.close();
  },
});

/** One tool: it tells of its progress, then answers. */
function forecaster(onCall: () => void): McpServer {
  const server = new McpServer({ name: 'forecaster', version: '1.0.0' });
  server.registerTool(
    'forecast',
    { inputSchema: { city: z.string() } },
    async ({ city }, { _meta, sendNotification }) => {
      onCall();
      for (const progress of [1, 2]) {
        await sleep(10);
        if (_meta?.progressToken !== undefined) {
          const params = { progressToken: _meta.progressToken, progress, total: 2 };
          await sendNotification({ method: 'notifications/progress', params });
        }
      }
      return { content: [{ type: 'text', text: `Sunny in ${city}.` }] };
    },
  );
  return server;
}

const accept = 'application/json, text/event-stream';
const protocolVersion = '2025-06-18';

/** A client's session: opened before its first call, in no number, and closed after its last. */
const client =
  (url: string): LoadUser<Readonly<Record<string, string>>> =>
  async ({ request, user }, use) => {
    const clientInfo = { name: `client-${user}`, version: '1.0.0' };
    const params = { protocolVersion, capabilities: {}, clientInfo };
    const opened = await request.post(url, {
      headers: { accept },
      data: { jsonrpc: '2.0', id: 0, method: 'initialize', params },
    });
    const id = opened.headers()['mcp-session-id'];
    if (id === undefined) throw new Error(`no session: ${opened.status()} ${await opened.text()}`);
    const headers = { accept, 'mcp-session-id': id, 'mcp-protocol-version': protocolVersion };
    await request.post(url, { headers, data: { jsonrpc: '2.0', method: 'notifications/initialized' } });
    await use(headers);
    await request.delete(url, { headers });
  };

interface Message {
  readonly id?: number;
  readonly result?: { readonly content: readonly { readonly text: string }[] };
  readonly error?: { readonly message: string };
}

test('fifty clients call a tool whose answers are streamed', async ({ load, tools }) => {
  const run = await load(
    users(50).for('5s').thinking(between('200ms', '800ms')), // the server is in this process, too
    async ({ request, state, check, iteration }) => {
      const id = iteration + 1;
      const params = { name: 'forecast', arguments: { city: 'Oslo' }, _meta: { progressToken: id } };
      const stream = request.stream(tools.url, {
        name: 'tools/call forecast',
        headers: state,
        data: { jsonrpc: '2.0', id, method: 'tools/call', params },
        isLast: ({ data }) => (JSON.parse(data) as Message).id === id, // whatever ends before its answer was cut
      });
      let answer: Message = {};
      for await (const { data } of stream) answer = JSON.parse(data) as Message;
      check('the forecast', answer.result?.content[0]?.text === 'Sunny in Oslo.');
    },
    { user: client(tools.url) },
  );
  expect(run.endpoint('tools/call forecast')).toMeet({
    successRate: '100%',
    firstEvent: { p95: '< 500ms' },
    streamDuration: { p95: '< 1s' },
    eventsPerStream: { min: '>= 3', max: '<= 3' }, // two of progress, and the answer
    cutStreams: '0',
  });
  expect(run.endpoint('tools/call forecast').requests?.started).toBe(tools.calls());
});
