/**
 * Reads a histogram as HdrHistogram writes it (V2, compressed, base64) without a histogram of that library's: that is an
 * array for all values up to the highest, and a merge reads tens of thousands of them. Only those of our own settings are
 * read, since their buckets are ours. They are read in two steps: what is amiss with one shows before anything is added.
 */
import { inflateSync } from 'node:zlib';
import { VarintReader } from './varints.ts';

export interface HdrSettings {
  readonly lowest: number;
  readonly highest: number;
  readonly digits: number;
}

const compressedCookie = 0x1c_84_93_14;
const plainCookie = 0x1c_84_93_13;
/** Cookie and length. */
const compressedHead = 8;
/** Cookie, length, an offset that is not used, digits, lowest, highest, ratio (HdrHistogram, `AbstractHistogram.java`). */
const plainHead = 40;

/** Unpacks a histogram. Throws `TypeError` for one that was written with other settings, or is none. */
export function openHdr(base64: string, { lowest, highest, digits }: HdrSettings): Uint8Array {
  const packed = Buffer.from(base64, 'base64');
  if (packed.length < compressedHead || packed.readInt32BE(0) !== compressedCookie) throw new TypeError(otherForm);
  const plain = inflateSync(packed.subarray(compressedHead, compressedHead + packed.readInt32BE(4)));
  if (plain.length < plainHead || plain.readInt32BE(0) !== plainCookie) throw new TypeError(otherForm);
  const isOurs =
    plain.readInt32BE(12) === digits &&
    plain.readBigInt64BE(16) === BigInt(lowest) &&
    plain.readBigInt64BE(24) === BigInt(highest);
  if (!isOurs) throw new TypeError(otherForm);
  return plain.subarray(plainHead, plainHead + plain.readInt32BE(4));
}

/** Tells each filled bucket by its number, in rising order; a number below 0 stands for so many empty ones. */
export function eachHdrCount(opened: Uint8Array, onCount: (bucket: number, count: number) => void): void {
  const reader = new VarintReader(opened);
  for (let bucket = 0; !reader.isDone;) {
    const count = reader.readSigned();
    if (count > 0) onCount(bucket, count);
    bucket += count < 0 ? -count : 1;
  }
}

const otherForm = 'an encoded histogram must be one of HdrHistogram V2 with the settings of this version of playload';
