/**
 * Reads the files of a ZIP archive (APPNOTE 6.3) that Playwright's traces and HAR archives are: stored or deflated, found
 * by the central directory at the end. No ZIP64, no encryption: what has them is refused in words.
 */
import { inflateRawSync } from 'node:zlib';

const signatures = { end: 0x06054b50, central: 0x02014b50, local: 0x04034b50 };
/** Bytes of an entry of the central directory and of a local header before their names. */
const fixed = { end: 22, central: 46, local: 30 };
const longestComment = 65_535;

interface Entry {
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  readonly at: number;
}

/** A file is inflated when it is asked for, to its stated size at most. */
export class Zip {
  readonly #bytes: Buffer;
  readonly #entries = new Map<string, Entry>();

  /** Throws an error that says why it is no archive that can be read. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const end = endOf(bytes);
    const count = bytes.readUInt16LE(end + 10);
    let at = bytes.readUInt32LE(end + 16);
    if (at === 0xffffffff || count === 0xffff) throw new Error('it is a ZIP64 archive: unpack it');
    for (let n = 0; n < count; n++) {
      if (at + fixed.central > bytes.length || bytes.readUInt32LE(at) !== signatures.central)
        throw new Error('it is a broken ZIP archive');
      const nameEnd = at + fixed.central + bytes.readUInt16LE(at + 28);
      this.#entries.set(bytes.toString('utf8', at + fixed.central, nameEnd), {
        method: bytes.readUInt16LE(at + 10),
        compressed: bytes.readUInt32LE(at + 20),
        size: bytes.readUInt32LE(at + 24),
        at: bytes.readUInt32LE(at + 42),
      });
      at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    }
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** Undefined where there is no such file. Throws where it is bigger than `mostBytes` or cannot be read. */
  read(name: string, mostBytes: number): Buffer | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.size > mostBytes) throw new Error(`\`${name}\` in it is bigger than ${mostBytes / 2 ** 20} MiB`);
    const { at, compressed, method, size } = entry;
    if (at + fixed.local > this.#bytes.length || this.#bytes.readUInt32LE(at) !== signatures.local)
      throw new Error('it is a broken ZIP archive');
    const from = at + fixed.local + this.#bytes.readUInt16LE(at + 26) + this.#bytes.readUInt16LE(at + 28);
    const data = this.#bytes.subarray(from, from + compressed);
    if (method === 0) return data;
    if (method === 8) return inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
    throw new Error(`\`${name}\` in it is packed by a method that is not known here (${method})`);
  }
}

/** The record at the end, before a comment that may be as long as it likes. */
function endOf(bytes: Buffer): number {
  const least = Math.max(0, bytes.length - fixed.end - longestComment);
  for (let at = bytes.length - fixed.end; at >= least; at--) if (bytes.readUInt32LE(at) === signatures.end) return at;
  throw new Error('it is no ZIP archive');
}
