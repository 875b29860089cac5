/**
 * Text of a file of test data, out of its bytes: UTF-8 unless its first bytes or the caller say otherwise. Bytes that
 * stand for no character are refused, since what is put in their place would be sent as data.
 */
import { isUtf8 } from 'node:buffer';

/** Byte order marks, as the Encoding Standard knows them: they go before what the caller says. */
const marks = [
  { encoding: 'utf-8', bytes: [0xef, 0xbb, 0xbf] },
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const;

export interface TextOptions {
  /** A label of the Encoding Standard. */
  readonly encoding?: string | undefined;
  /** What to say of bytes that are no UTF-8, behind where they are. */
  readonly hint: string;
}

/** Throws an error that says where the text is none. */
export function fileText(bytes: Buffer, { encoding = 'utf-8', hint }: TextOptions): string {
  const mark = marks.find((each) => each.bytes.every((byte, at) => bytes[at] === byte));
  const decoder = new TextDecoder(mark?.encoding ?? encoding, { fatal: true });
  try {
    // In two steps: in one, Node 20 takes Windows-1252 for Latin-1, and a euro sign for a control character.
    return decoder.decode(bytes, { stream: true }) + decoder.decode();
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause; // too long for a string: it says so itself
    if (decoder.encoding !== 'utf-8') throw new Error(`it is no ${decoder.encoding}`, { cause });
    throw new Error(`line ${lineThatIsNoUtf8(bytes)} is no UTF-8; ${hint}`, { cause });
  }
}

/** Whether there is an encoding of this name. */
export function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false; // nobody knows it: that is the answer
  }
}

/** No byte of a longer character is a line end in UTF-8, so each line can be looked at by itself. */
function lineThatIsNoUtf8(bytes: Buffer): number {
  let from = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf('\n', from);
    if (end === -1 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}
