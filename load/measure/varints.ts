/**
 * Whole numbers from 0 on, in as few bytes as each needs (LEB128): seven bits in a byte, the lowest first, and a bit that
 * says whether more follow. Many small ones are read at a few instructions each, without an object for any.
 */

/** Up to here shifts and masks are exact. */
const mostBits = 2 ** 31;

export class VarintWriter {
  #bytes = new Uint8Array(1_024);
  #length = 0;

  /** Takes safe integers from 0 on. */
  write(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(); // 53 bits are eight bytes
    let rest = value;
    for (; rest >= mostBits; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    for (; rest >= 128; rest >>>= 7) this.#bytes[this.#length++] = (rest & 127) | 128;
    this.#bytes[this.#length++] = rest;
  }

  writeSigned(value: number): void {
    this.write(value >= 0 ? value * 2 : -value * 2 - 1);
  }

  /** All that was written so far. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(): void {
    const longer = new Uint8Array(2 * this.#bytes.length);
    longer.set(this.#bytes);
    this.#bytes = longer;
  }
}

export class VarintReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, from = 0) {
    this.#bytes = bytes;
    this.#at = from;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next number. Throws `RangeError` where the bytes end within it. */
  read(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++] ?? cutOff();
    let value = byte & 127;
    for (let unit = 128; byte >= 128; unit *= 128) {
      byte = bytes[at++] ?? cutOff();
      value += (byte & 127) * unit;
    }
    this.#at = at;
    return value;
  }

  /** Zigzag: 0, -1, 1, -2, 2 … are written as 0, 1, 2, 3, 4 … */
  readSigned(): number {
    const value = this.read();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}

function cutOff(): never {
  throw new RangeError('the bytes end within a number');
}
