import { randomBytes } from 'node:crypto';
import * as zlib from 'node:zlib';
import { expect } from '@playwright/test';
import { test } from '../../testing/plain-test.ts';
import { atOnceBytes, decode } from './decode.ts';

const small = Buffer.from('{"small":true}');
const large = randomBytes(2 * atOnceBytes); // nothing in it to compress
const zeros = Buffer.alloc(3_000_000); // three kilobytes of gzip

for (const { encoding, encode } of [
  { encoding: 'gzip', encode: zlib.gzipSync },
  { encoding: 'X-GZIP', encode: zlib.gzipSync },
  { encoding: 'br', encode: (bytes: Buffer) => zlib.brotliCompressSync(bytes) },
  { encoding: 'deflate', encode: zlib.deflateSync },
]) {
  for (const { words, body, atOnce } of [
    { words: 'a small body', body: small, atOnce: true },
    { words: 'a large body', body: large, atOnce: false },
    { words: 'a small body that becomes a large one', body: zeros, atOnce: false },
  ]) {
    test(`${words} of ${encoding} is decoded ${atOnce ? 'at once' : 'aside'}`, async () => {
      const decoded = decode(encode(body), encoding);
      expect(decoded instanceof Promise).toBe(!atOnce);
      expect(body.equals(await decoded)).toBe(true);
    });
  }

  test(`a large body that is no ${encoding} is refused as a small one is`, async () => {
    const words = `failed to decompress '${encoding.toLowerCase()}' encoding: Error: `;
    expect(() => decode(small, encoding)).toThrow(words);
    await expect(decode(Buffer.alloc(2 * atOnceBytes, 'x'), encoding)).rejects.toThrow(words);
  });
}

for (const { words, body, encoding } of [
  { words: 'an encoding that nobody knows', body: large, encoding: 'unknown' },
  { words: 'an empty body', body: Buffer.alloc(0), encoding: 'gzip' },
  { words: 'the name of a property of every object', body: small, encoding: 'constructor' },
]) {
  test(`${words} is left as it is`, () => {
    expect(decode(body, encoding)).toBe(body);
  });
}
