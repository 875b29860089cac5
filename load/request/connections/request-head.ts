/**
 * The head of a request as it goes over the wire (RFC 9112, 3 and 5). All headers are written here and nowhere else,
 * so that here none gets past that would end its line and begin another request.
 */
import { validateHeaderValue } from 'node:http';
import { findHeader, getHeader, type HeaderList } from '../header-list.ts';

/** Headers as lines, and what they say of the message and its connection. */
export interface HeaderBlock {
  readonly lines: string;
  readonly hasHost: boolean;
  readonly hasConnection: boolean;
  readonly hasLength: boolean;
  /** The body goes in chunks (RFC 9112, 7.1). */
  readonly chunked: boolean;
  /** The connection is not to be used again. */
  readonly closes: boolean;
  /** Speaks of a body, which may not be there. */
  readonly promisesBody: boolean;
}

/** Lists of headers are made once per context, and most requests go with them as they are. */
const blocks = new WeakMap<Readonly<HeaderList>, HeaderBlock>();

/** Throws Node's error, by the name of the header, for a value that is more than a line of Latin-1. */
export function headerBlock(headers: Readonly<HeaderList>): HeaderBlock {
  let block = blocks.get(headers);
  if (block === undefined) blocks.set(headers, (block = written(headers)));
  return block;
}

function written(headers: Readonly<HeaderList>): HeaderBlock {
  const chunked = isChunked(getHeader(headers, 'transfer-encoding'));
  const length = getHeader(headers, 'content-length');
  let lines = '';
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at] ?? '';
    const value = headers[at + 1] ?? '';
    validateHeaderValue(name, value);
    // Chunks say themselves how long they are, and a length beside them is forbidden (RFC 9112, 6.2).
    if (!chunked || length === undefined || name.toLowerCase() !== 'content-length') lines += `${name}: ${value}\r\n`;
  }
  const connection = getHeader(headers, 'connection');
  return {
    lines,
    hasHost: findHeader(headers, 'host') !== -1,
    hasConnection: connection !== undefined,
    hasLength: length !== undefined,
    chunked,
    closes: connection !== undefined && /(?:^|,)\s*close\s*(?:,|$)/i.test(connection),
    promisesBody: length !== undefined && Number(length) !== 0,
  };
}

/** Any other coding would make a body that only ends with the connection, which a request can't (RFC 9112, 6.1). */
function isChunked(transferEncoding: string | undefined): boolean {
  if (transferEncoding === undefined) return false;
  if (/(?:^|,)\s*chunked\s*$/i.test(transferEncoding)) return true;
  throw new Error(`\`transfer-encoding\` must end in \`chunked\`, got "${transferEncoding}"`);
}

/** Methods whose requests say that they have no body by not speaking of one (RFC 9110, 8.6). */
const bodiless = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

export interface HeadParts {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly block: HeaderBlock;
  readonly traceparent: string | undefined;
  readonly body: Buffer | undefined;
}

/** What `content-length` is to say where the headers do not. */
export function impliedLength({
  method,
  block,
  body,
}: Pick<HeadParts, 'method' | 'block' | 'body'>): number | undefined {
  return block.hasLength || (body === undefined && bodiless.has(method)) ? undefined : (body?.length ?? 0);
}

/** `connectionHeader` is the line that goes with them where they say nothing of it. */
export function requestHead(parts: HeadParts, connectionHeader: string): string {
  const { method, path, host, block, traceparent } = parts;
  let head = `${method} ${path} HTTP/1.1\r\n${block.lines}`;
  if (traceparent !== undefined) head += `traceparent: ${traceparent}\r\n`;
  if (!block.hasHost) head += `Host: ${host}\r\n`;
  if (!block.hasConnection) head += connectionHeader;
  const length = block.chunked ? undefined : impliedLength(parts);
  if (length !== undefined) head += `Content-Length: ${length}\r\n`;
  return `${head}\r\n`;
}
