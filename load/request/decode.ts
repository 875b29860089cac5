/** Undoes a response's content encoding. */
import * as zlib from 'node:zlib';

/** Node 20 has no zstd, newer ones do. */
const zstdDecompress =
  'zstdDecompressSync' in zlib ? (zlib.zstdDecompressSync as (bytes: Buffer) => Buffer) : undefined;

/**
 * A body cut short decodes as far as it goes, as in browsers; one that isn't what its header says throws, in
 * Playwright's words. An encoding that we don't know, and an empty body, stay as they are.
 */
export function decode(body: Buffer, contentEncoding: string): Buffer {
  if (body.length === 0) return body;
  const encoding = contentEncoding.toLowerCase();
  try {
    switch (encoding) {
      case 'gzip':
      case 'x-gzip':
        return zlib.gunzipSync(body, { finishFlush: zlib.constants.Z_SYNC_FLUSH });
      case 'br':
        return zlib.brotliDecompressSync(body, { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH });
      case 'deflate':
        return zlib.inflateSync(body);
      case 'zstd':
        return zstdDecompress?.(body) ?? body;
      default:
        return body;
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw Object.assign(new Error(`failed to decompress '${encoding}' encoding: Error: ${reason}`, { cause: error }), {
      name: 'DecodeError',
    });
  }
}
