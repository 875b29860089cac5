/**
 * Answers what never becomes a request: bytes that are no HTTP, a target that is no URL, headers that are too large or
 * too slow. They are problem documents like all others; there is no route and no path to speak of.
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';
import { describeProblem, type Problem } from './problem.ts';

/** By the code of Node's error. */
const refusals: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: { kind: 'headers-too-large', detail: 'the headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { kind: 'request-timeout', detail: 'the request took too long to arrive' },
};

const malformed: Problem = { kind: 'malformed-request', detail: 'this is no HTTP request' };
const fault: Problem = { kind: 'internal', detail: 'the agent failed' };

const describe = (problem: Problem) => describeProblem(problem, { path: '/', requestId: randomUUID() });

/** A request whose target or host can't be read; any other error that came this far is a fault of ours. */
export function answerOutside(error: unknown): Response {
  const { text, status, headers } = describe(error instanceof RequestError ? malformed : fault);
  return new Response(text, { status, headers });
}

/** For the `clientError` event of Node's server: answers on the bare connection, and closes it. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy(); // nobody is there to be told
    return;
  }
  const { text, status, headers } = describe(refusals[error.code ?? ''] ?? malformed);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `content-type: ${headers['content-type']}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
