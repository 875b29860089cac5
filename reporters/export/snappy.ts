/**
 * Snappy's block format (google/snappy, format_description.txt) without compression: the length, then literals alone,
 * which every reader takes. Remote write asks for the format; what is sent once needs no smaller.
 */

/** A literal of so many bytes has its length in two bytes. */
const mostInLiteral = 65_536;
/** Tag of a literal whose length less one follows in two bytes, little-endian: 61, and 00 for the kind. */
const twoByteLiteral = 0b111101_00;

export function snappyBlock(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [varint(bytes.length)];
  for (let from = 0; from < bytes.length; from += mostInLiteral) {
    const literal = bytes.subarray(from, from + mostInLiteral);
    const less = literal.length - 1;
    parts.push(Uint8Array.of(twoByteLiteral, less & 0xff, less >> 8), literal);
  }
  return Uint8Array.from(Buffer.concat(parts));
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}
