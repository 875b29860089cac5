/** A server that writes HTTP/2 frame by frame (RFC 9113, 4.1), as no decent library would. */
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { serverKeys } from './certificate.ts';

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly bytes: number;
}

/** Types and flags of frames, by their names in RFC 9113, 6. */
export const frames = { data: 0, headers: 1, reset: 3, settings: 4, goaway: 7 } as const;
export const flags = { endStream: 1, ack: 1, endHeaders: 4 } as const;

const prefaceBytes = 24;
const headBytes = 9;

export function frame(type: number, flag: number, stream: number, payload: Buffer | string = ''): Buffer {
  const bytes = Buffer.from(payload);
  const head = Buffer.alloc(headBytes);
  head.writeUIntBE(bytes.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flag, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, bytes]);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** A field that is in no table (RFC 7541, 6.2.2). */
export function field(name: string, value: string): Buffer {
  return Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
}

/** Its settings, `[identifier, value]` each, come first. `onHead` is told of each request. */
export async function rawHttp2(
  onHead: (socket: TLSSocket, stream: number) => void,
  settings: readonly (readonly [identifier: number, value: number])[] = [],
): Promise<{ readonly baseURL: string; readonly close: () => void }> {
  const sockets = new Set<TLSSocket>();
  const server = createServer({ ...serverKeys(), ALPNProtocols: ['h2'] }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const said = settings.map(([identifier, value]) => Buffer.concat([Buffer.from([0, identifier]), uint32(value)]));
    socket.write(frame(frames.settings, 0, 0, Buffer.concat(said)));
    let bytes = Buffer.alloc(0);
    let isGreeted = false;
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (!isGreeted && bytes.length < prefaceBytes) return;
      if (!isGreeted) bytes = bytes.subarray(prefaceBytes);
      isGreeted = true;
      for (let next = frameIn(bytes); next !== undefined; next = frameIn(bytes)) {
        bytes = bytes.subarray(next.bytes);
        if (next.type === frames.settings && (next.flags & flags.ack) === 0)
          socket.write(frame(frames.settings, flags.ack, 0));
        if (next.type === frames.headers) onHead(socket, next.stream);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseURL: `https://localhost:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The first whole one, if there is one, and how long it is. */
function frameIn(bytes: Buffer): Frame | undefined {
  const length = bytes.length < headBytes ? Infinity : headBytes + bytes.readUIntBE(0, 3);
  if (bytes.length < length) return undefined;
  const stream = bytes.readUInt32BE(5) & 0x7fff_ffff;
  return { type: bytes.readUInt8(3), flags: bytes.readUInt8(4), stream, bytes: length };
}
