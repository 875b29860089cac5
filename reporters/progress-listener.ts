/**
 * Hears on loopback how loads are going, from the workers that send them. Whoever does not know the token of this run, or
 * says what is none of ours, is cut off; whatever goes wrong here costs a glance, never a run.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Progress, ProgressMessage, ProgressOf } from '../load/measure/progress.ts';

/** One load, from its greeting to its end. `id` is its own, however alike two loads are named. */
export interface ProgressEvents {
  readonly onProgress: (id: number, of: ProgressOf, progress: Progress) => void;
  readonly onOver: (id: number) => void;
}

export interface ProgressListener {
  /** `<port>:<token>`, for the environment of the workers. */
  readonly address: string;
  close(): void;
}

/** Characters of a line; a title of a thousand words has some thousands. */
const longestLine = 64 * 1_024;
/** A load of each worker of the largest machine. */
const mostConnections = 256;
const greetingWithinMs = 5_000;

export async function listenForProgress(events: ProgressEvents): Promise<ProgressListener> {
  const token = randomBytes(24).toString('base64url');
  const sockets = new Set<Socket>();
  let heard = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.unref();
    socket.on('close', () => sockets.delete(socket));
    hear(socket, { token, id: ++heard, events });
  });
  server.maxConnections = mostConnections;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  server.unref();
  const { port } = server.address() as AddressInfo;
  return { address: `${port}:${token}`, close: () => closed(server, sockets) };
}

interface Heard {
  readonly token: string;
  readonly id: number;
  readonly events: ProgressEvents;
}

function hear(socket: Socket, { token, id, events }: Heard): void {
  let of: ProgressOf | undefined;
  let rest = '';
  const patience = setTimeout(() => socket.destroy(), greetingWithinMs).unref();
  const take = (line: string) => {
    const message = JSON.parse(line) as ProgressMessage;
    if (message.kind === 'hello' && sameToken(message.token, token)) {
      clearTimeout(patience);
      of = { title: message.of.title.map(String), project: message.of.project };
    } else if (message.kind === 'progress' && of !== undefined) events.onProgress(id, of, message.progress);
    else socket.destroy();
  };
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    try {
      for (const line of lines) if (!socket.destroyed) take(line);
    } catch {
      socket.destroy(); // not one of ours
    }
    if (rest.length > longestLine) socket.destroy();
  });
  socket.on('error', () => undefined); // `close` follows
  socket.on('close', () => {
    clearTimeout(patience);
    if (of !== undefined) events.onOver(id);
  });
}

/** Compares in constant time. */
function sameToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function closed(server: Server, sockets: ReadonlySet<Socket>): void {
  server.close();
  for (const socket of sockets) socket.destroy();
}
