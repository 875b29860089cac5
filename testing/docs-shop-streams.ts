/** For tests: what the docs' shop has beside answers: a streamed chat, a tool by MCP, a WebSocket and a page. */
import type { Server, ServerResponse } from 'node:http';
import { WebSocketServer } from 'ws';

/** How it answers `method` and path; undefined where it does not. */
export function streamedAnswer(asked: string, body: string): ((response: ServerResponse) => void) | undefined {
  if (asked === 'POST /v1/chat/completions') return chat;
  if (asked === 'DELETE /mcp') return (response) => response.writeHead(204).end();
  if (asked === 'POST /mcp') return (response) => answerTool(JSON.parse(body) as Message, response);
  return undefined;
}

const asEvents = { 'content-type': 'text/event-stream' };

function chat(response: ServerResponse): void {
  response.writeHead(200, asEvents);
  const chunks = ['It', ' is', ' Oslo'].map((content) => ({ choices: [{ index: 0, delta: { content } }] }));
  const all = [...chunks, { choices: [], usage: { completion_tokens: 3 } }].map((chunk) => JSON.stringify(chunk));
  response.end([...all, '[DONE]'].map((data) => `data: ${data}\n\n`).join(''));
}

interface Message {
  readonly id?: number;
  readonly method: string;
}

function answerTool({ id, method }: Message, response: ServerResponse): void {
  if (id === undefined) {
    response.writeHead(202).end();
    return;
  }
  const result = method === 'initialize' ? { capabilities: {} } : { content: [{ type: 'text', text: 'Sunny.' }] };
  response.writeHead(200, { ...asEvents, 'mcp-session-id': 'session' });
  response.end(`event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
}

export const shopPage = `<!doctype html><title>shop</title><link rel="icon" href="data:,"><h1>Shop</h1><button id="add">add to cart</button>`;

/** At `/ws` each message comes back, with `echo` before it. */
export function echoAt(server: Server): void {
  new WebSocketServer({ server, path: '/ws' }).on('connection', (socket) => {
    socket.on('message', (said: Buffer) => {
      socket.send(`echo ${said.toString()}`);
    });
  });
}
