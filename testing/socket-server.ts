/** WebSocket servers for tests: one that is well, and one that sends whatever bytes the test says after its handshake. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:port`. */
  readonly baseURL: string;
  /** Connections that are open. */
  readonly open: () => number;
}

/** Calls `onSocket` with each that is opened. */
export async function wellServer(
  onSocket: (socket: WebSocket, request: IncomingMessage) => void,
  protocols?: readonly string[],
): Promise<TestServer> {
  const http = createHttpServer((_request, response) => {
    response.writeHead(200, { 'set-cookie': 'visit=1' }).end('{}');
  });
  const sockets = new WebSocketServer({
    server: http,
    ...(protocols && { handleProtocols: (asked: Set<string>) => protocols.find((one) => asked.has(one)) ?? false }),
  });
  sockets.on('headers', (headers) => headers.push('set-cookie: seen=yes'));
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => undefined); // of a client that is gone
    onSocket(socket, request);
  });
  return serverOf(http);
}

/** Echoes each message. */
export function echo(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
}

/** Answers every request with these bytes, and says nothing of HTTP by itself. */
export async function rawServer(onHead: (socket: Socket, head: string) => void): Promise<TestServer> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (bytes: Buffer) => onHead(socket, bytes.toString('latin1')));
  });
  return serverOf(server);
}

/** The answer that opens a WebSocket for the request with this head (RFC 6455, 4.2.2). */
export function opening(head: string): string {
  const key = /sec-websocket-key: (\S+)/i.exec(head)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

async function serverOf(server: Server): Promise<TestServer> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => open.size,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
