/** A tunnel through a SOCKS proxy, version 5 or 4a: the proxy resolves the name. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Destination, withoutBrackets } from './authority.ts';
import type { ProxyRoute } from './proxy-route.ts';

/** Rejects with the socket's own error, else in the words of `socks`, which are those of Playwright's context. */
export async function openSocks(
  { url, username, password }: ProxyRoute,
  to: Destination,
  signal: AbortSignal,
): Promise<Socket> {
  const { SocksClient } = await import('socks'); // tens of milliseconds, which no other request pays
  const proxy = { host: withoutBrackets(url.hostname), port: url.port === '' ? 1080 : Number(url.port) };
  const socket = connect({ ...proxy, noDelay: true });
  signal.addEventListener('abort', () => socket.destroy());
  try {
    await once(socket, 'connect', { signal });
    await SocksClient.createConnection({
      command: 'connect',
      existing_socket: socket,
      destination: { host: to.hostname, port: to.port },
      proxy: {
        ...proxy,
        type: url.protocol.startsWith('socks4') ? 4 : 5,
        ...(username !== undefined && { userId: username, password }),
      },
    });
    return socket;
  } catch (error) {
    socket.destroy();
    // An error of `socks` carries the password, so that only its words go on.
    throw socket.errored ?? new Error(error instanceof Error ? error.message : String(error));
  }
}
