/** Undoes a response's content encoding: a small body at once, a large one in a thread, while other requests go on. */
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/**
 * Compressed bytes up to which a body is decoded at once: that takes about half a millisecond, and a thread no less. The
 * event loop is where a load's requests are sent from, and 64 MB decoded there held all of them up for 150 ms.
 */
export const atOnceBytes = 32_768;

/** What becomes of them at most at once: few bytes can stand for a thousand times as many. */
const atOnceDecodedBytes = 1_048_576;

/** Bytes that a thread decodes between two turns of the event loop. */
const chunkSize = 262_144;

type Options = zlib.ZlibOptions & zlib.BrotliOptions;

interface Coding {
  readonly options: Options;
  readonly sync: (body: Buffer, options: Options) => Buffer;
  readonly aside: (body: Buffer, options: Options) => Promise<Buffer>;
}

const gzip: Coding = {
  options: { finishFlush: zlib.constants.Z_SYNC_FLUSH },
  sync: zlib.gunzipSync,
  aside: promisify<Buffer, Options, Buffer>(zlib.gunzip),
};

const codings: ReadonlyMap<string, Coding | undefined> = new Map(
  Object.entries({
    gzip,
    'x-gzip': gzip,
    br: {
      options: { finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH },
      sync: zlib.brotliDecompressSync,
      aside: promisify<Buffer, Options, Buffer>(zlib.brotliDecompress),
    },
    deflate: { options: {}, sync: zlib.inflateSync, aside: promisify<Buffer, Options, Buffer>(zlib.inflate) },
    zstd: zstd(),
  }),
);

/** Node 20 has no zstd, newer ones do. */
function zstd(): Coding | undefined {
  if (!('zstdDecompressSync' in zlib && 'zstdDecompress' in zlib)) return undefined;
  return {
    options: {},
    sync: zlib.zstdDecompressSync as Coding['sync'],
    aside: promisify(zlib.zstdDecompress as typeof zlib.gunzip),
  };
}

/**
 * A body cut short decodes as far as it goes, as in browsers; one that isn't what its header says throws or rejects, in
 * Playwright's words. An encoding that we don't know, and an empty body, stay as they are.
 */
export function decode(body: Buffer, contentEncoding: string): Buffer | Promise<Buffer> {
  const encoding = contentEncoding.toLowerCase();
  const coding = codings.get(encoding);
  if (body.length === 0 || coding === undefined) return body;
  if (body.length > atOnceBytes) return decodeAside(body, encoding, coding);
  try {
    return coding.sync(body, { ...coding.options, maxOutputLength: atOnceDecodedBytes });
  } catch (error) {
    if (error instanceof RangeError) return decodeAside(body, encoding, coding); // it is more than that
    throw decodeError(encoding, error);
  }
}

async function decodeAside(body: Buffer, encoding: string, { aside, options }: Coding): Promise<Buffer> {
  try {
    return await aside(body, { ...options, chunkSize });
  } catch (error) {
    throw decodeError(encoding, error);
  }
}

function decodeError(encoding: string, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  return Object.assign(new Error(`failed to decompress '${encoding}' encoding: Error: ${reason}`, { cause: error }), {
    name: 'DecodeError',
  });
}
