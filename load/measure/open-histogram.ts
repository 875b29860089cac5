/**
 * Reads a histogram as HdrHistogram writes it (V2, compressed, base64) without a histogram of that library's: that is an
 * array for all values up to the highest, and a merge reads tens of thousands of them. Only those of our own settings are
 * read, since their buckets are ours. They are read in two steps: what is amiss with one shows before anything is added.
 */
import { inflateSync } from 'node:zlib';
import { type EncodedHistogram, hdrSettings, LatencyHistogram, type OpenedHistogram } from './histogram.ts';

const compressedCookie = 0x1c_84_93_14;
const plainCookie = 0x1c_84_93_13;
/** Cookie and length. */
const compressedHead = 8;
/** Cookie, length, an offset that is not used, digits, lowest, highest, ratio (HdrHistogram, `AbstractHistogram.java`). */
const plainHead = 40;

/** Throws `TypeError` for what is no histogram of this kind; undefined is an empty one, and stays so. */
export function openHistogram(encoded: EncodedHistogram | undefined): OpenedHistogram | undefined {
  if (encoded === undefined) return undefined;
  const { hdr, ...exact } = encoded;
  return { ...exact, counts: unpacked(hdr) };
}

/** Throws as `openHistogram` does. */
export function decodeHistogram(encoded: EncodedHistogram | undefined): LatencyHistogram {
  const histogram = new LatencyHistogram();
  histogram.addOpened(openHistogram(encoded));
  return histogram;
}

function unpacked(base64: string): Uint8Array {
  const { lowest, highest, digits } = hdrSettings;
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

const otherForm = 'an encoded histogram must be one of HdrHistogram V2 with the settings of this version of playload';
