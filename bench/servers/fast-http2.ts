/**
 * The fast server in HTTP/2, over TLS: one prepared response to every request head, written frame by frame, which costs
 * a part of what Node's own HTTP/2 does. It reads no header and takes no bodies (RFC 9113; RFC 7541 for the header).
 */
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { smallBody, testCertificate } from './fast-answer.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const headBytes = 9;
const types = { data: 0, headers: 1, settings: 4, ping: 6 } as const;
const flags = { none: 0, ack: 1, endStream: 1, endHeaders: 4 } as const;

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

function written({ type, flags: set, stream, payload }: Frame): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(set, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A literal without indexing, named by its place in the static table beyond the first 15. */
const literal = (nameIndex: number, value: string) =>
  Buffer.from([0x0f, nameIndex - 15, value.length, ...Buffer.from(value)]);

const header = Buffer.concat([
  Buffer.from([0x88]), // `:status: 200` is 8 in the static table
  literal(31, 'application/json'), // content-type
  literal(28, String(smallBody.length)), // content-length
]);

const answerHead = written({ type: types.headers, flags: flags.endHeaders, stream: 0, payload: header });
const answerBody = written({ type: types.data, flags: flags.endStream, stream: 0, payload: Buffer.from(smallBody) });
const answer = Buffer.concat([answerHead, answerBody]);

function answerTo(stream: number): Buffer {
  const copy = Buffer.from(answer);
  copy.writeUInt32BE(stream, 5);
  copy.writeUInt32BE(stream, answerHead.length + 5);
  return copy;
}

const none = { flags: flags.none, stream: 0, payload: Buffer.alloc(0) };
const settings = written({ ...none, type: types.settings });

/** What a frame is answered with. The client's window is never used up: it gives back what so few short bodies take. */
function replyTo({ type, flags: set, stream, payload }: Frame): Buffer | undefined {
  const isAck = (set & flags.ack) !== 0;
  if (type === types.headers) return answerTo(stream);
  if (type === types.settings && !isAck) return written({ ...none, type, flags: flags.ack });
  if (type === types.ping && !isAck) return written({ ...none, type, flags: flags.ack, payload });
  return undefined;
}

/** The whole frames in the bytes, and what is left of one that is not. */
function framesIn(bytes: Buffer): { frames: Frame[]; rest: Buffer } {
  const frames: Frame[] = [];
  let from = 0;
  while (bytes.length - from >= headBytes) {
    const end = from + headBytes + bytes.readUIntBE(from, 3);
    if (end > bytes.length) break;
    frames.push({
      type: bytes.readUInt8(from + 3),
      flags: bytes.readUInt8(from + 4),
      stream: bytes.readUInt32BE(from + 5) & 0x7fff_ffff,
      payload: bytes.subarray(from + headBytes, end),
    });
    from = end;
  }
  return { frames, rest: bytes.subarray(from) };
}

const server = createServer({ noDelay: true, ALPNProtocols: ['h2'], ...testCertificate() }, (socket) => {
  let open: Buffer = Buffer.alloc(0);
  let greeted = false;
  socket.write(settings);
  socket.on('data', (chunk: Buffer) => {
    open = open.length === 0 ? chunk : Buffer.concat([open, chunk]);
    if (!greeted) {
      if (open.length < preface.length) return;
      open = open.subarray(preface.length);
      greeted = true;
    }
    const { frames, rest } = framesIn(open);
    open = rest;
    const replies = frames.map(replyTo).filter((reply) => reply !== undefined);
    if (replies.length > 0) socket.write(Buffer.concat(replies));
  });
  socket.on('error', () => socket.destroy()); // a client that went away is no news
});

server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
