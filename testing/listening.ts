/** Servers of a test on loopback, which end with it. */
import type { AddressInfo, Server, Socket } from 'node:net';
import { test } from './plain-test.ts';

interface Listening {
  /** Resolves with the port. */
  readonly listen: (server: Server) => Promise<number>;
  /** Open connections of all of them. */
  readonly sockets: ReadonlySet<Socket>;
}

/** To be called beside the tests: after each of them the servers and their sockets are closed. */
export function listening(): Listening {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  test.afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (server: Server): Promise<number> => {
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    return (server.address() as AddressInfo).port;
  };
  return { listen, sockets };
}
