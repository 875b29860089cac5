/**
 * Echoes each message of a WebSocket and sends a ping behind it, whose pong tells by the server's own clock how long the
 * way there and back takes: the same sockets, loops and kernel as a round trip of the client's, which starts at the other
 * end. `GET /times` answers with what it saw.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { type WebSocket, WebSocketServer } from 'ws';

const pongMs: number[] = [];
let messages = 0;

function serve(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => {
    messages += 1;
    socket.send(data, { binary: isBinary });
    socket.ping(String(performance.now()));
  });
  socket.on('pong', (sentAtMs: Buffer) => pongMs.push(performance.now() - Number(sentAtMs.toString())));
  socket.on('error', () => socket.terminate()); // a client that went away is no news
}

function times(): { messages: number; pongs: number; p50Ms: number | null; p99Ms: number | null } {
  const sorted = [...pongMs].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { messages, pongs: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) };
}

const server = createServer((_request, response) => {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(times()));
});
new WebSocketServer({ server }).on('connection', serve);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
