/** The status line and headers of one response, line by line, and what they say of its body and of the connection. */
import type { HeaderList } from '../header-list.ts';

/** What came is no HTTP; code and words are those of Node's parser. */
export class ParseError extends Error {
  readonly code: string;

  constructor(code: string, reason: string) {
    super(`Parse Error: ${reason}`);
    this.code = code;
  }
}

/** How a body ends. */
export type Framing =
  | { readonly kind: 'none' }
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

export class Head {
  status = 0;
  statusText = '';
  readonly headers: HeaderList = [];
  idleHintMs: number | undefined;
  #persistent = true;
  #close = false;
  #keep = false;
  #length: number | undefined;
  #transferEncoding = '';

  takeStatusLine(line: string): void {
    if (!line.startsWith('HTTP/')) throw new ParseError('HPE_INVALID_CONSTANT', 'Expected HTTP/, RTSP/ or ICE/');
    const parts = /^HTTP\/(\d)\.(\d) (\d\d\d)(?: ([^\r]*))?\r$/.exec(line);
    if (parts === null) throw statusLineError(line);
    const [, major = '', minor = '', status = '', text = ''] = parts;
    if (!versions.has(major + minor)) throw new ParseError('HPE_INVALID_VERSION', 'Invalid HTTP version');
    this.#persistent = major !== '0' && minor !== '0';
    this.status = Number(status);
    this.statusText = text;
  }

  takeHeader(line: string): void {
    const { headers } = this;
    const colon = line.indexOf(':');
    const name = colon === -1 ? line : line.slice(0, colon);
    if (colon <= 0 || !token.test(name)) throw headerNameError(line, headers.length > 0);
    const value = headerValue(line, colon + 1);
    headers.push(name, value);
    this.#note(name, value);
  }

  /** All headers have come. */
  end(): void {
    if (this.#transferEncoding !== '' && this.#length !== undefined) {
      throw new ParseError('HPE_INVALID_TRANSFER_ENCODING', `Transfer-Encoding can't be present with Content-Length`);
    }
  }

  framing(method: string): Framing {
    const { status } = this;
    if (method === 'HEAD' || status === 204 || status === 304) return { kind: 'none' };
    if (this.#transferEncoding !== '') {
      return /(?:^|,)[ \t]*chunked$/i.test(this.#transferEncoding) ? { kind: 'chunked' } : { kind: 'close' };
    }
    return this.#length === undefined ? { kind: 'close' } : { kind: 'length', bytes: this.#length };
  }

  get keepAlive(): boolean {
    return this.#persistent ? !this.#close : this.#keep;
  }

  /** The few headers that say how the message ends; told apart by length first, since most are none of them. */
  #note(name: string, value: string): void {
    switch (name.length) {
      case 10:
        this.#noteConnection(name.toLowerCase(), value);
        return;
      case 14:
        if (name.toLowerCase() === 'content-length') this.#noteLength(value);
        return;
      case 17:
        if (name.toLowerCase() !== 'transfer-encoding') return;
        this.#transferEncoding = value;
        return;
    }
  }

  #noteConnection(name: string, value: string): void {
    if (name === 'keep-alive') {
      const seconds = /timeout=(\d+)/i.exec(value)?.[1];
      if (seconds !== undefined) this.idleHintMs = Number(seconds) * 1_000;
    } else if (name === 'connection') {
      const words = value.toLowerCase().split(',');
      this.#close ||= words.some((word) => word.trim() === 'close');
      this.#keep ||= words.some((word) => word.trim() === 'keep-alive');
    }
  }

  #noteLength(value: string): void {
    if (this.#length !== undefined) throw new ParseError('HPE_UNEXPECTED_CONTENT_LENGTH', 'Duplicate Content-Length');
    if (value === '') throw new ParseError('HPE_INVALID_CONTENT_LENGTH', 'Empty Content-Length');
    if (!/^\d+$/.test(value)) throw new ParseError('HPE_INVALID_CONTENT_LENGTH', 'Invalid character in Content-Length');
    if (BigInt(value) >= 2n ** 64n) throw new ParseError('HPE_INVALID_CONTENT_LENGTH', 'Content-Length overflow');
    this.#length = Number(value);
  }
}

const versions = new Set(['09', '10', '11', '20']);
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Which of the status line's parts is not as it must be. */
function statusLineError(line: string): ParseError {
  if (!/^HTTP\/\d/.test(line)) return new ParseError('HPE_INVALID_VERSION', 'Invalid major version');
  if (!/^HTTP\/\d\./.test(line)) return new ParseError('HPE_INVALID_VERSION', 'Expected dot');
  if (!/^HTTP\/\d\.\d/.test(line)) return new ParseError('HPE_INVALID_VERSION', 'Invalid minor version');
  if (!/^HTTP\/\d\.\d /.test(line)) return new ParseError('HPE_INVALID_VERSION', 'Expected space after version');
  if (!/^HTTP\/\d\.\d \d\d\d/.test(line)) return new ParseError('HPE_INVALID_STATUS', 'Invalid status code');
  if (!/^HTTP\/\d\.\d \d\d\d[ \r]/.test(line) && line.length > 'HTTP/1.1 200'.length) {
    return new ParseError('HPE_INVALID_STATUS', 'Invalid response status');
  }
  if (!line.endsWith('\r')) return new ParseError('HPE_CR_EXPECTED', 'Missing expected CR after response line');
  return new ParseError('HPE_STRICT', 'Expected LF after CR');
}

function headerNameError(line: string, hasBefore: boolean): ParseError {
  if (/^[ \t]/.test(line)) {
    return hasBefore
      ? new ParseError('HPE_INVALID_HEADER_TOKEN', 'Unexpected whitespace after header value')
      : new ParseError('HPE_INVALID_SPACE', 'Unexpected space after start line');
  }
  return new ParseError('HPE_INVALID_HEADER_TOKEN', 'Invalid header token');
}

/** Control bytes but the tab; a DEL too. */
const forbidden = new RegExp('[\\u0000-\\u0008\\u000a-\\u001f\\u007f]');

/** From after the colon to before the line's end, without the blanks around it. */
function headerValue(line: string, from: number): string {
  const end = line.length - 1;
  const value = line.slice(from, line.charCodeAt(end) === 13 ? end : line.length).replace(/^[ \t]+|[ \t]+$/g, '');
  const bad = forbidden.exec(value)?.[0];
  if (bad === '\r') throw new ParseError('HPE_LF_EXPECTED', 'Missing expected LF after header value');
  if (bad !== undefined) throw new ParseError('HPE_INVALID_HEADER_TOKEN', 'Invalid header value char');
  if (line.charCodeAt(end) !== 13) throw new ParseError('HPE_CR_EXPECTED', 'Missing expected CR after header value');
  return value;
}
