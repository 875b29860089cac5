/**
 * A server that answers as no server should, and remembers what it was asked: the other side of the differential test.
 * The path says what it does; `/raw/<name>` writes bytes straight to the socket.
 */
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import * as zlib from 'node:zlib';
import { serverKeys } from '../certificate.ts';
import { AnyHost } from './any-host.ts';
import { rawAnswers } from './raw-answers.ts';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  /** `name: value`, names in lower case, sorted; without what is documented to differ. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** Named in docs/request-context.md: who we are, and how a connection is kept. */
const differingHeaders = new Set(['user-agent', 'connection']);

const json = JSON.stringify({ text: 'grüße', numbers: [1, 2, 3], pad: 'x'.repeat(2_000) });

/** Good enough to test with, and ten times as fast as the best. */
const quickly = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 4 } };

const encoders: Readonly<Record<string, (text: string) => Buffer>> = {
  gzip: (text) => zlib.gzipSync(text),
  'x-gzip': (text) => zlib.gzipSync(text),
  GZIP: (text) => zlib.gzipSync(text),
  br: (text) => zlib.brotliCompressSync(text, quickly),
  deflate: (text) => zlib.deflateSync(text),
  'raw-deflate': (text) => zlib.deflateRawSync(text),
  identity: (text) => Buffer.from(text),
  unknown: (text) => Buffer.from(text),
};

/** Large ones: what can't be compressed, and what shrinks to nearly nothing. */
function bodyOf(size: string | null): string {
  if (size === 'dense') return Array.from({ length: 60_000 }, (_, at) => Math.sin(at)).join();
  return size === 'sparse' ? 'z'.repeat(3_000_000) : json;
}

type Handler = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams) => void;

const handlers: Readonly<Record<string, Handler>> = {
  '/echo': (_request, response) => response.end(json),
  '/status': (_request, response, query) => {
    response.writeHead(Number(query.get('code')), query.get('text') ?? undefined, { 'content-type': 'text/plain' });
    response.end(query.get('body') ?? '');
  },
  '/redirect': (_request, response, query) => {
    const to = query.get('to');
    for (const cookie of query.getAll('cookie')) response.appendHeader('set-cookie', cookie);
    response.writeHead(Number(query.get('code') ?? 302), to === null ? {} : { location: to });
    response.end(query.get('body') ?? 'moved');
  },
  '/chain': (_request, response, query) => {
    const left = Number(query.get('left'));
    if (left === 0) response.end('arrived');
    else response.writeHead(302, { location: `/chain?left=${left - 1}` }).end();
  },
  '/loop': (_request, response) => void response.writeHead(302, { location: '/loop' }).end(),
  '/set-cookie': (_request, response, query) => {
    response.setHeader('set-cookie', query.getAll('c'));
    response.end('set');
  },
  '/encoded': (_request, response, query) => {
    const name = query.get('as') ?? 'identity';
    const bytes = (encoders[name] ?? Buffer.from)(bodyOf(query.get('size')));
    const cut = Number(query.get('cut') ?? bytes.length);
    response.setHeader('content-encoding', name === 'raw-deflate' ? 'deflate' : name);
    response.end(query.has('garbage') ? 'this is not compressed' : query.has('empty') ? '' : bytes.subarray(0, cut));
  },
  '/bytes': (_request, response, query) => {
    response.setHeader('content-type', query.get('type') ?? '');
    response.end(Buffer.from(query.get('base64') ?? '', 'base64'));
  },
  '/chunked': (_request, response) => {
    for (const piece of ['one ', 'two ', 'three']) response.write(piece);
    response.addTrailers({ 'x-trailer': 'yes' });
    response.end();
  },
  '/headers': (_request, response) => {
    response.setHeader('X-Mixed-Case', 'kept');
    response.setHeader('x-twice', ['first', 'second']);
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.setHeader('x-empty', '');
    response.setHeader('x-spaces', 'a  b');
    response.end('headers');
  },
  '/basic': (request, response, query) => {
    if (request.headers.authorization === `Basic ${Buffer.from('ann:secret').toString('base64')}`)
      response.end('welcome');
    else
      response.writeHead(401, { 'www-authenticate': query.get('challenge') ?? 'Basic realm="x"' }).end('who are you?');
  },
  '/early-hints': (_request, response) => {
    response.writeEarlyHints({ link: '</a.css>; rel=preload' });
    response.end('after hints');
  },
  '/processing': (_request, response) => {
    response.writeProcessing();
    response.end('after processing');
  },
  '/never': () => undefined,
  '/slow-body': (_request, response) => {
    response.write('a beginning');
  },
  '/big': (_request, response) => response.end('y'.repeat(3_000_000)),
};

