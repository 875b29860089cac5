/** Streams over TLS, over HTTP/2 and through a proxy: the same events, endings and backpressure. */
import { createSecureServer, constants, type Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { serverKeys } from '../../../testing/certificate.ts';
import { listening } from '../../../testing/listening.ts';
import { test } from '../../../testing/plain-test.ts';
import { RequestContext } from '../context.ts';
import type { RequestContextOptions } from '../request-options.ts';
import type { RequestSample } from '../sample.ts';

const { listen } = listening();

/** What the server does, by path. */
const answers: Readonly<Record<string, (response: Http2ServerResponse) => void>> = {
  '/two': (response) => {
    response.write('data: one\n\n');
    setTimeout(() => response.end('data: two\n\n'), 20);
  },
  '/reset': (response) => {
    response.write('data: one\n\n');
    setTimeout(() => reset(response), 30);
  },
  '/endless': (response) => {
    const more = (): void => {
      while (!response.destroyed)
        if (!response.write(`data: ${'x'.repeat(4_000)}\n\n`)) return void response.once('drain', more);
    };
    more();
  },
};

/** Over HTTP/1.1 its connection. */
function reset(response: Http2ServerResponse): void {
  const stream = response.stream as ServerHttp2Stream | undefined;
  if (stream === undefined) response.destroy();
  else stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}

let written = 0;

async function serve(): Promise<number> {
  const server = createSecureServer({ ...serverKeys(), allowHTTP1: true }, (request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = response.write.bind(response);
    response.write = ((...args: Parameters<typeof write>) => {
      written += 1;
      return write(...args);
    }) as typeof write;
    answers[request.url]?.(response);
  });
  return listen(server);
}

/** A proxy that opens tunnels and keeps count of them. */
async function proxy(): Promise<{ port: number; tunnels: () => number }> {
  let tunnels = 0;
  const server = createServer((socket) => {
    socket.once('data', (head: Buffer) => {
      tunnels += 1;
      const port = Number(/^CONNECT [^:]+:(\d+)/.exec(head.toString())?.[1]);
      const through = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(through).pipe(socket);
      }).on('error', () => socket.destroy());
      socket.on('error', () => through.destroy());
    });
  });
  return { port: await listen(server), tunnels: () => tunnels };
}

const ways: readonly { readonly it: string; readonly options: RequestContextOptions; readonly byProxy?: true }[] = [
  { it: 'TLS', options: {} },
  { it: 'HTTP/2', options: { http2: true } },
  { it: 'HTTP/2 through a proxy', options: { http2: true }, byProxy: true },
];
for (const { it, options, byProxy } of ways) {
  const open = async (onRequest: (sample: RequestSample) => void): Promise<RequestContext> => {
    const tunnel = byProxy === true ? await proxy() : undefined;
    return new RequestContext({
      ignoreHTTPSErrors: true,
      timeout: 5_000,
      baseURL: `https://127.0.0.1:${await serve()}`,
      ...(tunnel !== undefined && { proxy: { server: `http://127.0.0.1:${tunnel.port}` } }),
      ...options,
      onRequest,
    });
  };

  test(`over ${it}: events as they come, several streams at a time`, async () => {
    const samples: RequestSample[] = [];
    await using request = await open((sample) => samples.push(sample));
    const ends = await Promise.all([1, 2, 3].map(async () => request.stream('/two').end()));
    expect(ends.map(({ events, endedBy }) => [events, endedBy])).toEqual([1, 2, 3].map(() => [2, 'server']));
    expect(samples.map(({ status, failure }) => [status, failure])).toEqual([1, 2, 3].map(() => [200, undefined]));
  });

  test(`over ${it}: a stream that is reset is cut off, with the events got`, async () => {
    const samples: RequestSample[] = [];
    await using request = await open((sample) => samples.push(sample));
    await expect(request.stream('/reset').end()).rejects.toThrow('cut off after 1 event');
    expect(samples.map(({ failure }) => failure?.kind)).toEqual(['body-cut-off']);
  });

  test(`over ${it}: a server whose events nobody takes is held up; leaving ends its stream alone`, async () => {
    await using request = await open(() => undefined);
    const stream = request.stream('/endless');
    await stream.response;
    let before = -1;
    for (let tries = 0; tries < 50 && before !== written; tries++) {
      before = written;
      await sleep(100);
    }
    expect(written).toBe(before);
    for await (const { data } of stream) {
      expect(data).toHaveLength(4_000);
      break;
    }
    expect((await request.stream('/two').end()).events).toBe(2);
  });
}
