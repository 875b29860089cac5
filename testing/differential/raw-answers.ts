/** Answers that a decent HTTP library refuses to write, byte by byte. */
export interface RawAnswer {
  readonly bytes: readonly (string | Buffer)[];
  /** What happens to the connection afterwards. */
  readonly then: 'end' | 'reset' | 'nothing';
}

const ok = 'HTTP/1.1 200 OK\r\n';

const byteByByte = (text: string): string[] => text.match(/[^]/g) ?? [];

export const rawAnswers: Readonly<Record<string, RawAnswer>> = {
  'close-at-once': { bytes: [], then: 'end' },
  'reset-at-once': { bytes: [], then: 'reset' },
  'half-a-status-line': { bytes: ['HTTP/1.1 20'], then: 'end' },
  'half-a-header': { bytes: [`${ok}content-ty`], then: 'end' },
  garbage: { bytes: ['this is not HTTP\r\n\r\n'], then: 'end' },
  'status-99': { bytes: ['HTTP/1.1 99 Odd\r\ncontent-length: 0\r\n\r\n'], then: 'end' },
  'status-1000': { bytes: ['HTTP/1.1 1000 Odd\r\ncontent-length: 0\r\n\r\n'], then: 'end' },
  'status-999': { bytes: ['HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\nok'], then: 'end' },
  'status-text': { bytes: ['HTTP/1.1 200 All is well, truly\r\ncontent-length: 2\r\n\r\nok'], then: 'end' },
  'no-status-text': { bytes: ['HTTP/1.1 200\r\ncontent-length: 2\r\n\r\nok'], then: 'end' },
  'latin1-status-text': {
    bytes: [Buffer.from('HTTP/1.1 200 Grün\r\ncontent-length: 2\r\n\r\nok', 'latin1')],
    then: 'end',
  },
  'http-1.0': { bytes: ['HTTP/1.0 200 OK\r\ncontent-type: text/plain\r\n\r\nuntil the end'], then: 'end' },
  'http-2.0': { bytes: ['HTTP/2.0 200 OK\r\ncontent-length: 2\r\n\r\nok'], then: 'end' },
  'until-close': { bytes: [`${ok}content-type: text/plain\r\n\r\nuntil the end`], then: 'end' },
  'until-reset': { bytes: [`${ok}content-type: text/plain\r\n\r\nuntil the reset`], then: 'reset' },
  'body-cut-off': { bytes: [`${ok}content-length: 100\r\n\r\nonly this`], then: 'end' },
  'body-reset': { bytes: [`${ok}content-length: 100\r\n\r\nonly this`], then: 'reset' },
  'body-too-long': { bytes: [`${ok}content-length: 2\r\n\r\nokay and more`], then: 'end' },
  'chunk-cut-off': { bytes: [`${ok}transfer-encoding: chunked\r\n\r\n10\r\nonly`], then: 'end' },
  'chunk-size-garbage': { bytes: [`${ok}transfer-encoding: chunked\r\n\r\nxyz\r\nonly\r\n0\r\n\r\n`], then: 'end' },
  'chunk-extension': { bytes: [`${ok}transfer-encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\n\r\n`], then: 'end' },
  'chunk-trailers': {
    bytes: [`${ok}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-trailer: 1\r\n\r\n`],
    then: 'end',
  },
  'chunk-one-by-one': {
    bytes: byteByByte(`${ok}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n3\r\nyes\r\n0\r\n\r\n`),
    then: 'nothing',
  },
  'gzip-cut-off': {
    bytes: [`${ok}content-encoding: gzip\r\ncontent-length: 100\r\n\r\n`, Buffer.from([0x1f, 0x8b, 8, 0])],
    then: 'end',
  },
  'two-lengths': { bytes: [`${ok}content-length: 2\r\ncontent-length: 3\r\n\r\nok`], then: 'end' },
  'length-and-chunked': {
    bytes: [`${ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
    then: 'end',
  },
  'length-garbage': { bytes: [`${ok}content-length: two\r\n\r\nok`], then: 'end' },
  'negative-length': { bytes: [`${ok}content-length: -1\r\n\r\nok`], then: 'end' },
  'huge-length': { bytes: [`${ok}content-length: 99999999999999999999\r\n\r\nok`], then: 'end' },
  'header-without-colon': { bytes: [`${ok}this is no header\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'header-space-before-colon': { bytes: [`${ok}x-a : 1\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'header-folded': { bytes: [`${ok}x-a: 1\r\n  2\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'header-control-byte': { bytes: [`${ok}x-a: a\u0001b\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'header-nul': { bytes: [`${ok}x-a: a\u0000b\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'header-latin1': { bytes: [Buffer.from(`${ok}x-a: grün\r\ncontent-length: 2\r\n\r\nok`, 'latin1')], then: 'end' },
  'header-utf8': { bytes: [Buffer.from(`${ok}x-a: grün ✓\r\ncontent-length: 2\r\n\r\nok`, 'utf8')], then: 'end' },
  'header-padded': { bytes: [`${ok}x-a: \t 1 \t\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'header-empty-name': { bytes: [`${ok}: 1\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'line-feeds-only': { bytes: ['HTTP/1.1 200 OK\ncontent-length: 2\n\nok'], then: 'end' },
  'headers-of-15-KiB': { bytes: [`${ok}x-a: ${'a'.repeat(15_000)}\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'headers-of-20-KiB': { bytes: [`${ok}x-a: ${'a'.repeat(20_000)}\r\ncontent-length: 2\r\n\r\nok`], then: 'end' },
  'headers-100000': { bytes: [`${ok}${'x-a: 1\r\n'.repeat(100_000)}content-length: 2\r\n\r\nok`], then: 'end' },
  'headers-1000': { bytes: [`${ok}${'x-a: 1\r\n'.repeat(999)}content-length: 2\r\n\r\nok`], then: 'end' }, // more are cut off by some Nodes
  'continue-first': { bytes: ['HTTP/1.1 100 Continue\r\n\r\n', `${ok}content-length: 2\r\n\r\nok`], then: 'end' },
  'hints-twice': {
    bytes: [
      'HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: b\r\n\r\n',
      `${ok}content-length: 2\r\n\r\nok`,
    ],
    then: 'end',
  },
  'switching-protocols': {
    bytes: ['HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'],
    then: 'end',
  },
  'no-content-with-body': { bytes: ['HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n'], then: 'end' },
  'not-modified-with-length': { bytes: ['HTTP/1.1 304 Not Modified\r\ncontent-length: 200\r\n\r\n'], then: 'end' },
  dribble: { bytes: byteByByte(`${ok}content-length: 2\r\nx-a: 1\r\n\r\nok`), then: 'nothing' },
  'leading-line-break': { bytes: [`\r\n${ok}content-length: 2\r\n\r\nok`], then: 'end' },
  'invalid-location': { bytes: ['HTTP/1.1 302 Found\r\nlocation: http://[\r\ncontent-length: 0\r\n\r\n'], then: 'end' },
  'utf8-location': {
    bytes: [Buffer.from('HTTP/1.1 302 Found\r\nlocation: /echo?grün=✓\r\ncontent-length: 0\r\n\r\n')],
    then: 'end',
  },
  'empty-location': { bytes: ['HTTP/1.1 302 Found\r\nlocation: \r\ncontent-length: 2\r\n\r\nok'], then: 'end' },
  'redirect-body-never-ends': {
    bytes: ['HTTP/1.1 302 Found\r\nlocation: /echo\r\ncontent-length: 100\r\n\r\nwait'],
    then: 'nothing',
  },
  'closes-without-saying': { bytes: [`${ok}content-length: 2\r\n\r\nok`], then: 'end' },
};
