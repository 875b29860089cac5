/** Opens the port, and closes it in order: no new connections, the answers that have begun, then the rest is cut. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { answerOutside, refuseConnection } from './routes/malformed.ts';

/** Far above the 5 s of Node: whoever pools connections must not meet one that the agent is just closing. */
const keepAliveTimeoutMs = 75_000;
/** A client that dawdles over its headers or its body is cut off, so that it cannot hold a connection for nothing. */
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
const connectionsCheckMs = 2_000;
/** Connections that become idle while draining are closed this often. */
const drainTickMs = 25;

type Fetch = Parameters<typeof getRequestListener>[0];

export interface Listening {
  readonly port: number;
  /** Resolves when every connection is closed, at the latest after `timeoutMs`. */
  readonly drain: (timeoutMs: number) => Promise<void>;
}

interface ListenOptions {
  readonly host: string;
  readonly port: number;
}

/** Resolves when the port really accepts connections; rejects with Node's error, e.g. `EADDRINUSE`. */
export async function listen(fetch: Fetch, { host, port }: ListenOptions): Promise<Listening> {
  const answer = getRequestListener(fetch, { hostname: host, errorHandler: answerOutside });
  const server = createServer(
    {
      keepAliveTimeout: keepAliveTimeoutMs,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      connectionsCheckingInterval: connectionsCheckMs,
      noDelay: true,
    },
    (incoming, outgoing) => void answer(incoming, outgoing), // answers every failure itself, never rejects
  );
  server.on('clientError', refuseConnection);
  server.listen(port, host, 1_024);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    drain: (timeoutMs) => drain(server, timeoutMs),
  };
}

async function drain(server: Server, timeoutMs: number): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const sweep = setInterval(() => server.closeIdleConnections(), drainTickMs);
  const cut = setTimeout(() => server.closeAllConnections(), timeoutMs);
  try {
    await closed;
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