interface Parts {
  readonly plain: Server;
  readonly secure: Server;
  readonly anyHost: AnyHost;
  readonly seen: SeenRequest[];
  /** Emits `seen` for each. */
  readonly news: EventEmitter;
}

export class StrangeServer {
  readonly baseURL: string;
  /** A proxy by which every host is this server, over TLS too. */
  readonly anyHostURL: string;
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.baseURL = `http://127.0.0.1:${portOf(parts.plain)}`;
    this.anyHostURL = parts.anyHost.url;
  }

  static async start(): Promise<StrangeServer> {
    const seen: SeenRequest[] = [];
    const news = new EventEmitter();
    const listener: RequestListener = (request, response) => void answer(request, response, { seen, news });
    const plain = createServer({ keepAliveTimeout: 30_000 }, listener);
    const secure = createTlsServer(serverKeys(), listener);
    for (const server of [plain, secure]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    }
    const anyHost = await AnyHost.start({ http: portOf(plain), https: portOf(secure) });
    return new StrangeServer({ plain, secure, anyHost, seen, news });
  }

  /** What came in since the last time. */
  takeSeen(): SeenRequest[] {
    return this.#parts.seen.splice(0);
  }

  /** Resolves as soon as something has come in since the last `takeSeen`. */
  async arrival(): Promise<void> {
    if (this.#parts.seen.length === 0) await once(this.#parts.news, 'seen');
  }

  async stop(): Promise<void> {
    const { plain, secure, anyHost } = this.#parts;
    await anyHost.stop();
    for (const server of [plain, secure]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { seen, news }: Pick<Parts, 'seen' | 'news'>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Buffer));
  seen.push(seenRequest(request, Buffer.concat(chunks)));
  news.emit('seen');
  const url = new URL(request.url ?? '/', 'http://strange');
  if (url.pathname.startsWith('/raw/')) writeRaw(request.socket, url.pathname.slice('/raw/'.length));
  else if (url.pathname === '/flaky') flaky(request.socket, response, { query: url.searchParams, seen });
  else handlerOf(url.pathname)?.(request, response, url.searchParams);
}

/** Cookies are set from below any path. */
function handlerOf(pathname: string): Handler | undefined {
  return handlers[pathname.endsWith('/set-cookie') ? '/set-cookie' : pathname] ?? handlers['/echo'];
}

/** Resets that `maxRetries` may get past: the first `times` requests of a script fail, within their body if `body` says so. */
function flaky(
  socket: Socket,
  response: ServerResponse,
  { query, seen }: { query: URLSearchParams; seen: readonly SeenRequest[] },
): void {
  if (seen.length > Number(query.get('times'))) {
    response.end(`attempt ${seen.length}`);
    return;
  }
  const encoding = query.get('body');
  if (encoding === null) {
    socket.destroy();
    return;
  }
  const body = encoders[encoding]?.(json) ?? Buffer.alloc(0);
  response.writeHead(200, { 'content-length': body.length, 'content-encoding': encoding });
  response.write(body.subarray(0, body.length / 2), () => setTimeout(() => socket.resetAndDestroy(), 20));
}

function writeRaw(socket: Socket, name: string): void {
  const raw = rawAnswers[name];
  if (raw === undefined) throw new Error(`no raw answer called ${name}`);
  for (const bytes of raw.bytes) socket.write(bytes);
  if (raw.then === 'end') socket.end();
  else if (raw.then === 'reset') setTimeout(() => socket.resetAndDestroy(), 20);
}

function seenRequest(request: IncomingMessage, body: Buffer): SeenRequest {
  const boundary = /boundary=(.*)/.exec(request.headers['content-type'] ?? '')?.[1];
  const stable = (text: string): string => (boundary === undefined ? text : text.replaceAll(boundary, 'BOUNDARY'));
  const headers: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = (request.rawHeaders[at] ?? '').toLowerCase();
    if (!differingHeaders.has(name))
      headers.push(withoutBoundaryLength(`${name}: ${stable(request.rawHeaders[at + 1] ?? '')}`, boundary));
  }
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    headers: headers.sort(),
    body: stable(body.toString('latin1')),
  };
}

/** Boundaries of two makers differ in length, and so do the bodies. */
function withoutBoundaryLength(header: string, boundary: string | undefined): string {
  return boundary !== undefined && header.startsWith('content-length:') ? 'content-length: …' : header;
}
