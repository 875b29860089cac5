/**
 * A server that costs next to nothing: one prepared response for every request head that ends, 74 bytes of JSON or
 * `--bytes` of text, over TLS with `--tls`. It reads no path and takes no bodies, so that what is measured is the
 * generator.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { parseArgs } from 'node:util';
import { smallBody, testCertificate } from './fast-answer.ts';

const { values } = parseArgs({ options: { bytes: { type: 'string' }, tls: { type: 'boolean', default: false } } });
const body = values.bytes === undefined ? smallBody : 'x'.repeat(Number(values.bytes));
const answer = Buffer.from(
  [
    'HTTP/1.1 200 OK',
    `Content-Type: ${values.bytes === undefined ? 'application/json' : 'text/plain'}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Date: Thu, 01 Jan 2026 00:00:00 GMT',
    'Connection: keep-alive',
    '',
    body,
  ].join('\r\n'),
);
const headEnd = '\r\n\r\n';

/** How many request heads end in the text, and what is left of the last one that does not. */
function headsIn(text: string): { count: number; rest: string } {
  let count = 0;
  let from = 0;
  for (let end = text.indexOf(headEnd); end !== -1; end = text.indexOf(headEnd, from)) {
    count += 1;
    from = end + headEnd.length;
  }
  return { count, rest: text.slice(from) };
}

function serve(socket: Socket): void {
  let open = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    const { count, rest } = headsIn(open + chunk);
    open = rest;
    if (count === 1) socket.write(answer);
    else if (count > 1) socket.write(Buffer.concat(Array<Buffer>(count).fill(answer)));
  });
  socket.on('error', () => socket.destroy()); // a client that went away is no news
}

const server = values.tls
  ? createTlsServer({ noDelay: true, ...testCertificate() }, serve)
  : createServer({ noDelay: true }, serve);

// As many as may knock while it is frozen for a second.
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  process.stdout.write(`ready pid=${process.pid} port=${(server.address() as AddressInfo).port}\n`);
});
process.once('SIGTERM', () => process.exit(0));
