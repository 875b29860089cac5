/**
 * Answers what never becomes a request: bytes that are no HTTP, a target that is no URL, headers that are too large or
 * too slow. They are problem documents like all others; there is no route and no path to speak of.
 */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { RequestError } from '@hono/node-server';

interface Refusal {
  readonly status: 400 | 408 | 431 | 500;
  readonly code: string;
  readonly detail: string;
}

/** By the code of Node's error. */
const refusals: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'headers-too-large', detail: 'the headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'request-timeout', detail: 'the request took too long to arrive' },
};

const malformed: Refusal = { status: 400, code: 'malformed-request', detail: 'this is no HTTP request' };

const fault: Refusal = { status: 500, code: 'internal', detail: 'the agent failed' };

function documentOf({ status, code, detail }: Refusal): string {
  const title = STATUS_CODES[status] ?? '';
  const type = `urn:playload:problem:${code}`;
  return JSON.stringify({ type, title, status, detail, instance: '/', request_id: randomUUID() });
}

const contentType = 'application/problem+json';

/** A request whose target or host can't be read; any other error that came this far is a fault of ours. */
export function answerOutside(error: unknown): Response {
  const refusal = error instanceof RequestError ? malformed : fault;
  return new Response(documentOf(refusal), { status: refusal.status, headers: { 'content-type': contentType } });
}

/** For the `clientError` event of Node's server: answers on the bare connection, and closes it. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy(); // nobody is there to be told
    return;
  }
  const refusal = refusals[error.code ?? ''] ?? malformed;
  const body = documentOf(refusal);
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status] ?? ''}`,
    `content-type: ${contentType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
