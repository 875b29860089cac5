import { expect } from '@playwright/test';
import fc from 'fast-check';
import { test } from '../../../testing/plain-test.ts';
import { KnownHeads } from './known-heads.ts';
import { ParseError } from './response-head.ts';
import { ResponseParser } from './response-parser.ts';

/** What a parser tells of one response, fed in the given pieces. */
function parse(pieces: readonly string[], method = 'GET', parser = new ResponseParser()): unknown {
  const body: Buffer[] = [];
  const seen = { head: undefined as unknown, body: '', over: false, keepAlive: false };
  parser.expect(method, {
    onHead: (status, statusText, headers) => void (seen.head = { status, statusText, headers }),
    onData: (chunk) => void body.push(chunk),
  });
  try {
    for (const piece of pieces) seen.over = parser.take(Buffer.from(piece, 'latin1'));
  } catch (error) {
    if (error instanceof ParseError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return { ...seen, body: Buffer.concat(body).toString('latin1'), keepAlive: parser.keepAlive };
}

const plain = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello';
const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX-T: 1\r\n\r\n';

for (const { title, text, body } of [
  { title: 'a body of known length', text: plain, body: 'hello' },
  { title: 'a chunked body with extensions and trailers', text: chunked, body: 'hello world' },
  { title: 'a response after line breaks', text: `\r\n\r\n${plain}`, body: 'hello' },
  { title: 'early hints first', text: `HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n${plain}`, body: 'hello' },
]) {
  test(`${title} is the same in one piece and cut anywhere`, () => {
    const whole = parse([text]);
    expect(whole).toMatchObject({ body, over: true, keepAlive: true });
    for (let cut = 1; cut < text.length; cut += 1) expect(parse([text.slice(0, cut), text.slice(cut)])).toEqual(whole);
    expect(parse(text.match(/[^]/g) ?? [])).toEqual(whole);
  });
}

for (const { title, text, method, keepAlive } of [
  { title: 'HTTP/1.1', text: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', keepAlive: true },
  {
    title: 'HTTP/1.1 that closes',
    text: 'HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n',
    keepAlive: false,
  },
  {
    title: 'HTTP/1.1 that closes among other words',
    text: 'HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 0\r\n\r\n',
    keepAlive: false,
  },
  { title: 'HTTP/1.0', text: 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n', keepAlive: false },
  {
    title: 'HTTP/1.0 that keeps',
    text: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n',
    keepAlive: true,
  },
  { title: '204', text: 'HTTP/1.1 204 No Content\r\n\r\n', keepAlive: true },
  { title: 'HEAD', method: 'HEAD', text: 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', keepAlive: true },
]) {
  test(`after ${title} the connection is ${keepAlive ? 'kept' : 'given up'}`, () => {
    expect(parse([text], method)).toMatchObject({ over: true, keepAlive });
  });
}

test('a body without a length lasts until the connection ends', () => {
  const parser = new ResponseParser();
  let body = '';
  parser.expect('GET', { onHead: () => undefined, onData: (chunk) => void (body += chunk.toString()) });
  expect(parser.take(Buffer.from('HTTP/1.1 200 OK\r\n\r\nuntil'))).toBe(false);
  expect(parser.take(Buffer.from(' the end'))).toBe(false);
  expect(parser.end()).toBe(true);
  expect(body).toBe('until the end');
});

test('a response that is not over when the connection ends is not well', () => {
  const parser = new ResponseParser();
  parser.expect('GET', { onHead: () => undefined, onData: () => undefined });
  parser.take(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
  expect(parser.end()).toBe(false);
});

test('a second response with the same head is told anew', () => {
  const parser = new ResponseParser();
  const told: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    parser.expect('GET', { onHead: (status) => void told.push(status), onData: () => undefined });
    parser.take(Buffer.from(plain));
  }
  expect(told).toEqual([200, 200, 200]);
});

/** Heads that are as like each other as those of one server: they differ in a character, a line, or by one being the other's start. */
const likeHeads = fc
  .record({
    before: fc.constantFrom('', '\r\n'),
    status: fc.constantFrom('200 OK', '200 Ok', '103 Early Hints', '204 No Content', '2000 OK'),
    second: fc.constantFrom(1, 2, 3),
    lines: fc.subarray(['X-A: 1\r\n', 'X-A: 2\r\n', 'Connection: close\r\n', 'Keep-Alive: timeout=5\r\n', 'bad\r\n']),
    length: fc.constantFrom('Content-Length: 5\r\n', 'Content-Length: 4\r\n', 'Transfer-Encoding: chunked\r\n', ''),
  })
  .map(
    ({ before, status, second, lines, length }) =>
      `${before}HTTP/1.1 ${status}\r\nDate: Thu, 01 Jan 2026 00:00:0${second} GMT\r\n${lines.join('')}${length}\r\n`,
  );

test('responses whose heads are known, of whichever connection, are read as by a parser that knows none', () => {
  const response = fc.record({ head: likeHeads, body: fc.constantFrom('hello', 'HTTP/', '') });
  fc.assert(
    fc.property(fc.array(response, { minLength: 2, maxLength: 12 }), (responses) => {
      const known = new KnownHeads();
      for (const { head, body } of responses) {
        const text = `${head}${body}`;
        expect(parse([text], 'GET', new ResponseParser(known))).toEqual(parse([text]));
      }
    }),
    { numRuns: 300 },
  );
});

for (const { text, error } of [
  { text: 'HTTX', error: 'HPE_INVALID_CONSTANT: Parse Error: Expected HTTP/, RTSP/ or ICE/' },
  { text: `${plain}and more`, error: 'HPE_INVALID_CONSTANT: Parse Error: Expected HTTP/, RTSP/ or ICE/' },
  {
    text: `HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(3_000)}`,
    error: 'HPE_HEADER_OVERFLOW: Parse Error: Header overflow',
  },
  { text: `HTTP/1.1 200 OK\r\na: ${'b'.repeat(17_000)}`, error: 'HPE_HEADER_OVERFLOW: Parse Error: Header overflow' },
]) {
  test(`${JSON.stringify(text.slice(0, 30))}… is refused before its end`, () => {
    expect(parse([text])).toBe(error);
  });
}
