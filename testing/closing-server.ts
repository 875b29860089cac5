/**
 * For tests: a server that closes connections when it likes, without a hint, and keeps a log of the requests that it has
 * read. It lives in the test's own process, so that a test can close a connection and send in the same moment: what is
 * sent then goes to a connection that is closed already, as it does now and then under load.
 */
import { once } from 'node:events';
import { test } from '@playwright/test';
import { createServer, type AddressInfo, type Socket } from 'node:net';

export interface ClosingServer {
  readonly baseURL: string;
  /** `GET /a`, in the order in which they were read. */
  readonly log: readonly string[];
  /** Their heads as they came. */
  readonly heads: readonly string[];
  /** Connections that were opened. */
  readonly connections: () => number;
  /** Closes those that are idle: in order (`fin`) or not (`rst`). */
  readonly closeIdle: (how: 'fin' | 'rst') => void;
  readonly close: () => Promise<void>;
}

export interface ClosingServerParts {
  /** Closes connections that have been idle for so long after a request. */
  readonly idleMs?: number;
  /** What to do with the n-th request of a connection, from 1, once it was read: answers it by default. */
  readonly onRequest?: (socket: Socket, request: { readonly line: string; readonly n: number }) => void;
  readonly port?: number;
  readonly host?: string;
}

export function answer(socket: Socket, { status = '200 OK', headers = '', body = '' } = {}): void {
  socket.write(`HTTP/1.1 ${status}\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`);
}

export async function closingServer({
  idleMs,
  onRequest = (socket) => answer(socket),
  port = 0,
  host = '127.0.0.1',
}: ClosingServerParts = {}): Promise<ClosingServer> {
  const log: string[] = [];
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    let n = 0;
    let text = '';
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (let length = requestLength(text); length > 0; length = requestLength(text)) {
        const line = text.slice(0, text.indexOf(' HTTP/1.1'));
        heads.push(text.slice(0, text.indexOf('\r\n\r\n')));
        text = text.slice(length);
        log.push(line);
        onRequest(socket, { line, n: (n += 1) });
        if (n === 1 && idleMs !== undefined) socket.setTimeout(idleMs, () => socket.destroy());
      }
    });
  });
  await once(server.listen(port, host), 'listening');
  return {
    baseURL: `http://${host}:${(server.address() as AddressInfo).port}`,
    log,
    heads,
    connections: () => connections,
    closeIdle: (how) => {
      for (const socket of sockets)
        if (how === 'fin') socket.destroy();
        else socket.resetAndDestroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Servers that are closed after the test that asked for them; to be called beside the tests. */
export function closingServers(): (parts?: ClosingServerParts) => Promise<ClosingServer> {
  const servers: ClosingServer[] = [];
  test.afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  return async (parts) => {
    const server = await closingServer(parts);
    servers.push(server);
    return server;
  };
}

/** Characters of the first request in the text, its body included; 0 while it is not whole. */
function requestLength(text: string): number {
  const head = text.indexOf('\r\n\r\n');
  if (head === -1) return 0;
  const length = head + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0);
  return text.length < length ? 0 : length;
}
